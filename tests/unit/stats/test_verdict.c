/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "stats/compare.h"
#include "stats/convict.h"
#include "stats/explore.h"
#include "stats/power.h"
#include "stats/signed_rank.h"

enum { MOST = 300 };

/* Pairs at log ratios theta + scale * noise, where the noise is a fixed,
 * balanced pattern: +1, -1, +0.5, -0.5, +0.25, ... */
static void make_pairs(struct pair_value *pair, size_t n, double theta,
                       double scale)
{
    for (size_t i = 0; i < n; i++) {
        double size = 1 / (1 + (double)(i / 2) * 0.37);
        double v = theta + scale * (i % 2 ? -size : size);

        pair[i] = (struct pair_value){
            .log_ratio = v,
            .log_clean = v,
            .old_total = 1000,
            .new_total = 1000 * exp(v),
            .old_ns = 100,
            .new_ns = 100 * exp(v),
            .blocks = 10,
        };
    }
}

static struct explored look(struct tare *t, const struct pair_value *pair,
                            size_t n, const struct compare_policy *policy)
{
    struct explored e = {0};

    TARE_REQUIRE_INT(explore_look(pair, n, policy, &e, NULL), 0);
    return e;
}

TARE_TEST(words_of_verdicts_go_both_ways)
{
    for (int v = 1; v < VERDICT_COUNT; v++)
        TARE_CHECK_INT(verdict_parse(verdict_name((enum verdict)v)), v);
    TARE_CHECK_INT(verdict_parse(""), VERDICT_UNSET);
    TARE_CHECK_INT(verdict_parse("better"), VERDICT_UNSET);
    for (int r = 0; r < REASON_COUNT; r++)
        TARE_CHECK(reason_name((enum verdict_reason)r) != NULL);
    TARE_CHECK_STR(reason_name(REASON_NEEDS_OLD), "needs-old-program");
    TARE_CHECK_STR(mode_name(COMPARE_INTERLEAVED), "interleaved");
}

TARE_TEST(looks_are_levels_of_the_signed_rank)
{
    static double
        cdf[STATS_SIGNED_RANK_EXACT * (STATS_SIGNED_RANK_EXACT + 1) / 2 + 1];
    size_t count;
    const struct look *l = explore_looks(&count);
    double last = 1;

    for (size_t i = 0; i < count && l[i].n <= STATS_SIGNED_RANK_EXACT; i++) {
        signed_rank_cdf(l[i].n, cdf);
        TARE_CHECK(cdf[l[i].most] < last);
        TARE_CHECK(i == 0 || l[i].n > l[i - 1].n);
        last = cdf[l[i].most];
    }
    TARE_CHECK_INT(explore_next_look(0), 5);
    TARE_CHECK_INT(explore_next_look(5), 8);
    TARE_CHECK_INT(explore_next_look(256), SIZE_MAX);
}

TARE_TEST(calm_pairs_are_unchanged_at_the_first_look)
{
    struct pair_value pair[MOST];
    struct compare_policy policy = compare_defaults();
    struct explored e;
    struct comparison c;

    make_pairs(pair, 5, 0, 0.01);
    e = look(t, pair, 4, &policy);
    TARE_CHECK_INT(e.next, EXPLORE_CONTINUE);
    TARE_CHECK_INT(e.next_look, 5);
    e = look(t, pair, 5, &policy);
    TARE_CHECK_INT(e.next, EXPLORE_UNCHANGED);
    TARE_CHECK_INT(e.look, 5);
    TARE_REQUIRE_INT(explore_report(pair, 5, &policy, &e, &c, NULL), 0);
    TARE_CHECK_INT(c.verdict, VERDICT_UNCHANGED);
    TARE_CHECK_INT(c.reason, REASON_EQUIVALENT);
    TARE_CHECK_INT(c.pairs, 5);
    TARE_CHECK_INT(c.blocks, 50);
    TARE_CHECK_INT(c.stage, 1);
    TARE_CHECK_REL(c.confidence, 0.9375, 0);
    TARE_CHECK(c.low > 1 / 1.02 && c.high < 1.02);
    TARE_CHECK_REL(c.ratio_clean, c.ratio, 1e-15);
    TARE_CHECK(!c.totals_differ);
}

