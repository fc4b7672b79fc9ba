/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Error rates and power on measured processes of unchanged programs, resampled
 * (tests/slow/data/README.md). */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "base/scope.h"
#include "stats/family.h"
#include "stats/mann_whitney.h"
#include "stats/order.h"
#include "stats/power.h"
#include "stats/robust.h"
#include "stats/signed_rank.h"
#include "tests/slow/rates.h"
#include "tests/slow/rule.h"
#include "tests/slow/sessions.h"

enum { SUITE = 90, INJECTED = 5 };

static gsl_rng *rng;

/* Two random halves of the processes of one session. */
static void split_tests(void)
{
    const struct session_group *g[SESSION_GROUPS];
    size_t n = sessions_of("p40", NULL, g), hits = 0, covered = 0, all = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t rep = 0; rep < 30; rep++, all++) {
            double x[SESSION_VALUES];
            struct rank_test test;
            struct rank_interval shift;

            memcpy(x, g[i]->value, sizeof x);
            gsl_ran_shuffle(rng, x, g[i]->n, sizeof *x);
            if (mann_whitney_test(x, 20, x + 20, 20, 0, &test, NULL) < 0 ||
                stats_shift(x, 20, x + 20, 20, 0.95, &shift, NULL) < 0)
                abort();
            hits += test.p_two <= 0.05;
            covered += shift.low <= 0 && shift.high >= 0;
        }
    rate_check("Mann-Whitney on process medians, 20 + 20", hits, all, 0.02,
               0.06);
    rate_check("  its 95 % interval holds 0", covered, all, 0.94, 0.98);
}

/* Log ratio of two processes measured one after the other, or of a pair. */
static double random_pair(const struct session_group *g)
{
    size_t i = gsl_rng_uniform_int(rng, g->n);

    if (!strcmp(g->kind, "pairs"))
        return g->value[i];
    return g->value[i ^ 1] - g->value[i];
}

/* Both programs are the same, so either may be called the old one. */
static double either_way(double log_ratio)
{
    return gsl_rng_uniform_int(rng, 2) ? log_ratio : -log_ratio;
}

static void pair_tests(const char *kind, size_t pairs)
{
    const struct session_group *g[SESSION_GROUPS];
    size_t n = sessions_of(kind, NULL, g), hits = 0, all = 0;
    char name[80];

    for (size_t i = 0; i < n; i++)
        for (size_t rep = 0; rep < 2000 / n; rep++, all++) {
            double d[SESSION_VALUES];
            struct rank_test test;

            for (size_t k = 0; k < pairs; k++)
                d[k] = either_way(random_pair(g[i]));
            if (signed_rank_test(d, pairs, 0, &test, NULL) < 0)
                abort();
            hits += test.p_two <= 0.05;
        }
    snprintf(name, sizeof name, "signed rank on %zu %s", pairs, kind);
    rate_check(name, hits, all, 0.02, 0.06);
}

/* The interval of the mean of unchanged cases. */
static void mean_test(size_t cases, size_t pairs)
{
    const struct session_group *g[SESSION_GROUPS];
    size_t n = sessions_of("pairs", NULL, g), held = 0, all = 2000;
    char name[80];

    for (size_t r = 0; r < all; r++) {
        struct family_case c[SUITE];
        struct family_mean mean;

        for (size_t i = 0; i < cases; i++) {
            size_t k = gsl_rng_uniform_int(rng, n);
            double d[SESSION_VALUES];
            struct rank_interval at;

            for (size_t j = 0; j < pairs; j++)
                d[j] = either_way(random_pair(g[k]));
            if (stats_centre(d, pairs, 0.95, &at, NULL) < 0)
                abort();
            c[i] =
                (struct family_case){exp(at.centre), exp(at.low), exp(at.high),
                                     at.confidence, (double)pairs - 1};
        }
        if (family_measured(c, cases, 0.95, &mean, NULL) < 0)
            abort();
        held += mean.low <= 1 && mean.high >= 1;
    }
    snprintf(name, sizeof name, "the mean of %zu cases x %zu pairs holds 0",
             cases, pairs);
    rate_check(name, held, all, 0.94, 1);
}

/* A suite whose cases are groups, the first few of them slowed down. */
struct suite {
    const struct session_group *group[SUITE];
    double effect;
};

