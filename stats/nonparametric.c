/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/nonparametric.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "base/scope.h"
#include "stats/mann_whitney.h"
#include "stats/order.h"

/* --- Kolmogorov-Smirnov */

/* Both samples sorted. */
struct samples {
    const double *x, *y;
    size_t n, m;
};

/* Whether the pooled order may be cut after i of x and j of y: the values on
 * both sides of the cut differ.  Elsewhere ties forbid a look. */
static bool is_cut(const double *pooled, size_t all, size_t at)
{
    return at == 0 || at == all || pooled[at - 1] != pooled[at];
}

static double largest_distance(const struct samples *s)
{
    double d = 0;
    size_t i = 0, j = 0;

    while (i < s->n && j < s->m) {
        double v = fmin(s->x[i], s->y[j]);

        while (i < s->n && s->x[i] == v)
            i++;
        while (j < s->m && s->y[j] == v)
            j++;
        d = fmax(d, fabs((double)i / (double)s->n - (double)j / (double)s->m));
    }
    return d;
}

/* The share of all ways to order the samples whose distance reaches d.  For a
 * path to (i, j), `left` is the share of paths that left the band so far:
 * shares, since the counts overflow. */
static int exact_p(const struct samples *s, const double *pooled, double d,
                   double *p, struct error *err)
{
    double *left = malloc((s->m + 1) * sizeof *left);
    double reach = d - 1e-12;

    if (!left)
        return ERROR(err, ERR_NOMEM, "no memory for %zu values", s->m);
    for (size_t i = 0; i <= s->n; i++)
        for (size_t j = 0; j <= s->m; j++) {
            double gap =
                fabs((double)i / (double)s->n - (double)j / (double)s->m);
            double from_x = i > 0 ? left[j] : 0;
            double from_y = j > 0 ? left[j - 1] : 0;
            double a = (double)i, b = (double)j;

            /* Of the paths to (i, j) i / (i + j) came by a step in x. */
            left[j] = i + j == 0 ? 0 : (a * from_x + b * from_y) / (a + b);
            if (gap >= reach && is_cut(pooled, s->n + s->m, i + j))
                left[j] = 1;
        }
    *p = fmin(1, left[s->m]);
    free(left);
    return 0;
}

static double asymptotic_p(double n, double m, double d)
{
    double z = d * sqrt(n * m / (n + m)), sum = 0;

    for (int k = 1; k <= 100; k++)
        sum += (k % 2 ? 2 : -2) * exp(-2 * (double)k * (double)k * z * z);
    return z < 0.2 ? 1 : fmax(0, fmin(1, sum));
}

int stats_ks(const double *x, size_t n, const double *y, size_t m,
             struct ks *out, struct error *err)
{
    SCOPED(free_scoped) double *xs = NULL;
    SCOPED(free_scoped) double *ys = NULL;
    SCOPED(free_scoped) double *pooled = NULL;
    struct samples s = {.n = n, .m = m};
    struct ks ks = {.exact = n * m <= KS_EXACT};
    int rc = stats_sorted(x, n, &xs, err);

    if (rc == 0)
        rc = stats_sorted(y, m, &ys, err);
    if (rc < 0)
        return rc;
    s.x = xs;
    s.y = ys;
    ks.d = largest_distance(&s);
    ks.p = asymptotic_p((double)n, (double)m, ks.d);
    if (ks.exact) {
        pooled = malloc((n + m) * sizeof *pooled);
        if (!pooled)
            return ERROR(err, ERR_NOMEM, "no memory for %zu values", n + m);
        for (size_t i = 0; i < n + m; i++)
            pooled[i] = i < n ? x[i] : y[i - n];
        stats_sort(pooled, n + m);
        rc = exact_p(&s, pooled, ks.d, &ks.p, err);
    }
    if (rc == 0)
        *out = ks;
    return rc;
}

/* --- effect and association */

int stats_cliff(const double *x, size_t n, const double *y, size_t m,
                double *out, struct error *err)
{
    struct mann_whitney_ranks ranks;
    int rc = mann_whitney_rank(x, n, y, m, 0, &ranks, err);

    if (rc < 0)
        return rc;
    free(ranks.rank);
    *out = 2 * ranks.u / ((double)n * (double)m) - 1;
    return 0;
}

static double t_tail(double rho, size_t n)
{
    double df = (double)n - 2;

    if (n < 3 || isnan(rho))
        return NAN;
    if (fabs(rho) >= 1)
        return 0;
    return 2 * gsl_cdf_tdist_Q(fabs(rho) * sqrt(df / (1 - rho * rho)), df);
}

int stats_spearman(const double *x, const double *y, size_t n,
                   struct spearman *out, struct error *err)
{
    SCOPED(free_scoped) double *rank = NULL;
    double rho;
    int rc = stats_need(x, n, 2, err);

    if (rc == 0)
        rc = stats_need(y, n, 2, err);
    if (rc < 0)
        return rc;
    rank = malloc(2 * n * sizeof *rank);
    if (!rank)
        return ERROR(err, ERR_NOMEM, "no memory for %zu ranks", n);
    rc = stats_midranks(x, n, rank, NULL, err);
    if (rc == 0)
        rc = stats_midranks(y, n, rank + n, NULL, err);
    if (rc < 0)
        return rc;
    rho = NAN;
    if (gsl_stats_variance(rank, 1, n) > 0 &&
        gsl_stats_variance(rank + n, 1, n) > 0)
        rho = gsl_stats_correlation(rank, 1, rank + n, 1, n);
    *out = (struct spearman){.rho = rho, .p_two = t_tail(rho, n)};
    return 0;
}
