/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/command_rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "adapt/ranking.h"
#include "base/scope.h"
#include "cli/progress.h"

struct ranked {
    double time; /* infinite when unknown */
    struct case_results result;
};

static int by_time(const void *a, const void *b)
{
    double x = ((const struct ranked *)a)->time;
    double y = ((const struct ranked *)b)->time;

    return (x > y) - (x < y);
}

/* Sort the cases by the estimates of a report that is thrown away then. */
static int sort_cases(struct results *results,
                      const struct estimate_policy *policy, struct error *err)
{
    SCOPED(free_scoped)
    struct ranked *ranked = calloc(results->n_cases + 1, sizeof *ranked);
    struct run_report report;
    int rc = run_report_make(results, 0, policy, &report, err);

    if (rc == 0 && !ranked)
        rc = ERROR(err, ERR_NOMEM, "no memory to rank commands");
    for (size_t i = 0; i < results->n_cases && rc == 0; i++) {
        const struct run_metric *time = report.cases[i].time;

        ranked[i].time = time ? time->estimate.value : INFINITY;
        ranked[i].result = results->cases[i];
    }
    run_report_clear(&report);
    if (rc < 0)
        return rc;
    qsort(ranked, results->n_cases, sizeof *ranked, by_time);
    for (size_t i = 0; i < results->n_cases; i++)
        results->cases[i] = ranked[i].result;
    return 0;
}

static void on_progress(void *ctx, double share, const char *id)
{
    cli_progress_step(ctx, share, id);
}

/* The subjects in the order of the results, those that can be compared. */
static int list_subjects(struct session *session, const struct results *results,
                         struct subject *subject, size_t *n, struct error *err)
{
    for (*n = 0; *n < results->n_cases; (*n)++) {
        const struct case_results *c = &results->cases[*n];
        struct subject *one;

        if (c->status != CASE_MEASURED || c->n_metrics == 0)
            return 0;
        one = session_subject(session, catalog_find(&session->catalog, c->id));
        if (!one)
            return ERROR(err, ERR_NOMEM, "no memory for a plan");
        subject[*n] = *one;
    }
    return 0;
}

static int measure_ratios(struct session *session,
                          const struct results *results,
                          struct ranking_ratio *ratio, struct error *err)
{
    SCOPED(free_scoped)
    struct subject *subject = calloc(results->n_cases + 1, sizeof *subject);
    const struct measure_plan *measure = &session->suite->measure;
    struct progress progress;
    struct ranking_plan plan = {
        .sample_ns = measure->sample_time > 0 ? measure->sample_time : 0,
        .budget_ns = (int64_t)((1 - COMMAND_RANK_SHARE) *
                               (double)session_budget_ns(session)),
        .deadline_ns = session_deadline(session),
        .precision = measure->precision,
        .seed = session->seed,
        .progress = on_progress,
        .ctx = &progress,
    };
    size_t n = 0;
    int rc = subject ? list_subjects(session, results, subject, &n, err)
                     : ERROR(err, ERR_NOMEM, "no memory for a plan");

    if (rc < 0 || n < 2)
        return rc;
    cli_progress_start(session->cli, &progress);
    rc = ranking(&session->executor, subject, n, 0, &plan, ratio, err);
    cli_progress_hide(&progress);
    return rc;
}

static void fill_ratios(const struct ranking_ratio *ratio,
                        struct run_report *report)
{
    for (size_t i = 0; i < report->n_cases; i++) {
        const struct rank_interval *log_ratio = &ratio[i].log_ratio;

        if (!ratio[i].known)
            continue;
        report->cases[i].ratio = (struct run_ratio){
            .against = report->cases[0].result->id,
            .value = exp(log_ratio->centre),
            .low = exp(log_ratio->low),
            .high = exp(log_ratio->high),
            .confidence = log_ratio->confidence,
            .open = log_ratio->open,
        };
    }
}

int command_rank(struct session *session, struct measured_suite *suite,
                 const struct estimate_policy *policy, struct run_report *out,
                 struct error *err)
{
    struct results *results = suite->results;
    SCOPED(free_scoped)
    struct ranking_ratio *ratio = calloc(results->n_cases + 1, sizeof *ratio);
    int rc = sort_cases(results, policy, err);

    *out = (struct run_report){.n_cases = 0};
    if (rc == 0 && !ratio)
        rc = ERROR(err, ERR_NOMEM, "no memory to rank commands");
    if (rc == 0 && !suite->interrupted) {
        struct error why = {0};

        rc = measure_ratios(session, results, ratio, &why);
        suite->interrupted = rc == ERR_STOPPED;
        if (rc < 0 && rc != ERR_STOPPED && err)
            *err = why;
        rc = rc == ERR_STOPPED ? 0 : rc;
    }
    if (rc == 0)
        rc = run_report_make(results, 0, policy, out, err);
    if (rc == 0)
        fill_ratios(ratio, out);
    return rc;
}
