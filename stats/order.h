/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order statistics: sorting, median, quantiles, ranks.
 *
 * True of every header of stats/ unless a function says otherwise:
 *
 * errors     0 on success; ERR_RANGE when an array is too short or holds a NaN
 *            or an infinity, ERR_INVAL for an argument outside its range,
 *            ERR_NOMEM; outputs are untouched on failure
 * purity     results depend on the arguments alone: no I/O, clock, globals;
 *            what draws random numbers takes a seed
 * inputs     read only, in any order, never kept */
#ifndef STATS_ORDER_H
#define STATS_ORDER_H

#include <stddef.h>

#include "base/error.h"

/* Refuse fewer than `least` values, NaN and infinities.
 * Returns 0 or ERR_RANGE.  Cost: O(n). */
int stats_need(const double *x, size_t n, size_t least, struct error *err);

/* Sort ascending, in place.  Cost: O(n log n), no memory. */
void stats_sort(double *x, size_t n);

/* A sorted copy; the caller frees *out.  n >= 1.  Cost: O(n log n). */
int stats_sorted(const double *x, size_t n, double **out, struct error *err);

/* The middle value, or the mean of the two middle ones.  n >= 1.
 * Cost: O(n) expected, a copy of x. */
int stats_median(const double *x, size_t n, double *out, struct error *err);

/* The p-quantile, 0 <= p <= 1, by linear interpolation between the order
 * statistics around (n - 1) p: type 7 of Hyndman & Fan, "Sample quantiles in
 * statistical packages", The American Statistician 50 (1996).  n >= 1.
 * Cost: O(n log n), a copy of x. */
int stats_quantile(const double *x, size_t n, double p, double *out,
                   struct error *err);

/* The same of a sorted array, n >= 1, nothing checked.  Cost: O(1). */
double stats_sorted_quantile(const double *sorted, size_t n, double p);

/* Ranks from 1, ties sharing their mean rank.  n >= 1; rank[n] is written.
 * `ties` (may be NULL) receives the sum of t^3 - t over groups of t equal
 * values, 0 when all differ.  Cost: O(n log n). */
int stats_midranks(const double *x, size_t n, double *rank, double *ties,
                   struct error *err);

#endif
