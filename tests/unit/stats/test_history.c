/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/scope.h"
#include "stats/change.h"
#include "stats/energy.h"
#include "stats/pelt.h"
#include "stats/steady.h"
#include "stats/trend.h"

struct energy_case {
    const double *x;
    size_t n;
    const double *y;
    size_t m;
    double want;
};

struct trend_case {
    const double *t, *x;
    size_t n;
    double s, p, slope, intercept;
};

#include "tests/reference/history.h"
#include "tests/reference/mongodb.h"

enum { MOST = 1000 };

/* Uniform noise in -1/2 .. 1/2, the same in every run. */
static double noise(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 40) / (1 << 24) - 0.5;
}

TARE_TEST(divergence_of_every_split_equals_mongodb)
{
    double q[ARRAY_LEN(mongodb_series)];
    size_t n = ARRAY_LEN(mongodb_series);

    TARE_REQUIRE_INT(energy_splits(mongodb_series, n, q, NULL), 0);
    for (size_t k = 2; k + 2 <= n; k++)
        TARE_CHECK_REL(q[k], mongodb_divergence[k], 1e-9);
    TARE_CHECK_REL(q[0], 0, 0);
    TARE_CHECK_REL(q[n - 1], 0, 0);
}

TARE_TEST(energy_statistic_equals_r)
{
    double got;

    for (size_t i = 0; i < ARRAY_LEN(energy_cases); i++) {
        const struct energy_case *c = &energy_cases[i];

        TARE_REQUIRE_INT(energy_statistic(c->x, c->n, c->y, c->m, &got, NULL),
                         0);
        TARE_CHECK_REL(got, c->want, 1e-9);
        TARE_REQUIRE_INT(energy_statistic(c->y, c->m, c->x, c->n, &got, NULL),
                         0);
        TARE_CHECK_REL(got, c->want, 1e-9);
    }
    TARE_CHECK_INT(energy_statistic(energy_x1, 0, energy_y1, 1, &got, NULL),
                   ERR_RANGE);
}

/* n points at `level` from x[from] on. */
static void level(double *x, size_t from, size_t n, double value)
{
    for (size_t i = from; i < from + n; i++)
        x[i] = value;
}

static size_t changes(struct tare *t, const double *x, size_t n,
                      struct change *out)
{
    struct change_policy policy = change_defaults();
    size_t count = 0;

    TARE_REQUIRE_INT(change_find(x, n, NULL, 0, &policy, out, &count, NULL), 0);
    return count;
}

/* The series of MongoDB's own tests. */
TARE_TEST(steps_are_found_where_mongodb_finds_them)
{
    double x[45], q[45];
    struct change found[45];

    level(x, 0, 15, 50);
    level(x, 15, 15, 100);
    TARE_REQUIRE_INT(changes(t, x, 30, found), 1);
    TARE_CHECK_INT(found[0].at, 15);
    TARE_CHECK_REL(found[0].ratio, 2, 1e-14);
    TARE_CHECK_REL(found[0].before, 50, 1e-14);
    TARE_CHECK_REL(found[0].p, 0.001, 1e-12);
    TARE_CHECK(!found[0].provisional);
    /* The half-way point stands with the level nearer to it: by difference in
     * the divergence itself, by ratio in a history. */
    for (size_t i = 0; i < 2; i++) {
        x[14] = i ? 76 : 74;
        TARE_REQUIRE_INT(energy_splits(x, 30, q, NULL), 0);
        TARE_CHECK(i ? q[14] > q[15] : q[15] > q[14]);
        x[14] = i ? 72 : 70;
        TARE_REQUIRE_INT(changes(t, x, 30, found), 1);
        TARE_CHECK_INT(found[0].at, i ? 14 : 15);
    }
    level(x, 0, 15, 50);
    level(x, 15, 15, 100);
    level(x, 30, 15, 150);
    TARE_REQUIRE_INT(changes(t, x, 45, found), 2);
    TARE_CHECK_INT(found[0].at, 15);
    TARE_CHECK_INT(found[1].at, 30);
    level(x, 0, 30, 50);
    TARE_CHECK_INT(changes(t, x, 30, found), 0);
}

