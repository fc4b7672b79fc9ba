/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "stats/components.h"
#include "stats/estimate.h"
#include "stats/pair.h"
#include "stats/robust.h"
#include "stats/series.h"
#include "stats/warmup.h"

struct grouped_case {
    const double *x;
    const size_t *sizes;
    size_t n;
    double between, within, f, p;
};

struct robust_case {
    const double *x;
    size_t n;
    double median, mad, sn, qn, lag1;
};

#include "tests/reference/estimate.h"

enum { MOST = 64 };

/* Cut one array into invocations of the given sizes. */
static size_t group(const double *x, const size_t *sizes, size_t n,
                    struct invocation *out)
{
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        out[i] = (struct invocation){(double *)x + at, sizes[i]};
        at += sizes[i];
    }
    return at;
}

TARE_TEST(robust_scales_equal_r)
{
    for (size_t i = 0; i < ARRAY_LEN(robust_cases); i++) {
        const struct robust_case *c = &robust_cases[i];
        struct stats_robust got;
        double spread;

        TARE_REQUIRE_INT(stats_robust(c->x, c->n, &got, NULL), 0);
        TARE_CHECK_REL(got.median, c->median, 1e-15);
        TARE_CHECK_REL(got.mad, c->mad, 1e-13);
        TARE_CHECK_REL(got.sn, c->sn, 1e-13);
        TARE_CHECK_REL(got.qn, c->qn, 1e-13);
        TARE_REQUIRE_INT(stats_spread(c->x, c->n, &spread, NULL), 0);
        TARE_CHECK_REL(spread, got.qn, 0);
    }
}

TARE_TEST(scales_need_two_values)
{
    static const double x[] = {3, 3, NAN};
    struct stats_robust got;
    double spread = 42;

    TARE_CHECK_INT(stats_spread(x, 1, &spread, NULL), ERR_RANGE);
    TARE_CHECK_INT(stats_spread(x, 3, &spread, NULL), ERR_RANGE);
    TARE_CHECK_REL(spread, 42, 0);
    TARE_CHECK_INT(stats_robust(x, 0, &got, NULL), ERR_RANGE);
    TARE_REQUIRE_INT(stats_robust(x, 2, &got, NULL), 0);
    TARE_CHECK_REL(got.mad, 0, 0);
    TARE_CHECK_REL(got.qn, 0, 0);
}

TARE_TEST(components_equal_aov)
{
    for (size_t i = 0; i < ARRAY_LEN(grouped_cases); i++) {
        const struct grouped_case *c = &grouped_cases[i];
        struct invocation v[MOST];
        struct components got;

        group(c->x, c->sizes, c->n, v);
        TARE_REQUIRE_INT(stats_components(v, c->n, &got, NULL), 0);
        TARE_CHECK_REL(got.between, c->between, 1e-10);
        TARE_CHECK_REL(got.within, c->within, 1e-10);
        TARE_CHECK_REL(got.f, c->f, 1e-10);
        TARE_CHECK_REL(got.p, c->p, 1e-10);
        TARE_CHECK(got.icc >= 0 && got.icc < 1 && got.deff >= 1);
    }
}

/* Two groups {1, 2}, {5, 6}: mean squares 16 and 1/2, n0 = 2. */
TARE_TEST(components_by_hand)
{
    static const double x[] = {1, 2, 5, 6};
    static const size_t sizes[] = {2, 2};
    struct invocation v[2];
    struct components got;

    group(x, sizes, 2, v);
    TARE_REQUIRE_INT(stats_components(v, 2, &got, NULL), 0);
    TARE_CHECK_REL(got.within, 0.5, 1e-15);
    TARE_CHECK_REL(got.between, 7.75, 1e-15);
    TARE_CHECK_REL(got.icc, 7.75 / 8.25, 1e-15);
    TARE_CHECK_REL(got.deff, 1 + 7.75 / 8.25, 1e-15);
    TARE_CHECK_INT(stats_best_samples(&got, 0.5 * 7.75 * 9, 0.25, 100), 3);
    TARE_CHECK_INT(stats_best_samples(&got, 1, 1, 100), 1);
    TARE_CHECK_INT(stats_components(v, 1, &got, NULL), ERR_RANGE);
    v[0].n = v[1].n = 1;
    TARE_CHECK_INT(stats_components(v, 2, &got, NULL), ERR_RANGE);
}