static double pair_of(void *ctx, size_t index)
{
    const struct suite *s = ctx;

    return (index < INJECTED ? s->effect : 0) +
           either_way(random_pair(s->group[index]));
}

/* Each measured case stands for several of the suite. */
static void fill_suite(struct suite *s)
{
    const struct session_group *g[SESSION_GROUPS];
    size_t count = sessions_of("pairs", NULL, g);

    for (size_t i = 0; i < SUITE; i++)
        s->group[i] = g[i % count];
    gsl_ran_shuffle(rng, s->group, SUITE, sizeof *s->group);
}

static void whole_rule(double effect, size_t runs)
{
    struct compare_policy policy = compare_defaults();
    struct suite suite = {.effect = log1p(effect)};
    size_t alarms = 0, found = 0, unchanged = 0;
    double pairs = 0;

    for (size_t r = 0; r < runs; r++) {
        struct rule_outcome out;
        bool alarm = false;

        fill_suite(&suite);
        rule_play(SUITE, &policy, pair_of, &suite, &out);
        for (size_t i = 0; i < SUITE; i++) {
            bool changed = effect > 0 && i < INJECTED;

            alarm |= !changed && out.verdict[i] == VERDICT_REGRESSED;
            found += changed && out.verdict[i] == VERDICT_REGRESSED;
            unchanged += !changed && out.verdict[i] == VERDICT_UNCHANGED;
            pairs += (double)out.pairs[i];
        }
        alarms += alarm;
    }
    rate_check("runs over 90 cases with a false alarm", alarms, runs, 0,
               policy.alpha);
    if (effect > 0)
        rate_check("  injected slowdowns found", found, runs * INJECTED, 0.93,
                   1);
    rate_note("  unchanged cases shown unchanged",
              100 * (double)unchanged /
                  (double)(runs * (SUITE - (effect > 0 ? INJECTED : 0))),
              "%");
    rate_note("  pairs per case", pairs / (double)(runs * SUITE), "");
}

struct one_case {
    const struct session_group *group;
    double effect;
};

static double changed_pair(void *ctx, size_t index)
{
    const struct one_case *c = ctx;

    (void)index;
    return c->effect + either_way(random_pair(c->group));
}

/* The change that the spread of a case's first pairs lets us find, injected
 * into the next ones: what a user does who believes the printed figure. */
static void detectable(size_t runs)
{
    SCOPED(power_rule_clear) struct power_rule rule = {0};
    struct compare_policy policy = compare_defaults();
    const struct session_group *g[SESSION_GROUPS];
    size_t n = sessions_of("pairs", NULL, g), found = 0, all = 0;

    if (power_rule_init(&rule, policy.max_explore, policy.max_convict,
                        policy.alpha, 3, NULL) < 0)
        abort();
    for (size_t i = 0; i < n; i++)
        for (size_t r = 0; r < runs; r++, all++) {
            struct one_case c = {.group = g[i]};
            struct rule_outcome out;
            double x[16], spread;

            for (size_t k = 0; k < 16; k++)
                x[k] = changed_pair(&c, 0);
            if (stats_spread(x, 16, &spread, NULL) < 0 ||
                power_detectable(&rule, spread, log1p(policy.margin), 0.8,
                                 &c.effect, NULL) < 0)
                abort();
            rule_play(1, &policy, changed_pair, &c, &out);
            found += out.verdict[0] == VERDICT_REGRESSED;
        }
    rate_check("the printed detectable change, injected, is found", found, all,
               0.75, 0.85);
}

int main(void)
{
    size_t count;

    rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 4711);
    sessions_read(&count);
    rate_title("Single tests at a nominal 5 %, unchanged programs");
    split_tests();
    pair_tests("seq", 8);
    pair_tests("seq", 16);
    pair_tests("duet", 16);
    pair_tests("pairs", 8);
    pair_tests("pairs", 16);
    rate_title("The 95 % interval of a geometric mean, unchanged programs");
    mean_test(2, 8);
    mean_test(10, 8);
    mean_test(90, 6);
    rate_title(
        "The two-stage rule on interleaved pairs, margin 2 %, alpha 1 %");
    whole_rule(0, 300);
    rate_title("The same with five of the 90 cases 5 % slower");
    whole_rule(0.05, 300);
    rate_title("The detectable change of 16 interleaved pairs (80 % wanted)");
    detectable(40);
    rule_end();
    gsl_rng_free(rng);
    return rate_end();
}