/* One value outside spoils the look at 5, and the next chance is at 8. */
TARE_TEST(only_the_fixed_looks_find_a_case_unchanged)
{
    struct pair_value pair[MOST];
    struct compare_policy policy = compare_defaults();

    make_pairs(pair, 12, 0, 0.003);
    pair[2].log_ratio = pair[2].log_clean = 0.0205;
    for (size_t n = 5; n < 8; n++)
        TARE_CHECK_INT(look(t, pair, n, &policy).next, EXPLORE_CONTINUE);
    TARE_CHECK_INT(look(t, pair, 8, &policy).next, EXPLORE_UNCHANGED);
    TARE_CHECK_INT(look(t, pair, 12, &policy).look, 8);
}

TARE_TEST(a_small_shift_inside_the_margin_says_so)
{
    struct pair_value pair[MOST];
    struct compare_policy policy = compare_defaults();
    struct explored e;

    make_pairs(pair, 8, 0.005, 0.004);
    TARE_CHECK_INT(look(t, pair, 5, &policy).reason, REASON_EQUIVALENT);
    e = look(t, pair, 8, &policy);
    TARE_CHECK_INT(e.next, EXPLORE_UNCHANGED);
    TARE_CHECK_INT(e.reason, REASON_SLOWER_WITHIN);
    policy.better = BETTER_HIGHER;
    TARE_CHECK_INT(look(t, pair, 8, &policy).reason, REASON_FASTER_WITHIN);
}

TARE_TEST(a_slowdown_is_suspected_and_convicted)
{
    struct pair_value pair[MOST];
    struct compare_policy policy = compare_defaults();
    struct explored e;
    struct batch batch = {.pair = pair, .n = 7, .policy = policy};
    struct comparison c;

    make_pairs(pair, 7, 0.04, 0.01);
    e = look(t, pair, 5, &policy);
    TARE_CHECK_INT(e.next, EXPLORE_SUSPECT);
    TARE_CHECK_REL(e.p_worse, 1.0 / 32, 1e-15);
    TARE_REQUIRE_INT(explore_report(pair, 5, &policy, &e, &c, NULL), 0);
    TARE_CHECK_INT(c.verdict, VERDICT_INCONCLUSIVE);
    TARE_CHECK_INT(c.reason, REASON_NOT_CONFIRMED);
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.verdict, VERDICT_REGRESSED);
    TARE_CHECK_INT(c.stage, 2);
    TARE_CHECK_REL(c.p, 1.0 / 128, 1e-15);
    TARE_CHECK(c.low > 1 && c.ratio > 1.02);
    batch.n = 6;
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.verdict, VERDICT_INCONCLUSIVE);
    TARE_CHECK_INT(c.reason, REASON_NOT_CONFIRMED);
}

/* The same pairs under the other direction are an improvement. */
TARE_TEST(direction_mirrors_the_verdict)
{
    struct pair_value pair[MOST];
    struct compare_policy policy = compare_defaults();
    struct batch batch = {.pair = pair, .n = 8};
    struct comparison c;
    struct explored e;

    make_pairs(pair, 8, 0.04, 0.01);
    policy.better = BETTER_HIGHER;
    e = look(t, pair, 8, &policy);
    TARE_CHECK_INT(e.next, EXPLORE_SUSPECT_IMPROVED);
    batch.policy = policy;
    batch.improved = true;
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.verdict, VERDICT_IMPROVED);
    TARE_CHECK(c.ratio > 1.02);
    make_pairs(pair, 8, -0.04, 0.01);
    TARE_CHECK_INT(look(t, pair, 8, &policy).next, EXPLORE_SUSPECT);
    batch.improved = false;
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.verdict, VERDICT_REGRESSED);
    TARE_CHECK(c.ratio < 1 / 1.02);
    policy.better = BETTER_NONE;
    TARE_CHECK_INT(explore_look(pair, 8, &policy, &e, NULL), ERR_INVAL);
}

