/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The C library: sorting, copying, reading numbers, allocating.
 *
 * Shown here: a size sweep over the caches, a cartesian product of two
 * parameters, and the keep macros: TARE_USE for a value, TARE_ESCAPE for
 * memory that somebody might look at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "examples/input.h"
#include <tare.h>

static int compare_int(const void *x, const void *y)
{
    const int *a = x, *c = y;

    return (*a > *c) - (*a < *c);
}

TARE_BENCH(qsort, .args = "n=1000,20000", .tags = "sort")
{
    size_t n = (size_t)tare_int(b, "n");
    int *in = input_alloc(n * sizeof *in), *work = input_alloc(n * sizeof *in);
    uint64_t state = 3, unordered = 0;

    for (size_t i = 0; i < n; i++)
        in[i] = (int)(input_next(&state) >> 33);
    TARE_LOOP(b) {
        memcpy(work, in, n * sizeof *work);
        qsort(work, n, sizeof *work, compare_int);
        TARE_ESCAPE(work);
    }
    tare_items(b, n);
    for (size_t i = 1; i < n; i++)
        unordered += work[i - 1] > work[i];
    tare_result(b, unordered);
    free(work);
    free(in);
}

/* 4 KiB stays in the first cache, 256 KiB in the second, 8 MiB in the last or
 * in memory. */
TARE_BENCH(memcpy, .args = "bytes=4096,262144,8388608", .tags = "memory")
{
    size_t n = (size_t)tare_int(b, "bytes");
    unsigned char *from = input_text(n), *to = input_alloc(n);

    TARE_LOOP(b) {
        memcpy(to, from, n);
        TARE_ESCAPE(to);
    }
    tare_bytes(b, n);
    tare_result(b, memcmp(to, from, n) == 0);
    free(to);
    free(from);
}

TARE_BENCH(strtod, .tags = "parse")
{
    enum { NUMBERS = 256, WIDTH = 32 };
    char(*text)[WIDTH] = input_alloc(NUMBERS * sizeof *text);
    uint64_t state = 4, wrong = 0;
    double *want = input_alloc(NUMBERS * sizeof *want), sum = 0;

    for (size_t i = 0; i < NUMBERS; i++) {
        want[i] = 1e6 * input_unit(&state);
        snprintf(text[i], WIDTH, "%.17g", want[i]);
    }
    TARE_LOOP(b) {
        sum = 0;
        for (size_t i = 0; i < NUMBERS; i++)
            sum += strtod(text[i], NULL);
        TARE_USE(sum);
    }
    for (size_t i = 0; i < NUMBERS; i++)
        wrong += strtod(text[i], NULL) != want[i];
    tare_items(b, NUMBERS);
    tare_result(b, wrong);
    free(want);
    free(text);
}

/* One of `live` blocks, chosen at random, is freed and allocated again: what a
 * long-running program does to its allocator. */
TARE_BENCH(malloc, .args = "live=16,4096; max=64,2048", .tags = "memory")
{
    size_t live = (size_t)tare_int(b, "live"), max = (size_t)tare_int(b, "max");
    void **block = input_alloc(live * sizeof *block);
    uint64_t state = 5;

    for (size_t i = 0; i < live; i++)
        block[i] = input_alloc(1 + input_next(&state) % max);
    TARE_LOOP(b) {
        uint64_t r = input_next(&state);
        size_t i = r % live;

        free(block[i]);
        block[i] = malloc(1 + (r >> 32) % max);
        TARE_ESCAPE(block[i]);
    }
    tare_items(b, 1);
    for (size_t i = 0; i < live; i++)
        free(block[i]);
    free(block);
}