TARE_TEST(components_without_variation_are_unknown)
{
    static const double x[] = {4, 4, 4, 4}, mixed[] = {1, 5, 5, 1};
    static const size_t sizes[] = {2, 2};
    struct invocation v[2];
    struct components got;

    group(x, sizes, 2, v);
    TARE_REQUIRE_INT(stats_components(v, 2, &got, NULL), 0);
    TARE_CHECK(isnan(got.icc) && isnan(got.f));
    group(mixed, sizes, 2, v);
    TARE_REQUIRE_INT(stats_components(v, 2, &got, NULL), 0);
    TARE_CHECK(got.negative);
    TARE_CHECK_REL(got.between, 0, 0);
    TARE_CHECK_INT(stats_best_samples(&got, 1, 1, 50), 50);
}

TARE_TEST(lag1_equals_r)
{
    for (size_t i = 0; i < ARRAY_LEN(robust_cases); i++) {
        const struct robust_case *c = &robust_cases[i];
        struct invocation v = {(double *)c->x, c->n};
        struct serial got;

        TARE_REQUIRE_INT(stats_serial(&v, 1, &got, NULL), 0);
        TARE_CHECK_REL(got.lag1, c->lag1, 1e-12);
        TARE_CHECK(got.ess >= 1 && got.ess <= (double)c->n);
    }
}

TARE_TEST(alternating_and_constant_series)
{
    static const double up[] = {1, 2, 3, 4, 5, 6, 7, 8}, same[] = {2, 2};
    struct invocation v = {(double *)up, 8};
    struct serial got;

    TARE_REQUIRE_INT(stats_serial(&v, 1, &got, NULL), 0);
    TARE_CHECK_REL(got.lag1, 0.625, 1e-15);
    TARE_CHECK_REL(got.ess, 8 * 0.375 / 1.625, 1e-14);
    v = (struct invocation){(double *)same, 2};
    TARE_REQUIRE_INT(stats_serial(&v, 1, &got, NULL), 0);
    TARE_CHECK(isnan(got.lag1) && isnan(got.ess));
    v.n = 1;
    TARE_CHECK_INT(stats_serial(&v, 1, &got, NULL), ERR_RANGE);
}

/* Processes at different levels, each slow for its first `slow` samples. */
static void cold_start(double *room, size_t processes, size_t length,
                       size_t slow, struct invocation *out)
{
    for (size_t p = 0; p < processes; p++) {
        double level = 100 + 20 * (double)p;

        for (size_t i = 0; i < length; i++)
            room[p * length + i] =
                level * (i < slow ? 1.5 : 1 + 0.001 * (double)(i % 3));
        out[p] = (struct invocation){room + p * length, length};
    }
}

TARE_TEST(warmup_ends_where_the_window_settles)
{
    double room[4 * 40];
    struct invocation v[4];
    struct warmup got;

    cold_start(room, 4, 40, 0, v);
    TARE_REQUIRE_INT(stats_warmup(v, 4, 0.01, &got, NULL), 0);
    TARE_CHECK_INT(got.discard, 3);
    TARE_CHECK(got.steady);
    /* The median of five is settled once three of them are. */
    cold_start(room, 4, 40, 12, v);
    TARE_REQUIRE_INT(stats_warmup(v, 4, 0.01, &got, NULL), 0);
    TARE_CHECK_INT(got.discard, 10);
    TARE_CHECK(got.steady);
}

TARE_TEST(warmup_that_never_settles_says_so)
{
    double room[4 * 40];
    struct invocation v[4];
    struct warmup got;

    for (size_t i = 0; i < 40; i++)
        room[i] = i < 20 ? 200 : (i % 2 ? 100 : 150);
    v[0] = (struct invocation){room, 40};
    TARE_REQUIRE_INT(stats_warmup(v, 1, 0.01, &got, NULL), 0);
    TARE_CHECK(!got.steady);
    TARE_CHECK_INT(got.discard, 20);
    v[0].n = 7;
    TARE_CHECK_INT(stats_warmup(v, 1, 0.01, &got, NULL), ERR_RANGE);
    v[0].n = 40;
    room[5] = 0;
    TARE_CHECK_INT(stats_warmup(v, 1, 0.01, &got, NULL), ERR_RANGE);
    TARE_CHECK_INT(stats_warmup(v, 0, 0.01, &got, NULL), ERR_RANGE);
}

