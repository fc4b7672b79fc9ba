/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two rank tests (signed_rank.h, mann_whitney.h) report. */
#ifndef STATS_RANK_TEST_H
#define STATS_RANK_TEST_H

#include <stdbool.h>
#include <stddef.h>

/* Which null distribution a p-value came from. */
enum rank_null {
    RANK_NULL_UNSET = 0,
    RANK_NULL_EXACT,       /* no ties */
    RANK_NULL_CONDITIONAL, /* exact, given the ties */
    RANK_NULL_NORMAL,      /* normal, tie and continuity corrected */
};

struct rank_test {
    double statistic;
    double p_greater; /* of a statistic this large or larger */
    double p_less;    /* of a statistic this small or smaller */
    double p_two;     /* twice the smaller of the two, at most 1 */
    size_t n;         /* values that took part */
    enum rank_null null;
};

/* A distribution-free centre or shift with the interval that belongs to the
 * same null distribution as the test. */
struct rank_interval {
    double centre;
    double low, high;
    double confidence; /* achieved, at least the one asked for.  When open, the
                        * best that this many values can reach */
    bool open;         /* too few values: low is -inf and high is +inf */
    size_t n;          /* values (of the smaller side, for a shift) */
    size_t n_needed;   /* values (of each side) for the confidence asked for */
};

#endif
