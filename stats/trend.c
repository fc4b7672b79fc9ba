/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/trend.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "base/scope.h"
#include "stats/order.h"

static int check(const double *t, const double *x, size_t n, double confidence,
                 struct error *err)
{
    int rc = stats_need(x, n, 2, err);

    if (rc == 0 && t)
        rc = stats_need(t, n, 2, err);
    if (rc < 0)
        return rc;
    for (size_t i = 1; t && i < n; i++)
        if (t[i] <= t[i - 1])
            return ERROR(err, ERR_RANGE, "times must ascend, time %zu does not",
                         i + 1);
    if (!(confidence > 0 && confidence < 1))
        return ERROR(err, ERR_INVAL, "confidence %g is not between 0 and 1",
                     confidence);
    return 0;
}

static double at(const double *t, size_t i)
{
    return t ? t[i] : (double)i;
}

/* The slopes of all pairs and Kendall's S. */
static size_t slopes_of(const double *t, const double *x, size_t n,
                        double *slope, double *s)
{
    size_t count = 0;

    *s = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            *s += (x[j] > x[i]) - (x[j] < x[i]);
            slope[count++] = (x[j] - x[i]) / (at(t, j) - at(t, i));
        }
    return count;
}

/* Variance of S: n (n-1) (2n+5) less the same over groups of ties, over 18. */
static int variance_of(const double *x, size_t n, double *variance,
                       struct error *err)
{
    SCOPED(free_scoped) double *sorted = NULL;
    double v = (double)n * ((double)n - 1) * (2 * (double)n + 5);
    int rc = stats_sorted(x, n, &sorted, err);

    if (rc < 0)
        return rc;
    for (size_t i = 0, end; i < n; i = end) {
        double t;

        for (end = i + 1; end < n && sorted[end] == sorted[i];)
            end++;
        t = (double)(end - i);
        v -= t * (t - 1) * (2 * t + 5);
    }
    *variance = v / 18;
    return 0;
}

/* Sen's limits: slopes (N -+ C) / 2 with C = z sqrt(variance). */
static void limits(double *slope, size_t pairs, double z, struct trend *trend)
{
    double c = z * sqrt(trend->variance);
    double lower = ((double)pairs - c) / 2, upper = ((double)pairs + c) / 2 + 1;

    trend->low = -INFINITY;
    trend->high = INFINITY;
    if (lower >= 1)
        trend->low = gsl_stats_select(slope, 1, pairs, (size_t)lower - 1);
    if (upper <= (double)pairs)
        trend->high =
            gsl_stats_select(slope, 1, pairs, (size_t)ceil(upper) - 1);
}

int stats_trend(const double *t, const double *x, size_t n, double confidence,
                struct trend *out, struct error *err)
{
    SCOPED(free_scoped) double *slope = NULL;
    SCOPED(free_scoped) double *rest = NULL;
    struct trend trend = {.confidence = confidence, .p_two = 1};
    size_t pairs;
    int rc = check(t, x, n, confidence, err);

    if (rc == 0)
        rc = variance_of(x, n, &trend.variance, err);
    if (rc < 0)
        return rc;
    slope = malloc(n * (n - 1) / 2 * sizeof *slope);
    rest = malloc(n * sizeof *rest);
    if (!slope || !rest)
        return ERROR(err, ERR_NOMEM, "no memory for the slopes of %zu points",
                     n);
    pairs = slopes_of(t, x, n, slope, &trend.s);
    trend.slope = gsl_stats_median(slope, 1, pairs);
    trend.tau = trend.s / (double)pairs;
    for (size_t i = 0; i < n; i++)
        rest[i] = x[i] - trend.slope * at(t, i);
    rc = stats_median(rest, n, &trend.intercept, err);
    if (rc < 0)
        return rc;
    if (trend.variance > 0 && trend.s != 0)
        trend.p_two = fmin(1, 2 * gsl_cdf_ugaussian_Q((fabs(trend.s) - 1) /
                                                      sqrt(trend.variance)));
    limits(slope, pairs, gsl_cdf_ugaussian_Qinv((1 - confidence) / 2), &trend);
    *out = trend;
    return 0;
}
