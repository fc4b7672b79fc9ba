/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/means.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "stats/order.h"

int stats_moments(const double *x, size_t n, struct moments *out,
                  struct error *err)
{
    int rc = stats_need(x, n, 1, err);
    double mean;

    if (rc < 0)
        return rc;
    mean = gsl_stats_mean(x, 1, n);
    *out = (struct moments){
        .mean = mean,
        .sd = n > 1 ? gsl_stats_sd_m(x, 1, n, mean) : 0,
        .n = n,
    };
    return 0;
}

/* A mean and the variance of its error. */
struct side {
    double mean, error; /* error = variance / n */
    double df;
};

static int side_of(const double *x, size_t n, struct side *out,
                   struct error *err)
{
    struct moments m;
    int rc = stats_need(x, n, 2, err);

    if (rc == 0)
        rc = stats_moments(x, n, &m, err);
    if (rc == 0)
        *out = (struct side){m.mean, m.sd * m.sd / (double)n, (double)n - 1};
    return rc;
}

/* Satterthwaite's degrees of freedom of a + b. */
static double satterthwaite(double a, double a_df, double b, double b_df)
{
    return (a + b) * (a + b) / (a * a / a_df + b * b / b_df);
}

static int sides(const double *x, size_t n, const double *y, size_t m,
                 double confidence, struct side *a, struct side *b,
                 struct error *err)
{
    int rc = side_of(x, n, a, err);

    if (rc == 0)
        rc = side_of(y, m, b, err);
    if (rc == 0 && !(confidence > 0 && confidence < 1))
        rc = ERROR(err, ERR_INVAL, "confidence %g is not between 0 and 1",
                   confidence);
    return rc;
}

static double t_below(double t, double df)
{
    if (isinf(t))
        return t < 0 ? 0 : 1;
    if (isnan(t))
        return NAN;
    return gsl_cdf_tdist_P(t, df);
}

int stats_welch(const double *x, size_t n, const double *y, size_t m,
                double difference, double confidence, struct welch *out,
                struct error *err)
{
    struct side a, b;
    struct welch w = {.confidence = confidence};
    double se, half;
    int rc = sides(x, n, y, m, confidence, &a, &b, err);

    if (rc < 0)
        return rc;
    se = sqrt(a.error + b.error);
    w.difference = b.mean - a.mean;
    w.t = (w.difference - difference) / se;
    w.df = satterthwaite(a.error, a.df, b.error, b.df);
    w.p_less = t_below(w.t, w.df);
    w.p_greater = t_below(-w.t, w.df);
    w.p_two = 2 * t_below(-fabs(w.t), w.df);
    half = se > 0 ? se * gsl_cdf_tdist_Qinv((1 - confidence) / 2, w.df) : 0;
    w.low = w.difference - half;
    w.high = w.difference + half;
    *out = w;
    return 0;
}

int stats_tost(const double *x, size_t n, const double *y, size_t m, double low,
               double high, double *p, struct error *err)
{
    struct welch above, below;
    int rc = stats_welch(x, n, y, m, low, 0.9, &above, err);

    if (rc == 0)
        rc = stats_welch(x, n, y, m, high, 0.9, &below, err);
    if (rc < 0)
        return rc;
    *p = isnan(above.p_greater) || isnan(below.p_less)
             ? NAN
             : fmax(above.p_greater, below.p_less);
    return 0;
}

int stats_mean_ratio(const double *x, size_t n, const double *y, size_t m,
                     double confidence, struct mean_ratio *out,
                     struct error *err)
{
    struct side a, b;
    struct mean_ratio r = {.confidence = confidence};
    double t, square, product, root, rest;
    int rc = sides(x, n, y, m, confidence, &a, &b, err);

    if (rc < 0)
        return rc;
    if (a.mean == 0)
        return ERROR(err, ERR_RANGE, "the mean below the line is 0");
    r.ratio = b.mean / a.mean;
    r.df = satterthwaite(b.error, b.df, r.ratio * r.ratio * a.error, a.df);
    t = b.error + a.error > 0 ? gsl_cdf_tdist_Qinv((1 - confidence) / 2, r.df)
                              : 0;
    /* Roots of (a^2 - t^2 va) r^2 - 2 a b r + (b^2 - t^2 vb) = 0. */
    square = a.mean * a.mean - t * t * a.error;
    rest = b.mean * b.mean - t * t * b.error;
    product = a.mean * b.mean;
    r.open = !(square > 0);
    root = sqrt(fmax(product * product - square * rest, 0));
    r.low = r.open ? -INFINITY : (product - root) / square;
    r.high = r.open ? INFINITY : (product + root) / square;
    *out = r;
    return 0;
}
