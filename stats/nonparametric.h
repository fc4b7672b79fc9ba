/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distances and associations that do not ask for a distribution. */
#ifndef STATS_NONPARAMETRIC_H
#define STATS_NONPARAMETRIC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct ks {
    double d;   /* largest distance of the two distribution functions, 0..1 */
    double p;   /* of a distance this large or larger, two-sided */
    bool exact; /* given the ties; else the asymptotic distribution */
};

enum { KS_EXACT = 10000 };

/* Two-sample Kolmogorov-Smirnov test.  The exact p counts the lattice paths
 * that leave the band, ties joined (Schroeer & Trenkler, Computational
 * Statistics & Data Analysis 20 (1995)), for n m <= KS_EXACT; beyond, the
 * series of Smirnov (1948).  n, m >= 1.  Cost: O(n m). */
int stats_ks(const double *x, size_t n, const double *y, size_t m,
             struct ks *out, struct error *err);

/* Cliff's delta: P(y > x) - P(y < x), -1..1; 0 means neither side lies above.
 * Cliff, Psychological Bulletin 114 (1993).  n, m >= 1.
 * Cost: O((n + m) log (n + m)). */
int stats_cliff(const double *x, size_t n, const double *y, size_t m,
                double *out, struct error *err);

struct spearman {
    double rho;   /* correlation of the midranks; NaN when a side is constant */
    double p_two; /* Student's t with n - 2 degrees of freedom; NaN with rho, or
                   * with n < 3 */
};

/* Spearman's rank correlation of n >= 2 pairs.  Cost: O(n log n). */
int stats_spearman(const double *x, const double *y, size_t n,
                   struct spearman *out, struct error *err);

#endif
