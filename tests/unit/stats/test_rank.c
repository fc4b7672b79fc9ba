/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "stats/adjust.h"
#include "stats/mann_whitney.h"
#include "stats/order.h"
#include "stats/pairwise.h"
#include "stats/signed_rank.h"

struct null_case {
    size_t n, m, t;
    double p;
};

struct rank_case {
    const double *x;
    size_t n;
    const double *y;
    size_t m;
    double p_less, p_greater;
    double centre, low, high; /* NaN where the oracle has no exact interval */
};

struct margin_case {
    size_t n, m;
    double misrate;
    size_t margin; /* pairwise differences left out, both ends together */
};

struct center_case {
    const double *x;
    size_t n;
    double want;
};

struct shift_case {
    const double *x;
    size_t n;
    const double *y;
    size_t m;
    double want;
};

struct bounds_case {
    const double *x;
    size_t n;
    const double *y;
    size_t m;
    double misrate, low, high;
};

#include "tests/reference/pragmastat.h"
#include "tests/reference/rank.h"

TARE_TEST(median_and_quantiles)
{
    static const double x[] = {7, 1, 3, 10};
    double out;

    TARE_CHECK_INT(stats_median(x, 4, &out, NULL), 0);
    TARE_CHECK_REL(out, 5, 0);
    TARE_CHECK_INT(stats_median(x, 3, &out, NULL), 0);
    TARE_CHECK_REL(out, 3, 0);
    TARE_CHECK_INT(stats_quantile(x, 4, 0.9, &out, NULL), 0);
    TARE_CHECK_REL(out, 7 + 0.7 * 3, 1e-15);
    TARE_CHECK_INT(stats_quantile(x, 4, 0, &out, NULL), 0);
    TARE_CHECK_REL(out, 1, 0);
    TARE_CHECK_INT(stats_quantile(x, 4, 1, &out, NULL), 0);
    TARE_CHECK_REL(out, 10, 0);
}

TARE_TEST(order_refuses_what_has_no_order)
{
    const double bad[] = {1, NAN, 2}, far[] = {1, INFINITY};
    struct error err = {0};
    double out = 42;

    TARE_CHECK_INT(stats_median(bad, 3, &out, &err), ERR_RANGE);
    TARE_CHECK_STR(err.text, "value 2 of 3 is not finite");
    TARE_CHECK_INT(stats_median(far, 2, &out, NULL), ERR_RANGE);
    TARE_CHECK_INT(stats_median(bad, 0, &out, NULL), ERR_RANGE);
    TARE_CHECK_INT(stats_quantile(bad, 1, 1.5, &out, NULL), ERR_INVAL);
    TARE_CHECK_INT(stats_quantile(bad, 1, NAN, &out, NULL), ERR_INVAL);
    TARE_CHECK_REL(out, 42, 0);
}

TARE_TEST(midranks_share_ties)
{
    static const double x[] = {3, 1, 3, 2, 3};
    static const double want[] = {4, 1, 4, 2, 4};
    double rank[5], ties;

    TARE_REQUIRE_INT(stats_midranks(x, 5, rank, &ties, NULL), 0);
    for (size_t i = 0; i < 5; i++)
        TARE_CHECK_REL(rank[i], want[i], 0);
    TARE_CHECK_REL(ties, 24, 0);
}

/* A small generator of our own, so that the vectors never change. */
static double next_value(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 40) / 65536;
}

static double *values(size_t n, double step, uint64_t seed)
{
    double *x = malloc(n * sizeof *x);

    for (size_t i = 0; i < n; i++) {
        x[i] = next_value(&seed);
        if (step > 0)
            x[i] = floor(x[i] / step) * step;
    }
    stats_sort(x, n);
    return x;
}

