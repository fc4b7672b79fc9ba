/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples as the store keeps them: damaged ones are refused, and whatever comes
 * out goes in again without the change of a bit.  A corpus is written as hex.h
 * says. */
#include <config.h>

#include <string.h>

#include "store/samples.h"
#include "tests/fuzz/hex.h"

static void check_round_trip(const double *x, size_t n, uint64_t divisor)
{
    struct strbuf bytes = {0};
    struct arena arena = {0};
    double *back;
    size_t count, used;

    samples_encode(&bytes, x, n, divisor);
    MUST(!bytes.failed);
    MUST(samples_decode("again", bytes.text, bytes.size, &arena, &back, &count,
                        &used, NULL) == 0);
    MUST(count == n && used == bytes.size);
    MUST(n == 0 || memcmp(back, x, n * sizeof *x) == 0);
    strbuf_clear(&bytes);
    arena_clear(&arena);
}

static void decode(const uint8_t *bytes, size_t size)
{
    struct arena arena = {0};
    struct error err = {0};
    double *x = NULL;
    size_t n = 0, used = 0;
    int rc = samples_decode("fuzz", bytes, size, &arena, &x, &n, &used, &err);

    MUST((rc == 0) == (err.code == ERR_OK) && (rc == 0) == (x != NULL));
    MUST(used <= size && n <= size);
    if (rc == 0)
        check_round_trip(x, n, size);
    arena_clear(&arena);
}

static void walk(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = bytes + size;
    struct section s;
    struct error err = {0};
    int rc;

    while ((rc = section_next("fuzz", &bytes, &size, &s, &err)) == 1) {
        MUST(s.bytes + s.size == bytes && bytes + size == end);
        decode(s.bytes, s.size);
    }
    MUST((rc == 0) == (err.code == ERR_OK));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t n;
    uint8_t *bytes = hex_or_bytes(data, size, &n);
    double x[64];
    size_t count = n / sizeof *x < 64 ? n / sizeof *x : 64;

    decode(bytes, n);
    walk(bytes, n);
    memcpy(x, bytes, count * sizeof *x);
    check_round_trip(x, count, n);
    free(bytes);
    return 0;
}
