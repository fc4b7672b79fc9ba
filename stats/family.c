/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/family.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "base/scope.h"
#include "stats/order.h"

static const size_t moved_least = 3;
static const double moved_share = 0.75;

static bool is_usable(double ratio)
{
    return ratio > 0 && isfinite(ratio);
}

int family_mean(const double *ratio, size_t n, double confidence,
                struct family_mean *out, struct error *err)
{
    struct family_mean f = {.ratio = NAN, .high = INFINITY, .open = true};
    double mean = 0, squares = 0, half;

    if (!(confidence > 0 && confidence < 1))
        return ERROR(err, ERR_INVAL, "confidence %g is not between 0 and 1",
                     confidence);
    for (size_t i = 0; i < n; i++) {
        double before;

        if (!is_usable(ratio[i])) {
            f.left_out++;
            continue;
        }
        before = log(ratio[i]) - mean;
        mean += before / (double)++f.n;
        squares += before * (log(ratio[i]) - mean);
    }
    if (f.n > 0)
        f.ratio = exp(mean);
    if (f.n > 1) {
        double df = (double)f.n - 1;

        half = gsl_cdf_tdist_Qinv((1 - confidence) / 2, df) *
               sqrt(squares / df / (double)f.n);
        f.low = exp(mean - half);
        f.high = exp(mean + half);
        f.confidence = confidence;
        f.open = false;
    }
    *out = f;
    return 0;
}

/* Squared standard error of a case's log ratio; NaN without an interval. */
static double squared_error(const struct family_case *c)
{
    double half = log(c->high / c->low) / 2, error;

    if (!(c->low > 0 && isfinite(c->high) && c->confidence > 0 &&
          c->confidence < 1 && c->df > 0))
        return NAN;
    error = half / gsl_cdf_tdist_Qinv((1 - c->confidence) / 2, c->df);
    return error * error;
}

int family_measured(const struct family_case *cases, size_t n,
                    double confidence, struct family_mean *out,
                    struct error *err)
{
    struct family_mean f = {.ratio = NAN, .high = INFINITY, .open = true};
    double sum = 0, variance = 0, weighted = 0, half;

    if (!(confidence > 0 && confidence < 1))
        return ERROR(err, ERR_INVAL, "confidence %g is not between 0 and 1",
                     confidence);
    for (size_t i = 0; i < n; i++) {
        double v = squared_error(&cases[i]);

        if (!is_usable(cases[i].ratio)) {
            f.left_out++;
            continue;
        }
        f.n++;
        sum += log(cases[i].ratio);
        variance += v;
        weighted += v * v / cases[i].df;
    }
    if (f.n > 0)
        f.ratio = exp(sum / (double)f.n);
    if (f.n > 0 && isfinite(variance) && isfinite(weighted)) {
        half = weighted > 0
                   ? gsl_cdf_tdist_Qinv((1 - confidence) / 2,
                                        variance * variance / weighted) *
                         sqrt(variance) / (double)f.n
                   : 0;
        f.low = f.ratio * exp(-half);
        f.high = f.ratio * exp(half);
        f.confidence = confidence;
        f.open = false;
    }
    *out = f;
    return 0;
}

enum verdict family_judge(const struct family_mean *mean, double margin,
                          enum better better)
{
    double delta = log1p(margin), low = log(mean->low), high = log(mean->high);

    if (mean->open || better == BETTER_NONE)
        return VERDICT_INCONCLUSIVE;
    if (low > delta)
        return better == BETTER_LOWER ? VERDICT_REGRESSED : VERDICT_IMPROVED;
    if (high < -delta)
        return better == BETTER_LOWER ? VERDICT_IMPROVED : VERDICT_REGRESSED;
    return low > -delta && high < delta ? VERDICT_UNCHANGED
                                        : VERDICT_INCONCLUSIVE;
}

/* Logs of what is usable; their median, NaN without any. */
static double log_median(const double *ratio, size_t n, double *room,
                         size_t *count)
{
    double median = NAN;

    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (is_usable(ratio[i]))
            room[(*count)++] = log(ratio[i]);
    if (*count > 0 && stats_median(room, *count, &median, NULL) < 0)
        return NAN;
    return median;
}

int family_moved(const double *ratio, size_t n, const double *anchor, size_t m,
                 double least, struct family_moved *out, struct error *err)
{
    SCOPED(free_scoped) double *room = malloc((n + m + 1) * sizeof *room);
    size_t count, anchors, along = 0;
    double cases, reference;

    if (!room)
        return ERROR(err, ERR_NOMEM, "no memory for %zu ratios", n + m);
    cases = log_median(ratio, n, room, &count);
    reference = log_median(anchor, m, room + n, &anchors);
    for (size_t i = 0; i < count; i++)
        along += room[i] * reference > 0;
    *out = (struct family_moved){
        .cases = exp(cases),
        .anchors = exp(reference),
        .share = count > 0 ? (double)along / (double)count : 0,
    };
    out->moved = count >= moved_least && anchors > 0 &&
                 fabs(cases) >= log1p(least) && out->share >= moved_share &&
                 cases * reference > 0 && fabs(reference) >= fabs(cases) / 2;
    return 0;
}
