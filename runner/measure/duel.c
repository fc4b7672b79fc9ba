/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exploring and convicting a whole suite. */
#include <config.h>

#include "runner/measure/duel.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "runner/measure/duel_metrics.h"
#include "runner/measure/duel_pair.h"
#include "runner/measure/duel_time.h"
#include "runner/measure/record.h"
#include "runner/measure/script.h"
#include "stats/convict.h"
#include "stats/exact.h"
#include "stats/power.h"

enum { STRAYS_MAX = 3 }; /* excluded pairs that are half of all or more */

struct duel {
    const struct executor *executor;
    struct duel_settings settings;
    const struct duel_watch *watch;
    struct results *const *results;
    struct duel_case *cases;
    size_t n;
    struct arena *arena;
    uint64_t random;
    bool *done; /* per case, of the stage that runs */
    struct duel_time time;
};

static void set_defaults(struct duel_settings *s)
{
    if (!s->sample_ns)
        s->sample_ns = 250000;
    if (!s->pair_ns)
        s->pair_ns = 20000000;
    if (!s->budget_ns)
        s->budget_ns = 10000000000;
    if (s->alpha == 0)
        s->alpha = 0.01;
}

static int64_t now(const struct duel *duel)
{
    return duel_time_now(&duel->time);
}

static int record_sides(struct duel *duel, size_t i,
                        const struct duel_pair *pair, struct error *err)
{
    struct duel_case *c = &duel->cases[i];

    for (int side = 0; side < WIRE_SIDES; side++) {
        struct results *results = duel->results[side];
        struct case_results *r = &results->cases[i];
        int rc = record_invocation(results, i, pair->slice[side],
                                   pair->n_slices, &pair->said[side], err);

        if (rc < 0)
            return rc;
        r->iterations = c->calibration.iterations;
        r->empty_ns = c->empty_ns;
        r->warmup = (int64_t)c->warmup;
    }
    c->result_changed =
        strcmp(pair->said[DUEL_OLD].result, pair->said[DUEL_NEW].result) != 0;
    return 0;
}

static int take_pair(struct duel *duel, size_t i, const struct duel_pair *pair,
                     struct error *err)
{
    struct duel_case *c = &duel->cases[i];
    int rc = record_sides(duel, i, pair, err);

    if (rc == 0)
        rc = duel_count(c, duel->settings.counting, duel->results, i, err);
    if (rc == 0 && c->n_pairs == 0)
        rc = duel_find_metrics(c, duel->watch, duel->results, i, duel->arena,
                               err);
    if (rc == 0)
        rc = duel_add_pair(c, &pair->value, duel->results, i, duel->arena, err);
    if (rc == 0 && duel->watch->pair)
        rc = duel->watch->pair(duel->watch->ctx, i, c->n_pairs - 1, err);
    return rc;
}

/* Measured elsewhere than planned, a pair does not count.  A program that sets
 * its own binding strays every time. */
static int exclude(struct duel *duel, size_t i, const struct duel_pair *pair,
                   struct side_failure *bad, struct error *err)
{
    struct duel_case *c = &duel->cases[i];
    int side = pair->said[DUEL_OLD].strayed ? DUEL_OLD : DUEL_NEW;

    for (int k = 0; k < WIRE_SIDES; k++)
        duel->results[k]->cases[i].excluded += pair->said[k].strayed;
    c->n_excluded++;
    if (c->n_excluded < STRAYS_MAX || c->n_excluded <= c->n_pairs)
        return 0;
    *bad = (struct side_failure){.side = side, .state = SIDE_FAILED};
    return ERROR(err, ERR_PEER,
                 "in %zu of %zu pairs it did not stay on the CPU it was placed "
                 "on; does the program set its own binding?",
                 c->n_excluded, c->n_excluded + c->n_pairs);
}

static bool has_strayed(const struct duel_pair *pair)
{
    return pair->said[DUEL_OLD].strayed || pair->said[DUEL_NEW].strayed;
}

static int measure_pair(struct duel *duel, size_t i, struct side_failure *bad,
                        struct error *err)
{
    struct duel_case *c = &duel->cases[i];
    SCOPED(free_scoped) struct duel_pair *pair = calloc(1, sizeof *pair);
    int64_t began;
    int rc = 0;

