/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trials with a known truth. */
#include <config.h>

#include "cli/selftest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "cli/progress.h"
#include "runner/measure/duel.h"
#include "runner/measure/script.h"
#include "stats/order.h"
#include "stats/power.h"
#include "stats/robust.h"

const struct trial_kind trial_kinds[TRIALS] = {
    {"A/A at 0.5 %", 0, 0.005}, {"A/A at 2 %", 0, 0.02}, {"+1 %", 10, 0.005},
    {"+2 %", 20, 0.01},         {"+5 %", 50, 0.025},
};

const double selftest_horizons[HORIZONS] = {1, 3, 10};

static const double trusted_power = 0.95;

/* Where it stands, for the line that says so. */
struct standing {
    struct progress progress;
    size_t done, wanted; /* trials */
    int64_t began_ns, end_ns;
};

/* One comparison to come. */
struct trial {
    size_t row, kind;
};

static bool judge_time(void *ctx, const char *id, const char *metric,
                       enum better better, struct compare_policy *policy)
{
    (void)id;
    (void)better;
    policy->margin = *(const double *)ctx;
    return strcmp(metric, "time") == 0;
}

static struct subject *side(struct arena *arena, const struct kernel *kernel,
                            int permille)
{
    struct subject *s = arena_alloc(arena, 1, sizeof *s);
    const char **argv = arena_alloc(arena, 2, sizeof *argv);

    if (!s || !argv)
        return NULL;
    argv[0] = "/proc/self/exe";
    *s = (struct subject){
        .name = arena_printf(arena, "%s[extra=%d]", kernel->name, permille),
        .program = "tare",
        .argv = (char *const *)argv,
        .timeout_ns = 60000000000,
    };
    s->id = s->name;
    return s->name ? s : NULL;
}

static int keep_pairs(struct selftest *test, struct selftest_row *row,
                      const struct duel_case *c, struct error *err)
{
    for (size_t i = 0; i < c->n_pairs; i++) {
        double *all =
            arena_grow(&test->arena, row->pair, row->n_pairs, sizeof *all);

        if (!all)
            return ERROR(err, ERR_NOMEM, "no memory for pairs");
        row->pair = all;
        all[row->n_pairs++] = c->metric[0].pair[i].log_ratio;
    }
    return 0;
}

static int count_trial(struct selftest *test, const struct trial *trial,
                       const struct duel_case *c, struct error *err)
{
    struct selftest_row *row = &test->row[trial->row];
    struct trials *t = &row->trial[trial->kind];
    enum verdict verdict;
    double *all;

    if (c->failed != SIDE_OK || c->n_metrics == 0) {
        row->failed = arena_strdup(&test->arena, c->message);
        return row->failed ? 0 : ERROR(err, ERR_NOMEM, "no memory");
    }
    verdict = c->metric[0].comparison.verdict;
    all = arena_grow(&test->arena, t->seconds, t->n, sizeof *all);
    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for a trial");
    t->seconds = all;
    all[t->n++] = (double)c->spent_ns / 1e9;
    t->regressed += verdict == VERDICT_REGRESSED;
    t->unchanged += verdict == VERDICT_UNCHANGED;
    row->pair_s = (double)c->spent_ns / 1e9 / (double)c->n_pairs;
    return trial_kinds[trial->kind].permille == 0
               ? keep_pairs(test, row, c, err)
               : 0;
}

static int run_trial(struct session *session, struct selftest *test,
                     const struct trial *trial, uint64_t seed,
                     struct error *err)
{
    const struct trial_kind *kind = &trial_kinds[trial->kind];
    const struct kernel *kernel = test->row[trial->row].kernel;
    struct arena arena = {0};
    struct results *results[WIRE_SIDES] = {results_new(), results_new()};
    struct duel_case c = {.side = {side(&arena, kernel, 0),
                                   side(&arena, kernel, kind->permille)}};
    struct duel_settings settings = {.budget_ns = test->budget_ns,
                                     .seed = seed};
    double margin = kind->margin;
    struct duel_watch watch = {.ctx = &margin, .judged = judge_time};
    int rc;

    if (!results[0] || !results[1] || !results_add_occasion(results[0]) ||
        !results_add_occasion(results[1]) || !c.side[0] || !c.side[1])
        rc = ERROR(err, ERR_NOMEM, "no memory for a trial");
    else
        rc = duel(&session->executor, &c, 1, &settings, &watch, results, &arena,
                  err);
    if (rc == 0)
        rc = count_trial(test, trial, &c, err);
    results_free(results[0]);
    results_free(results[1]);
    arena_clear(&arena);
    return rc;
}

/* Every trial once, in random order within each round. */
static size_t list_round(const struct selftest *test,
                         const struct selftest_plan *plan, size_t round,
                         struct trial *trial)
{
    size_t n = 0;

    for (size_t r = 0; r < test->n; r++)
        for (size_t k = 0; k < TRIALS; k++)
            if (round < plan->rounds[k])
                trial[n++] = (struct trial){.row = r, .kind = k};
    return n;
}

