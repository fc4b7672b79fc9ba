/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The statistics timed: one line "task nanoseconds" for each.  What R and SciPy
 * take for the same work on the same numbers: stats.R, stats.py; all of them
 * side by side: stats.sh. */
#include <config.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "stats/bootstrap.h"
#include "stats/harrell_davis.h"
#include "stats/mann_whitney.h"
#include "stats/signed_rank.h"
#include "stats/stored.h"
#include "stats/trend.h"

enum { LONG = 1000, CASES = 10000, INVOCATIONS = 10, SAMPLES = 30 };

static double x[LONG], y[LONG];

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

/* The same numbers in every language. */
static double value(size_t i)
{
    double v = sin((double)i * 12.9898) * 43758.5453;

    return 100 + v - floor(v);
}

static void must(int rc)
{
    if (rc < 0) {
        fprintf(stderr, "a function failed with %d\n", rc);
        exit(1);
    }
}

static void mann_whitney_20(void)
{
    struct rank_test test;
    struct rank_interval shift;

    must(mann_whitney_test(x, 20, y, 20, 0, &test, NULL));
    must(stats_shift(x, 20, y, 20, 0.95, &shift, NULL));
}

static void signed_rank_20(void)
{
    struct rank_test test;
    struct rank_interval centre;

    must(signed_rank_test(x, 20, 100.4, &test, NULL));
    must(stats_centre(x, 20, 0.95, &centre, NULL));
}

static void shift_1000(void)
{
    struct rank_interval shift;

    must(stats_shift(x, LONG, y, LONG, 0.95, &shift, NULL));
}

static double mean_of(void *ctx, const double *v, size_t n)
{
    double sum = 0;

    (void)ctx;
    for (size_t i = 0; i < n; i++)
        sum += v[i];
    return sum / (double)n;
}

static void bca_30(void)
{
    const struct bootstrap_plan plan = {2000, 0.95, 1};
    struct bootstrap b;

    must(bootstrap_bca(x, 30, mean_of, NULL, &plan, &b, NULL));
}

static void theil_sen_200(void)
{
    struct trend trend;

    must(stats_trend(NULL, x, 200, 0.95, &trend, NULL));
}

static void harrell_davis_500(void)
{
    double out;

    must(stats_harrell_davis(x, 500, 0.9, &out, NULL, NULL));
}

static const struct {
    const char *name;
    void (*run)(void);
    size_t times;
} tasks[] = {
    {"mann-whitney-20", mann_whitney_20, 2000},
    {"signed-rank-20", signed_rank_20, 2000},
    {"shift-1000", shift_1000, 20},
    {"bca-30", bca_30, 20},
    {"theil-sen-200", theil_sen_200, 50},
    {"harrell-davis-500", harrell_davis_500, 200},
};

/* A stored-mode gate: every case with 10 invocations of 30 samples a side. */
static void stored_gate(void)
{
    size_t values = (size_t)CASES * INVOCATIONS * SAMPLES;
    double *sample = malloc(2 * values * sizeof *sample);
    struct invocation *v = malloc(2 * CASES * INVOCATIONS * sizeof *v);
    struct invocations *old_side = malloc(CASES * sizeof *old_side);
    struct stored_case *c = malloc(CASES * sizeof *c);
    struct comparison *out = malloc(CASES * sizeof *out);
    double *s = malloc(CASES * sizeof *s), begin;
    struct occasion_noise known = {0};

    if (!sample || !v || !old_side || !c || !out || !s)
        must(-1);
    for (size_t i = 0; i < 2 * values; i++)
        sample[i] = value(i);
    for (size_t i = 0; i < 2 * CASES * INVOCATIONS; i++)
        v[i] = (struct invocation){sample + i * SAMPLES, SAMPLES};
    for (size_t i = 0; i < CASES; i++) {
        old_side[i] =
            (struct invocations){v + 2 * i * INVOCATIONS, INVOCATIONS};
        c[i] = (struct stored_case){
            .old_occasion = &old_side[i],
            .n_old = 1,
            .new_side = v + (2 * i + 1) * INVOCATIONS,
            .n_new = INVOCATIONS,
            .policy = compare_defaults(),
            .quantile = 0.5,
        };
    }
    begin = now_ns();
    must(stored_noise(c, CASES, &known, s, NULL));
    must(stored_compare(c, CASES, 0.01, s, out, NULL));
    printf("stored-gate-10000 %.0f\n", now_ns() - begin);
    free(sample);
    free(v);
    free(old_side);
    free(c);
    free(out);
    free(s);
}

int main(void)
{
    for (size_t i = 0; i < LONG; i++) {
        x[i] = value(i);
        y[i] = value(i + LONG) + 0.1;
    }
    for (size_t t = 0; t < sizeof tasks / sizeof *tasks; t++) {
        double begin = now_ns();

        for (size_t i = 0; i < tasks[t].times; i++)
            tasks[t].run();
        printf("%s %.0f\n", tasks[t].name,
               (now_ns() - begin) / (double)tasks[t].times);
    }
    stored_gate();
    return 0;
}
