/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/measure/duel_metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "stats/order.h"

static int add_metric(struct duel_case *c, const struct metric *metric,
                      const struct duel_watch *watch, struct arena *arena,
                      struct error *err)
{
    struct compare_policy policy = compare_defaults();
    struct duel_metric *all;

    if (!watch->judged(watch->ctx, c->side[DUEL_NEW]->id, metric->name,
                       metric->better, &policy))
        return 0;
    policy.better = metric->better;
    all = arena_grow(arena, c->metric, c->n_metrics, sizeof *all);
    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for a metric");
    c->metric = all;
    all[c->n_metrics++] = (struct duel_metric){
        .name = metric->name,
        .unit = metric->unit,
        .policy = policy,
        .comparison = comparison_unknown(),
    };
    return 0;
}

int duel_find_metrics(struct duel_case *c, const struct duel_watch *watch,
                      struct results *const results[WIRE_SIDES], size_t i,
                      struct arena *arena, struct error *err)
{
    const struct case_results *new_case = &results[DUEL_NEW]->cases[i];
    int rc = 0;

    for (size_t m = 0; m < new_case->n_metrics && rc == 0; m++) {
        const struct metric *metric = &new_case->metric[m];

        if (metric->better != BETTER_NONE &&
            results_metric(&results[DUEL_OLD]->cases[i], metric->name))
            rc = add_metric(c, metric, watch, arena, err);
    }
    return rc;
}

/* The newest invocation as one number; NaN when it has none. */
static double newest(const struct results *results, size_t i, const char *name)
{
    const struct metric *metric = results_metric(&results->cases[i], name);
    const struct invocations *in =
        metric ? &metric->occasion[results->n_occasions - 1] : NULL;
    double median;

    if (!in || in->n == 0 ||
        stats_median(in->invocation[in->n - 1].sample,
                     in->invocation[in->n - 1].n, &median, NULL) < 0)
        return NAN;
    return median;
}

/* Two zeros are equal; a zero on one side only has no ratio. */
static struct pair_value plain_pair(double old_value, double new_value)
{
    double ratio = old_value == new_value && isfinite(old_value)
                       ? 0
                       : log(new_value / old_value);

    return (struct pair_value){
        .log_ratio = ratio,
        .log_clean = ratio,
        .old_total = old_value,
        .new_total = new_value,
        .old_ns = old_value,
        .new_ns = new_value,
        .blocks = 1,
    };
}

int duel_add_pair(struct duel_case *c, const struct pair_value *time,
                  struct results *const results[WIRE_SIDES], size_t i,
                  struct arena *arena, struct error *err)
{
    for (size_t m = 0; m < c->n_metrics; m++) {
        struct duel_metric *metric = &c->metric[m];
        struct pair_value *all =
            arena_grow(arena, metric->pair, c->n_pairs, sizeof *all);

        if (!all)
            return ERROR(err, ERR_NOMEM, "no memory for a pair");
        metric->pair = all;
        all[c->n_pairs] =
            strcmp(metric->name, "time") == 0
                ? *time
                : plain_pair(newest(results[DUEL_OLD], i, metric->name),
                             newest(results[DUEL_NEW], i, metric->name));
    }
    c->n_pairs++;
    return 0;
}

static int count_side(const struct subject *subject,
                      const struct counting *counting, double iteration_ns,
                      struct results *results, size_t i, struct error *err)
{
    SCOPED(free_scoped)
    struct side_report *counted = calloc(1, sizeof *counted);
    int rc;

    if (!counted)
        return ERROR(err, ERR_NOMEM, "no memory for a report");
    rc = counting->count(counting->ctx, subject,
                         counting_iterations(iteration_ns), counted, err);
    return rc < 0 ? rc : counting_record(results, i, counted, err);
}

int duel_count(struct duel_case *c, const struct counting *counting,
               struct results *const results[WIRE_SIDES], size_t i,
               struct error *err)
{
    bool wanted = false;
    int rc = 0;

    if (!counting || !counting->count || c->n_counted < c->n_pairs)
        return 0;
    for (int side = 0; side < WIRE_SIDES; side++)
        wanted |= counting_wants(results[side], i, c->n_counted);
    if (!wanted)
        return 0;
    for (int side = 0; side < WIRE_SIDES && rc == 0; side++)
        rc = count_side(c->side[side], counting, c->calibration.iteration_ns,
                        results[side], i, err);
    c->n_counted++;
    return rc;
}

void duel_suspect_layout(struct duel_case *c,
                         struct results *const results[WIRE_SIDES], size_t i)
{
    static const double same = 0.001;
    double instructions[WIRE_SIDES];

    for (int side = 0; side < WIRE_SIDES; side++)
        instructions[side] = newest(results[side], i, "instructions");
    if (!(fabs(log(instructions[DUEL_NEW] / instructions[DUEL_OLD])) <= same))
        return;
    for (size_t m = 0; m < c->n_metrics; m++)
        if (strcmp(c->metric[m].name, "time") == 0 &&
            c->metric[m].comparison.verdict == VERDICT_REGRESSED)
            c->metric[m].comparison.reason = REASON_LAYOUT_SUSPECT;
}
