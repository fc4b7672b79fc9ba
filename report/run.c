/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From results to a report of a run. */
#include <config.h>

#include "report/run.h"

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "report/run_tags.h"
#include "stats/mann_whitney.h"
#include "stats/order.h"
#include "stats/signed_rank.h"

/* Beyond this share of disturbed samples a case is marked. */
static const double much_disturbed = 0.1;
static const double steady_tolerance = 0.01; /* Barrett et al.: 1 % */

static const struct estimate unknown_estimate = {
    .value = NAN,
    .low = NAN,
    .high = NAN,
    .confidence = NAN,
    .half_width = NAN,
    .between = NAN,
    .within = NAN,
    .icc = NAN,
    .deff = NAN,
    .lag1 = NAN,
    .ess = NAN,
};

/* The caller's policy with what an invocation and a sample of this case cost,
 * where that is known. */
static struct estimate_policy policy_for(const struct case_results *result,
                                         const struct metric *metric,
                                         size_t occasion,
                                         const struct estimate_policy *policy)
{
    const struct invocations *all = &metric->occasion[occasion];
    struct estimate_policy with = *policy;
    double ns;

    if (result->process_ns > 0 && result->iterations > 0 && all->n > 0 &&
        strcmp(metric->name, "time") == 0 &&
        stats_median(all->invocation[0].sample, all->invocation[0].n, &ns,
                     NULL) == 0) {
        with.process_cost = result->process_ns;
        with.sample_cost = ns * (double)result->iterations;
    }
    return with;
}

static int estimate_metric(const struct metric *metric, size_t occasion,
                           const struct estimate_policy *policy,
                           struct estimate *out, struct error *err)
{
    const struct invocations *all = &metric->occasion[occasion];
    struct error why = {0};

    *out = unknown_estimate;
    if (all->n == 0 ||
        estimate(all->invocation, all->n, policy, out, &why) == 0)
        return 0;
    *out = unknown_estimate;
    if (why.code != ERR_NOMEM)
        return 0;
    return ERROR(err, ERR_NOMEM, "%s", why.text);
}

static bool is_known(const struct run_metric *metric)
{
    return !isnan(metric->estimate.value);
}

static const struct run_metric *main_metric(const struct run_case *c)
{
    for (size_t i = 0; i < c->n_metrics; i++)
        if (strcmp(c->metric[i].metric->name, "time") == 0 &&
            is_known(&c->metric[i]))
            return &c->metric[i];
    for (size_t i = 0; i < c->n_metrics; i++)
        if (is_known(&c->metric[i]))
            return &c->metric[i];
    return NULL;
}

/* The interval reaches down to the empty loop, or the value does where there
 * is no interval. */
static bool is_like_empty(const struct run_case *c)
{
    const struct estimate *e;

    if (!c->time || strcmp(c->time->metric->unit, "ns") != 0 ||
        c->result->empty_ns <= 0)
        return false;
    e = &c->time->estimate;
    return (e->open ? e->value : e->low) <= c->result->empty_ns;
}

/* Of a series of samples that cannot be told apart, or that is short, nothing
 * is said. */
static int look_at_series(const struct run_metric *metric, size_t occasion,
                          struct run_series *out, struct error *err)
{
    const struct invocations *all = &metric->metric->occasion[occasion];

    for (size_t i = 0; i < all->n; i++) {
        const struct invocation *one = &all->invocation[i];
        struct steady steady;
        struct error why = {0};

        if (one->n < STEADY_LEAST)
            continue;
        if (stats_steady(one->sample, one->n, steady_tolerance, &steady,
                         &why) == 0) {
            out->of[steady.is]++;
            out->n++;
        } else if (why.code == ERR_NOMEM) {
            return ERROR(err, ERR_NOMEM, "%s", why.text);
        }
    }
    return 0;
}

static int make_case(const struct case_results *result, size_t occasion,
                     const struct estimate_policy *policy, struct arena *arena,
                     struct run_case *out, struct error *err)
{
    *out = (struct run_case){.result = result, .n_metrics = result->n_metrics};
    out->metric = arena_alloc(arena, result->n_metrics, sizeof *out->metric);
    if (!out->metric)
        return ERROR(err, ERR_NOMEM, "no memory for a report");
    for (size_t i = 0; i < result->n_metrics; i++) {
        struct estimate_policy with =
            policy_for(result, &result->metric[i], occasion, policy);
        int rc;

        out->metric[i].metric = &result->metric[i];
        rc = estimate_metric(&result->metric[i], occasion, &with,
                             &out->metric[i].estimate, err);
        if (rc < 0)
            return rc;
    }
    out->time = main_metric(out);
    out->like_empty = is_like_empty(out);
    return out->time ? look_at_series(out->time, occasion, &out->series, err)
                     : 0;
}

static const struct run_case *find_case(const struct run_report *report,
                                        const char *id)
{
    for (size_t i = 0; i < report->n_cases; i++)
        if (strcmp(report->cases[i].result->id, id) == 0)
            return &report->cases[i];
    return NULL;
}

/* Logarithms of the invocations' summaries; NULL with *n 0 when one is not
 * positive. */
static int log_summaries(const struct metric *metric, size_t occasion,
                         double quantile, double **out, size_t *n,
                         struct error *err)
{
    const struct invocations *all = &metric->occasion[occasion];
    SCOPED(free_scoped) double *x = malloc(all->n * sizeof *x);
    int rc;