TARE_TEST(a_long_series_has_the_changes_that_mongodb_counts)
{
    struct change_policy policy = change_defaults();
    static struct change found[MOST];
    size_t count;

    policy.window = 0;
    policy.margin = 0;
    policy.permutations = 99;
    TARE_REQUIRE_INT(change_find(mongodb_long_series,
                                 ARRAY_LEN(mongodb_long_series), NULL, 0,
                                 &policy, found, &count, NULL),
                     0);
    TARE_CHECK_INT(count, MONGODB_LONG_CHANGES);
}

TARE_TEST(what_is_below_the_margin_is_not_told)
{
    double x[60];
    struct change found[60];
    uint64_t state = 5;

    for (size_t i = 0; i < 60; i++)
        x[i] = (i < 20   ? 100
                : i < 40 ? 101
                         : 108) *
               (1 + 0.002 * noise(&state));
    TARE_REQUIRE_INT(changes(t, x, 60, found), 1);
    TARE_CHECK_INT(found[0].at, 40);
    TARE_CHECK_REL(found[0].ratio, 1.075, 0.01);
    TARE_CHECK_REL(found[0].before, 100.5, 0.01);
}

TARE_TEST(known_breaks_are_not_changes)
{
    double x[40];
    struct change found[40];
    struct change_policy policy = change_defaults();
    const size_t breaks[] = {20};
    uint64_t state = 7;
    size_t count;

    for (size_t i = 0; i < 40; i++)
        x[i] = (i < 20 ? 100 : 130) + noise(&state);
    TARE_REQUIRE_INT(
        change_find(x, 40, breaks, 1, &policy, found, &count, NULL), 0);
    TARE_CHECK_INT(count, 0);
    for (size_t i = 30; i < 40; i++)
        x[i] += 13;
    TARE_REQUIRE_INT(
        change_find(x, 40, breaks, 1, &policy, found, &count, NULL), 0);
    TARE_CHECK_INT(count, 1);
    TARE_CHECK_INT(found[0].at, 30);
    TARE_CHECK_REL(found[0].before, 130, 0.01);
}

TARE_TEST(the_newest_points_are_provisional)
{
    double x[30];
    struct change found[30];
    uint64_t state = 11;

    for (size_t i = 0; i < 30; i++)
        x[i] = (i < 28 ? 100 : 110) + 0.5 * noise(&state);
    TARE_REQUIRE_INT(changes(t, x, 30, found), 1);
    TARE_CHECK_INT(found[0].at, 28);
    TARE_CHECK(found[0].provisional);
    TARE_CHECK_REL(found[0].p, 4.0 / (30 * 29), 1e-12);
    x[28] = 100;
    TARE_CHECK_INT(changes(t, x, 30, found), 0);
    TARE_CHECK_INT(changes(t, x, 28, found), 0);
}

TARE_TEST(only_the_window_is_looked_at)
{
    double x[260];
    struct change found[260];
    uint64_t state = 3;

    for (size_t i = 0; i < 260; i++)
        x[i] = (i < 30 ? 200 : 100) + noise(&state);
    TARE_CHECK_INT(changes(t, x, 260, found), 0);
    TARE_CHECK_INT(changes(t, x, 200, found), 1);
    TARE_CHECK_INT(found[0].at, 30);
}

TARE_TEST(degenerate_histories)
{
    double x[12] = {3, 3, 3, 3, 3, 3};
    struct change found[12];
    struct change_policy policy = change_defaults();
    size_t count;

    for (size_t n = 1; n <= 6; n++)
        TARE_CHECK_INT(changes(t, x, n, found), 0);
    /* Zeros and negatives are compared as they are. */
    for (size_t i = 0; i < 12; i++)
        x[i] = i < 6 ? 0 : -5 + 0.01 * (double)i;
    TARE_REQUIRE_INT(changes(t, x, 12, found), 1);
    TARE_CHECK_INT(found[0].at, 6);
    TARE_CHECK(isnan(found[0].ratio));
    x[3] = NAN;
    TARE_CHECK_INT(change_find(x, 12, NULL, 0, &policy, found, &count, NULL),
                   ERR_RANGE);
    TARE_CHECK_INT(change_find(x, 0, NULL, 0, &policy, found, &count, NULL),
                   ERR_RANGE);
    policy.least = 1;
    TARE_CHECK_INT(change_find(x, 3, NULL, 0, &policy, found, &count, NULL),
                   ERR_INVAL);
}

