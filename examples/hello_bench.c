/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smallest useful program: integer work, memory and a sort. */
#include <tare.h>

#include <stdlib.h>
#include <string.h>

/* Pseudo-random integers: splitmix64 (Steele, Lea & Flood, OOPSLA 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int compare_int(const void *a, const void *b)
{
    int one = *(const int *)a, two = *(const int *)b;

    return (one > two) - (one < two);
}

TARE_BENCH(integer, .tags = "cpu")
{
    uint64_t state = tare_seed(b);

    TARE_LOOP(b)
        TARE_USE(next_random(&state));
}

TARE_BENCH(copy, .args = "n=64,4096,1Mi", .tags = "memory")
{
    size_t n = (size_t)tare_int(b, "n");
    char *from = malloc(n), *to = malloc(n);

    memset(from, 1, n);
    TARE_LOOP(b) {
        memcpy(to, from, n);
        TARE_ESCAPE(to);
    }
    tare_bytes(b, n);
    free(to);
    free(from);
}

TARE_BENCH(qsort, .args = "n=1000", .tags = "sort")
{
    size_t n = (size_t)tare_int(b, "n");
    int *in = malloc(n * sizeof *in), *work = malloc(n * sizeof *work);
    uint64_t state = tare_seed(b);

    for (size_t i = 0; i < n; i++)
        in[i] = (int)(next_random(&state) & 0xffffff);
    TARE_LOOP(b) {
        memcpy(work, in, n * sizeof *work);
        qsort(work, n, sizeof *work, compare_int);
        TARE_ESCAPE(work);
    }
    tare_items(b, n);
    tare_result(b, (uint64_t)work[0] << 32 | (uint64_t)work[n - 1]);
    free(work);
    free(in);
}