TARE_TEST(holm_divides_alpha_over_the_suspects)
{
    struct pair_value slow[MOST], same[MOST];
    struct batch batch[3];
    struct comparison c[3];

    make_pairs(slow, 8, 0.04, 0.01);
    make_pairs(same, 8, 0.001, 0.01);
    for (size_t i = 0; i < 3; i++)
        batch[i] =
            (struct batch){i ? same : slow, 8, compare_defaults(), false};
    TARE_REQUIRE_INT(convict(batch, 2, 0.01, c, NULL), 0);
    TARE_CHECK_INT(c[0].verdict, VERDICT_REGRESSED);
    TARE_CHECK_REL(c[0].p_adjusted, 2.0 / 256, 1e-15);
    TARE_CHECK_INT(c[1].verdict, VERDICT_UNCHANGED);
    TARE_REQUIRE_INT(convict(batch, 3, 0.01, c, NULL), 0);
    TARE_CHECK_INT(c[0].verdict, VERDICT_INCONCLUSIVE);
    TARE_CHECK_REL(c[0].p_adjusted, 3.0 / 256, 1e-15);
    /* Improvements are a family of their own. */
    batch[1].improved = batch[2].improved = true;
    TARE_REQUIRE_INT(convict(batch, 3, 0.01, c, NULL), 0);
    TARE_CHECK_INT(c[0].verdict, VERDICT_REGRESSED);
    TARE_REQUIRE_INT(convict(batch, 0, 0.01, c, NULL), 0);
}

TARE_TEST(an_estimate_within_the_margin_is_not_convicted)
{
    struct pair_value pair[MOST];
    struct batch batch = {pair, 12, compare_defaults(), false};
    struct comparison c;

    make_pairs(pair, 12, 0.015, 0.004);
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK(c.p <= 0.01);
    TARE_CHECK_INT(c.verdict, VERDICT_UNCHANGED);
    TARE_CHECK_INT(c.reason, REASON_SLOWER_WITHIN);
    make_pairs(pair, 12, 0.015, 0.014);
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.verdict, VERDICT_INCONCLUSIVE);
}

TARE_TEST(disturbed_blocks_must_not_decide)
{
    struct pair_value pair[MOST];
    struct compare_policy policy = compare_defaults();
    struct batch batch = {pair, 10, policy, false};
    struct comparison c;
    struct explored e;

    make_pairs(pair, 10, 0.04, 0.01);
    for (size_t i = 0; i < 10; i++)
        pair[i].log_clean = 0.002 * (double)(i % 3);
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.verdict, VERDICT_INCONCLUSIVE);
    TARE_CHECK_INT(c.reason, REASON_DISTURBED);
    /* The other way round: the disturbance hid a slowdown. */
    make_pairs(pair, 10, 0, 0.01);
    for (size_t i = 0; i < 10; i++)
        pair[i].log_clean = 0.04 + 0.001 * (double)i;
    policy.max_explore = 10;
    TARE_CHECK_INT(look(t, pair, 9, &policy).next, EXPLORE_CONTINUE);
    e = look(t, pair, 10, &policy);
    TARE_CHECK_INT(e.next, EXPLORE_INCONCLUSIVE);
    TARE_CHECK_INT(e.reason, REASON_DISTURBED);
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.reason, REASON_DISTURBED);
    /* No undisturbed block at all: nothing to set against the whole. */
    make_pairs(pair, 10, 0.04, 0.01);
    for (size_t i = 0; i < 10; i++)
        pair[i].log_clean = NAN;
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.verdict, VERDICT_REGRESSED);
    TARE_CHECK(isnan(c.ratio_clean));
    /* A few pairs cannot reach the level: all of them must agree. */
    pair[3].log_clean = pair[5].log_clean = 0.04;
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.verdict, VERDICT_REGRESSED);
    pair[5].log_clean = -0.03;
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.reason, REASON_DISTURBED);
}

/* The whole batch reaches alpha; its undisturbed blocks are noisier, and need to
 * raise a suspicion only. */