/* The implicit selection, used beyond 10^4 pairs, agrees with sorting all. */
static void check_selection(struct tare *t, enum pairwise kind, size_t n,
                            size_t m, double step)
{
    SCOPED(free_scoped) double *x = values(n, step, 1);
    SCOPED(free_scoped) double *y = values(m, step, 2);
    SCOPED(free_scoped) double *all = malloc(n * m * sizeof *all);
    size_t pairs = 0, rank[7];
    double got[7];

    for (size_t i = 0; i < n; i++) {
        if (kind == PAIRWISE_SHIFT)
            for (size_t j = 0; j < m; j++)
                all[pairs++] = y[j] - x[i];
        else
            for (size_t j = i; j < n; j++)
                all[pairs++] = (x[i] + x[j]) / 2;
    }
    stats_sort(all, pairs);
    for (size_t i = 0; i < 7; i++)
        rank[i] = i * (pairs - 1) / 6;
    TARE_REQUIRE_INT(pairwise_select(kind, x, n, y, m, rank, 7, got, NULL), 0);
    for (size_t i = 0; i < 7; i++)
        TARE_CHECK_REL(got[i], all[rank[i]], 0);
}

TARE_TEST(pairs_are_selected_without_making_them)
{
    check_selection(t, PAIRWISE_WALSH, 300, 300, 0);
    check_selection(t, PAIRWISE_WALSH, 300, 300, 16);
    check_selection(t, PAIRWISE_SHIFT, 150, 400, 0);
    check_selection(t, PAIRWISE_SHIFT, 400, 150, 32);
    check_selection(t, PAIRWISE_SHIFT, 3, 5000, 1000);
    check_selection(t, PAIRWISE_SHIFT, 20, 20, 0);
}

TARE_TEST(signed_rank_null_equals_r)
{
    static double
        cdf[STATS_SIGNED_RANK_EXACT * (STATS_SIGNED_RANK_EXACT + 1) / 2 + 1];

    for (size_t i = 0; i < ARRAY_LEN(signed_rank_null); i++) {
        const struct null_case *c = &signed_rank_null[i];

        signed_rank_cdf(c->n, cdf);
        TARE_CHECK_REL(cdf[c->t], c->p, 1e-12);
    }
}

TARE_TEST(mann_whitney_null_equals_r)
{
    static double cdf[MANN_WHITNEY_EXACT * MANN_WHITNEY_EXACT];

    for (size_t i = 0; i < ARRAY_LEN(mann_whitney_null); i++) {
        const struct null_case *c = &mann_whitney_null[i];

        mann_whitney_cdf(c->n, c->m, cdf);
        TARE_CHECK_REL(cdf[c->t], c->p, 1e-12);
        mann_whitney_cdf(c->m, c->n, cdf);
        TARE_CHECK_REL(cdf[c->t], c->p, 1e-12);
    }
}

TARE_TEST(signed_rank_equals_r)
{
    for (size_t i = 0; i < ARRAY_LEN(signed_rank_cases); i++) {
        const struct rank_case *c = &signed_rank_cases[i];
        struct rank_test test;
        struct rank_interval centre;

        TARE_REQUIRE_INT(signed_rank_test(c->x, c->n, 0, &test, NULL), 0);
        TARE_CHECK_REL(test.p_less, c->p_less, 1e-12);
        TARE_CHECK_REL(test.p_greater, c->p_greater, 1e-12);
        if (isnan(c->centre))
            continue;
        TARE_REQUIRE_INT(stats_centre(c->x, c->n, 0.9, &centre, NULL), 0);
        TARE_CHECK_REL(centre.centre, c->centre, 1e-12);
        TARE_CHECK_REL(centre.low, c->low, 1e-12);
        TARE_CHECK_REL(centre.high, c->high, 1e-12);
        TARE_CHECK(centre.confidence >= 0.9 && !centre.open);
    }
}

TARE_TEST(mann_whitney_equals_r)
{
    for (size_t i = 0; i < ARRAY_LEN(mann_whitney_cases); i++) {
        const struct rank_case *c = &mann_whitney_cases[i];
        struct rank_test test;
        struct rank_interval shift;

        TARE_REQUIRE_INT(
            mann_whitney_test(c->x, c->n, c->y, c->m, 0, &test, NULL), 0);
        TARE_CHECK_REL(test.p_less, c->p_less, 1e-10);
        TARE_CHECK_REL(test.p_greater, c->p_greater, 1e-10);
        if (isnan(c->centre))
            continue;
        TARE_REQUIRE_INT(
            stats_shift(c->x, c->n, c->y, c->m, 0.95, &shift, NULL), 0);
        TARE_CHECK_REL(shift.centre, c->centre, 1e-12);
        TARE_CHECK_REL(shift.low, c->low, 1e-12);
        TARE_CHECK_REL(shift.high, c->high, 1e-12);
        TARE_CHECK(shift.confidence >= 0.95 && !shift.open);
    }
}

