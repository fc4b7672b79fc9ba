/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the points of many lines lie: tables that the points of a page refer
 * to by number.  Inside report/ only.
 *
 * A zeroed table is empty; moments_clear() ends it.  What it refers to is
 * borrowed from the points. */
#ifndef REPORT_MOMENTS_H
#define REPORT_MOMENTS_H

#include "report/history.h"

/* One sitting or several of one revision. */
struct moments {
    const struct history_point **point; /* one of each moment */
    size_t n, room;
    size_t *slot; /* hash table of numbers + 1, 0 for free; 2 x room */
    bool failed;  /* out of memory */
};

/* The number of a point's moment, added when it is new: its revision, date,
 * run and whether its sources were changed.
 *
 * guess  a number that it may well be
 *
 * Cost: O(1) expected. */
size_t moments_number(struct moments *moments, const struct history_point *p,
                      size_t guess);

void moments_clear(struct moments *moments);

/* How a point came about: invocations, occasions, confidence.  There are few
 * of them. */
struct efforts {
    const struct history_point **point;
    size_t n, room;
    bool failed;
};

size_t efforts_number(struct efforts *efforts, const struct history_point *p,
                      size_t guess);

void efforts_clear(struct efforts *efforts);

#endif
