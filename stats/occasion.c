/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/occasion.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_sf_psi.h>

#include "base/scope.h"
#include "stats/order.h"

static const size_t learn_least = 8;

static double digamma(double x)
{
    return gsl_sf_psi(x);
}

static double trigamma(double x)
{
    return gsl_sf_psi_1(x);
}

/* Newton's method on 1 / trigamma, which is nearly linear and convex, so that
 * it converges from below (Smyth 2004, appendix). */
static double inverse_trigamma(double y)
{
    double x = 0.5 + 1 / y;

    for (int i = 0; i < 50; i++) {
        double t = trigamma(x);
        double step = t * (1 - t / y) / gsl_sf_psi_n(2, x);

        x += step;
        if (fabs(step) <= 1e-12 * x)
            break;
    }
    return x;
}

/* Mean and excess variance of the logarithms, corrected for their df. */
static void log_moments(const double *variance, const double *df, size_t n,
                        double least, double *mean, double *excess)
{
    double sum = 0, squares = 0, sampling = 0;

    for (size_t i = 0; i < n; i++) {
        double half = df[i] / 2;
        double e = log(fmax(variance[i], least)) - digamma(half) + log(half);
        double before = e - (i > 0 ? sum / (double)i : e);

        sum += e;
        squares += before * (e - sum / (double)(i + 1));
        sampling += trigamma(half) / (double)n;
    }
    *mean = sum / (double)n;
    *excess = squares / ((double)n - 1) - sampling;
}

static struct moderation fit(const double *variance, const double *df, size_t n,
                             double least)
{
    double mean, excess, half;

    log_moments(variance, df, n, least, &mean, &excess);
    if (!(excess > 0)) {
        double sum = 0;

        for (size_t i = 0; i < n; i++)
            sum += fmax(variance[i], least) / (double)n;
        return (struct moderation){.variance = sum, .df = INFINITY};
    }
    half = inverse_trigamma(excess);
    return (struct moderation){
        .variance = exp(mean + digamma(half) - log(half)),
        .df = 2 * half,
    };
}

int occasion_moderate(const double *variance, const double *df, size_t n,
                      double *moderated, struct moderation *prior,
                      struct error *err)
{
    struct moderation m = {0};
    double median;
    int rc = stats_median(variance, n, &median, err);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        if (variance[i] < 0 || !(df[i] > 0))
            return ERROR(err, ERR_RANGE, "variance %zu is %g with %g df", i + 1,
                         variance[i], df[i]);
    if (n > 1 && median > 0)
        m = fit(variance, df, n, 1e-5 * median);
    for (size_t i = 0; i < n; i++)
        moderated[i] = isinf(m.df) ? m.variance
                                   : (m.df * m.variance + df[i] * variance[i]) /
                                         (m.df + df[i]);
    if (prior)
        *prior = m;
    return 0;
}

int occasion_level(const double *log_ratio, size_t n, double *level,
                   struct error *err)
{
    SCOPED(free_scoped) double *moved = malloc((n + 1) * sizeof *moved);
    size_t count = 0;

    if (!moved)
        return ERROR(err, ERR_NOMEM, "no memory for %zu anchors", n);
    for (size_t i = 0; i < n; i++)
        if (isfinite(log_ratio[i]))
            moved[count++] = log_ratio[i];
    stats_sort(moved, count);
    *level = count > 0 ? fabs(stats_sorted_quantile(moved, count, 0.5)) : 0;
    return 0;
}

double occasion_scale(const struct occasion_case *known, double level)
{
    double k = (double)known->occasions;
    double spread = isfinite(known->spread) ? known->spread : 0;
    double own = known->occasions < OCCASION_LEAST
                     ? fmax(OCCASION_FLOOR, spread)
                     : fmax(sqrt(known->variance * (1 + 1 / k)), spread / 2);

    return own + level / OCCASION_REACH;
}

int occasion_learned(const double *ratio, size_t n, double *noise,
                     struct error *err)
{
    SCOPED(free_scoped) double *size = NULL;
    double q1, q3;

    if (n < learn_least) {
        *noise = 0;
        return 0;
    }
    size = malloc(n * sizeof *size);
    if (!size)
        return ERROR(err, ERR_NOMEM, "no memory for %zu ratios", n);
    for (size_t i = 0; i < n; i++)
        size[i] = fabs(log(ratio[i]));
    if (stats_need(size, n, 1, err) < 0)
        return ERR_RANGE;
    stats_sort(size, n);
    q1 = stats_sorted_quantile(size, n, 0.25);
    q3 = stats_sorted_quantile(size, n, 0.75);
    *noise = q3 + 3 * (q3 - q1);
    return 0;
}
