/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/bootstrap.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_statistics_double.h>

#include "base/scope.h"
#include "stats/order.h"

/* What every bootstrap needs. */
struct resampling {
    gsl_rng *random;
    double *resample;  /* room for one resample */
    double *statistic; /* [resamples] */
};

static void resampling_clear(struct resampling *r)
{
    if (r->random)
        gsl_rng_free(r->random);
    free(r->resample);
    free(r->statistic);
}

static int prepare(struct resampling *r, const struct bootstrap_plan *plan,
                   size_t n, struct error *err)
{
    if (plan->resamples == 0 || !(plan->confidence > 0 && plan->confidence < 1))
        return ERROR(err, ERR_INVAL, "%zu resamples at a confidence of %g",
                     plan->resamples, plan->confidence);
    r->random = gsl_rng_alloc(gsl_rng_mt19937);
    r->resample = malloc((n + 1) * sizeof *r->resample);
    r->statistic = malloc(plan->resamples * sizeof *r->statistic);
    if (!r->random || !r->resample || !r->statistic)
        return ERROR(err, ERR_NOMEM, "no memory for %zu resamples",
                     plan->resamples);
    gsl_rng_set(r->random, (unsigned long)plan->seed);
    return 0;
}

static void draw(struct resampling *r, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        r->resample[i] = x[gsl_rng_uniform_int(r->random, n)];
}

/* --- BCa */

/* a = sum u^3 / (6 (sum u^2)^(3/2)) over the jackknife's influence values. */
static double acceleration_of(const double *x, size_t n,
                              bootstrap_statistic *statistic, void *ctx,
                              double *without, double *value)
{
    double mean = 0, cubes = 0, squares = 0, most = 0;

    memcpy(without, x + 1, (n - 1) * sizeof *without);
    for (size_t i = 0; i < n; i++) {
        value[i] = statistic(ctx, without, n - 1);
        mean += value[i] / (double)n;
        if (i + 1 < n)
            without[i] = x[i];
    }
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(mean - value[i]));
    for (size_t i = 0; i < n && most > 0; i++) {
        double u = (mean - value[i]) / most;

        squares += u * u;
        cubes += u * u * u;
    }
    return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0;
}

static int too_large(struct error *err)
{
    return ERROR(err, ERR_RANGE, "the values are too large to resample");
}

/* The share of resamples below the estimate, ties for one half, as a normal
 * quantile. */
static double bias_of(const double *sorted, size_t n, double estimate)
{
    double below = 0;

    for (size_t i = 0; i < n; i++)
        below += sorted[i] < estimate ? 1 : (sorted[i] == estimate ? 0.5 : 0);
    return gsl_cdf_ugaussian_Pinv(below / (double)n);
}

static double corrected(double z0, double a, double tail)
{
    double z = z0 + gsl_cdf_ugaussian_Pinv(tail);

    if (isinf(z0))
        return z0 < 0 ? 0 : 1;
    return gsl_cdf_ugaussian_P(z0 + z / (1 - a * z));
}

int bootstrap_bca(const double *x, size_t n, bootstrap_statistic *statistic,
                  void *ctx, const struct bootstrap_plan *plan,
                  struct bootstrap *out, struct error *err)
{
    SCOPED(resampling_clear) struct resampling r = {0};
    SCOPED(free_scoped) double *value = NULL;
    struct bootstrap b = {.confidence = plan->confidence};
    double tail = (1 - plan->confidence) / 2;
    int rc = stats_need(x, n, 2, err);

    if (rc == 0)
        rc = prepare(&r, plan, n, err);
    if (rc < 0)
        return rc;
    value = malloc(n * sizeof *value);
    if (!value)
        return ERROR(err, ERR_NOMEM, "no memory for %zu values", n);
    b.estimate = statistic(ctx, x, n);
    b.acceleration = acceleration_of(x, n, statistic, ctx, r.resample, value);
    for (size_t i = 0; i < plan->resamples; i++) {
        draw(&r, x, n);
        r.statistic[i] = statistic(ctx, r.resample, n);
    }
    if (!isfinite(b.estimate) || !isfinite(b.acceleration) ||
        stats_need(r.statistic, plan->resamples, 1, NULL) < 0)
        return too_large(err);
    stats_sort(r.statistic, plan->resamples);
    b.bias = bias_of(r.statistic, plan->resamples, b.estimate);
    b.low = stats_sorted_quantile(r.statistic, plan->resamples,
                                  corrected(b.bias, b.acceleration, tail));
    b.high = stats_sorted_quantile(r.statistic, plan->resamples,
                                   corrected(b.bias, b.acceleration, 1 - tail));
    *out = b;
    return 0;
}

/* --- bootstrap-t */

