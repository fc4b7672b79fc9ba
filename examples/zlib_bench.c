/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zlib: a checksum, compression and decompression.
 *
 * Shown here: parameters (`.args`), bytes per iteration for the throughput,
 * and a result that must be the same in every sample, every process and every
 * build, so that a fast wrong answer never passes as an improvement. */
#include <string.h>

#include <zlib.h>

#include "examples/input.h"
#include <tare.h>

/* The demonstration compiles this file once more with 5: of a hundred
 * checksums five are then computed twice, with the same result. */
#ifndef EXTRA_PERCENT
#define EXTRA_PERCENT 0
#endif

TARE_BENCH(crc32, .args = "n=1Ki,64Ki", .tags = "checksum")
{
    uInt n = (uInt)tare_int(b, "n"), extra = 0;
    unsigned char *in = input_text(n);
    uLong crc = 0;

    TARE_LOOP(b) {
        TARE_ESCAPE(in); /* the bytes may have changed: read them again */
        crc = crc32(0, in, n);
        TARE_USE(crc);
        if (EXTRA_PERCENT && (extra += EXTRA_PERCENT) >= 100) {
            extra -= 100;
            TARE_USE(crc32(0, in, n));
        }
    }
    tare_bytes(b, n);
    tare_result(b, crc);
    free(in);
}

TARE_BENCH(deflate, .args = "level=1,6,9", .tags = "compress")
{
    enum { SIZE = 16 * 1024 };
    int level = (int)tare_int(b, "level");
    unsigned char *in = input_text(SIZE);
    uLong bound = compressBound(SIZE), size = 0;
    unsigned char *out = input_alloc(bound);

    TARE_LOOP(b) {
        size = bound;
        compress2(out, &size, in, SIZE, level);
        TARE_ESCAPE(out);
    }
    tare_bytes(b, SIZE);
    tare_counter(b, "ratio", (double)SIZE / (double)size, "1",
                 TARE_HIGHER_IS_BETTER);
    tare_result(b, crc32(0, out, (uInt)size));
    free(out);
    free(in);
}

TARE_BENCH(inflate, .tags = "compress")
{
    enum { SIZE = 16 * 1024 };
    unsigned char *text = input_text(SIZE);
    uLong packed = compressBound(SIZE), size = SIZE;
    unsigned char *in = input_alloc(packed), *out = input_alloc(SIZE);

    compress2(in, &packed, text, SIZE, 6);
    TARE_LOOP(b) {
        size = SIZE;
        uncompress(out, &size, in, packed);
        TARE_ESCAPE(out);
    }
    tare_bytes(b, SIZE);
    tare_result(b, size == SIZE && memcmp(out, text, SIZE) == 0);
    free(out);
    free(in);
    free(text);
}