    if (!pair)
        return ERROR(err, ERR_NOMEM, "no memory for a pair");
    if (c->calibration.iterations == 0)
        rc = duel_calibrate(duel->executor, &duel->settings, c, bad, err);
    began = now(duel);
    if (rc == 0)
        rc = duel_run_pair(duel->executor, &duel->settings, c, &duel->random,
                           duel->arena, pair, bad, err);
    c->pair_ns = now(duel) - began;
    if (c->best_pair_ns == 0 || c->pair_ns < c->best_pair_ns)
        c->best_pair_ns = c->pair_ns;
    if (c->pair_ns > duel->time.longest_pair_ns)
        duel->time.longest_pair_ns = c->pair_ns;
    if (rc == 0 && has_strayed(pair))
        return exclude(duel, i, pair, bad, err);
    return rc < 0 ? rc : take_pair(duel, i, pair, err);
}

/* A side that cannot be measured is a result, not an error of ours. */
static int fail_case(struct duel *duel, size_t i,
                     const struct side_failure *bad, int rc,
                     const struct error *why, struct error *err)
{
    struct duel_case *c = &duel->cases[i];
    struct case_results *r = &duel->results[bad->side]->cases[i];

    c->failed = bad->state == SIDE_OK ? SIDE_FAILED : bad->state;
    c->failed_side = bad->side;
    c->why = rc == ERR_TIMEOUT ? REASON_TIMEOUT : REASON_CRASHED;
    c->message = arena_strdup(duel->arena, why->text);
    r->status = c->failed == SIDE_SKIPPED ? CASE_SKIPPED : CASE_FAILED;
    r->message = arena_strdup(&duel->results[bad->side]->arena, why->text);
    duel->done[i] = true;
    return c->message && r->message
               ? 0
               : ERROR(err, ERR_NOMEM, "no memory for a message");
}

/* One more pair.  The case is done when it failed. */
static int visit(struct duel *duel, size_t i, struct error *err)
{
    struct duel_case *c = &duel->cases[i];
    struct side_failure bad = {0};
    struct error why = {0};
    int64_t began = now(duel);
    int rc = measure_pair(duel, i, &bad, &why);

    c->spent_ns += now(duel) - began;
    if (rc == ERR_PEER || rc == ERR_TIMEOUT)
        return fail_case(duel, i, &bad, rc, &why, err);
    if (rc < 0 && err)
        *err = why;
    return rc;
}

/* --- stage 1 --- */

/* A metric that repeats itself on both sides needs no statistics.  Never a
 * time: equal times mean a coarse clock. */
static bool settle_exactly(const struct duel *duel, size_t i,
                           struct duel_metric *metric)
{
    const struct invocations *in[WIRE_SIDES];

    if (strcmp(metric->unit, "ns") == 0 ||
        duel->cases[i].n_pairs < EXPLORE_LEAST)
        return false;
    for (int side = 0; side < WIRE_SIDES; side++) {
        in[side] = results_metric(&duel->results[side]->cases[i], metric->name)
                       ->occasion;
        if (!exact_is_deterministic(in[side]->invocation, in[side]->n))
            return false;
    }
    return exact_compare(in[DUEL_OLD]->invocation, in[DUEL_OLD]->n,
                         in[DUEL_NEW]->invocation, in[DUEL_NEW]->n,
                         &metric->policy, &metric->comparison, NULL) == 0;
}

static int look_at(struct duel *duel, size_t i, struct error *err)
{
    struct duel_case *c = &duel->cases[i];
    bool undecided = false;

    for (size_t m = 0; m < c->n_metrics; m++) {
        struct duel_metric *metric = &c->metric[m];
        int rc = 0;

        if (metric->comparison.verdict != VERDICT_UNSET ||
            settle_exactly(duel, i, metric))
            continue;
        /* What was found once is not looked for again. */
        if (metric->explored.next == EXPLORE_CONTINUE)
            rc = explore_look(metric->pair, c->n_pairs, &metric->policy,
                              &metric->explored, err);
        if (rc < 0)
            return rc;
        undecided = undecided || metric->explored.next == EXPLORE_CONTINUE;
    }
    duel->done[i] = !undecided;
    return 0;
}

