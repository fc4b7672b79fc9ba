/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "base/scope.h"
#include "stats/exact.h"
#include "stats/family.h"
#include "stats/means.h"
#include "stats/occasion.h"
#include "stats/stored.h"

struct prior_case {
    double variance, df;
};

#include "tests/reference/occasion.h"

enum { MOST = 40, OCCASIONS = 5 };

/* Invocations of one sample each around a level. */
struct side {
    double sample[OCCASIONS][MOST];
    struct invocation invocation[OCCASIONS][MOST];
    struct invocations occasion[OCCASIONS];
};

static void fill(struct side *s, size_t o, size_t n, double level,
                 double spread)
{
    for (size_t i = 0; i < n; i++) {
        double u = (double)((i * 7 + o * 3) % 11) / 10 - 0.5;

        s->sample[o][i] = level * exp(spread * (u + 0.001 * (double)i));
        s->invocation[o][i] = (struct invocation){&s->sample[o][i], 1};
    }
    s->occasion[o] = (struct invocations){s->invocation[o], n};
}

static struct stored_case case_of(const struct side *old_side, size_t n_old,
                                  const struct side *new_side, size_t n)
{
    return (struct stored_case){
        .old_occasion = old_side->occasion,
        .n_old = n_old,
        .new_side = new_side->invocation[0],
        .n_new = n,
        .policy = compare_defaults(),
        .quantile = 0.5,
    };
}

static struct comparison decide(struct tare *t, const struct stored_case *c,
                                double s)
{
    struct comparison out = comparison_unknown();

    TARE_REQUIRE_INT(stored_compare(c, 1, 0.01, &s, &out, NULL), 0);
    return out;
}

TARE_TEST(moderation_equals_limma)
{
    double got[ARRAY_LEN(apart_df)];
    struct moderation prior;

    TARE_REQUIRE_INT(occasion_moderate(apart_variance, apart_df,
                                       ARRAY_LEN(apart_df), got, &prior, NULL),
                     0);
    TARE_CHECK_REL(prior.df, apart_prior.df, 1e-8);
    TARE_CHECK_REL(prior.variance, apart_prior.variance, 1e-10);
    for (size_t i = 0; i < ARRAY_LEN(apart_df); i++)
        TARE_CHECK_REL(got[i], apart_moderated[i], 1e-9);
    TARE_REQUIRE_INT(occasion_moderate(alike_variance, alike_df,
                                       ARRAY_LEN(alike_df), got, &prior, NULL),
                     0);
    TARE_CHECK_REL(prior.df, alike_prior.df, 1e-8);
    for (size_t i = 0; i < ARRAY_LEN(alike_df); i++)
        TARE_CHECK_REL(got[i], alike_moderated[i], 1e-9);
}

TARE_TEST(moderation_of_little_moves_nothing)
{
    static const double one = 4, df[] = {2, 2}, zero[] = {0, 0}, no_df = 0;
    double got[2];

    TARE_REQUIRE_INT(occasion_moderate(&one, df, 1, got, NULL, NULL), 0);
    TARE_CHECK_REL(got[0], 4, 1e-15);
    TARE_REQUIRE_INT(occasion_moderate(zero, df, 2, got, NULL, NULL), 0);
    TARE_CHECK_REL(got[1], 0, 0);
    TARE_CHECK_INT(occasion_moderate(zero, df, 0, got, NULL, NULL), ERR_RANGE);
    TARE_CHECK_INT(occasion_moderate(&one, &no_df, 1, got, NULL, NULL),
                   ERR_RANGE);
}

TARE_TEST(the_level_of_the_machine_bears_two_wild_anchors_in_five)
{
    static const double moved[] = {0.15, 0.14, 0.18},
                        wild[] = {0.5, 0.002, -0.004, 0.47, -0.001},
                        unknown[] = {NAN, INFINITY, -0.06};
    double level = -1;

    TARE_REQUIRE_INT(occasion_level(moved, 3, &level, NULL), 0);
    TARE_CHECK_REL(level, 0.15, 0);
    TARE_REQUIRE_INT(occasion_level(wild, 5, &level, NULL), 0);
    TARE_CHECK_REL(level, 0.002, 0);
    TARE_REQUIRE_INT(occasion_level(unknown, 3, &level, NULL), 0);
    TARE_CHECK_REL(level, 0.06, 0);
    TARE_REQUIRE_INT(occasion_level(NULL, 0, &level, NULL), 0);
    TARE_CHECK_REL(level, 0, 0);
}

