/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which revision a bisection looks at next.  Pure.
 *
 * Revisions are numbered from the good end, 0, to the bad end.  What is said of
 * one holds for all between it and its end. */
#ifndef CLI_BISECT_PLAN_H
#define CLI_BISECT_PLAN_H

#include <stdbool.h>
#include <stddef.h>

enum bisect_state {
    BISECT_UNKNOWN = 0,
    BISECT_GOOD,    /* measures like the good end */
    BISECT_BAD,     /* measures like the bad end */
    BISECT_SKIPPED, /* cannot be built or measured, or not told apart */
};

struct bisect_plan {
    enum bisect_state *state; /* [n], borrowed; zeroed by the caller */
    size_t n;                 /* 2 or more: both ends */
    size_t good, bad;         /* the newest good one, the oldest bad one */
};

/* The ends are known, nothing between. */
void bisect_plan_init(struct bisect_plan *plan, enum bisect_state *state,
                      size_t n);

/* The revision nearest to the middle of those that are still open; false when
 * none is. */
bool bisect_plan_next(const struct bisect_plan *plan, size_t *out);

/* Note what was found of a revision between the two. */
void bisect_plan_tell(struct bisect_plan *plan, size_t i,
                      enum bisect_state state);

/* Comparisons still to be made when none is skipped. */
int bisect_plan_left(const struct bisect_plan *plan);

#endif