static bool is_suspect(const struct duel_metric *metric)
{
    return metric->comparison.verdict == VERDICT_UNSET &&
           (metric->explored.next == EXPLORE_SUSPECT ||
            metric->explored.next == EXPLORE_SUSPECT_IMPROVED);
}

static bool has_suspect(const struct duel_case *c)
{
    for (size_t m = 0; m < c->n_metrics; m++)
        if (is_suspect(&c->metric[m]))
            return true;
    return false;
}

/* More pairs can say more, or there is none yet. */
static bool is_undecided(const struct duel_case *c)
{
    for (size_t m = 0; m < c->n_metrics; m++)
        if (c->metric[m].comparison.verdict == VERDICT_UNSET &&
            c->metric[m].explored.next == EXPLORE_CONTINUE)
            return true;
    return c->n_metrics == 0;
}

static int explore_case(struct duel *duel, size_t i, struct error *err)
{
    struct duel_case *c = &duel->cases[i];
    int rc;

    if (duel_time_is_out(&duel->time, c) ||
        duel_time_is_spent(&duel->time, c)) {
        duel->done[i] = true;
        return 0;
    }
    if (c->n_pairs == 0 && !duel_time_may_begin(&duel->time)) {
        duel->done[i] = duel->time.begun == 0;
        return 0;
    }
    rc = visit(duel, i, err);
    if (rc == 0 && !duel->done[i] && c->n_pairs > c->n_explored)
        rc = look_at(duel, i, err);
    c->n_explored = c->n_pairs;
    if (rc == 0 && duel->done[i] && has_suspect(c))
        duel_time_keep(&duel->time, c);
    return rc;
}

/* --- stage 2 --- */

static size_t wanted_batch(const struct duel_case *c)
{
    size_t most = 0;

    for (size_t m = 0; m < c->n_metrics; m++)
        if (c->metric[m].batch_size > most)
            most = c->metric[m].batch_size;
    return most;
}

static int convict_case(struct duel *duel, size_t i, struct error *err)
{
    struct duel_case *c = &duel->cases[i];
    int rc;

    if (duel_time_is_out(&duel->time, c)) {
        duel->done[i] = true;
        return 0;
    }
    rc = visit(duel, i, err);
    if (c->n_pairs - c->n_explored >= wanted_batch(c))
        duel->done[i] = true;
    return rc;
}

/* The suspects of cases that can still be measured. */
static size_t list_suspects(const struct duel *duel,
                            struct duel_metric **suspect,
                            const struct duel_case **of)
{
    size_t k = 0;

    for (size_t i = 0; i < duel->n; i++) {
        struct duel_case *c = &duel->cases[i];

        for (size_t m = 0; m < c->n_metrics && c->failed == SIDE_OK; m++) {
            if (!is_suspect(&c->metric[m]))
                continue;
            if (suspect) {
                suspect[k] = &c->metric[m];
                of[k] = c;
            }
            k++;
        }
    }
    return k;
}

/* What there is time for, and at least what can convict at all. */
static size_t most_pairs(const struct duel *duel, const struct duel_case *c,
                         const struct duel_metric *metric, size_t k)
{
    size_t least =
        (size_t)ceil(log2((double)k / duel->settings.alpha)); /* 2^-n */
    size_t affordable = duel_time_batch(&duel->time, c, k);
    size_t most = metric->policy.max_convict;

    if (affordable < most)
        most = affordable;
    return most > least ? most : least;
}

