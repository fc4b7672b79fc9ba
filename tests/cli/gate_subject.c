/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program in several builds, for the tests of gates: what differs is chosen
 * by -D.  Effects are so large that no noise hides them. */
#include "bench/tare.h"

#include <stdint.h>
#include <stdlib.h>

#ifndef WORK
#define WORK 2000
#endif
#ifndef CASE_VERSION
#define CASE_VERSION 1
#endif
#ifndef RESULT
#define RESULT 7
#endif

static uint64_t work(uint64_t x, int n)
{
    for (int i = 0; i < n; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        TARE_USE(x);
    }
    return x;
}

TARE_BENCH(steady, .tags = "unit", .version = CASE_VERSION)
{
    uint64_t x = 88172645463325252u;

    TARE_LOOP(b) {
        x = work(x, 2000);
    }
    tare_result(b, RESULT);
}

TARE_BENCH(changing, .tags = "unit")
{
    uint64_t x = 88172645463325252u;

#ifdef CRASH
    abort();
#endif
    TARE_LOOP(b) {
        x = work(x, WORK);
    }
    TARE_USE(x);
}

#ifndef FEWER
TARE_BENCH(extra, .tags = "slow")
{
    uint64_t x = 88172645463325252u;

    TARE_LOOP(b) {
        x = work(x, 500);
    }
    TARE_USE(x);
}
#endif
