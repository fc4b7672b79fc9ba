/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "base/scope.h"

int stats_need(const double *x, size_t n, size_t least, struct error *err)
{
    if (n < least)
        return ERROR(err, ERR_RANGE, "%zu values where %zu are needed", n,
                     least);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return ERROR(err, ERR_RANGE, "value %zu of %zu is not finite",
                         i + 1, n);
    return 0;
}

void stats_sort(double *x, size_t n)
{
    gsl_sort(x, 1, n);
}

static int copied(const double *x, size_t n, double **out, struct error *err)
{
    int rc = stats_need(x, n, 1, err);
    double *copy;

    if (rc < 0)
        return rc;
    copy = malloc(n * sizeof *copy);
    if (!copy)
        return ERROR(err, ERR_NOMEM, "no memory for %zu values", n);
    memcpy(copy, x, n * sizeof *copy);
    *out = copy;
    return 0;
}

int stats_sorted(const double *x, size_t n, double **out, struct error *err)
{
    double *copy;
    int rc = copied(x, n, &copy, err);

    if (rc < 0)
        return rc;
    stats_sort(copy, n);
    *out = copy;
    return 0;
}

int stats_median(const double *x, size_t n, double *out, struct error *err)
{
    double *copy;
    int rc = copied(x, n, &copy, err);

    if (rc < 0)
        return rc;
    *out = gsl_stats_median(copy, 1, n);
    free(copy);
    return 0;
}

double stats_sorted_quantile(const double *sorted, size_t n, double p)
{
    return gsl_stats_quantile_from_sorted_data(sorted, 1, n, p);
}

int stats_quantile(const double *x, size_t n, double p, double *out,
                   struct error *err)
{
    double *sorted;
    int rc;

    if (!(p >= 0 && p <= 1))
        return ERROR(err, ERR_INVAL, "quantile %g is not in 0..1", p);
    rc = stats_sorted(x, n, &sorted, err);
    if (rc < 0)
        return rc;
    *out = stats_sorted_quantile(sorted, n, p);
    free(sorted);
    return 0;
}

int stats_midranks(const double *x, size_t n, double *rank, double *ties,
                   struct error *err)
{
    SCOPED(free_scoped) size_t *order = NULL;
    double sum = 0;
    int rc = stats_need(x, n, 1, err);

    if (rc < 0)
        return rc;
    order = malloc(n * sizeof *order);
    if (!order)
        return ERROR(err, ERR_NOMEM, "no memory for %zu ranks", n);
    gsl_sort_index(order, x, 1, n);
    for (size_t i = 0, end; i < n; i = end) {
        double t;

        for (end = i + 1; end < n && x[order[end]] == x[order[i]];)
            end++;
        t = (double)(end - i);
        sum += t * t * t - t;
        for (size_t k = i; k < end; k++)
            rank[order[k]] = ((double)(i + end) + 1) / 2;
    }
    if (ties)
        *ties = sum;
    return 0;
}
