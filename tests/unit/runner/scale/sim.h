/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that follows a law, under noise, on a clock that is made up. */
#ifndef TESTS_RUNNER_SCALE_SIM_H
#define TESTS_RUNNER_SCALE_SIM_H

#include "runner/scale/rounds.h"
#include "stats/scaling.h"

enum { SIM_LOG_MAX = 4096 };

struct sim {
    const int *count;       /* of workers, as in the settings */
    struct scaling_fit law; /* throughput of the new side */
    double old_ratio;       /* time new/old; 1: the same */
    int old_from;           /* only from this count on; 0: everywhere */
    double noise;           /* standard deviation of log times */
    double drift;           /* of what a round has in common */
    uint64_t random;
    int64_t now_ns;

    /* The n-th measurement (from 0, warm-ups included) fails so; n < 0: none */
    long fail_at;
    int fail_code;
    long disturbed_every; /* every n-th is disturbed, and slow; 0: none */

    long n; /* measured so far */
    double common;
    struct {
        size_t series, count;
        int side;
        bool warm;
    } log[SIM_LOG_MAX];
};

/* ctx is the struct sim. */
struct scale_executor sim_executor(struct sim *sim);

/* A law by its parameters. */
struct scaling_fit sim_law(double gamma, double sigma, double kappa);

/* Rounds that no budget ends. */
struct scale_settings sim_settings(const int *count, size_t n, uint64_t seed);

/* One series with every count. */
enum { SIM_COUNTS = 8 };
struct scale_series sim_series(bool old);

#endif