TARE_TEST(undisturbed_blocks_bear_a_conviction_out_at_the_level_of_suspicion)
{
    struct pair_value pair[MOST];
    struct batch batch = {pair, 10, compare_defaults(), false};
    struct comparison c;

    make_pairs(pair, 10, 0.04, 0.001);
    for (size_t i = 0; i < 10; i++)
        pair[i].log_clean = 0.04 + 0.001 * (double)i;
    pair[2].log_clean = -0.041; /* ranks 3 and 1 of 10: p = 5/1024 */
    pair[7].log_clean = -0.0405;
    pair[5].log_clean = -0.042; /* with rank 5 as well: p = 0.013 */
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK(c.p <= 0.01);
    TARE_CHECK_INT(c.verdict, VERDICT_REGRESSED);
    for (size_t i = 0; i < 5; i++) /* half of them: no suspicion */
        pair[2 * i].log_clean = -0.04;
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.reason, REASON_DISTURBED);
}

/* A slowdown in a minority of slices shows in the totals alone. */
TARE_TEST(totals_that_disagree_are_flagged)
{
    struct pair_value pair[MOST];
    struct compare_policy policy = compare_defaults();
    struct comparison c;

    make_pairs(pair, 8, 0, 0.003);
    for (size_t i = 0; i < 8; i++)
        pair[i].new_total *= 1.1;
    TARE_REQUIRE_INT(compare_pairs(pair, 8, &policy, &c, NULL), 0);
    TARE_CHECK_REL(c.ratio_total, 1.1, 2e-3);
    TARE_CHECK(c.totals_differ);
}

TARE_TEST(degenerate_pairs_never_pass)
{
    struct pair_value pair[MOST];
    struct compare_policy policy = compare_defaults();
    struct batch batch = {pair, 8, policy, false};
    struct comparison c;
    struct explored e;

    policy.max_explore = 16;
    TARE_CHECK_INT(look(t, pair, 0, &policy).next, EXPLORE_CONTINUE);
    make_pairs(pair, 16, 0, 0);
    TARE_CHECK_INT(look(t, pair, 1, &policy).next, EXPLORE_CONTINUE);
    TARE_CHECK_INT(look(t, pair, 5, &policy).next, EXPLORE_CONTINUE);
    e = look(t, pair, 8, &policy);
    TARE_CHECK_INT(e.next, EXPLORE_INCONCLUSIVE);
    TARE_CHECK_INT(e.reason, REASON_CONSTANT);
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.verdict, VERDICT_INCONCLUSIVE);
    TARE_CHECK_INT(c.reason, REASON_CONSTANT);
    policy.max_explore = 6;
    TARE_CHECK_INT(look(t, pair, 6, &policy).reason, REASON_CONSTANT);
    policy.max_explore = 1;
    e = look(t, pair, 1, &policy);
    TARE_CHECK_INT(e.next, EXPLORE_INCONCLUSIVE);

    /* Constant and far off is evidence all the same. */
    make_pairs(pair, 8, 0.1, 0);
    TARE_CHECK_INT(look(t, pair, 5, &policy).next, EXPLORE_SUSPECT);
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.verdict, VERDICT_REGRESSED);

    batch.n = 0;
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
    TARE_CHECK_INT(c.verdict, VERDICT_INCONCLUSIVE);
    TARE_CHECK_INT(c.reason, REASON_BUDGET);
}

TARE_TEST(what_is_not_a_number_fails)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    struct pair_value pair[MOST];
    struct compare_policy policy = compare_defaults();
    struct batch batch = {pair, 8, policy, false};
    struct comparison c;
    struct explored e;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        make_pairs(pair, 8, 0, 0.001);
        pair[6].log_ratio = bad[i];
        e = look(t, pair, 8, &policy);
        TARE_CHECK_INT(e.next, EXPLORE_FAILED);
        TARE_REQUIRE_INT(explore_report(pair, 8, &policy, &e, &c, NULL), 0);
        TARE_CHECK_INT(c.verdict, VERDICT_FAILED);
        TARE_CHECK_INT(c.reason, REASON_NOT_A_NUMBER);
        TARE_CHECK(isnan(c.ratio));
        TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &c, NULL), 0);
        TARE_CHECK_INT(c.verdict, VERDICT_FAILED);
    }
    policy.margin = NAN;
    TARE_CHECK_INT(explore_look(pair, 5, &policy, &e, NULL), ERR_INVAL);
    policy.margin = -0.01;
    TARE_CHECK_INT(explore_look(pair, 5, &policy, &e, NULL), ERR_INVAL);
}