TARE_TEST(a_block_cancels_drift)
{
    /* ABBA in time that grows by 3 % a slice: A at 0 and 3, B at 1 and 2. */
    struct slice_block block = {
        .old_ns = {100, 100 * exp(0.09)},
        .new_ns = {102 * exp(0.03), 102 * exp(0.06)},
    };

    TARE_CHECK_REL(block_value(&block), log(1.02), 1e-13);
    block.old_ns[0] = 0;
    TARE_CHECK(isnan(block_value(&block)));
    block.old_ns[0] = INFINITY;
    TARE_CHECK(isnan(block_value(&block)));
}

TARE_TEST(a_pair_is_the_median_of_its_blocks)
{
    struct slice_block block[] = {
        {{100, 100}, {101, 101}, false},
        {{100, 100}, {102, 102}, false},
        {{100, 100}, {180, 180}, true},
    };
    struct pair_value got;

    TARE_REQUIRE_INT(pair_summarise(block, 3, &got, NULL), 0);
    TARE_CHECK_REL(got.log_ratio, log(1.02), 1e-14);
    TARE_CHECK_REL(got.log_clean, (log(1.01) + log(1.02)) / 2, 1e-14);
    TARE_CHECK_REL(got.new_total / got.old_total, 766.0 / 600, 1e-15);
    TARE_CHECK_REL(got.old_ns, 100, 0);
    TARE_CHECK_INT(got.blocks, 3);
    TARE_CHECK_INT(got.left_out, 1);
    TARE_REQUIRE_INT(pair_summarise(block + 2, 1, &got, NULL), 0);
    TARE_CHECK(isnan(got.log_clean));
    TARE_CHECK_INT(pair_summarise(block, 0, &got, NULL), ERR_RANGE);
    block[1].new_ns[1] = NAN;
    TARE_CHECK_INT(pair_summarise(block, 3, &got, NULL), ERR_RANGE);
}

/* n invocations of k samples around `level`, each invocation off by its own
 * share: spread gives the size of both. */
static void invocations(double *room, size_t n, size_t k, double level,
                        double spread, struct invocation *out)
{
    uint64_t state = 99;

    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < k; j++) {
            double u;

            state = state * 6364136223846793005u + 1442695040888963407u;
            u = (double)(state >> 40) / (1 << 24) - 0.5;
            room[i * k + j] = level * (1 + spread * (u + (double)(i % 5)));
        }
        out[i] = (struct invocation){room + i * k, k};
    }
}

TARE_TEST(estimate_by_hand)
{
    double room[] = {1, 2, 3, 4, 4, 8, 8, 16, 16, 16, 32, 32};
    static const size_t sizes[] = {3, 2, 2, 3, 1, 1};
    struct invocation v[6];
    struct estimate_policy policy = estimate_defaults();
    struct estimate e;

    group(room, sizes, 6, v);
    TARE_REQUIRE_INT(estimate(v, 6, &policy, &e, NULL), 0);
    /* Medians 2 4 8 16 32 32: logs 1 2 3 4 5 5, middle Walsh average 3.5. */
    TARE_CHECK_REL(e.value, exp2(3.5), 1e-14);
    TARE_CHECK_REL(e.low, 2, 1e-14);
    TARE_CHECK_REL(e.high, 32, 1e-14);
    TARE_CHECK_REL(e.confidence, 0.96875, 0);
    TARE_CHECK_REL(e.half_width, log(16) / 2, 1e-14);
    TARE_CHECK_INT(e.samples, 12);
    TARE_CHECK_INT(e.invocations, 6);
    TARE_CHECK_INT(e.best_samples, 0);
    policy.quantile = 0;
    TARE_REQUIRE_INT(estimate(v, 6, &policy, &e, NULL), 0);
    TARE_CHECK_REL(e.low, 1, 1e-14);
}

