/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/mann_whitney.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>

#include "base/scope.h"
#include "stats/order.h"
#include "stats/pairwise.h"

static const double tail_slack = 1e-12;

/* The coefficients of prod_{i=1..n} (1 - q^(m+i)) / (1 - q^i). */
void mann_whitney_cdf(size_t n, size_t m, double *cdf)
{
    size_t top = n * m;
    double all = 0;

    memset(cdf, 0, (top + 1) * sizeof *cdf);
    cdf[0] = 1;
    for (size_t i = 1; i <= n; i++) {
        for (size_t u = top; u >= m + i; u--)
            cdf[u] -= cdf[u - m - i];
        for (size_t u = i; u <= top; u++)
            cdf[u] += cdf[u - i];
    }
    for (size_t u = 0; u <= top; u++)
        cdf[u] = all += cdf[u];
    for (size_t u = 0; u <= top; u++)
        cdf[u] /= all;
}

static double mean_of(size_t n, size_t m)
{
    return (double)n * (double)m / 2;
}

/* Variance of U; `ties` is the sum of t^3 - t over the groups of ties. */
static double variance_of(size_t n, size_t m, double ties)
{
    double a = (double)n, b = (double)m, all = a + b;

    return a * b / 12 * (all + 1 - ties / (all * (all - 1)));
}

static void critical_normal(size_t n, size_t m, double tail, size_t *c,
                            double *achieved)
{
    double sd = sqrt(variance_of(n, m, 0));
    double u = floor(mean_of(n, m) - 0.5 + sd * gsl_cdf_ugaussian_Pinv(tail));

    *c = u < 0 ? 0 : (size_t)u + 1;
    *achieved = gsl_cdf_ugaussian_P((fmax(u, 0) + 0.5 - mean_of(n, m)) / sd);
}

int mann_whitney_critical(size_t n, size_t m, double tail, size_t *c,
                          double *achieved, struct error *err)
{
    SCOPED(free_scoped) double *cdf = NULL;
    size_t k = 0;

    if (n + m > MANN_WHITNEY_EXACT) {
        critical_normal(n, m, tail, c, achieved);
        return 0;
    }
    cdf = malloc((n * m + 1) * sizeof *cdf);
    if (!cdf)
        return ERROR(err, ERR_NOMEM, "no memory for %zu x %zu pairs", n, m);
    mann_whitney_cdf(n, m, cdf);
    while (cdf[k] <= tail * (1 + tail_slack))
        k++;
    *c = k;
    *achieved = k > 0 ? cdf[k - 1] : cdf[0];
    return 0;
}

static int exact(size_t n, size_t m, size_t u, struct rank_test *out,
                 struct error *err)
{
    double *cdf = malloc((n * m + 1) * sizeof *cdf);

    if (!cdf)
        return ERROR(err, ERR_NOMEM, "no memory for %zu x %zu pairs", n, m);
    mann_whitney_cdf(n, m, cdf);
    out->p_less = cdf[u];
    out->p_greater = cdf[n * m - u]; /* the distribution is symmetric */
    out->null = RANK_NULL_EXACT;
    free(cdf);
    return 0;
}

/* Every way to choose m of the doubled midranks: way[k][s] counts the choices
 * of k values with sum s, so that the largest count is C(50, 25) < 2^53. */
static void count_choices(const size_t *weight, size_t all, size_t m,
                          size_t width, double *way)
{
    way[0] = 1;
    for (size_t i = 0; i < all; i++)
        for (size_t k = (i + 1 < m ? i + 1 : m); k >= 1; k--)
            for (size_t s = width - 1; s + 1 > weight[i]; s--)
                way[k * width + s] += way[(k - 1) * width + s - weight[i]];
}

/* Both tails of the rank sum of y, given the ties. */
static int conditional(const double *rank, size_t n, size_t m, double sum,
                       struct rank_test *out, struct error *err)
{
    size_t all = n + m, width = all * (all + 1) + 1;
    size_t at = (size_t)lrint(2 * sum);
    size_t weight[MANN_WHITNEY_TIES];
    SCOPED(free_scoped) double *way = calloc((m + 1) * width, sizeof *way);
    double less = 0, greater = 0, total;

    if (!way)
        return ERROR(err, ERR_NOMEM, "no memory for %zu ranks", all);
    for (size_t i = 0; i < all; i++)
        weight[i] = (size_t)lrint(2 * rank[i]);
    count_choices(weight, all, m, width, way);
    for (size_t s = 0; s < width; s++) {
        less += s <= at ? way[m * width + s] : 0;
        greater += s >= at ? way[m * width + s] : 0;
    }
    total = less + greater - way[m * width + at];
    out->p_less = less / total;
    out->p_greater = greater / total;
    out->null = RANK_NULL_CONDITIONAL;
    return 0;
}

