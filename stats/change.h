/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Change points in the history of one number: one point per revision on one
 * machine. */
#ifndef STATS_CHANGE_H
#define STATS_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct change_policy {
    size_t least;        /* points on either side of a change, 2 or more */
    size_t permutations; /* B of the test */
    double level;        /* p up to which a change is one */
    size_t window;       /* newest points looked at; 0 for all */
    double margin;       /* smallest |ratio - 1| worth telling, a fraction */
    uint64_t seed;
};

/* The contract's defaults: 3 points, B = 999, p <= 0.01, the last 200 points,
 * margin 2 %. */
struct change_policy change_defaults(void);

struct change {
    size_t at;            /* index of the first point of the new level */
    double before, after; /* medians of the segments on both sides */
    double ratio;         /* after / before; NaN without a positive level */
    double p;             /* by permutation, (b + 1) / (B + 1) */
    bool provisional;     /* too few points after it: tell, but do not alarm */
};

/* Find the changes of a series, in the order of time.
 *
 * Binary segmentation with the energy statistic (energy.h) on the logarithms,
 * or on the values where one is not positive.  A segment is split where the
 * divergence is largest when p <= level, p from B seeded permutations; these
 * stop as soon as p cannot reach the level any more (Besag & Clifford,
 * Biometrika 78 (1991)).  Changes whose segments' medians differ by no more
 * than the margin are then dropped, smallest first.  A series that ends with
 * one or two points beyond everything before them in their segment, by more
 * than the margin and with exact chance 2 / C(n, 1 or 2) <= 5 %, carries a
 * provisional change.
 *
 * breaks  known breaks, ascending indices: a new machine starts there.  Nothing
 *         is compared across one, and none is reported.  May be NULL.
 * out     room for n changes
 *
 * n >= 1 finite values.  Returns 0, ERR_RANGE, ERR_INVAL for a policy with
 * least < 2 or no permutations, or ERR_NOMEM.
 * Cost: O(B n log n) for each change and each level piece: 15 ms at n = 200. */
int change_find(const double *x, size_t n, const size_t *breaks,
                size_t n_breaks, const struct change_policy *policy,
                struct change *out, size_t *count, struct error *err);

#endif