/* 20 invocations of 40 samples, evenly spread at both levels. */
static void even_spread(double *room, struct invocation *out)
{
    for (size_t i = 0; i < 20; i++) {
        for (size_t k = 0; k < 40; k++) {
            double u = fmod((double)(i * 40 + k) * 0.6180339887, 1);

            room[i * 40 + k] = 100 + 0.1 * u + 0.05 * (double)(i * 7 % 20);
        }
        out[i] = (struct invocation){room + i * 40, 40};
    }
}

TARE_TEST(two_modes_are_counted_where_they_are)
{
    double room[20 * 40];
    struct invocation v[20];
    struct estimate_policy policy = estimate_defaults();
    struct estimate e;

    even_spread(room, v);
    TARE_REQUIRE_INT(estimate(v, 20, &policy, &e, NULL), 0);
    TARE_CHECK_INT(e.modes, 1);
    for (size_t i = 0; i < 20 * 40; i += 3)
        room[i] *= 1.3;
    TARE_REQUIRE_INT(estimate(v, 20, &policy, &e, NULL), 0);
    TARE_CHECK_INT(e.modes, 2);
    TARE_CHECK_INT(e.between_modes, 1);
    even_spread(room, v);
    for (size_t i = 0; i < 8 * 40; i++)
        room[i] *= 1.3;
    TARE_REQUIRE_INT(estimate(v, 20, &policy, &e, NULL), 0);
    TARE_CHECK_INT(e.modes, 1);
    TARE_CHECK_INT(e.between_modes, 2);
    TARE_REQUIRE_INT(estimate(v, 3, &policy, &e, NULL), 0);
    TARE_CHECK_INT(e.between_modes, 0);
}

TARE_TEST(estimate_of_few_invocations_is_open)
{
    double room[5 * 3];
    struct invocation v[5];
    struct estimate_policy policy = estimate_defaults();
    struct estimate e;

    invocations(room, 5, 3, 100, 0.01, v);
    TARE_REQUIRE_INT(estimate(v, 1, &policy, &e, NULL), 0);
    TARE_CHECK(e.open && isnan(e.between) && isnan(e.icc));
    TARE_CHECK_INT(e.invocations_needed, 6);
    TARE_CHECK_INT(e.precise_at, 0);
    TARE_REQUIRE_INT(estimate(v, 5, &policy, &e, NULL), 0);
    TARE_CHECK(e.open && isinf(e.low) && isinf(e.high) && e.between > 0);
    TARE_CHECK_INT(estimate(v, 0, &policy, &e, NULL), ERR_RANGE);
    v[2].n = 0;
    TARE_CHECK_INT(estimate(v, 5, &policy, &e, NULL), ERR_RANGE);
    v[2].n = 3;
    room[7] = NAN;
    TARE_CHECK_INT(estimate(v, 5, &policy, &e, NULL), ERR_RANGE);
}

/* A counter may be zero or negative: no logarithms then. */
TARE_TEST(estimate_of_values_without_logarithms)
{
    double room[] = {-2, -1, 0, 1, 2, 3};
    static const size_t sizes[] = {1, 1, 1, 1, 1, 1};
    struct invocation v[6];
    struct estimate_policy policy = estimate_defaults();
    struct estimate e;

    group(room, sizes, 6, v);
    TARE_REQUIRE_INT(estimate(v, 6, &policy, &e, NULL), 0);
    TARE_CHECK_REL(e.value, 0.5, 1e-15);
    TARE_CHECK_REL(e.low, -2, 0);
    TARE_CHECK_REL(e.half_width, 5, 1e-15);
}

TARE_TEST(advice_prefers_processes_when_they_differ)
{
    double room[10 * 50];
    struct invocation v[10];
    struct estimate_policy policy = estimate_defaults();
    struct estimate e;

    policy.process_cost = 10;
    policy.sample_cost = 1;
    invocations(room, 10, 50, 100, 0.02, v);
    TARE_REQUIRE_INT(estimate(v, 10, &policy, &e, NULL), 0);
    TARE_CHECK(e.icc > 0.9);
    TARE_CHECK(e.best_samples <= 2);
    TARE_CHECK(e.halved_at >= 40 && e.halved_at <= 44);
    TARE_CHECK(e.precise_at > 10);
}