static void approximate(size_t n, size_t m, double ties, double u,
                        struct rank_test *out)
{
    double variance = variance_of(n, m, ties), sd = sqrt(fmax(variance, 0));

    out->null = RANK_NULL_NORMAL;
    out->p_less = out->p_greater = 1;
    if (sd > 0) {
        out->p_less = gsl_cdf_ugaussian_P((u + 0.5 - mean_of(n, m)) / sd);
        out->p_greater = gsl_cdf_ugaussian_Q((u - 0.5 - mean_of(n, m)) / sd);
    }
}

static int tails(const double *rank, size_t n, size_t m, double ties,
                 struct rank_test *out, struct error *err)
{
    double rank_sum = out->statistic + (double)m * ((double)m + 1) / 2;
    int rc = 0;

    if (ties <= 0 && n + m <= MANN_WHITNEY_EXACT)
        rc = exact(n, m, (size_t)lrint(out->statistic), out, err);
    else if (ties > 0 && n + m <= MANN_WHITNEY_TIES)
        rc = conditional(rank, n, m, rank_sum, out, err);
    else
        approximate(n, m, ties, out->statistic, out);
    out->p_two = fmin(1, 2 * fmin(out->p_less, out->p_greater));
    return rc;
}

int mann_whitney_rank(const double *x, size_t n, const double *y, size_t m,
                      double shift, struct mann_whitney_ranks *out,
                      struct error *err)
{
    SCOPED(free_scoped) double *pooled = NULL;
    SCOPED(free_scoped) double *rank = NULL;
    double u = -(double)m * ((double)m + 1) / 2, ties;
    int rc = stats_need(x, n, 1, err);

    if (rc == 0)
        rc = stats_need(y, m, 1, err);
    if (rc < 0)
        return rc;
    pooled = malloc((n + m) * sizeof *pooled);
    rank = malloc((n + m) * sizeof *rank);
    if (!pooled || !rank)
        return ERROR(err, ERR_NOMEM, "no memory for %zu values", n + m);
    for (size_t i = 0; i < n; i++)
        pooled[i] = x[i];
    for (size_t j = 0; j < m; j++)
        pooled[n + j] = y[j] - shift;
    rc = stats_midranks(pooled, n + m, rank, &ties, err);
    if (rc < 0)
        return rc;
    for (size_t j = 0; j < m; j++)
        u += rank[n + j];
    *out = (struct mann_whitney_ranks){u, ties, TAKE(rank)};
    return 0;
}

int mann_whitney_test(const double *x, size_t n, const double *y, size_t m,
                      double shift, struct rank_test *out, struct error *err)
{
    struct rank_test test = {.n = n + m};
    struct mann_whitney_ranks ranks;
    int rc = mann_whitney_rank(x, n, y, m, shift, &ranks, err);

    if (rc < 0)
        return rc;
    test.statistic = ranks.u;
    rc = tails(ranks.rank, n, m, ranks.ties, &test, err);
    free(ranks.rank);
    if (rc == 0)
        *out = test;
    return rc;
}

size_t stats_shift_needs(double confidence)
{
    double tail = (1 - confidence) / 2;
    unsigned n = 1;

    while (1 / gsl_sf_choose(2 * n, n) > tail * (1 + tail_slack))
        n++;
    return n;
}

int stats_shift(const double *x, size_t n, const double *y, size_t m,
                double confidence, struct rank_interval *out, struct error *err)
{
    SCOPED(free_scoped) double *xs = NULL;
    SCOPED(free_scoped) double *ys = NULL;
    struct rank_interval shift = {.n = n < m ? n : m};
    double tail = (1 - confidence) / 2, achieved;
    size_t c;
    int rc;

    if (!(confidence > 0 && confidence < 1))
        return ERROR(err, ERR_INVAL, "confidence %g is not between 0 and 1",
                     confidence);
    rc = stats_sorted(x, n, &xs, err);
    if (rc == 0)
        rc = stats_sorted(y, m, &ys, err);
    if (rc == 0)
        rc = mann_whitney_critical(n, m, tail, &c, &achieved, err);
    if (rc == 0)
        rc = pairwise_interval(PAIRWISE_SHIFT, xs, n, ys, m, c, &shift, err);
    if (rc < 0)
        return rc;
    shift.confidence = 1 - 2 * achieved;
    shift.n_needed = stats_shift_needs(confidence);
    *out = shift;
    return 0;
}