/* By hand: 0.03 + 0.15 / 3; 0.03 sqrt(1 + 1 / 3). */
TARE_TEST(the_scale_is_the_case_s_own_noise_and_the_level)
{
    static const struct occasion_case calm = {.spread = 0.001},
                                      noisy = {.spread = 0.2},
                                      unknown = {.spread = NAN},
                                      known = {9e-4, 3, 0.002},
                                      alike = {1e-8, 3, 0.05};

    TARE_CHECK_REL(occasion_scale(&calm, 0.15), 0.08, 1e-12);
    TARE_CHECK_REL(occasion_scale(&noisy, 0.15), 0.25, 1e-12);
    TARE_CHECK_REL(occasion_scale(&unknown, 0), OCCASION_FLOOR, 0);
    TARE_CHECK_REL(occasion_scale(&known, 0), 0.03 * sqrt(4.0 / 3), 1e-12);
    TARE_CHECK_REL(occasion_scale(&alike, 0.03), 0.025 + 0.01, 1e-12);
}

TARE_TEST(a_noisy_case_is_given_more_room_than_a_calm_one)
{
    static const double anchor[] = {0.6, 0.01, 0.012, -0.7, 0.015};
    static struct side calm, noisy;
    struct stored_case cases[2];
    struct occasion_noise known = {.anchor = anchor, .n_anchors = 5};
    double s[2];

    fill(&calm, 0, 8, 100, 0.002);
    fill(&noisy, 0, 8, 100, 0.3);
    cases[0] = case_of(&calm, 1, &calm, 8);
    cases[1] = case_of(&calm, 1, &noisy, 8);
    TARE_REQUIRE_INT(stored_noise(cases, 2, &known, s, NULL), 0);
    TARE_CHECK_REL(s[0], OCCASION_FLOOR + 0.012 / 3, 1e-12);
    TARE_CHECK(s[1] > 0.08 && s[1] < 0.15);
}

TARE_TEST(learned_noise_is_the_outer_fence)
{
    double ratio[9], noise;

    for (size_t i = 0; i < 9; i++)
        ratio[i] = exp((i % 2 ? -0.01 : 0.01) * (double)i);
    TARE_REQUIRE_INT(occasion_learned(ratio, 9, &noise, NULL), 0);
    TARE_CHECK_REL(noise, 0.06 + 3 * 0.04, 1e-12);
    TARE_REQUIRE_INT(occasion_learned(ratio, 7, &noise, NULL), 0);
    TARE_CHECK_REL(noise, 0, 0);
    ratio[3] = 0;
    TARE_CHECK_INT(occasion_learned(ratio, 9, &noise, NULL), ERR_RANGE);
}

TARE_TEST(noise_comes_from_the_best_source_there_is)
{
    static struct side many, few;
    struct stored_case cases[2];
    struct occasion_noise known = {0};
    double s[2];

    for (size_t o = 0; o < OCCASIONS; o++)
        fill(&many, o, 6, 100 * exp(0.01 * (double)(o % 3)), 0.001);
    fill(&few, 0, 6, 100, 0.001);
    cases[0] = case_of(&many, OCCASIONS, &few, 6);
    cases[1] = case_of(&few, 1, &few, 6);
    TARE_REQUIRE_INT(stored_noise(cases, 2, &known, s, NULL), 0);
    TARE_CHECK_REL(s[0], sqrt(0.7e-4 * 6 / 5), 0.1);
    TARE_CHECK_REL(s[1], OCCASION_FLOOR, 0);
    known.stated = 0.005;
    TARE_REQUIRE_INT(stored_noise(cases, 2, &known, s, NULL), 0);
    TARE_CHECK_REL(s[0], log1p(0.005), 0);
    TARE_CHECK_REL(s[1], log1p(0.005), 0);
}