/* Swapping the sides mirrors everything; p never exceeds 1 or reads 1 for
 * separated samples, whichever side is larger. */
TARE_TEST(mann_whitney_swaps_its_sides)
{
    for (size_t i = 0; i < ARRAY_LEN(mann_whitney_cases); i++) {
        const struct rank_case *c = &mann_whitney_cases[i];
        struct rank_test a, b;
        struct rank_interval s, r;

        TARE_REQUIRE_INT(mann_whitney_test(c->x, c->n, c->y, c->m, 0, &a, NULL),
                         0);
        TARE_REQUIRE_INT(mann_whitney_test(c->y, c->m, c->x, c->n, 0, &b, NULL),
                         0);
        TARE_CHECK_REL(a.p_less, b.p_greater, 1e-12);
        TARE_CHECK_REL(a.p_two, b.p_two, 1e-12);
        TARE_CHECK(a.p_two <= 1);
        TARE_REQUIRE_INT(stats_shift(c->x, c->n, c->y, c->m, 0.9, &s, NULL), 0);
        TARE_REQUIRE_INT(stats_shift(c->y, c->m, c->x, c->n, 0.9, &r, NULL), 0);
        TARE_CHECK_REL(s.centre, -r.centre, 1e-15);
        TARE_CHECK_REL(s.low, -r.high, 0);
    }
}

TARE_TEST(separated_samples_are_significant_either_way_round)
{
    static const double few[] = {1, 2, 3}, many[] = {10, 11, 12, 13, 14, 15};
    struct rank_test test;

    TARE_REQUIRE_INT(mann_whitney_test(few, 3, many, 6, 0, &test, NULL), 0);
    TARE_CHECK_REL(test.p_greater, 1.0 / 84, 1e-15);
    TARE_CHECK_REL(test.p_two, 2.0 / 84, 1e-15);
    TARE_REQUIRE_INT(mann_whitney_test(many, 6, few, 3, 0, &test, NULL), 0);
    TARE_CHECK_REL(test.p_less, 1.0 / 84, 1e-15);
    TARE_CHECK_REL(test.p_two, 2.0 / 84, 1e-15);
}

TARE_TEST(rank_tests_of_equal_values_find_nothing)
{
    static const double same[40] = {0};
    struct rank_test test;

    TARE_REQUIRE_INT(signed_rank_test(same, 9, 0, &test, NULL), 0);
    TARE_CHECK_INT(test.n, 0);
    TARE_CHECK_REL(test.p_two, 1, 0);
    TARE_REQUIRE_INT(mann_whitney_test(same, 5, same, 7, 0, &test, NULL), 0);
    TARE_CHECK_REL(test.p_two, 1, 0);
    TARE_REQUIRE_INT(mann_whitney_test(same, 40, same, 40, 0, &test, NULL), 0);
    TARE_CHECK_REL(test.p_two, 1, 0);
}

/* Scale and place do not change a test; the interval follows both. */
TARE_TEST(rank_intervals_follow_scale_and_place)
{
    const struct rank_case *c = &signed_rank_cases[3];
    double moved[64];
    struct rank_interval a, b;

    for (size_t i = 0; i < c->n; i++)
        moved[c->n - 1 - i] = 4 * c->x[i] + 128;
    TARE_REQUIRE_INT(stats_centre(c->x, c->n, 0.95, &a, NULL), 0);
    TARE_REQUIRE_INT(stats_centre(moved, c->n, 0.95, &b, NULL), 0);
    TARE_CHECK_REL(b.centre, 4 * a.centre + 128, 1e-14);
    TARE_CHECK_REL(b.low, 4 * a.low + 128, 1e-14);
    TARE_CHECK_REL(b.high, 4 * a.high + 128, 1e-14);
    TARE_CHECK_REL(b.confidence, a.confidence, 0);
}