TARE_TEST(noisy_pairs_end_at_the_budget_with_what_it_would_take)
{
    SCOPED(power_rule_clear) struct power_rule rule = {0};
    double effect;
    struct pair_value pair[MOST];
    struct compare_policy policy = compare_defaults();
    struct comparison c;
    struct explored e;

    policy.max_explore = 16;
    make_pairs(pair, 16, 0.001, 0.3);
    TARE_CHECK_INT(look(t, pair, 15, &policy).next, EXPLORE_CONTINUE);
    e = look(t, pair, 16, &policy);
    TARE_CHECK_INT(e.next, EXPLORE_INCONCLUSIVE);
    TARE_CHECK_INT(e.reason, REASON_BUDGET);
    TARE_REQUIRE_INT(explore_report(pair, 16, &policy, &e, &c, NULL), 0);
    TARE_CHECK(c.n_needed > 100 && c.n_needed < 3000);
    e.n_needed = 16; /* an approximation that sixteen pairs have overtaken */
    TARE_REQUIRE_INT(explore_report(pair, 16, &policy, &e, &c, NULL), 0);
    TARE_CHECK_INT(c.n_needed, 0);
    TARE_REQUIRE_INT(power_rule_init(&rule, 16, 16, 0.01, 1, NULL), 0);
    TARE_CHECK(isnan(c.mde));
    TARE_REQUIRE_INT(power_detectable(&rule, e.spread, log1p(policy.margin),
                                      0.8, &effect, NULL),
                     0);
    TARE_CHECK(exp(effect) > 1.05 && exp(effect) < 1.3);
}

TARE_TEST(pairs_that_drift_say_so)
{
    struct pair_value pair[MOST];
    struct compare_policy policy = compare_defaults();

    policy.max_explore = 16;
    for (size_t i = 0; i < 16; i++)
        pair[i] = (struct pair_value){
            .log_ratio = 0.01 * (double)i - 0.075 + 0.02 * (double)(i % 2),
            .log_clean = NAN,
        };
    TARE_CHECK_INT(look(t, pair, 16, &policy).reason, REASON_DRIFT);
}

TARE_TEST(batches_can_reach_their_level)
{
    struct suspicion s[100];
    size_t size[100];

    for (size_t i = 0; i < 100; i++)
        s[i] = (struct suspicion){
            .effect = 0.2, .spread = 0.001, .n = 5, .margin = 0.02, .most = 64};
    TARE_REQUIRE_INT(convict_plan(s, 1, 0.01, 1, size, NULL), 0);
    TARE_CHECK_INT(size[0], 8);
    TARE_REQUIRE_INT(convict_plan(s, 10, 0.01, 1, size, NULL), 0);
    TARE_CHECK_INT(size[9], 10);
    TARE_REQUIRE_INT(convict_plan(s, 100, 0.01, 1, size, NULL), 0);
    TARE_CHECK_INT(size[99], 14);
    s[0].improved = true;
    s[0].effect = -0.2;
    TARE_REQUIRE_INT(convict_plan(s, 2, 0.01, 1, size, NULL), 0);
    TARE_CHECK_INT(size[0], 8);
    TARE_CHECK_INT(size[1], 8);
}

TARE_TEST(noise_and_closeness_enlarge_a_batch)
{
    struct suspicion s[3] = {
        {.effect = 0.03, .spread = 0.002, .n = 8, .margin = 0.02, .most = 64},
        {.effect = 0.03, .spread = 0.02, .n = 8, .margin = 0.02, .most = 64},
        {.effect = 0.03, .spread = 0.2, .n = 8, .margin = 0.02, .most = 48},
    };
    size_t size[3];

    TARE_REQUIRE_INT(convict_plan(s, 3, 0.01, 1, size, NULL), 0);
    TARE_CHECK(size[0] >= 9 && size[0] <= 12);
    TARE_CHECK(size[1] > 15 && size[1] < 64);
    TARE_CHECK_INT(size[2], 48);
    s[0].most = 4;
    TARE_REQUIRE_INT(convict_plan(s, 1, 0.01, 1, size, NULL), 0);
    TARE_CHECK_INT(size[0], 4);
    TARE_CHECK_INT(convict_plan(s, 1, 0, 1, size, NULL), ERR_INVAL);
}

