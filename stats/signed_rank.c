/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/signed_rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "base/scope.h"
#include "stats/order.h"
#include "stats/pairwise.h"

/* A probability that rounding left a hair above the tail still counts: 2^-6
 * must not fail a tail of 0.015625 given as (1 - 0.96875) / 2. */
static const double tail_slack = 1e-12;

/* Give item `weight` either sign: P(sum) over subsets, sums 0 .. top. */
static void add_item(double *density, size_t top, size_t weight)
{
    for (size_t s = top + 1; s-- > 0;) {
        double with = s >= weight ? density[s - weight] : 0;

        density[s] = (density[s] + with) / 2;
    }
}

static void accumulate(double *p, size_t n)
{
    for (size_t i = 1; i < n; i++)
        p[i] += p[i - 1];
}

void signed_rank_cdf(size_t n, double *cdf)
{
    size_t top = n * (n + 1) / 2;

    memset(cdf, 0, (top + 1) * sizeof *cdf);
    cdf[0] = 1;
    for (size_t rank = 1; rank <= n; rank++)
        add_item(cdf, rank * (rank + 1) / 2, rank);
    accumulate(cdf, top + 1);
}

static double mean_of(size_t n)
{
    return (double)n * ((double)n + 1) / 4;
}

/* Variance of T; `ties` is the sum of t^3 - t over the groups of ties. */
static double variance_of(size_t n, double ties)
{
    return (double)n * ((double)n + 1) * (2 * (double)n + 1) / 24 - ties / 48;
}

static void critical_normal(size_t n, double tail, size_t *c, double *achieved)
{
    double sd = sqrt(variance_of(n, 0));
    double t = floor(mean_of(n) - 0.5 + sd * gsl_cdf_ugaussian_Pinv(tail));

    *c = t < 0 ? 0 : (size_t)t + 1;
    *achieved = gsl_cdf_ugaussian_P((t + 0.5 - mean_of(n)) / sd);
}

int signed_rank_critical(size_t n, double tail, size_t *c, double *achieved,
                         struct error *err)
{
    SCOPED(free_scoped) double *cdf = NULL;
    size_t k = 0;

    if (n > STATS_SIGNED_RANK_EXACT) {
        critical_normal(n, tail, c, achieved);
        return 0;
    }
    cdf = malloc((n * (n + 1) / 2 + 1) * sizeof *cdf);
    if (!cdf)
        return ERROR(err, ERR_NOMEM, "no memory for %zu ranks", n);
    signed_rank_cdf(n, cdf);
    while (cdf[k] <= tail * (1 + tail_slack))
        k++;
    *c = k;
    *achieved = k > 0 ? cdf[k - 1] : cdf[0];
    return 0;
}

/* Both tails of T = t given the ties, by the shift algorithm on doubled
 * midranks, which are whole numbers. */
static int conditional(const double *rank, size_t n, double t,
                       struct rank_test *out, struct error *err)
{
    size_t top = n * (n + 1), at = (size_t)lrint(2 * t), sum = 0;
    double *density = calloc(top + 1, sizeof *density);

    if (!density)
        return ERROR(err, ERR_NOMEM, "no memory for %zu ranks", n);
    density[0] = 1;
    for (size_t i = 0; i < n; i++) {
        size_t weight = (size_t)lrint(2 * rank[i]);

        sum += weight;
        add_item(density, sum, weight);
    }
    out->p_less = out->p_greater = 0;
    for (size_t s = 0; s <= at; s++)
        out->p_less += density[s];
    for (size_t s = top + 1; s-- > at;)
        out->p_greater += density[s];
    free(density);
    return 0;
}

static void approximate(size_t n, double ties, double t, struct rank_test *out)
{
    double sd = sqrt(variance_of(n, ties));

    out->p_less = gsl_cdf_ugaussian_P((t + 0.5 - mean_of(n)) / sd);
    out->p_greater = gsl_cdf_ugaussian_Q((t - 0.5 - mean_of(n)) / sd);
}

/* The differences from mu that are not zero, and their sizes. */
static size_t split(const double *d, size_t n, double mu, double *signed_value,
                    double *size)
{
    size_t used = 0;

    for (size_t i = 0; i < n; i++) {
        double v = d[i] - mu;

        if (v != 0) {
            signed_value[used] = v;
            size[used++] = fabs(v);
        }
    }
    return used;
}

static int tails(const double *rank, size_t n, double ties, double t,
                 struct rank_test *out, struct error *err)
{
    int rc = 0;

    if (n > STATS_SIGNED_RANK_EXACT) {
        out->null = RANK_NULL_NORMAL;
        approximate(n, ties, t, out);
    } else {
        out->null = ties > 0 ? RANK_NULL_CONDITIONAL : RANK_NULL_EXACT;
        rc = conditional(rank, n, t, out, err);
    }
    out->p_less = fmin(out->p_less, 1);
    out->p_greater = fmin(out->p_greater, 1);
    out->p_two = fmin(1, 2 * fmin(out->p_less, out->p_greater));
    return rc;
}

int signed_rank_test(const double *d, size_t n, double mu,
                     struct rank_test *out, struct error *err)
{
    SCOPED(free_scoped) double *room = NULL;
    double *value, *size, *rank, ties;
    struct rank_test test = {
        .p_greater = 1, .p_less = 1, .p_two = 1, .null = RANK_NULL_EXACT};
    int rc = stats_need(d, n, 1, err);

    if (rc < 0)
        return rc;
    room = malloc(3 * n * sizeof *room);
    if (!room)
        return ERROR(err, ERR_NOMEM, "no memory for %zu values", n);
    value = room;
    size = room + n;
    rank = room + 2 * n;
    test.n = split(d, n, mu, value, size);
    if (test.n == 0) {
        *out = test;
        return 0;
    }
    rc = stats_midranks(size, test.n, rank, &ties, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < test.n; i++)
        test.statistic += value[i] > 0 ? rank[i] : 0;
    rc = tails(rank, test.n, ties, test.statistic, &test, err);
    if (rc == 0)
        *out = test;
    return rc;
}

size_t stats_centre_needs(double confidence)
{
    double tail = (1 - confidence) / 2;
    size_t n = 1;

    while (ldexp(1, -(int)n) > tail * (1 + tail_slack))
        n++;
    return n;
}

int stats_centre(const double *x, size_t n, double confidence,
                 struct rank_interval *out, struct error *err)
{
    SCOPED(free_scoped) double *sorted = NULL;
    struct rank_interval centre = {.n = n};
    double tail = (1 - confidence) / 2, achieved;
    size_t c;
    int rc;

    if (!(confidence > 0 && confidence < 1))
        return ERROR(err, ERR_INVAL, "confidence %g is not between 0 and 1",
                     confidence);
    rc = stats_sorted(x, n, &sorted, err);
    if (rc == 0)
        rc = signed_rank_critical(n, tail, &c, &achieved, err);
    if (rc == 0)
        rc = pairwise_interval(PAIRWISE_WALSH, sorted, n, NULL, 0, c, &centre,
                               err);
    if (rc < 0)
        return rc;
    centre.confidence = 1 - 2 * achieved;
    centre.n_needed = stats_centre_needs(confidence);
    *out = centre;
    return 0;
}
