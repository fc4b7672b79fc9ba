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

#include "stats/mann_whitney.h"
#include "stats/order.h"
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

/* Log ratio of two processes of a group: neighbours where the file has pairs,
 * any two otherwise. */
static double random_pair(const struct session_group *g)
{
    size_t i = gsl_rng_uniform_int(rng, g->n), j = i;

    if (g->n == SESSION_VALUES)
        return g->value[i ^ 1] - g->value[i];
    while (j == i)
        j = gsl_rng_uniform_int(rng, g->n);
    return g->value[j] - g->value[i];
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
                d[k] = random_pair(g[i]);
            if (signed_rank_test(d, pairs, 0, &test, NULL) < 0)
                abort();
            hits += test.p_two <= 0.05;
        }
    snprintf(name, sizeof name, "signed rank on %zu %s pairs", pairs, kind);
    rate_check(name, hits, all, 0.02, 0.06);
}

/* A suite whose cases are groups, the first few of them slowed down. */
struct suite {
    const struct session_group *group[SUITE];
    double effect;
};

static double pair_of(void *ctx, size_t index)
{
    const struct suite *s = ctx;

    return (index < INJECTED ? s->effect : 0) + random_pair(s->group[index]);
}

static void fill_suite(struct suite *s)
{
    static const char *const kinds[] = {"p40", "seq", "duet", "p12"};
    const struct session_group *g[SESSION_GROUPS];
    size_t n = 0;

    for (size_t k = 0; k < 4; k++) {
        size_t count = sessions_of(kinds[k], NULL, g);

        for (size_t i = 0; i < count && n < SUITE; i++)
            s->group[n++] = g[i];
    }
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
    rate_title("The two-stage rule, margin 2 %, alpha 1 %, nothing changed");
    whole_rule(0, 300);
    rate_title("The same with five of the 90 cases 5 % slower");
    whole_rule(0.05, 150);
    rule_end();
    gsl_rng_free(rng);
    return rate_end();
}