/* The interval holds exactly the centres that the test does not reject. */
TARE_TEST(interval_and_test_agree)
{
    const struct rank_case *c = &signed_rank_cases[3];
    struct rank_interval centre;
    struct rank_test test;

    TARE_REQUIRE_INT(stats_centre(c->x, c->n, 0.9, &centre, NULL), 0);
    signed_rank_test(c->x, c->n, centre.low - 1e-9, &test, NULL);
    TARE_CHECK(test.p_greater <= 0.05);
    signed_rank_test(c->x, c->n, centre.low + 1e-9, &test, NULL);
    TARE_CHECK(test.p_greater > 0.05);
    signed_rank_test(c->x, c->n, centre.high + 1e-9, &test, NULL);
    TARE_CHECK(test.p_less <= 0.05);
    signed_rank_test(c->x, c->n, centre.high - 1e-9, &test, NULL);
    TARE_CHECK(test.p_less > 0.05);
}

TARE_TEST(too_few_values_leave_the_interval_open)
{
    static const double x[] = {1, 2, 3, 4, 5, 6};
    struct rank_interval centre;

    TARE_CHECK_INT(stats_centre_needs(0.90), 5);
    TARE_CHECK_INT(stats_centre_needs(0.95), 6);
    TARE_CHECK_INT(stats_centre_needs(0.99), 8);
    TARE_CHECK_INT(stats_shift_needs(0.95), 4);
    TARE_REQUIRE_INT(stats_centre(x, 5, 0.95, &centre, NULL), 0);
    TARE_CHECK(centre.open);
    TARE_CHECK_REL(centre.low, -INFINITY, 0);
    TARE_CHECK_REL(centre.high, INFINITY, 0);
    TARE_CHECK_REL(centre.centre, 3, 0);
    TARE_CHECK_REL(centre.confidence, 0.9375, 0);
    TARE_CHECK_INT(centre.n_needed, 6);
    TARE_REQUIRE_INT(stats_centre(x, 6, 0.95, &centre, NULL), 0);
    TARE_CHECK(!centre.open);
    TARE_CHECK_REL(centre.low, 1, 0);
    TARE_CHECK_REL(centre.high, 6, 0);
    TARE_CHECK_REL(centre.confidence, 0.96875, 0);
    TARE_REQUIRE_INT(stats_shift(x, 1, x, 6, 0.95, &centre, NULL), 0);
    TARE_CHECK(centre.open);
    TARE_CHECK_INT(stats_centre(x, 0, 0.95, &centre, NULL), ERR_RANGE);
    TARE_CHECK_INT(stats_centre(x, 5, 1, &centre, NULL), ERR_INVAL);
}

/* The switch from the exact to the normal null moves p by little. */
TARE_TEST(exact_and_normal_nulls_meet)
{
    SCOPED(free_scoped) double *x = values(201, 0, 7);
    struct rank_interval exact, normal;

    for (size_t i = 0; i < 201; i++)
        x[i] -= 128;
    TARE_REQUIRE_INT(stats_centre(x, 200, 0.95, &exact, NULL), 0);
    TARE_REQUIRE_INT(stats_centre(x, 201, 0.95, &normal, NULL), 0);
    TARE_CHECK_REL(normal.high - normal.low, exact.high - exact.low, 0.02);
    TARE_CHECK_REL(normal.confidence, 0.95, 1e-3);
}

TARE_TEST(centres_and_shifts_equal_pragmastat)
{
    for (size_t i = 0; i < ARRAY_LEN(prag_center); i++) {
        const struct center_case *c = &prag_center[i];
        struct rank_interval got;

        TARE_REQUIRE_INT(stats_centre(c->x, c->n, 0.5, &got, NULL), 0);
        TARE_CHECK(fabs(got.centre - c->want) <=
                   1e-12 * fmax(1, fabs(c->want)));
    }
    for (size_t i = 0; i < ARRAY_LEN(prag_shift); i++) {
        const struct shift_case *c = &prag_shift[i];
        struct rank_interval got;

        TARE_REQUIRE_INT(stats_shift(c->y, c->m, c->x, c->n, 0.5, &got, NULL),
                         0);
        TARE_CHECK(fabs(got.centre - c->want) <=
                   1e-12 * fmax(1, fabs(c->want)));
    }
}

