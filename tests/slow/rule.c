/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "tests/slow/rule.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_randist.h>

#include "stats/convict.h"
#include "stats/explore.h"
#include "stats/power.h"

/* The simulated stages for k suspects, shared by all runs: what convict_plan()
 * would simulate anew for each. */
static struct power_rule plans[2][RULE_CASES + 1];

static void must(int rc)
{
    if (rc < 0) {
        fprintf(stderr, "the rule failed with %d\n", rc);
        abort();
    }
}

double rule_noise(const gsl_rng *random, double df)
{
    if (df > 0)
        return gsl_ran_tdist(random, df) / sqrt(df / (df - 2));
    return gsl_ran_gaussian(random, 1);
}

static struct pair_value next_pair(rule_source *source, void *ctx, size_t index)
{
    return (struct pair_value){
        .log_ratio = source(ctx, index),
        .log_clean = NAN,
        .blocks = 1,
    };
}

static struct explored explore_case(const struct compare_policy *policy,
                                    rule_source *source, void *ctx,
                                    size_t index, size_t *n)
{
    struct pair_value pair[RULE_PAIRS];
    struct explored e = {0};

    for (*n = 0; e.next == EXPLORE_CONTINUE;) {
        pair[(*n)++] = next_pair(source, ctx, index);
        if (*n >= EXPLORE_LEAST)
            must(explore_look(pair, *n, policy, &e, NULL));
    }
    return e;
}

static size_t planned(const struct compare_policy *policy,
                      const struct explored *e, bool improved, size_t k)
{
    struct power_rule *plan = &plans[improved][k];
    struct power_target target = {
        .effect = improved ? -e->effect : e->effect,
        .spread = e->spread,
        .n = e->n,
        .margin = log1p(policy->margin),
        .most = policy->max_convict,
    };
    double alpha = improved ? CONVICT_IMPROVED_LEVEL : policy->alpha;
    size_t size;

    if (plan->n_convict != policy->max_convict ||
        plan->level != alpha / (double)k) {
        power_rule_clear(plan);
        must(power_rule_init(plan, 0, policy->max_convict, alpha / (double)k, 1,
                             NULL));
    }
    must(power_batch_size(plan, &target, &size, NULL));
    return size;
}

static void convict_all(const struct compare_policy *policy,
                        rule_source *source, void *ctx,
                        const struct explored *e, const size_t *index, size_t k,
                        struct rule_outcome *out)
{
    struct batch batch[RULE_CASES];
    struct comparison c[RULE_CASES];
    size_t improved = 0;

    for (size_t i = 0; i < k; i++)
        improved += e[i].next == EXPLORE_SUSPECT_IMPROVED;
    for (size_t i = 0; i < k; i++) {
        bool better = e[i].next == EXPLORE_SUSPECT_IMPROVED;
        size_t n =
            planned(policy, &e[i], better, better ? improved : k - improved);
        struct pair_value *pair = calloc(n, sizeof *pair);

        for (size_t p = 0; p < n; p++)
            pair[p] = next_pair(source, ctx, index[i]);
        batch[i] = (struct batch){pair, n, *policy, better};
        out->pairs[index[i]] += n;
    }
    must(convict(batch, k, policy->alpha, c, NULL));
    for (size_t i = 0; i < k; i++) {
        out->verdict[index[i]] = c[i].verdict;
        free((void *)batch[i].pair);
    }
}

void rule_play(size_t cases, const struct compare_policy *policy,
               rule_source *source, void *ctx, struct rule_outcome *out)
{
    struct explored suspect[RULE_CASES];
    size_t index[RULE_CASES], k = 0;

    for (size_t i = 0; i < cases; i++) {
        struct explored e =
            explore_case(policy, source, ctx, i, &out->pairs[i]);

        out->verdict[i] = e.next == EXPLORE_UNCHANGED ? VERDICT_UNCHANGED
                                                      : VERDICT_INCONCLUSIVE;
        out->suspected[i] =
            e.next == EXPLORE_SUSPECT || e.next == EXPLORE_SUSPECT_IMPROVED;
        if (out->suspected[i]) {
            index[k] = i;
            suspect[k++] = e;
        }
    }
    out->suspects = k;
    if (k > 0)
        convict_all(policy, source, ctx, suspect, index, k, out);
}

void rule_end(void)
{
    for (size_t k = 0; k <= RULE_CASES; k++) {
        power_rule_clear(&plans[0][k]);
        power_rule_clear(&plans[1][k]);
    }
}
