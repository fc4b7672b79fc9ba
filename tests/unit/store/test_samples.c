/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/samples.h"

/* Encoded and decoded again; the bytes taken, or 0 where a bit changed. */
static size_t round_trip(const double *x, size_t n, uint64_t divisor)
{
    struct strbuf bytes = {0};
    struct arena arena = {0};
    double *back = NULL;
    size_t count = 0, used = 0, took = 0;

    samples_encode(&bytes, x, n, divisor);
    if (samples_decode("test", bytes.text, bytes.size, &arena, &back, &count,
                       &used, NULL) == 0 &&
        count == n && used == bytes.size &&
        (n == 0 || memcmp(back, x, n * sizeof *x) == 0))
        took = used;
    strbuf_clear(&bytes);
    arena_clear(&arena);
    return took;
}

TARE_TEST(whole_numbers_take_a_byte_or_two)
{
    const double x[] = {1000000, 1000001, 999998, 1000040, 1000000};

    /* count, form, divisor, three bytes for the first, one for each other */
    TARE_CHECK_INT(round_trip(x, 5, 0), 3 + 3 + 4);
}

TARE_TEST(times_per_iteration_are_whole_over_the_iterations)
{
    double x[30];

    for (int i = 0; i < 30; i++)
        x[i] = (3000000 + 17 * i) / 7919.0;
    TARE_CHECK(round_trip(x, 30, 7919) < 30 * 2);
    TARE_CHECK(round_trip(x, 30, 0) > 30 * 8);
}

TARE_TEST(decimal_text_is_whole_over_a_thousand)
{
    const double x[] = {12.345, 12.346, 12.3, 12};

    TARE_CHECK(round_trip(x, 4, 0) < 4 * 8);
}

TARE_TEST(any_double_comes_back_bit_for_bit)
{
    const double x[] = {0.1,     -0.0,   NAN,     INFINITY, -INFINITY,
                        DBL_MIN, 5e-324, DBL_MAX, 1.0 / 3,  -2.5,
                        1e15,    4.5e15, 9.1e15,  -9.1e15,  0};

    for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
        TARE_CHECK(round_trip(&x[i], 1, 0) > 0);
        TARE_CHECK(round_trip(&x[i], 1, 3) > 0);
        TARE_CHECK(round_trip(&x[i], 1, UINT64_MAX) > 0);
    }
    TARE_CHECK(round_trip(x, sizeof x / sizeof *x, 0) > 0);
    TARE_CHECK_INT(round_trip(x, 0, 0), 1);
}

TARE_TEST(random_samples_come_back_whatever_the_divisor)
{
    uint64_t state = 88172645463325252u; /* xorshift64, Marsaglia 2003 */
    double x[16];

    for (int round = 0; round < 2000; round++) {
        uint64_t divisor = state >> (round % 60);

        for (int i = 0; i < 16; i++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            x[i] = round % 2 ? (double)(state >> 40) / (double)(divisor | 1)
                             : (double)(int64_t)(state >> (state % 64));
        }
        TARE_REQUIRE(round_trip(x, 16, divisor) > 0);
    }
}

/* The form is part of the file format (docs/formats-store.md). */
TARE_TEST(the_form_of_samples_is_fixed)
{
    static const struct {
        double x[3];
        size_t n;
        uint64_t divisor;
        const char *bytes;
        size_t size;
    } cases[] = {
        {{0}, 0, 0, "\x00", 1},
        {{1000, 999, 1001}, 3, 0, "\x03\x00\x01\xd0\x0f\x01\x04", 7},
        {{0.25, 0.75}, 2, 4, "\x02\x00\x04\x02\x04", 5},
        {{0.0625}, 1, 0, "\x01\x00\xc0\x84\x3d\xc8\xd0\x07", 8},
        {{1.0 / 3}, 1, 0, "\x01\x01\x55\x55\x55\x55\x55\x55\xd5\x3f", 10},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct strbuf out = {0};

        samples_encode(&out, cases[i].x, cases[i].n, cases[i].divisor);
        TARE_REQUIRE_INT(out.size, cases[i].size);
        TARE_CHECK(memcmp(out.text, cases[i].bytes, out.size) == 0);
        strbuf_clear(&out);
    }
}

static int decode(const char *bytes, size_t size, struct error *err)
{
    struct arena arena = {0};
    double *x;
    size_t n, used;
    int rc = samples_decode("blob", bytes, size, &arena, &x, &n, &used, err);

    arena_clear(&arena);
    return rc;
}

TARE_TEST(damaged_samples_are_refused)
{
    static const struct {
        const char *bytes;
        size_t size;
    } bad[] = {
        {"", 0},                       /* nothing */
        {"\x80", 1},                   /* endless count */
        {"\x05\x00\x01\x02", 4},       /* too few */
        {"\x01\x02\x00\x00", 4},       /* unknown form */
        {"\x01\x00\x00\x02", 4},       /* divisor 0 */
        {"\x01\x01\0\0\0\0\0\0\0", 9}, /* a double of 7 bytes */
        {"\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x00\x01", 11},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\x00\x01", 12},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error err = {0};

        TARE_CHECK_INT(decode(bad[i].bytes, bad[i].size, &err), ERR_PARSE);
        TARE_CHECK_STR(err.file, "blob");
    }
    TARE_CHECK_INT(decode("\x00", 1, NULL), 0);
}

TARE_TEST(sections_are_walked_and_cut_ones_refused)
{
    const double x[] = {1, 2, 3};
    struct strbuf bytes = {0};
    const uint8_t *at;
    size_t size;
    struct section s;

    section_put(&bytes, 7, x, 3, 0);
    section_put(&bytes, 300, x, 1, 0);
    at = (const uint8_t *)bytes.text;
    size = bytes.size;
    TARE_CHECK_INT(section_next("b", &at, &size, &s, NULL), 1);
    TARE_CHECK_INT(s.metric, 7);
    TARE_CHECK_INT(section_next("b", &at, &size, &s, NULL), 1);
    TARE_CHECK_INT(s.metric, 300);
    TARE_CHECK_INT(section_next("b", &at, &size, &s, NULL), 0);
    for (size_t cut = 1; cut < bytes.size; cut++) {
        int rc;

        at = (const uint8_t *)bytes.text;
        size = cut;
        while ((rc = section_next("b", &at, &size, &s, NULL)) == 1)
            ;
        TARE_CHECK(rc == ERR_PARSE || cut == 8);
    }
    strbuf_clear(&bytes);
}

TARE_TEST(medians)
{
    TARE_CHECK(isnan(median_of(NULL, 0)));
    TARE_CHECK_REL(median_of((double[]){3, 1, 2}, 3), 2, 0);
    TARE_CHECK_REL(median_of((double[]){4, 1, 3, 2}, 4), 2.5, 0);
    TARE_CHECK(isnan(median_of((double[]){4, NAN, 3}, 3)));
}
