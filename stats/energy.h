/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The energy statistic: how differently two samples are distributed, whatever
 * the difference. */
#ifndef STATS_ENERGY_H
#define STATS_ENERGY_H

#include <stddef.h>

#include "base/error.h"

/* Two-sample energy statistic
 *     n m / (n + m) (2 E|X - Y| - E|X - X'| - E|Y - Y'|)
 * with means over all pairs, equal ones included: 0 or more (Szekely & Rizzo,
 * "Energy statistics", J. Statist. Plann. Inference 143 (2013)).
 * n, m >= 1.  Cost: O((n + m) log (n + m)). */
int energy_statistic(const double *x, size_t n, const double *y, size_t m,
                     double *out, struct error *err);

/* The divergence of every split of a series into x[0..k-1] and x[k..n-1]: the
 * same with means over pairs of different values, as E-Divisive uses it
 * (Matteson & James, JASA 109 (2014)).  q[k] is written for k = 2 .. n - 2 and
 * 0 elsewhere, q[n].  n >= 1.
 * Cost: O(n log n), by running sums over the ranks. */
int energy_splits(const double *x, size_t n, double *q, struct error *err);

/* The same for callers that try many orders of the same values. */
struct energy;

/* Prepare for n >= 1 finite values.  The caller ends it with energy_free(). */
int energy_new(const double *x, size_t n, struct energy **out,
               struct error *err);
void energy_free(struct energy *energy);

/* The split k in least .. n - least with the largest divergence when the values
 * stand in this order (order[i] is an index into x); 0, with *q = 0, when n is
 * below 2 least.  least >= 2.  Cost: O(n log n), no memory. */
size_t energy_best_split(struct energy *energy, const size_t *order,
                         size_t least, double *q);

#endif