int bootstrap_t(const double *x, size_t n, const struct bootstrap_plan *plan,
                struct bootstrap *out, struct error *err)
{
    SCOPED(resampling_clear) struct resampling r = {0};
    double tail = (1 - plan->confidence) / 2, mean, se;
    size_t used = 0;
    int rc = stats_need(x, n, 2, err);

    if (rc == 0)
        rc = prepare(&r, plan, n, err);
    if (rc < 0)
        return rc;
    mean = gsl_stats_mean(x, 1, n);
    se = gsl_stats_sd(x, 1, n) / sqrt((double)n);
    if (!isfinite(mean) || !isfinite(se))
        return too_large(err);
    if (!(se > 0))
        return ERROR(err, ERR_RANGE, "all %zu values are equal", n);
    for (size_t i = 0; i < plan->resamples; i++) {
        double error, shift;

        draw(&r, x, n);
        error = gsl_stats_sd(r.resample, 1, n) / sqrt((double)n);
        shift = gsl_stats_mean(r.resample, 1, n) - mean;
        if (error > 0)
            r.statistic[used++] = shift / error;
    }
    if (used == 0)
        return ERROR(err, ERR_RANGE, "no resample varies");
    stats_sort(r.statistic, used);
    *out = (struct bootstrap){
        .estimate = mean,
        .low = mean - se * stats_sorted_quantile(r.statistic, used, 1 - tail),
        .high = mean - se * stats_sorted_quantile(r.statistic, used, tail),
        .confidence = plan->confidence,
        .bias = NAN,
        .acceleration = NAN,
    };
    return 0;
}

/* --- hierarchical */

static size_t longest(const struct invocation *v, size_t n, size_t least)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].n > least)
            least = v[i].n;
    return least;
}

static int check_side(const struct invocation *v, size_t n, struct error *err)
{
    if (n == 0)
        return ERROR(err, ERR_RANGE, "a side has no invocation");
    for (size_t i = 0; i < n; i++) {
        int rc = stats_need(v[i].sample, v[i].n, 1, err);

        if (rc < 0)
            return rc;
        for (size_t k = 0; k < v[i].n; k++)
            if (v[i].sample[k] <= 0)
                return ERROR(err, ERR_RANGE,
                             "sample %zu of invocation %zu is not positive",
                             k + 1, i + 1);
    }
    return 0;
}

/* The median of medians of one side, resampled at both levels when asked. */
static double side_level(struct resampling *r, const struct invocation *v,
                         size_t n, bool resampled, double *medians)
{
    for (size_t i = 0; i < n; i++) {
        const struct invocation *from =
            resampled ? &v[gsl_rng_uniform_int(r->random, n)] : &v[i];

        if (resampled)
            draw(r, from->sample, from->n);
        else
            memcpy(r->resample, from->sample, from->n * sizeof *r->resample);
        medians[i] = gsl_stats_median(r->resample, 1, from->n);
    }
    return gsl_stats_median(medians, 1, n);
}

int bootstrap_ratio(const struct invocation *old_side, size_t n,
                    const struct invocation *new_side, size_t m,
                    const struct bootstrap_plan *plan, struct bootstrap *out,
                    struct error *err)
{
    SCOPED(resampling_clear) struct resampling r = {0};
    SCOPED(free_scoped) double *medians = NULL;
    double tail = (1 - plan->confidence) / 2, estimate;
    int rc = check_side(old_side, n, err);

    if (rc == 0)
        rc = check_side(new_side, m, err);
    if (rc == 0)
        rc = prepare(&r, plan, longest(new_side, m, longest(old_side, n, 0)),
                     err);
    if (rc < 0)
        return rc;
    medians = malloc((n > m ? n : m) * sizeof *medians);
    if (!medians)
        return ERROR(err, ERR_NOMEM, "no memory for %zu invocations", n + m);
    estimate = side_level(&r, new_side, m, false, medians) /
               side_level(&r, old_side, n, false, medians);
    for (size_t i = 0; i < plan->resamples; i++)
        r.statistic[i] = side_level(&r, new_side, m, true, medians) /
                         side_level(&r, old_side, n, true, medians);
    if (!isfinite(estimate) ||
        stats_need(r.statistic, plan->resamples, 1, NULL) < 0)
        return too_large(err);
    stats_sort(r.statistic, plan->resamples);
    *out = (struct bootstrap){
        .estimate = estimate,
        .low = stats_sorted_quantile(r.statistic, plan->resamples, tail),
        .high = stats_sorted_quantile(r.statistic, plan->resamples, 1 - tail),
        .confidence = plan->confidence,
        .bias = NAN,
        .acceleration = NAN,
    };
    return 0;
}
