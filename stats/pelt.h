/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cheapest cutting of a long series into segments. */
#ifndef STATS_PELT_H
#define STATS_PELT_H

#include <stddef.h>

#include "base/error.h"

enum pelt_cost {
    PELT_MEAN = 1,      /* sum of squares about the mean; scale x to noise 1 */
    PELT_MEAN_VARIANCE, /* -2 log likelihood of a normal segment, less its
                         * constant: m log v + SS / v with v = SS / m, never
                         * below 1e-10 of the variance of the series */
};

/* Minimise the sum of the segments' costs plus `penalty` for every change, with
 * at least `least` points in a segment (2 or more for PELT_MEAN_VARIANCE).
 *
 * The optimum, not an approximation: dynamic programming where a last change is
 * given up once it cannot be best any more, which here takes effect `least`
 * points later so that it stays exact with a least length.
 * Killick, Fearnhead & Eckley, JASA 107 (2012).
 *
 * at    receives the first points of all segments but the first, room for n
 * cost  receives the sum, penalties included; may be NULL
 *
 * n >= 1.  Returns 0, ERR_RANGE, ERR_INVAL or ERR_NOMEM.
 * Cost: O(n) expected where changes are frequent, O(n^2) at worst. */
int stats_pelt(const double *x, size_t n, enum pelt_cost kind, double penalty,
               size_t least, size_t *at, size_t *count, double *cost,
               struct error *err);

#endif