TARE_TEST(trend_equals_r)
{
    for (size_t i = 0; i < ARRAY_LEN(trend_cases); i++) {
        const struct trend_case *c = &trend_cases[i];
        struct trend got;

        TARE_REQUIRE_INT(stats_trend(c->t, c->x, c->n, 0.95, &got, NULL), 0);
        TARE_CHECK_REL(got.s, c->s, 0);
        TARE_CHECK_REL(got.slope, c->slope, 1e-12);
        TARE_CHECK_REL(got.intercept, c->intercept, 1e-10);
        TARE_CHECK(got.low <= got.slope && got.slope <= got.high);
        if (!isnan(c->p))
            TARE_CHECK_REL(got.p_two, c->p, 1e-10);
    }
}

/* Sen (1968): the limits are the slopes of rank (N - C) / 2 and
 * (N + C) / 2 + 1; for n = 10, C = 1.96 sqrt(125) = 21.9, N = 45. */
TARE_TEST(limits_of_a_slope_by_hand)
{
    double x[10], slope[45];
    struct trend got;
    uint64_t state = 17;
    size_t k = 0;

    for (size_t i = 0; i < 10; i++)
        x[i] = (double)i * (double)i + noise(&state);
    for (size_t i = 0; i < 10; i++)
        for (size_t j = i + 1; j < 10; j++)
            slope[k++] = (x[j] - x[i]) / (double)(j - i);
    for (size_t i = 0; i < 45; i++) /* insertion sort */
        for (size_t j = i; j > 0 && slope[j - 1] > slope[j]; j--) {
            double swap = slope[j];

            slope[j] = slope[j - 1];
            slope[j - 1] = swap;
        }
    TARE_REQUIRE_INT(stats_trend(NULL, x, 10, 0.95, &got, NULL), 0);
    TARE_CHECK_REL(got.low, slope[10], 1e-12);
    TARE_CHECK_REL(got.high, slope[34], 1e-12);
    TARE_CHECK_REL(got.tau, 1, 0);
}

TARE_TEST(trend_of_nothing)
{
    static const double same[] = {4, 4, 4}, back[] = {1, 1, 2};
    struct trend got;

    TARE_REQUIRE_INT(stats_trend(NULL, same, 3, 0.95, &got, NULL), 0);
    TARE_CHECK_REL(got.p_two, 1, 0);
    TARE_CHECK_REL(got.slope, 0, 0);
    TARE_CHECK_INT(stats_trend(NULL, same, 1, 0.95, &got, NULL), ERR_RANGE);
    TARE_CHECK_INT(stats_trend(back, same, 3, 0.95, &got, NULL), ERR_RANGE);
    TARE_CHECK_INT(stats_trend(NULL, same, 3, 0, &got, NULL), ERR_INVAL);
}

static double cost_of(enum pelt_cost kind, const double *x, size_t n,
                      double floor_)
{
    double mean = 0, ss = 0, v;

    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        ss += (x[i] - mean) * (x[i] - mean);
    if (kind == PELT_MEAN)
        return ss;
    v = fmax(ss / (double)n, floor_);
    return (double)n * log(v) + ss / v;
}

/* Every cutting, by dynamic programming without pruning. */
static double optimum(enum pelt_cost kind, const double *x, size_t n,
                      double penalty, size_t least)
{
    double best[64], floor_ = cost_of(PELT_MEAN, x, n, 0) / (double)n * 1e-10;

    best[0] = -penalty;
    for (size_t to = 1; to <= n; to++) {
        best[to] = INFINITY;
        for (size_t from = 0; from + least <= to; from++)
            best[to] =
                fmin(best[to], best[from] + penalty +
                                   cost_of(kind, x + from, to - from, floor_));
    }
    return best[n];
}