static int fix_batches(struct duel *duel, struct duel_metric **suspect,
                       const struct duel_case **of, size_t k, struct error *err)
{
    struct suspicion *s = arena_alloc(duel->arena, k, sizeof *s);
    size_t *size = arena_alloc(duel->arena, k, sizeof *size);
    int rc;

    if (!s || !size)
        return ERROR(err, ERR_NOMEM, "no memory for suspects");
    for (size_t j = 0; j < k; j++) {
        const struct explored *e = &suspect[j]->explored;

        s[j] = (struct suspicion){
            .effect = e->effect,
            .spread = e->spread,
            .n = e->n,
            .improved = e->next == EXPLORE_SUSPECT_IMPROVED,
            .margin = suspect[j]->policy.margin,
            .most = most_pairs(duel, of[j], suspect[j], k),
        };
    }
    rc = convict_plan(s, k, duel->settings.alpha, duel->settings.seed, size,
                      err);
    for (size_t j = 0; j < k && rc == 0; j++)
        suspect[j]->batch_size = size[j];
    return rc;
}

/* A metric is judged by exactly the pairs that were fixed for it, or by those
 * there are when time ended. */
static int decide_suspects(struct duel *duel, struct duel_metric **suspect,
                           const struct duel_case **of, size_t k,
                           struct error *err)
{
    struct batch *batch = arena_alloc(duel->arena, k, sizeof *batch);
    struct comparison *out = arena_alloc(duel->arena, k, sizeof *out);
    int rc;

    if (!batch || !out)
        return ERROR(err, ERR_NOMEM, "no memory for suspects");
    for (size_t j = 0; j < k; j++) {
        size_t have = of[j]->n_pairs - of[j]->n_explored;

        batch[j] = (struct batch){
            .pair = suspect[j]->pair + of[j]->n_explored,
            .n = have < suspect[j]->batch_size ? have : suspect[j]->batch_size,
            .policy = suspect[j]->policy,
            .improved = suspect[j]->explored.next == EXPLORE_SUSPECT_IMPROVED,
        };
    }
    rc = convict(batch, k, duel->settings.alpha, out, err);
    for (size_t j = 0; j < k && rc == 0; j++)
        suspect[j]->comparison = out[j];
    return rc;
}

/* --- both --- */

typedef int visit_case(struct duel *duel, size_t i, struct error *err);

static void tell_progress(struct duel *duel, const char *id)
{
    if (duel->watch->progress && duel_time_tell(&duel->time))
        duel->watch->progress(duel->watch->ctx, duel->time.stage,
                              duel_time_share(&duel->time), id);
}

static int run_stage(struct duel *duel, int stage, visit_case *visit_one,
                     struct error *err)
{
    size_t *order = arena_alloc(duel->arena, duel->n, sizeof *order);
    bool busy = true;

    if (!order)
        return ERROR(err, ERR_NOMEM, "no memory for a plan");
    duel->time.stage = stage;
    for (size_t i = 0; i < duel->n; i++)
        order[i] = i;
    while (busy) {
        busy = false;
        random_shuffle(&duel->random, order, duel->n);
        duel_time_round(&duel->time);
        for (size_t k = 0; k < duel->n; k++) {
            size_t i = order[k];
            int rc;

            if (duel->done[i])
                continue;
            tell_progress(duel, duel->cases[i].side[DUEL_NEW]->id);
            rc = visit_one(duel, i, err);
            if (rc < 0)
                return rc;
            busy = busy || !duel->done[i];
        }
    }
    return 0;
}

static int convict_suspects(struct duel *duel, struct error *err)
{
    size_t k = list_suspects(duel, NULL, NULL);
    struct duel_metric **suspect = arena_alloc(duel->arena, k, sizeof *suspect);
    const struct duel_case **of = arena_alloc(duel->arena, k, sizeof *of);
    int rc, late;

    if (k == 0)
        return 0;
    if (!suspect || !of)
        return ERROR(err, ERR_NOMEM, "no memory for suspects");
    list_suspects(duel, suspect, of);
    rc = fix_batches(duel, suspect, of, k, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < duel->n; i++)
        duel->done[i] = duel->cases[i].failed != SIDE_OK ||
                        wanted_batch(&duel->cases[i]) == 0;
    rc = run_stage(duel, 2, convict_case, err);
    if (rc < 0 && rc != ERR_STOPPED)
        return rc;
    k = list_suspects(duel, suspect, of); /* without those that failed since */
    late = k ? decide_suspects(duel, suspect, of, k, rc ? NULL : err) : 0;
    return rc < 0 ? rc : late;
}

