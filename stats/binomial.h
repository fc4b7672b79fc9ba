/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rates: k of n. */
#ifndef STATS_BINOMIAL_H
#define STATS_BINOMIAL_H

#include <stddef.h>

/* The exact interval of Clopper & Pearson, Biometrika 26 (1934), for a rate of
 * which k of n were seen, k <= n.  n = 0 gives 0 and 1.
 * 0 < confidence < 1.  Cost: O(1). */
void binomial_interval(size_t k, size_t n, double confidence, double *low,
                       double *high);

/* P(K >= k) for K of n with rate p: small when k is more than chance. */
double binomial_at_least(size_t k, size_t n, double p);

#endif