    *n = 0;
    if (!x)
        return ERROR(err, ERR_NOMEM, "no memory for a report");
    rc = estimate_summaries(all->invocation, all->n, quantile, x, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < all->n; i++) {
        if (!(x[i] > 0))
            return 0;
        x[i] = log(x[i]);
    }
    *n = all->n;
    *out = TAKE(x);
    return 0;
}

/* The k-th invocations of two cases of a run were made in the same round, soon
 * after each other, so that their difference is free of the machine's drift;
 * where there are too few for an interval, all are compared with all. */
static int shift_of(const double *x, size_t n, double *y, size_t m,
                    double confidence, struct rank_interval *out,
                    struct error *err)
{
    size_t pairs = n < m ? n : m;

    if (pairs < stats_centre_needs(confidence))
        return stats_shift(x, n, y, m, confidence, out, err);
    for (size_t i = 0; i < pairs; i++)
        y[i] -= x[i];
    return stats_centre(y, pairs, confidence, out, err);
}

int run_ratio_of(const struct metric *of, const struct metric *to,
                 size_t occasion, const struct estimate_policy *policy,
                 struct run_ratio *out, struct error *err)
{
    SCOPED(free_scoped) double *x = NULL, *y = NULL;
    struct rank_interval shift;
    size_t n, m;
    int rc = log_summaries(to, occasion, policy->quantile, &x, &n, err);

    if (rc == 0)
        rc = log_summaries(of, occasion, policy->quantile, &y, &m, err);
    if (rc < 0 || n == 0 || m == 0)
        return rc;
    rc = shift_of(x, n, y, m, policy->confidence, &shift, err);
    if (rc < 0)
        return rc;
    *out = (struct run_ratio){
        .against = "",
        .value = exp(shift.centre),
        .low = exp(shift.low),
        .high = exp(shift.high),
        .confidence = shift.confidence,
        .open = shift.open,
    };
    return 0;
}

static int add_ratios(struct run_report *report, size_t occasion,
                      const struct estimate_policy *policy, struct error *err)
{
    for (size_t i = 0; i < report->n_cases; i++) {
        struct run_case *c = &report->cases[i];
        const struct run_case *other;
        int rc;

        if (*c->result->baseline == '\0' || !c->time)
            continue;
        other = find_case(report, c->result->baseline);
        if (!other || !other->time || other == c ||
            strcmp(other->time->metric->unit, c->time->metric->unit) != 0)
            continue;
        rc = run_ratio_of(c->time->metric, other->time->metric, occasion,
                          policy, &c->ratio, err);
        if (rc < 0)
            return rc;
        if (c->ratio.against)
            c->ratio.against = other->result->id;
    }
    return 0;
}

static void count_case(struct run_report *report, const struct run_case *c)
{
    switch (c->result->status) {
    case CASE_MEASURED:
        report->n_measured++;
        break;
    case CASE_FAILED:
        report->n_failed++;
        break;
    case CASE_SKIPPED:
        report->n_skipped++;
        break;
    }
}

static bool is_oversubscribed(const struct occasion *occasion)
{
    const char *state = facts_get(&occasion->plan, "placement");

    return state && strcmp(state, "oversubscribed") == 0;
}

int run_report_make(const struct results *results, size_t occasion,
                    const struct estimate_policy *policy,
                    struct run_report *out, struct error *err)
{
    *out = (struct run_report){.results = results,
                               .occasion = &results->occasion[occasion],
                               .wall_s = NAN};
    out->cases = arena_alloc(&out->arena, results->n_cases, sizeof *out->cases);
    if (!out->cases)
        return ERROR(err, ERR_NOMEM, "no memory for a report");
    for (size_t i = 0; i < results->n_cases; i++) {
        int rc = make_case(&results->cases[i], occasion, policy, &out->arena,
                           &out->cases[i], err);

        if (rc < 0)
            return rc;
        out->cases[i].oversubscribed = is_oversubscribed(out->occasion);
        out->n_cases++;
        count_case(out, &out->cases[i]);
    }
    if (add_ratios(out, occasion, policy, err) < 0)
        return ERR_NOMEM;
    return run_report_tags(out, policy, err);
}

void run_report_clear(struct run_report *report)
{
    arena_clear(&report->arena);
    *report = (struct run_report){0};
}

enum run_doubt run_doubt(const struct run_case *c)
{
    if (!c->time)
        return DOUBT_NONE;
    if (c->like_empty)
        return DOUBT_EMPTY;
    if (c->oversubscribed)
        return DOUBT_SHARED;
    if (c->time->estimate.open)
        return DOUBT_OPEN;
    return c->result->disturbed > much_disturbed ? DOUBT_DISTURBED : DOUBT_NONE;
}

bool run_throughput(const struct run_case *c, double *value, const char **unit)
{
    double each = c->result->items > 0 ? c->result->items : c->result->bytes;

    if (!c->time || strcmp(c->time->metric->unit, "ns") != 0 || !(each > 0) ||
        !(c->time->estimate.value > 0))
        return false;
    *value = each * 1e9 / c->time->estimate.value;
    *unit = c->result->items > 0 ? "1/s" : "B/s";
    return true;
}
