/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adjusting p-values for the size of a family. */
#ifndef STATS_ADJUST_H
#define STATS_ADJUST_H

#include <stddef.h>

#include "base/error.h"

enum adjustment {
    ADJUST_HOLM = 1, /* family-wise error: Holm, Scand. J. Statist. 6 (1979) */
    ADJUST_BH, /* false discovery rate: Benjamini & Hochberg, JRSS B 57 (1995) */
    ADJUST_BY, /* the same under any dependence: Benjamini & Yekutieli, Annals
                * of Statistics 29 (2001) */
};

/* Adjust p[0..n-1]; adjusted[i] belongs to p[i] and is never below it.  A NaN
 * (not tested) stays NaN and does not count in the family.  n = 0 is allowed;
 * p and adjusted may be the same array.
 *
 * Returns 0, ERR_RANGE when a p is outside 0..1, or ERR_NOMEM.
 * Cost: O(n log n). */
int stats_adjust(enum adjustment how, const double *p, size_t n,
                 double *adjusted, struct error *err);

#endif
