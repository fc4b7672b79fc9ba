/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wilcoxon's signed-rank test, the Hodges-Lehmann centre and its
 * Walsh-average interval.
 *
 * T is the sum of the ranks of |d| over the positive d.  Its null distribution
 * gives every rank either sign with probability 1/2, whatever the (symmetric)
 * distribution of d.  Exact up to STATS_SIGNED_RANK_EXACT values, normal with
 * continuity and tie correction beyond.
 *
 * Sources: Wilcoxon, Biometrics Bulletin 1 (1945); Hodges & Lehmann, Annals of
 * Mathematical Statistics 34 (1963); Streitberg & Roehmel, "Exact distributions
 * for permutation and rank tests", Statistical Software Newsletter 12 (1986);
 * Hollander & Wolfe, Nonparametric Statistical Methods, section 3. */
#ifndef STATS_SIGNED_RANK_H
#define STATS_SIGNED_RANK_H

#include "base/error.h"
#include "stats/rank_test.h"

enum { STATS_SIGNED_RANK_EXACT = 200 };

/* P(T <= t) for n untied values, t = 0 .. n (n + 1) / 2, to cdf[t].
 * n <= STATS_SIGNED_RANK_EXACT.  Relative error below 1e-13.
 * Cost: O(n^3), no memory. */
void signed_rank_cdf(size_t n, double *cdf);

/* The largest c with P(T <= c - 1) <= tail: the c-th smallest and the c-th
 * largest Walsh average bound an interval that misses on either side with
 * probability *achieved.  0 when even T = 0 is more likely than the tail; then
 * *achieved is 2^-n.  n >= 1, 0 < tail < 1/2.
 * Cost: O(n^3) up to STATS_SIGNED_RANK_EXACT, O(1) beyond.
 * Returns 0 or ERR_NOMEM. */
int signed_rank_critical(size_t n, double tail, size_t *c, double *achieved,
                         struct error *err);

/* Test that the values lie symmetrically about mu.  Values equal to mu are
 * dropped (Wilcoxon's rule); with none left every p is 1 and n is 0.  With ties
 * among the |d| the exact distribution given the ties is used.
 * n >= 1.  Cost: O(n^3), O(n^2) memory. */
int signed_rank_test(const double *d, size_t n, double mu,
                     struct rank_test *out, struct error *err);

/* The values needed for a two-sided interval: the least n with
 * 1 - 2^(1 - n) >= confidence, 0 < confidence < 1. */
size_t stats_centre_needs(double confidence);

/* The Hodges-Lehmann centre (median of the Walsh averages) of x and its
 * interval at a confidence (0..1, exclusive), in the unit of x.  n >= 1.
 * Cost: O(n^3 + n^2), see pairwise_select() for large n. */
int stats_centre(const double *x, size_t n, double confidence,
                 struct rank_interval *out, struct error *err);

#endif
