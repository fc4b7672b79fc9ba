/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests for perf/tests/tests.py: empty ones, ones that compute, and one long
 * one among short ones. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/tare.h"

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#ifdef EMPTY_TESTS
/* When the first test began, for whoever asks. */
static void note_first(void)
{
    const char *path = getenv("PERF_FIRST");
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_EXCL, 0600) : -1;

    if (fd < 0)
        return;
    dprintf(fd, "%.6f\n", now());
    close(fd);
}

TARE_TEST(empty, .tags = "empty", .args = "n=1.." EMPTY_TESTS)
{
    note_first();
}
#endif

/* 0 where there is no such variable. */
static long number_of(const char *variable)
{
    const char *text = getenv(variable);

    return text ? strtol(text, NULL, 10) : 0;
}

static void compute(long n)
{
    unsigned x = 1;

    for (long i = 0; i < n; i++) {
        x = x * 1664525 + 1013904223;
        TARE_USE(x);
    }
}

TARE_TEST(computes, .tags = "compute", .args = "n=1..40")
{
    compute(number_of("PERF_WORK"));
}

static void rest(double seconds)
{
    double until = now() + seconds;
    struct timespec t = {.tv_sec = (time_t)until,
                         .tv_nsec =
                             (long)((until - (double)(time_t)until) * 1e9)};

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        ;
}

/* PERF_LONG says which of the 101 takes two seconds. */
TARE_TEST(rests, .tags = "rest", .args = "n=0..100")
{
    rest(tare_int(t, "n") == number_of("PERF_LONG") ? 2 : 0.02);
}

/* What the computing ones are compared with: two processes, each on its core,
 * that do the same work and nothing else.  "bare CPU N": N times the work. */
static int bare(int cpu, int n)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
    for (int i = 0; i < n; i++)
        compute(number_of("PERF_WORK"));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "bare") == 0)
        return bare((int)strtol(argv[2], NULL, 10),
                    (int)strtol(argv[3], NULL, 10));
    return tare_main(argc, argv);
}