TARE_TEST(stored_verdicts_follow_the_occasion_noise)
{
    static struct side before, after;
    struct stored_case c;
    struct comparison got;

    fill(&before, 0, 10, 100, 0.002);
    fill(&after, 0, 10, 105, 0.002);
    c = case_of(&before, 1, &after, 10);
    got = decide(t, &c, 0.005);
    TARE_CHECK_INT(got.verdict, VERDICT_REGRESSED);
    TARE_CHECK_INT(got.mode, COMPARE_STORED);
    TARE_CHECK_REL(got.ratio, 1.05, 1e-3);
    TARE_CHECK_REL(got.p, 1.0 / 184756, 1e-9);
    TARE_CHECK(got.low > 1.04 && got.high < 1.06 && got.confidence >= 0.95);
    TARE_CHECK_REL(got.old_side.value, 100, 2e-3);
    TARE_CHECK_INT(got.new_side.invocations, 10);
    TARE_CHECK(got.mde > exp(0.02) && got.mde < 1.025);
    got = decide(t, &c, OCCASION_FLOOR);
    TARE_CHECK_INT(got.verdict, VERDICT_INCONCLUSIVE);
    TARE_CHECK_INT(got.reason, REASON_NEEDS_OLD);
    c.learned = 0.08;
    got = decide(t, &c, 0.005);
    TARE_CHECK_INT(got.reason, REASON_NEEDS_OLD);
    c.learned = 0;
    c.policy.better = BETTER_HIGHER;
    got = decide(t, &c, 0.005);
    TARE_CHECK_INT(got.verdict, VERDICT_IMPROVED);
    TARE_CHECK(got.low > 1.04 && got.high < 1.06);
    TARE_CHECK(got.mde < 0.99 && got.mde > 0.97);
    c.policy.better = BETTER_NONE;
    TARE_CHECK_INT(stored_compare(&c, 1, 0.01, &got.p, &got, NULL), ERR_INVAL);
}

/* Swapped sides mirror the verdict, with n1 larger or smaller than n2. */
TARE_TEST(stored_verdicts_swap_with_the_sides)
{
    static struct side small, large;
    struct stored_case c;

    fill(&small, 0, 6, 100, 0.002);
    fill(&large, 0, 20, 120, 0.002);
    c = case_of(&small, 1, &large, 20);
    TARE_CHECK_INT(decide(t, &c, 0.03).verdict, VERDICT_REGRESSED);
    c = case_of(&large, 1, &small, 6);
    TARE_CHECK_INT(decide(t, &c, 0.03).verdict, VERDICT_IMPROVED);
}

TARE_TEST(stored_unchanged_needs_the_interval_inside)
{
    static struct side before, after;
    struct stored_case c;
    struct comparison got;

    fill(&before, 0, 10, 100, 0.01);
    fill(&after, 0, 12, 100.3, 0.01);
    c = case_of(&before, 1, &after, 12);
    got = decide(t, &c, OCCASION_FLOOR);
    TARE_CHECK_INT(got.verdict, VERDICT_UNCHANGED);
    fill(&after, 0, 12, 101.9, 0.01);
    got = decide(t, &c, OCCASION_FLOOR);
    TARE_CHECK_INT(got.reason, REASON_NEEDS_OLD);
}

TARE_TEST(holm_over_the_cases_asks_for_more_invocations)
{
    static struct side before, after;
    struct stored_case c[3];
    struct comparison out[3];
    double s[3] = {0.005, 0.005, 0.005};

    fill(&before, 0, 5, 100, 0.002);
    fill(&after, 0, 5, 110, 0.002);
    for (size_t i = 0; i < 3; i++)
        c[i] = case_of(&before, 1, i ? &before : &after, 5);
    TARE_REQUIRE_INT(stored_compare(c, 2, 0.01, s, out, NULL), 0);
    TARE_CHECK_INT(out[0].verdict, VERDICT_REGRESSED);
    TARE_CHECK_REL(out[0].p_adjusted, 2.0 / 252, 1e-12);
    TARE_REQUIRE_INT(stored_compare(c, 3, 0.01, s, out, NULL), 0);
    TARE_CHECK_INT(out[0].verdict, VERDICT_INCONCLUSIVE);
    TARE_CHECK_INT(out[0].reason, REASON_TOO_FEW);
    TARE_CHECK_INT(out[0].n_needed, 6);
}

