/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/harrell_davis.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "base/scope.h"
#include "stats/order.h"

size_t stats_quantile_needs(double p)
{
    return (size_t)ceil(HARRELL_DAVIS_BEYOND / fmin(p, 1 - p) - 1e-9);
}

/* Weights below this do not reach the last digit of the result. */
static const double negligible = 1e-17;

/* The order statistics that matter: first .. end - 1. */
static void range_of(size_t n, double p, double a, double b, size_t *first,
                     size_t *end)
{
    size_t low = (size_t)(p * (double)n), high = low;

    while (low > 0 &&
           gsl_cdf_beta_P((double)low / (double)n, a, b) > negligible)
        low--;
    while (high < n &&
           gsl_cdf_beta_Q((double)high / (double)n, a, b) > negligible)
        high++;
    *first = low;
    *end = high;
}

double harrell_davis_sorted(const double *sorted, size_t n, double p,
                            double *se)
{
    double a = ((double)n + 1) * p, b = ((double)n + 1) * (1 - p);
    double before, mean = 0, squares = 0;
    size_t first, end;

    range_of(n, p, a, b, &first, &end);
    before = gsl_cdf_beta_P((double)first / (double)n, a, b);
    for (size_t i = first; i < end; i++) {
        double upto = gsl_cdf_beta_P((double)(i + 1) / (double)n, a, b);
        double d = sorted[i] - sorted[first]; /* so that squares keep digits */

        mean += (upto - before) * d;
        squares += (upto - before) * d * d;
        before = upto;
    }
    if (se)
        *se = sqrt(fmax(squares - mean * mean, 0));
    return sorted[first] + mean;
}

int stats_harrell_davis(const double *x, size_t n, double p, double *out,
                        double *se, struct error *err)
{
    SCOPED(free_scoped) double *sorted = NULL;
    int rc;

    if (!(p > 0 && p < 1))
        return ERROR(err, ERR_INVAL, "quantile %g is not between 0 and 1", p);
    rc = stats_sorted(x, n, &sorted, err);
    if (rc < 0)
        return rc;
    if (n < stats_quantile_needs(p)) {
        rc = ERROR(err, ERR_EMPTY, "%zu samples do not carry p%g", n, 100 * p);
        error_help(err, "take %zu samples or more", stats_quantile_needs(p));
        return rc;
    }
    *out = harrell_davis_sorted(sorted, n, p, se);
    return 0;
}
