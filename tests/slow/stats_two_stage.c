/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two-stage rule on generated noise: false alarms of whole runs, power, the
 * 5 % of the looks, and whether the printed detectable change is detected. */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_rng.h>

#include "base/scope.h"
#include "stats/looks.h"
#include "stats/power.h"
#include "stats/robust.h"
#include "tests/slow/rates.h"
#include "tests/slow/rule.h"

/* Case 0 changes by `effect`, all others by nothing. */
struct world {
    gsl_rng *random;
    double effect, noise, df;
};

static double pair_of(void *ctx, size_t index)
{
    const struct world *w = ctx;

    return (index == 0 ? w->effect : 0) +
           w->noise * rule_noise(w->random, w->df);
}

static void false_alarms(struct world *w, size_t cases, double noise,
                         size_t runs)
{
    struct compare_policy policy = compare_defaults();
    struct rule_outcome out;
    size_t alarms = 0, unchanged = 0;
    double pairs = 0;
    char name[80];

    policy.margin = 0.005;
    policy.max_explore = 16;
    w->effect = 0;
    w->noise = noise;
    for (size_t r = 0; r < runs; r++) {
        bool alarm = false;

        rule_play(cases, &policy, pair_of, w, &out);
        for (size_t i = 0; i < cases; i++) {
            alarm |= out.verdict[i] == VERDICT_REGRESSED;
            unchanged += out.verdict[i] == VERDICT_UNCHANGED;
            pairs += (double)out.pairs[i];
        }
        alarms += alarm;
    }
    snprintf(name, sizeof name,
             "%zu cases, noise %g %%: runs with a false alarm", cases,
             100 * noise);
    rate_check(name, alarms, runs, 0, policy.alpha);
    rate_note("  cases shown unchanged",
              100 * (double)unchanged / (double)(runs * cases), "%");
    rate_note("  pairs per case", pairs / (double)(runs * cases), "");
}

static void power(struct world *w, size_t cases, double noise, double least,
                  size_t runs)
{
    struct compare_policy policy = compare_defaults();
    struct rule_outcome out;
    size_t found = 0;
    double pairs = 0;
    char name[80];

    policy.margin = 0.005;
    policy.max_explore = 16;
    w->effect = log(1.01);
    w->noise = noise;
    for (size_t r = 0; r < runs; r++) {
        rule_play(cases, &policy, pair_of, w, &out);
        found += out.verdict[0] == VERDICT_REGRESSED;
        pairs += (double)out.pairs[0];
    }
    snprintf(name, sizeof name, "%zu cases, noise %g %%: +1 %% found", cases,
             100 * noise);
    rate_check(name, found, runs, least, 1);
    rate_note("  pairs of the changed case", pairs / (double)runs, "");
}

/* A case changed by exactly the margin must not pass more often than 5 %. */
static void looks(struct world *w, double noise, double df, size_t runs)
{
    struct compare_policy policy = compare_defaults();
    struct rule_outcome out;
    size_t passed = 0;
    char name[80];

    policy.margin = 0.02;
    policy.max_explore = 256;
    w->effect = log(1.02);
    w->noise = noise;
    w->df = df;
    for (size_t r = 0; r < runs; r++) {
        rule_play(1, &policy, pair_of, w, &out);
        passed += out.verdict[0] == VERDICT_UNCHANGED;
    }
    snprintf(name, sizeof name,
             "changed by the margin, noise %g %%, df %g: unchanged",
             100 * noise, df);
    rate_check(name, passed, runs, 0, 0.05);
}

/* Print the change that this noise lets us find, inject it, and count. */
static void detectable(struct world *w, double noise, double df, size_t explore,
                       size_t batch, size_t runs)
{
    SCOPED(power_rule_clear) struct power_rule rule = {0};
    struct compare_policy policy = compare_defaults();
    struct rule_outcome out;
    size_t found = 0, many = 20001;
    double *sample = malloc(many * sizeof *sample), spread;
    char name[100];

    policy.max_explore = explore;
    policy.max_convict = batch;
    w->df = df;
    w->noise = noise;
    w->effect = 0;
    for (size_t i = 0; i < many; i++)
        sample[i] = pair_of(w, 1);
    if (stats_spread(sample, many, &spread, NULL) < 0 ||
        power_rule_init(&rule, explore, batch, policy.alpha, 3, NULL) < 0 ||
        power_detectable(&rule, spread, log1p(policy.margin), 0.8, &w->effect,
                         NULL) < 0)
        abort();
    free(sample);
    for (size_t r = 0; r < runs; r++) {
        rule_play(1, &policy, pair_of, w, &out);
        found += out.verdict[0] == VERDICT_REGRESSED;
    }
    snprintf(name, sizeof name,
             "noise %g %%, df %g, %zu + %zu pairs: %.3g %% found", 100 * noise,
             df, explore, batch, 100 * expm1(w->effect));
    rate_check(name, found, runs, 0.75, 0.85);
}

int main(void)
{
    struct world w = {.random = gsl_rng_alloc(gsl_rng_mt19937), .df = 3};
    static const size_t sizes[] = {1, 10, 100};
    static const size_t runs[] = {4000, 1000, 300};
    static const double noises[] = {0.002, 0.005, 0.01};
    static const double least[][3] = {
        {0.98, 0.97, 0.98}, {0.92, 0.92, 0.92}, {0.78, 0.76, 0.62}};

    gsl_rng_set(w.random, 20261122);
    rate_title(
        "False alarms of whole runs (t3 noise, margin 0.5 %, alpha 1 %)");
    for (size_t s = 0; s < 3; s++)
        for (size_t n = 0; n < 3; n++)
            false_alarms(&w, sizes[s], noises[n], runs[s]);
    rate_title("Power: one case 1 % slower (t3 noise, margin 0.5 %)");
    for (size_t n = 0; n < 3; n++)
        for (size_t s = 0; s < 3; s++)
            power(&w, sizes[s], noises[n], least[n][s], 300);
    rate_title("The 5 % of the looks (margin 2 %)");
    looks(&w, 0.002, 3, 3000);
    looks(&w, 0.02, 3, 3000);
    looks(&w, 0.02, 0, 3000);
    rate_title("The detectable change is detected (margin 2 %, 80 % wanted)");
    for (size_t d = 0; d < 2; d++) {
        double df = d ? 0 : 3;

        detectable(&w, 0.002, df, 16, 64, 1000);
        detectable(&w, 0.01, df, 16, 64, 1000);
        detectable(&w, 0.03, df, 16, 64, 1000);
        detectable(&w, 0.06, df, 16, 64, 1000);
        detectable(&w, 0.03, df, 16, 16, 1000);
        detectable(&w, 0.03, df, 64, 64, 1000);
        detectable(&w, 0.1, df, 64, 64, 1000);
    }
    rule_end();
    gsl_rng_free(w.random);
    return rate_end();
}