TARE_TEST(degenerate_stored_sides_never_pass)
{
    static struct side before, after;
    struct stored_case c;
    struct comparison got;

    fill(&before, 0, 10, 100, 0);
    fill(&after, 0, 10, 100, 0);
    c = case_of(&before, 1, &after, 10);
    got = decide(t, &c, 0.01);
    TARE_CHECK_INT(got.verdict, VERDICT_INCONCLUSIVE);
    TARE_CHECK_INT(got.reason, REASON_CONSTANT);
    fill(&before, 0, 10, 100, 0.01);
    after.sample[0][4] = NAN;
    TARE_CHECK_INT(decide(t, &c, 0.01).verdict, VERDICT_FAILED);
    after.sample[0][4] = 0;
    TARE_CHECK_INT(decide(t, &c, 0.01).reason, REASON_NOT_A_NUMBER);
    after.sample[0][4] = -3;
    TARE_CHECK_INT(decide(t, &c, 0.01).verdict, VERDICT_FAILED);
    after.sample[0][4] = INFINITY;
    TARE_CHECK_INT(decide(t, &c, 0.01).verdict, VERDICT_FAILED);
    after.sample[0][4] = 100;
    TARE_CHECK_INT(decide(t, &c, NAN).verdict, VERDICT_FAILED);
    c.n_new = 1;
    got = decide(t, &c, 0.01);
    TARE_CHECK_INT(got.verdict, VERDICT_INCONCLUSIVE);
    TARE_CHECK_INT(got.reason, REASON_TOO_FEW);
    TARE_CHECK(got.n_needed >= 4);
    c.n_new = 0;
    TARE_CHECK_INT(decide(t, &c, 0.01).verdict, VERDICT_INCOMPARABLE);
    c.n_new = 10;
    c.n_old = 0;
    TARE_CHECK_INT(decide(t, &c, 0.01).reason, REASON_MISSING);
}

TARE_TEST(deterministic_metrics_compare_exactly)
{
    double same[] = {1000, 1000, 1000}, more[] = {1025, 1025},
           bit[] = {1001, 1001};
    struct invocation a[] = {{same, 2}, {same + 2, 1}};
    struct invocation b[] = {{more, 1}, {more + 1, 1}};
    struct invocation c[] = {{bit, 1}, {bit + 1, 1}};
    struct compare_policy policy = compare_defaults();
    struct comparison got;

    TARE_REQUIRE_INT(exact_compare(a, 2, a, 2, &policy, &got, NULL), 0);
    TARE_CHECK_INT(got.verdict, VERDICT_UNCHANGED);
    TARE_CHECK_INT(got.reason, REASON_EXACT);
    TARE_CHECK_INT(got.old_side.samples, 3);
    TARE_REQUIRE_INT(exact_compare(a, 2, b, 2, &policy, &got, NULL), 0);
    TARE_CHECK_INT(got.verdict, VERDICT_REGRESSED);
    TARE_CHECK_REL(got.low, 1.025, 1e-15);
    TARE_CHECK_REL(got.confidence, 1, 0);
    TARE_REQUIRE_INT(exact_compare(b, 2, a, 2, &policy, &got, NULL), 0);
    TARE_CHECK_INT(got.verdict, VERDICT_IMPROVED);
    TARE_REQUIRE_INT(exact_compare(a, 2, c, 2, &policy, &got, NULL), 0);
    TARE_CHECK_INT(got.verdict, VERDICT_UNCHANGED);
    TARE_CHECK_INT(got.reason, REASON_SLOWER_WITHIN);
    policy.better = BETTER_HIGHER;
    TARE_REQUIRE_INT(exact_compare(a, 2, b, 2, &policy, &got, NULL), 0);
    TARE_CHECK_INT(got.verdict, VERDICT_IMPROVED);
}

