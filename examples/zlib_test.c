/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of zlib: run them with `tare test`.
 *
 * Shown here: a parametrised test (one case for each combination), a fixture
 * whose value each test gets and whose tear-down runs whatever the test did,
 * a test that does not apply and says why. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include <tare.h>

#include "examples/input.h"

TARE_TEST(round_trip, .args = "level=1,6,9; n=1,1000,100000", .tags = "unit")
{
    uLong n = (uLong)tare_int(t, "n"), packed = compressBound(n), size = n;
    unsigned char *in = input_text(n), *out = input_alloc(n);
    unsigned char *small = input_alloc(packed);

    TARE_REQUIRE_INT(
        compress2(small, &packed, in, n, (int)tare_int(t, "level")), Z_OK);
    TARE_REQUIRE_INT(uncompress(out, &size, small, packed), Z_OK);
    TARE_CHECK_INT(size, n);
    TARE_CHECK(memcmp(in, out, n) == 0);
    free(small);
    free(out);
    free(in);
}

TARE_TEST(damage_is_noticed, .tags = "unit")
{
    enum { SIZE = 1000 };
    uLong packed = compressBound(SIZE), size = SIZE;
    unsigned char *in = input_text(SIZE), *out = input_alloc(SIZE);
    unsigned char *small = input_alloc(packed);

    TARE_REQUIRE_INT(compress2(small, &packed, in, SIZE, 6), Z_OK);
    small[packed - 1] ^= 1; /* the last byte of the checksum */
    TARE_CHECK_INT(uncompress(out, &size, small, packed), Z_DATA_ERROR);
    free(small);
    free(out);
    free(in);
}

/* A path for a compressed file in the test's private folder. */
TARE_FIXTURE(archive, TARE_CASE)
{
    const char *folder = tare_tmpdir(f);
    size_t size = strlen(folder) + sizeof "/text.gz";
    char *path = input_alloc(size);

    snprintf(path, size, "%s/text.gz", folder);
    return path;
}
TARE_TEARDOWN(archive)
{
    unlink(value);
    free(value);
}

TARE_TEST(file_round_trip, .tags = "integration", .fixtures = "archive")
{
    const char *path = tare_fixture(t, "archive");
    char line[32] = "";
    gzFile file = gzopen(path, "wb");

    TARE_REQUIRE(file != NULL);
    TARE_CHECK(gzputs(file, "net weight\n") > 0);
    TARE_REQUIRE_INT(gzclose(file), Z_OK);
    file = gzopen(path, "rb");
    TARE_REQUIRE(file != NULL);
    TARE_CHECK_STR(gzgets(file, line, sizeof line), "net weight\n");
    TARE_CHECK_INT(gzclose(file), Z_OK);
}

TARE_TEST(large_file_offsets, .tags = "unit")
{
    if (!(zlibCompileFlags() & (1UL << 6)) && sizeof(z_off_t) < 8)
        TARE_SKIP("zlib was built with %zu-byte offsets", sizeof(z_off_t));
    TARE_CHECK(sizeof(z_off_t) >= 8);
}
