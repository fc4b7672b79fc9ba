/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bootstrap intervals.  Seeded: the same seed gives the same interval. */
#ifndef STATS_BOOTSTRAP_H
#define STATS_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/results.h"

/* A figure of a sample; x must not be kept.  It is given n values, n as in the
 * sample or one less, and must not fail for them. */
typedef double bootstrap_statistic(void *ctx, const double *x, size_t n);

struct bootstrap {
    double estimate;
    double low, high;
    double confidence;
    double bias;         /* z0 of BCa; NaN for the others */
    double acceleration; /* a of BCa, by the jackknife; NaN for the others */
};

struct bootstrap_plan {
    size_t resamples; /* 1 or more; 2000 is usual */
    double confidence;
    uint64_t seed;
};

/* Bias-corrected and accelerated interval of any statistic: Efron, "Better
 * bootstrap confidence intervals", JASA 82 (1987).  n >= 2.
 * Where all resamples lie on one side of the estimate the interval is a point
 * mass at the end.  Cost: (resamples + n) calls. */
int bootstrap_bca(const double *x, size_t n, bootstrap_statistic *statistic,
                  void *ctx, const struct bootstrap_plan *plan,
                  struct bootstrap *out, struct error *err);

/* Bootstrap-t interval of the mean: Efron, The Jackknife, the Bootstrap and
 * Other Resampling Plans (1982).  n >= 2; ERR_RANGE when x is constant, since
 * nothing can be studentised.  Cost: O(resamples n). */
int bootstrap_t(const double *x, size_t n, const struct bootstrap_plan *plan,
                struct bootstrap *out, struct error *err);

/* Percentile interval of the ratio new/old of medians of medians, resampling
 * invocations and, within each, samples, as the measurement did: Kalibera &
 * Jones (2013); Davison & Hinkley, Bootstrap Methods, section 3.8.
 * n, m >= 1 invocations, each with a positive sample.
 * Cost: O(resamples samples). */
int bootstrap_ratio(const struct invocation *old_side, size_t n,
                    const struct invocation *new_side, size_t m,
                    const struct bootstrap_plan *plan, struct bootstrap *out,
                    struct error *err);

#endif