TARE_TEST(exact_comparison_of_zeros_and_what_is_not_exact)
{
    double zero[] = {0, 0}, five[] = {5, 5}, noisy[] = {5, 6},
           minus[] = {-5, -5};
    struct invocation z[] = {{zero, 1}, {zero + 1, 1}};
    struct invocation f[] = {{five, 1}, {five + 1, 1}};
    struct invocation x[] = {{noisy, 1}, {noisy + 1, 1}};
    struct invocation m[] = {{minus, 1}, {minus + 1, 1}};
    struct compare_policy policy = compare_defaults();
    struct comparison got;

    TARE_REQUIRE_INT(exact_compare(z, 2, z, 2, &policy, &got, NULL), 0);
    TARE_CHECK_INT(got.reason, REASON_EXACT);
    TARE_CHECK_REL(got.ratio, 1, 0);
    TARE_REQUIRE_INT(exact_compare(z, 2, f, 2, &policy, &got, NULL), 0);
    TARE_CHECK_INT(got.verdict, VERDICT_REGRESSED);
    TARE_CHECK(isinf(got.ratio));
    TARE_REQUIRE_INT(exact_compare(f, 2, z, 2, &policy, &got, NULL), 0);
    TARE_CHECK_INT(got.verdict, VERDICT_IMPROVED);
    TARE_REQUIRE_INT(exact_compare(m, 2, f, 2, &policy, &got, NULL), 0);
    TARE_CHECK_INT(got.verdict, VERDICT_REGRESSED);
    TARE_CHECK(isnan(got.ratio));
    TARE_CHECK_INT(exact_compare(x, 2, f, 2, &policy, &got, NULL), ERR_RANGE);
    TARE_CHECK_INT(exact_compare(f, 1, f, 2, &policy, &got, NULL), ERR_RANGE);
    noisy[0] = noisy[1] = NAN;
    TARE_CHECK_INT(exact_compare(x, 2, f, 2, &policy, &got, NULL), ERR_RANGE);
}

TARE_TEST(mean_of_a_suite_equals_r)
{
    struct family_mean f;
    double gaps[] = {1.01, NAN, 0, 1.03};

    TARE_REQUIRE_INT(
        family_mean(mean_ratio, ARRAY_LEN(mean_ratio), 0.98, &f, NULL), 0);
    TARE_CHECK_REL(f.ratio, mean_want[0], 1e-13);
    TARE_CHECK_REL(f.low, mean_want[1], 1e-13);
    TARE_CHECK_REL(f.high, mean_want[2], 1e-13);
    TARE_REQUIRE_INT(family_mean(gaps, 4, 0.95, &f, NULL), 0);
    TARE_CHECK_INT(f.n, 2);
    TARE_CHECK_INT(f.left_out, 2);
    TARE_CHECK_REL(f.ratio, sqrt(1.01 * 1.03), 1e-15);
    TARE_REQUIRE_INT(family_mean(gaps, 1, 0.95, &f, NULL), 0);
    TARE_CHECK(f.open);
    TARE_CHECK_INT(family_judge(&f, 0.001, BETTER_LOWER), VERDICT_INCONCLUSIVE);
    TARE_REQUIRE_INT(family_mean(gaps, 0, 0.95, &f, NULL), 0);
    TARE_CHECK(isnan(f.ratio));
}

/* The mean of two logs is half the difference of one and the other's negative,
 * whose interval Welch's test gives. */
