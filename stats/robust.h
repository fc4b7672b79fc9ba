/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Robust scale.  Every scale is made to estimate the standard deviation of
 * normal data. */
#ifndef STATS_ROBUST_H
#define STATS_ROBUST_H

#include <stddef.h>

#include "base/error.h"

struct stats_robust {
    double median;
    double mad; /* median absolute deviation from the median (Hampel 1974) */
    double sn;  /* Rousseeuw & Croux, JASA 88 (1993) */
    double qn;  /* the same paper, 82 % efficient at the normal distribution */
};

/* All of them, in the unit of x.  n >= 2.  Sn and Qn carry the finite-sample
 * factors of the paper.  Cost: O(n log n). */
int stats_robust(const double *x, size_t n, struct stats_robust *out,
                 struct error *err);

/* The scale Tare reports and plans with: Qn, in the unit of x.  n >= 2.  Zero
 * when more than about a quarter of all pairs are equal.
 * Cost: O(n log n). */
int stats_spread(const double *x, size_t n, double *out, struct error *err);

#endif
