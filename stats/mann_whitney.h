/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Mann-Whitney test, the Hodges-Lehmann shift and the interval that
 * belongs to it.  x is the old side, y the new one.
 *
 * U counts the pairs with y_j > x_i, ties for one half.  Exact by the product
 * formula up to MANN_WHITNEY_EXACT values together (every count is a whole
 * number below 2^53), exact given the ties up to MANN_WHITNEY_TIES, normal with
 * tie and continuity correction beyond.
 *
 * Sources: Mann & Whitney, Annals of Mathematical Statistics 18 (1947); the
 * generating function is the Gaussian binomial coefficient (Andrews, The Theory
 * of Partitions, chapter 3); Streitberg & Roehmel (1986) for ties; Hodges &
 * Lehmann (1963) and Lehmann, Nonparametrics, section 2.6, for the shift. */
#ifndef STATS_MANN_WHITNEY_H
#define STATS_MANN_WHITNEY_H

#include "base/error.h"
#include "stats/rank_test.h"

enum { MANN_WHITNEY_EXACT = 56, MANN_WHITNEY_TIES = 50 };

/* P(U <= u) for n and m untied values, u = 0 .. n m, to cdf[u].
 * n, m >= 1 and n + m <= MANN_WHITNEY_EXACT.  Relative error below 1e-14.
 * Cost: O(n n m), no memory. */
void mann_whitney_cdf(size_t n, size_t m, double *cdf);

/* The largest c with P(U <= c - 1) <= tail: the c-th smallest and the c-th
 * largest difference bound an interval that misses on either side with
 * probability *achieved.  0 when even U = 0 is more likely than the tail.
 * n, m >= 1, 0 < tail < 1/2.  Returns 0 or ERR_NOMEM. */
int mann_whitney_critical(size_t n, size_t m, double tail, size_t *c,
                          double *achieved, struct error *err);

/* The pairs with y_j > x_i + shift, ties for one half, and what they are counted
 * from. */
struct mann_whitney_ranks {
    double u;
    double ties;  /* the sum of t^3 - t over groups of t equal values */
    double *rank; /* of the n values of x, then of the m of y; owned: free() */
};

/* n, m >= 1.  Cost: O((n + m) log (n + m)). */
int mann_whitney_rank(const double *x, size_t n, const double *y, size_t m,
                      double shift, struct mann_whitney_ranks *out,
                      struct error *err);

/* Test that y and x + shift have the same distribution; p_greater is small when
 * y lies above x + shift.  n, m >= 1.
 * Cost: O(n n m) without ties, O((n + m)^2 n (n + m)) with, O(N log N) beyond
 * the limits above. */
int mann_whitney_test(const double *x, size_t n, const double *y, size_t m,
                      double shift, struct rank_test *out, struct error *err);

/* The values needed on each side (n = m) for a two-sided interval,
 * 0 < confidence < 1. */
size_t stats_shift_needs(double confidence);

/* The Hodges-Lehmann shift (median of y_j - x_i) and its interval at a
 * confidence (0..1, exclusive), in the unit of x and y.  n, m >= 1.
 * Cost: O(n m) expected, see pairwise_select() for large samples. */
int stats_shift(const double *x, size_t n, const double *y, size_t m,
                double confidence, struct rank_interval *out,
                struct error *err);

#endif