TARE_TEST(the_mean_of_these_cases_carries_their_errors)
{
    static const double a[] = {0.11, 0.12, 0.135, 0.115, 0.121, 0.13},
                        minus_b[] = {-0.14, -0.15, -0.1, -0.13};
    struct family_case c[3] = {{.df = 5}, {.df = 3}, {.ratio = NAN}};
    struct moments m;
    struct welch w;
    struct family_mean f;

    for (size_t i = 0; i < 2; i++) {
        double half;

        TARE_REQUIRE_INT(stats_moments(i ? minus_b : a, i ? 4 : 6, &m, NULL),
                         0);
        half = gsl_cdf_tdist_Qinv(0.05, c[i].df) * m.sd / sqrt((double)m.n);
        c[i].ratio = exp(fabs(m.mean));
        c[i].low = exp(fabs(m.mean) - half);
        c[i].high = exp(fabs(m.mean) + half);
        c[i].confidence = 0.9;
    }
    TARE_REQUIRE_INT(stats_welch(minus_b, 4, a, 6, 0, 0.95, &w, NULL), 0);
    TARE_REQUIRE_INT(family_measured(c, 3, 0.95, &f, NULL), 0);
    TARE_CHECK_REL(f.ratio, exp(w.difference / 2), 1e-12);
    TARE_CHECK_REL(f.low, exp(w.low / 2), 1e-12);
    TARE_CHECK_REL(f.high, exp(w.high / 2), 1e-12);
    TARE_CHECK_INT(f.n, 2);
    TARE_CHECK_INT(f.left_out, 1);
    c[1].high = INFINITY;
    TARE_REQUIRE_INT(family_measured(c, 2, 0.95, &f, NULL), 0);
    TARE_CHECK(f.open && f.high > 1e300);
    TARE_REQUIRE_INT(family_measured(c, 0, 0.95, &f, NULL), 0);
    TARE_CHECK(f.open && isnan(f.ratio));
    TARE_CHECK_INT(family_measured(c, 2, 1, &f, NULL), ERR_INVAL);
}

TARE_TEST(the_mean_is_judged_by_its_margin)
{
    struct family_mean up = {.low = 1.02, .high = 1.04};
    struct family_mean down = {.low = 0.95, .high = 0.97};
    struct family_mean around = {.low = 0.995, .high = 1.02};

    TARE_CHECK_INT(family_judge(&up, 0.01, BETTER_LOWER), VERDICT_REGRESSED);
    TARE_CHECK_INT(family_judge(&up, 0.01, BETTER_HIGHER), VERDICT_IMPROVED);
    TARE_CHECK_INT(family_judge(&up, 0.03, BETTER_LOWER), VERDICT_INCONCLUSIVE);
    TARE_CHECK_INT(family_judge(&up, 0.05, BETTER_LOWER), VERDICT_UNCHANGED);
    TARE_CHECK_INT(family_judge(&down, 0.01, BETTER_LOWER), VERDICT_IMPROVED);
    TARE_CHECK_INT(family_judge(&down, 0.01, BETTER_HIGHER), VERDICT_REGRESSED);
    TARE_CHECK_INT(family_judge(&around, 0.01, BETTER_LOWER),
                   VERDICT_INCONCLUSIVE);
}

TARE_TEST(a_machine_that_moved_takes_its_anchors_along)
{
    double cases[] = {1.08, 1.10, 1.09, 1.12, 1.07, 0.99, 1.11, 1.10};
    double anchors[] = {1.07, 1.09, NAN, 1.08}, still[] = {1.001, 0.999, 1};
    struct family_moved got;

    TARE_REQUIRE_INT(family_moved(cases, 8, anchors, 4, 0.01, &got, NULL), 0);
    TARE_CHECK(got.moved);
    TARE_CHECK_REL(got.share, 0.875, 0);
    TARE_CHECK_REL(got.anchors, 1.08, 1e-12);
    TARE_REQUIRE_INT(family_moved(cases, 8, still, 3, 0.01, &got, NULL), 0);
    TARE_CHECK(!got.moved);
    TARE_REQUIRE_INT(family_moved(cases, 2, anchors, 4, 0.01, &got, NULL), 0);
    TARE_CHECK(!got.moved);
    TARE_REQUIRE_INT(family_moved(cases, 8, NULL, 0, 0.01, &got, NULL), 0);
    TARE_CHECK(!got.moved && isnan(got.anchors));
    TARE_REQUIRE_INT(family_moved(NULL, 0, anchors, 4, 0.01, &got, NULL), 0);
    TARE_CHECK(!got.moved);
}