/* Half of Pragmastat's margin is our c, where the tail is not hit exactly:
 * there it leaves out one difference less. */
TARE_TEST(mann_whitney_critical_equals_pragmastat)
{
    static double cdf[MANN_WHITNEY_EXACT * MANN_WHITNEY_EXACT];

    for (size_t i = 0; i < ARRAY_LEN(prag_margin); i++) {
        const struct margin_case *p = &prag_margin[i];
        double tail = p->misrate / 2, achieved;
        size_t c;

        if (tail >= 0.5)
            continue;
        TARE_REQUIRE_INT(
            mann_whitney_critical(p->n, p->m, tail, &c, &achieved, NULL), 0);
        mann_whitney_cdf(p->n, p->m, cdf);
        if (c > 0 && fabs(cdf[c - 1] - tail) < 1e-12)
            c--;
        TARE_CHECK_INT(2 * c, p->margin);
    }
}

/* Pragmastat keeps one more difference out on either side than the interval
 * whose misses stay within the misrate; the order statistics are the same. */
TARE_TEST(shift_order_statistics_equal_pragmastat)
{
    for (size_t i = 0; i < ARRAY_LEN(prag_shift_bounds); i++) {
        const struct bounds_case *b = &prag_shift_bounds[i];
        SCOPED(free_scoped) double *x = NULL;
        SCOPED(free_scoped) double *y = NULL;
        size_t c, pairs = b->n * b->m, rank[2];
        double achieved, got[2];

        TARE_REQUIRE_INT(mann_whitney_critical(b->n, b->m, b->misrate / 2, &c,
                                               &achieved, NULL),
                         0);
        if (2 * c + 1 > pairs)
            continue;
        rank[0] = c;
        rank[1] = pairs - 1 - c;
        TARE_REQUIRE_INT(stats_sorted(b->x, b->n, &x, NULL), 0);
        TARE_REQUIRE_INT(stats_sorted(b->y, b->m, &y, NULL), 0);
        TARE_REQUIRE_INT(pairwise_select(PAIRWISE_SHIFT, y, b->m, x, b->n, rank,
                                         2, got, NULL),
                         0);
        TARE_CHECK(fabs(got[0] - b->low) <= 1e-12 * fmax(1, fabs(b->low)));
        TARE_CHECK(fabs(got[1] - b->high) <= 1e-12 * fmax(1, fabs(b->high)));
    }
}

TARE_TEST(adjustments_equal_r)
{
    static const struct {
        enum adjustment how;
        const double *want;
    } cases[] = {{ADJUST_HOLM, adjust_holm},
                 {ADJUST_BH, adjust_bh},
                 {ADJUST_BY, adjust_by}};
    double got[ARRAY_LEN(adjust_p)];

    for (size_t k = 0; k < ARRAY_LEN(cases); k++) {
        TARE_REQUIRE_INT(stats_adjust(cases[k].how, adjust_p,
                                      ARRAY_LEN(adjust_p), got, NULL),
                         0);
        for (size_t i = 0; i < ARRAY_LEN(adjust_p); i++)
            TARE_CHECK_REL(got[i], cases[k].want[i], 1e-15);
    }
}

/* A NaN is not the smallest p-value of the family, wherever it stands. */
TARE_TEST(adjusting_leaves_nan_out_of_the_family)
{
    double p[] = {NAN, 0.01, NAN, 0.04, 0.03};
    double bad[] = {0.5, 1.5};

    TARE_REQUIRE_INT(stats_adjust(ADJUST_BH, p, 5, p, NULL), 0);
    TARE_CHECK(isnan(p[0]) && isnan(p[2]));
    TARE_CHECK_REL(p[1], 0.03, 1e-15);
    TARE_CHECK_REL(p[3], 0.04, 1e-15);
    TARE_CHECK_REL(p[4], 0.04, 1e-15);
    TARE_CHECK_INT(stats_adjust(ADJUST_HOLM, bad, 2, bad, NULL), ERR_RANGE);
    TARE_CHECK_INT(stats_adjust(ADJUST_HOLM, NULL, 0, NULL, NULL), 0);
}
