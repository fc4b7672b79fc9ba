/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/pelt.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include <gsl/gsl_statistics_double.h>

#include "base/scope.h"
#include "stats/order.h"

struct candidate {
    size_t start; /* of the last segment */
    size_t
        dies_at; /* end from which it cannot be best; SIZE_MAX while it can */
};

struct pelt {
    enum pelt_cost kind;
    /* Of the first i values less the mean, [n + 1]; long, since a segment's sum
     * of squares is a small difference of large ones. */
    long double *sum, *squares;
    double floor; /* least variance */
    double *best; /* cheapest cost of the first i values, [n + 1] */
    size_t *last; /* where the last segment of that starts, [n + 1] */
    struct candidate *candidate;
    size_t candidates;
};

static void pelt_clear(struct pelt *p)
{
    free(p->sum);
    free(p->squares);
    free(p->best);
    free(p->last);
    free(p->candidate);
}

static int prepare(struct pelt *p, const double *x, size_t n, struct error *err)
{
    double mean = gsl_stats_mean(x, 1, n);

    p->sum = calloc(n + 1, sizeof *p->sum);
    p->squares = calloc(n + 1, sizeof *p->squares);
    p->best = malloc((n + 1) * sizeof *p->best);
    p->last = calloc(n + 1, sizeof *p->last);
    p->candidate = malloc((n + 1) * sizeof *p->candidate);
    if (!p->sum || !p->squares || !p->best || !p->last || !p->candidate)
        return ERROR(err, ERR_NOMEM, "no memory for %zu points", n);
    for (size_t i = 0; i < n; i++) {
        long double d = x[i] - mean;

        p->sum[i + 1] = p->sum[i] + d;
        p->squares[i + 1] = p->squares[i] + d * d;
    }
    p->floor = fmax(1e-10 * (double)p->squares[n] / (double)n, DBL_MIN);
    return 0;
}

/* Cost of one segment, from .. to - 1. */
static double segment_cost(const struct pelt *p, size_t from, size_t to)
{
    double m = (double)(to - from), ss, v;
    long double sum = p->sum[to] - p->sum[from];

    ss = (double)(p->squares[to] - p->squares[from] - sum * sum / m);
    ss = fmax(ss, 0);
    if (p->kind == PELT_MEAN)
        return ss;
    v = fmax(ss / m, p->floor);
    return m * log(v) + ss / v;
}

/* The cheapest cutting of the first `to` values. */
static void best_of(struct pelt *p, size_t to, double penalty, size_t least)
{
    p->best[to] = INFINITY;
    for (size_t i = 0; i < p->candidates; i++) {
        size_t start = p->candidate[i].start;
        double cost;

        if (to - start < least)
            continue;
        cost = p->best[start] + segment_cost(p, start, to) + penalty;
        if (cost < p->best[to]) {
            p->best[to] = cost;
            p->last[to] = start;
        }
    }
}

/* Mark candidates that `to` beats, drop those whose time has come. */
static void prune(struct pelt *p, size_t to, size_t least)
{
    size_t kept = 0;

    for (size_t i = 0; i < p->candidates; i++) {
        struct candidate c = p->candidate[i];

        if (c.dies_at == SIZE_MAX && to - c.start >= least &&
            p->best[c.start] + segment_cost(p, c.start, to) > p->best[to])
            c.dies_at = to + least;
        if (c.dies_at > to)
            p->candidate[kept++] = c;
    }
    p->candidates = kept;
}

/* The changes of the best cutting, ascending. */
static size_t trace(const struct pelt *p, size_t n, size_t *at)
{
    size_t count = 0;

    for (size_t i = p->last[n]; i > 0; i = p->last[i])
        at[count++] = i;
    for (size_t i = 0; i < count / 2; i++) {
        size_t swap = at[i];

        at[i] = at[count - 1 - i];
        at[count - 1 - i] = swap;
    }
    return count;
}

int stats_pelt(const double *x, size_t n, enum pelt_cost kind, double penalty,
               size_t least, size_t *at, size_t *count, double *cost,
               struct error *err)
{
    SCOPED(pelt_clear) struct pelt p = {.kind = kind};
    int rc = stats_need(x, n, 1, err);

    if (rc < 0)
        return rc;
    if (!(penalty >= 0) || least < (kind == PELT_MEAN ? 1 : 2))
        return ERROR(err, ERR_INVAL, "penalty %g, segments of %zu", penalty,
                     least);
    rc = prepare(&p, x, n, err);
    if (rc < 0)
        return rc;
    p.best[0] = -penalty;
    p.candidate[p.candidates++] = (struct candidate){0, SIZE_MAX};
    for (size_t to = least < n ? least : n; to <= n; to++) {
        best_of(&p, to, penalty, to < least ? to : least);
        prune(&p, to, least);
        /* What is left behind this start must be a segment too. */
        p.candidate[p.candidates++] = (struct candidate){to, SIZE_MAX};
    }
    *count = trace(&p, n, at);
    if (cost)
        *cost = p.best[n];
    return 0;
}
