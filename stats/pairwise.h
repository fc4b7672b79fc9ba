/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order statistics of pairwise sums, which the Hodges-Lehmann estimators and
 * the intervals of the rank tests are made of. */
#ifndef STATS_PAIRWISE_H
#define STATS_PAIRWISE_H

#include <stddef.h>

#include "base/error.h"
#include "stats/rank_test.h"

/* What is paired with what. */
enum pairwise {
    PAIRWISE_WALSH = 1, /* (x_i + x_j) / 2 for i <= j: n (n + 1) / 2 values */
    PAIRWISE_SHIFT,     /* y_j - x_i: n m values */
};

/* The order statistics at `rank[0..count-1]` (from 0, below the number of
 * pairs) of the pairwise values of sorted arrays.  For PAIRWISE_WALSH, y and m
 * are ignored.  Nothing is checked but memory.
 *
 * Cost: O(pairs) time and memory up to 10^4 pairs; beyond, O((n + m) log^2) for
 * each rank and O(n + m) memory, by cutting rows of the implicit sorted matrix
 * at the weighted median of their middles: Johnson & Mizoguchi, "Selecting the
 * Kth element in X + Y", SIAM J. Comput. 7 (1978); compare Monahan, Algorithm
 * 616, ACM TOMS 10 (1984).
 *
 * Returns 0 or ERR_NOMEM. */
int pairwise_select(enum pairwise kind, const double *x, size_t n,
                    const double *y, size_t m, const size_t *rank, size_t count,
                    double *out, struct error *err);

/* The Hodges-Lehmann estimator, the median of those values, and the c-th of them
 * from either end as its limits, which are open when c is 0: *out's centre, low,
 * high and open.  Returns 0 or ERR_NOMEM. */
int pairwise_interval(enum pairwise kind, const double *x, size_t n,
                      const double *y, size_t m, size_t c,
                      struct rank_interval *out, struct error *err);

#endif
