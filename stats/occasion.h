/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much the same code moves from one occasion to the next, which is the
 * scale of every comparison across time. */
#ifndef STATS_OCCASION_H
#define STATS_OCCASION_H

#include <stddef.h>

#include "base/error.h"

/* Below this many occasions a case knows nothing of its own noise. */
enum { OCCASION_LEAST = 3 };

/* Never below this when it rests on anchors alone: what a shared machine does
 * between two sittings. */
#define OCCASION_FLOOR 0.03

/* A scaled inverse chi-square prior over the cases' variances. */
struct moderation {
    double variance; /* of the prior */
    double df;       /* its weight in degrees of freedom; may be infinite */
};

/* Share what n cases know of a variance: each variance[i] with df[i] > 0
 * degrees of freedom is drawn towards a common prior, fitted by the moments of
 * the logarithms,
 *     moderated[i] = (df0 s0^2 + df[i] variance[i]) / (df0 + df[i]).
 * Smyth, "Linear models and empirical Bayes methods", Statistical Applications
 * in Genetics and Molecular Biology 3 (2004), section 6.2.  Zero variances
 * count as 1e-5 of their median.  With one case, or all zero, nothing moves.
 *
 * `prior` may be NULL.  n >= 1.  Cost: O(n log n). */
int occasion_moderate(const double *variance, const double *df, size_t n,
                      double *moderated, struct moderation *prior,
                      struct error *err);

/* The same scale from anchors: log ratios of each anchor between two occasions
 * estimate sqrt(2) s.  At least OCCASION_FLOOR, which is also the answer
 * without anchors.  NaN and infinite entries are left out. */
double occasion_from_anchors(const double *log_ratio, size_t n);

/* Noise learned from a case's past unchanged comparisons on this machine:
 * Q3 + 3 IQR of |log ratio|, a log ratio; 0 with fewer than 8 of them (outer
 * fence of Tukey, Exploratory Data Analysis, 1977).  ratio[] holds ratios > 0.
 * Cost: O(n log n). */
int occasion_learned(const double *ratio, size_t n, double *noise,
                     struct error *err);

#endif
