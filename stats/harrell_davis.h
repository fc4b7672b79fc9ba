/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles of many samples, and whether there are enough of them. */
#ifndef STATS_HARRELL_DAVIS_H
#define STATS_HARRELL_DAVIS_H

#include <stddef.h>

#include "base/error.h"

/* Samples that must be expected beyond a quantile before it is told. */
enum { HARRELL_DAVIS_BEYOND = 5 };

/* The samples a p-quantile needs: HARRELL_DAVIS_BEYOND / min(p, 1 - p), rounded
 * up: 10 for the median, 50 for p90, 500 for p99.  0 < p < 1. */
size_t stats_quantile_needs(double p);

/* The p-quantile (0 < p < 1) as a mean of all order statistics weighted by beta
 * increments, with the standard error of Maritz & Jarrett (JASA 73, 1978).
 * Harrell & Davis, Biometrika 69 (1982).
 *
 * se may be NULL.  Refused with ERR_EMPTY and a remedy when n is below
 * stats_quantile_needs(p): the figure would be the largest samples' alone.
 * Returns 0, ERR_EMPTY, ERR_RANGE, ERR_INVAL or ERR_NOMEM.
 * Cost: O(n log n). */
int stats_harrell_davis(const double *x, size_t n, double p, double *out,
                        double *se, struct error *err);

/* The same of a sorted array of any n >= 1, nothing checked. */
double harrell_davis_sorted(const double *sorted, size_t n, double p,
                            double *se);

#endif