static int report_case(struct duel_case *c, struct error *err)
{
    for (size_t m = 0; m < c->n_metrics; m++) {
        struct duel_metric *metric = &c->metric[m];
        int rc;

        if (metric->comparison.verdict != VERDICT_UNSET ||
            c->failed != SIDE_OK || c->n_explored == 0)
            continue;
        rc = explore_report(metric->pair, c->n_explored, &metric->policy,
                            &metric->explored, &metric->comparison, err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* The change that each comparison would have found: one simulation of the rule
 * serves all, for the family that was tested. */
static int add_detectable(struct duel *duel, struct error *err)
{
    struct compare_policy limits = compare_defaults();
    size_t k = list_suspects(duel, NULL, NULL);
    double level = duel->settings.alpha / (double)(k ? k : 1);
    struct power_rule rule;
    int rc = power_rule_init(&rule, limits.max_explore, limits.max_convict,
                             level, duel->settings.seed, err);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < duel->n; i++) {
        for (size_t m = 0; m < duel->cases[i].n_metrics; m++) {
            struct duel_metric *metric = &duel->cases[i].metric[m];
            double effect;

            if (isfinite(metric->explored.spread) &&
                power_detectable(&rule, metric->explored.spread,
                                 log1p(metric->policy.margin), 0.8, &effect,
                                 NULL) == 0)
                metric->comparison.mde =
                    exp(effect * compare_worse(metric->policy.better));
        }
    }
    power_rule_clear(&rule);
    return 0;
}

static int prepare(struct duel *duel, struct error *err)
{
    duel->done = arena_alloc(duel->arena, duel->n, sizeof *duel->done);
    for (int side = 0; side < WIRE_SIDES; side++) {
        assert(duel->results[side]->n_cases == 0);
        for (size_t i = 0; i < duel->n; i++)
            if (!results_add_case(duel->results[side],
                                  duel->cases[i].side[DUEL_NEW]->id))
                return ERROR(err, ERR_NOMEM, "no memory for a case");
    }
    for (size_t i = 0; i < duel->n; i++)
        duel->cases[i].message = "";
    duel->time.done = duel->done;
    return duel->done ? 0 : ERROR(err, ERR_NOMEM, "no memory for a plan");
}

/* Time is left when every case has had its budget: the undecided share it. */
static int explore_overtime(struct duel *duel, struct error *err)
{
    if (!duel->settings.overtime || !duel->settings.deadline_ns)
        return 0;
    duel->time.overtime = true;
    for (size_t i = 0; i < duel->n; i++) {
        const struct duel_case *c = &duel->cases[i];

        duel->done[i] = c->failed != SIDE_OK || !is_undecided(c);
    }
    return run_stage(duel, 1, explore_case, err);
}

static int run(struct duel *duel, struct error *err)
{
    int rc = run_stage(duel, 1, explore_case, err);

    if (rc == 0)
        rc = explore_overtime(duel, err);
    return rc < 0 ? rc : convict_suspects(duel, err);
}

int duel(const struct executor *executor, struct duel_case *cases, size_t n,
         const struct duel_settings *settings, const struct duel_watch *watch,
         struct results *const results[WIRE_SIDES], struct arena *arena,
         struct error *err)
{
    struct duel all = {
        .executor = executor,
        .settings = *settings,
        .watch = watch,
        .results = results,
        .cases = cases,
        .n = n,
        .arena = arena,
        .random = settings->seed,
    };
    int rc, late = 0;

    set_defaults(&all.settings);
    all.time = (struct duel_time){.executor = executor,
                                  .settings = &all.settings,
                                  .cases = cases,
                                  .n = n,
                                  .stage = 1};
    all.time.began_ns = now(&all);
    rc = prepare(&all, err);
    if (rc == 0)
        rc = run(&all, err);
    if (rc < 0 && rc != ERR_STOPPED)
        return rc;
    for (size_t i = 0; i < n && late == 0; i++)
        late = report_case(&cases[i], rc ? NULL : err);
    for (size_t i = 0; i < n; i++)
        duel_suspect_layout(&cases[i], results, i);
    if (late == 0)
        late = add_detectable(&all, rc ? NULL : err);
    return rc < 0 ? rc : late;
}