TARE_TEST(pelt_finds_the_optimum)
{
    double x[60], cost;
    size_t at[60], count;
    uint64_t state = 23;

    for (size_t trial = 0; trial < 200; trial++) {
        enum pelt_cost kind = trial % 2 ? PELT_MEAN : PELT_MEAN_VARIANCE;
        size_t n = 6 + trial % 55, least = 2 + trial % 4;
        double penalty = 0.5 + (double)(trial % 11);

        for (size_t i = 0; i < n; i++)
            x[i] = 3 * noise(&state) + (i % 23 > 11 ? 2 : 0) +
                   (trial % 7 == 0 ? floor(3 * noise(&state)) : 0);
        TARE_REQUIRE_INT(
            stats_pelt(x, n, kind, penalty, least, at, &count, &cost, NULL), 0);
        TARE_CHECK_REL(cost, optimum(kind, x, n, penalty, least), 1e-9);
        for (size_t i = 0; i < count; i++)
            TARE_CHECK(at[i] - (i ? at[i - 1] : 0) >= least &&
                       n - at[i] >= least);
    }
}

TARE_TEST(pelt_of_little)
{
    static const double x[] = {1, 5};
    size_t at[2], count;

    TARE_REQUIRE_INT(
        stats_pelt(x, 2, PELT_MEAN, 0.1, 1, at, &count, NULL, NULL), 0);
    TARE_CHECK_INT(count, 1);
    TARE_CHECK_INT(at[0], 1);
    TARE_REQUIRE_INT(stats_pelt(x, 1, PELT_MEAN, 1, 3, at, &count, NULL, NULL),
                     0);
    TARE_CHECK_INT(count, 0);
    TARE_CHECK_INT(stats_pelt(x, 0, PELT_MEAN, 1, 1, at, &count, NULL, NULL),
                   ERR_RANGE);
    TARE_CHECK_INT(
        stats_pelt(x, 2, PELT_MEAN_VARIANCE, 1, 1, at, &count, NULL, NULL),
        ERR_INVAL);
    TARE_CHECK_INT(stats_pelt(x, 2, PELT_MEAN, NAN, 1, at, &count, NULL, NULL),
                   ERR_INVAL);
}

/* A process at 100 for `n` samples, at `first` for the first `early`, with an
 * outlier now and then. */
static void process(double *x, size_t n, size_t early, double first)
{
    uint64_t state = 29;

    for (size_t i = 0; i < n; i++)
        x[i] = (i < early ? first : 100) * (1 + 0.01 * noise(&state));
    for (size_t i = 50; i < n; i += 97)
        x[i] *= 3;
}

TARE_TEST(long_series_are_classified)
{
    static double x[MOST];
    struct steady got;

    process(x, MOST, 0, 0);
    TARE_REQUIRE_INT(stats_steady(x, MOST, 0.01, &got, NULL), 0);
    TARE_CHECK_STR(steady_name(got.is), "flat");
    TARE_CHECK_INT(got.from, 0);
    TARE_CHECK_INT(got.masked, 10);
    TARE_CHECK_REL(got.mean, 100, 1e-3);
    process(x, MOST, 120, 140);
    TARE_REQUIRE_INT(stats_steady(x, MOST, 0.01, &got, NULL), 0);
    TARE_CHECK_STR(steady_name(got.is), "warm-up");
    TARE_CHECK_INT(got.from, 120);
    process(x, MOST, 120, 70);
    TARE_REQUIRE_INT(stats_steady(x, MOST, 0.01, &got, NULL), 0);
    TARE_CHECK_STR(steady_name(got.is), "slow-down");
    process(x, MOST, 900, 70);
    TARE_REQUIRE_INT(stats_steady(x, MOST, 0.01, &got, NULL), 0);
    TARE_CHECK_STR(steady_name(got.is), "no-steady-state");
    TARE_CHECK(isnan(got.mean));
    TARE_CHECK_INT(got.from, MOST);
    TARE_CHECK_INT(stats_steady(x, STEADY_LEAST - 1, 0.01, &got, NULL),
                   ERR_RANGE);
}

TARE_TEST(a_constant_long_series_is_flat)
{
    static double x[STEADY_LEAST];
    struct steady got;

    level(x, 0, STEADY_LEAST, 42);
    TARE_REQUIRE_INT(stats_steady(x, STEADY_LEAST, 0.01, &got, NULL), 0);
    TARE_CHECK_INT(got.is, STEADY_FLAT);
    TARE_CHECK_INT(got.masked, 0);
}