/* Of the trials, or of the time where that ends first. */
static void tell(struct standing *at, const struct selftest *test,
                 const struct trial *trial)
{
    double share = (double)at->done / (double)at->wanted;
    char what[100];

    if (at->end_ns)
        share = fmax(share, (double)(watch_now_ns() - at->began_ns) /
                                (double)(at->end_ns - at->began_ns));
    snprintf(what, sizeof what, "%zu of %zu, %s %s", at->done + 1, at->wanted,
             test->row[trial->row].kernel->name + 2,
             trial_kinds[trial->kind].name);
    cli_progress_step(&at->progress, fmin(share, 1), what);
}

static int run_round(struct session *session, struct selftest *test,
                     const struct selftest_plan *plan, size_t round,
                     struct standing *at, uint64_t *random, size_t *n,
                     struct error *err)
{
    SCOPED(free_scoped)
    struct trial *trial = calloc(test->n * TRIALS, sizeof *trial);
    SCOPED(free_scoped) size_t *order = calloc(test->n * TRIALS, sizeof *order);

    if (!trial || !order)
        return ERROR(err, ERR_NOMEM, "no memory for a plan");
    *n = list_round(test, plan, round, trial);
    for (size_t i = 0; i < *n; i++)
        order[i] = i;
    random_shuffle(random, order, *n);
    for (size_t i = 0; i < *n; i++) {
        int rc;

        if (at->end_ns && watch_now_ns() > at->end_ns) {
            *n = 0;
            return 0;
        }
        tell(at, test, &trial[order[i]]);
        rc = run_trial(session, test, &trial[order[i]], random_next(random),
                       err);
        if (rc < 0)
            return rc;
        at->done++;
    }
    return 0;
}

/* The smallest change that n pairs, half exploring and half convicting, find
 * with the trusted power at a margin of half its size. */
static double smallest_change(size_t n, double spread)
{
    struct power_rule rule;
    double effect = 4 * spread;

    if (n < 14 || power_rule_init(&rule, n / 2, n / 2, 0.01, 1, NULL) < 0)
        return NAN;
    for (int i = 0; i < 20; i++) {
        double next;

        if (power_detectable(&rule, spread, effect / 2, trusted_power, &next,
                             NULL) < 0 ||
            !isfinite(next)) {
            effect = NAN;
            break;
        }
        effect = next;
    }
    power_rule_clear(&rule);
    return exp(effect);
}

static void judge_machine(struct selftest *test)
{
    for (size_t r = 0; r < test->n; r++) {
        struct selftest_row *row = &test->row[r];
        double spread = NAN;

        if (row->n_pairs >= 10)
            stats_spread(row->pair, row->n_pairs, &spread, NULL);
        for (size_t h = 0; h < HORIZONS; h++) {
            double pairs = selftest_horizons[h] / row->pair_s;

            row->smallest[h] =
                isfinite(spread) && spread > 0 && pairs >= 2
                    ? smallest_change(pairs > 200 ? 200 : (size_t)pairs, spread)
                    : NAN;
        }
    }
}

static int prepare(struct selftest *test, struct error *err)
{
    const struct kernel *kernel = kernels(&test->n);

    test->row = arena_alloc(&test->arena, test->n, sizeof *test->row);
    if (!test->row)
        return ERROR(err, ERR_NOMEM, "no memory for a self-test");
    for (size_t i = 0; i < test->n; i++)
        test->row[i] = (struct selftest_row){
            .kernel = &kernel[i], .pair_s = NAN, .failed = ""};
    return 0;
}

int selftest_run(struct session *session, const struct selftest_plan *plan,
                 struct selftest *out, struct error *err)
{
    struct standing at = {.began_ns = watch_now_ns()};
    uint64_t random = session->seed;
    size_t n = 1;
    int rc = prepare(out, err);

    out->quick = plan->quick;
    out->budget_ns = plan->budget_ns;
    for (size_t k = 0; k < TRIALS; k++)
        at.wanted += plan->rounds[k] * out->n;
    if (plan->limit_s > 0)
        at.end_ns = at.began_ns + (int64_t)(plan->limit_s * 1e9);
    cli_progress_start(session->cli, &at.progress);
    for (size_t round = 0; rc == 0 && n; round++)
        rc = run_round(session, out, plan, round, &at, &random, &n, err);
    cli_progress_hide(&at.progress);
    out->interrupted = rc == ERR_STOPPED;
    out->wall_s = (double)(watch_now_ns() - at.began_ns) / 1e9;
    if (rc == 0 || rc == ERR_STOPPED)
        judge_machine(out);
    return rc == ERR_STOPPED ? 0 : rc;
}

void selftest_clear(struct selftest *test)
{
    arena_clear(&test->arena);
}

void selftest_alarms(const struct selftest *test, size_t *alarms, size_t *n)
{
    *alarms = *n = 0;
    for (size_t r = 0; r < test->n; r++) {
        for (size_t k = 0; k < TRIALS; k++) {
            if (trial_kinds[k].permille)
                continue;
            *alarms += test->row[r].trial[k].regressed;
            *n += test->row[r].trial[k].n;
        }
    }
}