TARE_TEST(power_grows_with_effect_and_pairs)
{
    SCOPED(power_stage_clear) struct power_stage few = {0};
    SCOPED(power_stage_clear) struct power_stage many = {0};
    SCOPED(power_stage_clear) struct power_stage none = {0};

    TARE_REQUIRE_INT(power_stage_init(&few, 7, 0.01, 500, 1, NULL), 0);
    TARE_REQUIRE_INT(power_stage_init(&many, 30, 0.01, 500, 1, NULL), 0);
    TARE_REQUIRE_INT(power_stage_init(&none, 6, 0.01, 500, 1, NULL), 0);
    TARE_CHECK_REL(power_at(&few, 0, 1, 0), 0.01, 0.9);
    TARE_CHECK(power_at(&few, 1, 1, 0) < power_at(&few, 2, 1, 0));
    TARE_CHECK(power_at(&few, 1, 1, 0) < power_at(&many, 1, 1, 0));
    TARE_CHECK(power_at(&many, 1, 1, 1) < 0.6);
    TARE_CHECK(power_at(&many, 1, 1, 1) > 0.4);
    TARE_CHECK_REL(power_at(&none, 100, 1, 0), 0, 0);
}

TARE_TEST(the_detectable_change_follows_noise_and_budget)
{
    SCOPED(power_rule_clear) struct power_rule rule = {0};
    SCOPED(power_rule_clear) struct power_rule few = {0};
    SCOPED(power_rule_clear) struct power_rule still = {0};
    double calm, noisy, tight, never;

    TARE_REQUIRE_INT(power_rule_init(&rule, 32, 32, 0.01, 1, NULL), 0);
    TARE_REQUIRE_INT(power_detectable(&rule, 1e-4, 0.02, 0.8, &calm, NULL), 0);
    TARE_CHECK(calm > 0.02 && calm < 0.0205);
    TARE_REQUIRE_INT(power_detectable(&rule, 0.05, 0.02, 0.8, &noisy, NULL), 0);
    TARE_CHECK(noisy > 0.03 && noisy < 0.06);
    /* Without a margin everything is in units of the spread. */
    TARE_REQUIRE_INT(power_detectable(&rule, 0.05, 0, 0.8, &noisy, NULL), 0);
    TARE_REQUIRE_INT(power_detectable(&rule, 0.1, 0, 0.8, &tight, NULL), 0);
    TARE_CHECK_REL(tight, 2 * noisy, 1e-12);
    TARE_REQUIRE_INT(power_detectable(&rule, NAN, 0.02, 0.8, &never, NULL), 0);
    TARE_CHECK(isnan(never));
    TARE_REQUIRE_INT(power_rule_init(&few, 32, 6, 0.01, 1, NULL), 0);
    TARE_REQUIRE_INT(power_detectable(&few, 0.01, 0.02, 0.8, &never, NULL), 0);
    TARE_CHECK(isinf(never));
    /* No noise at all is the limit of hardly any, and needs no simulation. */
    TARE_REQUIRE_INT(power_rule_init(&still, 32, 32, 0.01, 1, NULL), 0);
    TARE_REQUIRE_INT(power_detectable(&rule, 1e-9, 0.02, 0.8, &calm, NULL), 0);
    TARE_REQUIRE_INT(power_detectable(&still, 0, 0.02, 0.8, &never, NULL), 0);
    TARE_CHECK_REL(never, calm, 1e-3);
    TARE_CHECK(!still.explored);
    TARE_REQUIRE_INT(power_detectable(&few, 0, 0.02, 0.8, &never, NULL), 0);
    TARE_CHECK(isinf(never));
}
