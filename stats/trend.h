/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slow drift: is there a trend, and how steep is it. */
#ifndef STATS_TREND_H
#define STATS_TREND_H

#include <stddef.h>

#include "base/error.h"

struct trend {
    double s;         /* Kendall's S: later values above earlier, less below */
    double tau;       /* S over the number of pairs (tau-a), -1..1 */
    double variance;  /* of S under no trend, corrected for ties */
    double p_two;     /* normal with continuity correction; 1 without a trend */
    double slope;     /* Theil-Sen: median of (x_j - x_i) / (t_j - t_i) */
    double intercept; /* median of x_i - slope t_i */
    double low, high; /* of the slope, at `confidence`; infinite when open */
    double confidence;
};

/* Mann-Kendall test and Theil-Sen slope with Sen's interval of x over the times
 * t, which must ascend; t NULL stands for 0, 1, 2, ...
 *
 * Mann, Econometrica 13 (1945); Kendall, Rank Correlation Methods; Theil
 * (1950); Sen, JASA 63 (1968).  n >= 2; confidence in 0..1, exclusive.
 * Returns 0, ERR_RANGE, ERR_INVAL or ERR_NOMEM.  Cost: O(n^2). */
int stats_trend(const double *t, const double *x, size_t n, double confidence,
                struct trend *out, struct error *err);

#endif
