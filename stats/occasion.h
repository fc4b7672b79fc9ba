/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much the same code moves from one occasion to the next, which is the
 * scale of every comparison across time. */
#ifndef STATS_OCCASION_H
#define STATS_OCCASION_H

#include <stddef.h>

#include "base/error.h"

/* Below this many occasions a case knows nothing of its own noise. */
enum { OCCASION_LEAST = 3 };

/* Never below this when so few are known: what a shared machine does between
 * two sittings. */
#define OCCASION_FLOOR 0.03

/* A change across time has to exceed so many of its standard deviations. */
#define OCCASION_REACH 3.0

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

/* By how much the machine as a whole moved between two occasions: the absolute
 * median of the anchors' log ratios, 0 without any; what is not finite is left
 * out.  Single anchors tell less: fork and the pointer chase often move by half
 * on virtual machines while the others stand still, and the median bears two
 * such in five (breakdown point one half: Hampel, JASA 69, 1974).
 * Returns 0 or ERR_NOMEM.  Cost: O(n log n). */
int occasion_level(const double *log_ratio, size_t n, double *level,
                   struct error *err);

/* What is known of one case's noise, in logs. */
struct occasion_case {
    double variance;  /* between its occasions, moderated */
    size_t occasions; /* that the variance comes from */
    double spread;    /* between the processes of one; 0 or NaN when unknown */
};

/* The scale s of its comparison with another occasion:
 *
 *     sqrt(variance (1 + 1 / occasions)) and at least spread / 2, which is
 *     the error of predicting one more occasion from the mean of those, or,
 *     with fewer than OCCASION_LEAST of them,
 *     spread and at least OCCASION_FLOOR;
 *     and level / OCCASION_REACH on top,
 *
 * so that the bound of REACH s is the case's own noise, and beyond it the way
 * that the machine has moved.  The spread counts since few occasions may be
 * alike by luck, and because it is what a case knows of itself when they are
 * missing: on 16 sittings of 15 programs the noise between sittings was 0.2 to
 * 0.8 of it, with tails (tests/slow/stats_stored.c).  Cost: O(1). */
double occasion_scale(const struct occasion_case *known, double level);

/* Noise learned from a case's past unchanged comparisons on this machine:
 * Q3 + 3 IQR of |log ratio|, a log ratio; 0 with fewer than 8 of them (outer
 * fence of Tukey, Exploratory Data Analysis, 1977).  ratio[] holds ratios > 0.
 * Cost: O(n log n). */
int occasion_learned(const double *ratio, size_t n, double *noise,
                     struct error *err);

#endif
