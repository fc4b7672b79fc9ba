/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests/cli/t-scale.sh scales: a suite with one long test, a benchmark
 * without and one with threads.  SCALE_WORK is how much they do, and
 * SCALE_NAP how long a test takes. */
#include "bench/tare.h"

#include <stdint.h>
#include <time.h>

#ifndef SCALE_WORK
#define SCALE_WORK 200
#endif
#ifndef SCALE_NAP
#define SCALE_NAP 5 /* ms */
#endif

static uint64_t work(uint64_t x)
{
    for (int i = 0; i < SCALE_WORK; i++)
        x = x * 6364136223846793005u + 1442695040888963407u;
    return x;
}

TARE_BENCH(spin)
{
    uint64_t x = 1;

    TARE_LOOP(b) {
        x = work(x);
        TARE_USE(x);
    }
    tare_items(b, SCALE_WORK);
}

TARE_BENCH(team, .threads = "1,2")
{
    uint64_t x = 1;

    TARE_LOOP(b) {
        x = work(x);
        TARE_USE(x);
    }
}

static void nap(long ms)
{
    struct timespec t = {.tv_nsec = ms * 1000000};

    nanosleep(&t, NULL);
}

TARE_TEST(long_one, .tags = "nap")
{
    nap(60);
    TARE_CHECK(1);
}

TARE_TEST(first, .tags = "nap")
{
    nap(SCALE_NAP);
    TARE_CHECK(1);
}

TARE_TEST(second, .tags = "nap")
{
    nap(5);
    TARE_CHECK(1);
}

TARE_TEST(wrong, .tags = "broken")
{
    TARE_CHECK_STR("this", "that");
}