/* Where processes do not differ, four times the samples halve the interval, and
 * fewer processes than an interval needs are never advised; a few wild samples
 * do not change that. */
TARE_TEST(advice_prefers_samples_when_processes_are_alike)
{
    double room[8 * 40];
    struct invocation v[8];
    struct estimate_policy policy = estimate_defaults();
    struct estimate e;

    policy.process_cost = 100;
    policy.sample_cost = 1;
    for (size_t i = 0; i < 8; i++) {
        for (size_t k = 0; k < 40; k++)
            room[i * 40 + k] =
                100 + 3 * fmod((double)(i * 40 + k) * 0.6180339887, 1);
        v[i] = (struct invocation){room + i * 40, 40};
    }
    room[77] = 5000;
    TARE_REQUIRE_INT(estimate(v, 8, &policy, &e, NULL), 0);
    TARE_CHECK_INT(e.halved_at, 6);
    TARE_CHECK(e.best_samples > 160 && e.best_samples < 300);
    TARE_CHECK_INT(e.modes, 1);
}

TARE_TEST(modes_closer_than_the_precision_are_one)
{
    double room[20 * 40];
    struct invocation v[20];
    struct estimate_policy policy = estimate_defaults();
    struct estimate e;

    even_spread(room, v);
    for (size_t i = 0; i < 20 * 40; i += 3)
        room[i] *= 1.008;
    TARE_REQUIRE_INT(estimate(v, 20, &policy, &e, NULL), 0);
    TARE_CHECK_INT(e.modes, 1);
    policy.precision = 0.001;
    TARE_REQUIRE_INT(estimate(v, 20, &policy, &e, NULL), 0);
    TARE_CHECK_INT(e.modes, 2);
}

TARE_TEST(stops_when_stable_and_precise)
{
    double room[60 * 3];
    struct invocation v[60];
    struct estimate_policy policy = estimate_defaults();
    enum stopped_by why;

    invocations(room, 60, 3, 100, 0.001, v);
    TARE_REQUIRE_INT(estimate_stop(v, 4, &policy, 1, 10, &why, NULL), 0);
    TARE_CHECK_INT(why, STOPPED_UNSET);
    TARE_REQUIRE_INT(estimate_stop(v, 10, &policy, 1, 10, &why, NULL), 0);
    TARE_CHECK_INT(why, STOPPED_PRECISE);
    invocations(room, 60, 3, 100, 0.2, v);
    TARE_REQUIRE_INT(estimate_stop(v, 10, &policy, 1, 10, &why, NULL), 0);
    TARE_CHECK_INT(why, STOPPED_UNSET);
    TARE_REQUIRE_INT(estimate_stop(v, 10, &policy, 10, 10, &why, NULL), 0);
    TARE_CHECK_INT(why, STOPPED_BUDGET);
    TARE_REQUIRE_INT(estimate_stop(v, 0, &policy, 0, 10, &why, NULL), 0);
    TARE_CHECK_INT(why, STOPPED_UNSET);
}

/* Each half is precise about another level: not stable, and at 24 invocations
 * no narrower than at 12. */
TARE_TEST(a_jump_is_not_stable_and_gains_nothing)
{
    double room[24];
    struct invocation v[24];
    struct estimate_policy policy = estimate_defaults();
    enum stopped_by why;

    for (size_t i = 0; i < 24; i++) {
        room[i] = (i < 12 ? 100 : 101) + 0.01 * (double)(i % 4);
        v[i] = (struct invocation){&room[i], 1};
    }
    TARE_REQUIRE_INT(estimate_stop(v, 12, &policy, 0, 1, &why, NULL), 0);
    TARE_CHECK_INT(why, STOPPED_PRECISE);
    TARE_REQUIRE_INT(estimate_stop(v, 23, &policy, 0, 1, &why, NULL), 0);
    TARE_CHECK_INT(why, STOPPED_UNSET);
    TARE_REQUIRE_INT(estimate_stop(v, 24, &policy, 0, 1, &why, NULL), 0);
    TARE_CHECK_INT(why, STOPPED_NO_GAIN);
}
