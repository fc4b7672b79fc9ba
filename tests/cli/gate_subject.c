/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program in several builds, for the tests of gates: what differs is chosen
 * by -D.  Its cases say their own times, so that no verdict depends on how fast
 * or how busy the machine is; with -DREAL they are clocked like any other, and
 * the effects are so large that no noise hides them. */
#include "bench/tare.h"

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef WORK
#define WORK 2000
#endif
#ifndef CASE_VERSION
#define CASE_VERSION 1
#endif
#ifndef RESULT
#define RESULT 7
#endif

#ifdef REAL
enum { TOLD = 0 };
#else
enum { TOLD = 1 };
#endif

static uint64_t shifted(uint64_t x)
{
    x ^= x << 13;
    x ^= x >> 7;
    return x ^ x << 17;
}

/* So many steps, a nanosecond each when told; and 1 % at most that differs
 * from process to process and from time to time. */
static uint64_t work(struct tare *b, uint64_t x, int n)
{
    if (TOLD) {
        x = shifted(x + (uint64_t)getpid());
        tare_time_ns(b, n + (int)(x % 1000) * n / 100000);
        return x;
    }
    for (int i = 0; i < n; i++) {
        x = shifted(x);
        TARE_USE(x);
    }
    return x;
}

TARE_BENCH(steady, .tags = "unit", .version = CASE_VERSION, .manual = TOLD)
{
    uint64_t x = 88172645463325252u;

    TARE_LOOP(b) {
        x = work(b, x, 2000);
    }
    tare_result(b, RESULT);
}

TARE_BENCH(changing, .tags = "unit", .manual = TOLD)
{
    uint64_t x = 88172645463325252u;

#ifdef CRASH
    abort();
#endif
    TARE_LOOP(b) {
        x = work(b, x, WORK);
    }
    TARE_USE(x);
}

#ifndef FEWER
TARE_BENCH(extra, .tags = "slow", .manual = TOLD)
{
    uint64_t x = 88172645463325252u;

    TARE_LOOP(b) {
        x = work(b, x, 500);
    }
    TARE_USE(x);
}
#endif
