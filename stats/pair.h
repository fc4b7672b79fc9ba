/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the slices of an interleaved comparison to one number per pair. */
#ifndef STATS_PAIR_H
#define STATS_PAIR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Four slices in ABBA or BAAB order, each in ns per iteration: the order does
 * not matter for the value, since both designs take the middle and the outer
 * two apart. */
struct slice_block {
    double old_ns[2];
    double new_ns[2];
    bool disturbed; /* something foreign interfered: steal, run-queue delay,
                     * migration; never judged by the times themselves */
};

struct pair_value {
    double log_ratio; /* median of all blocks' values */
    double log_clean; /* of the undisturbed blocks; NaN when there is none */
    double old_total, new_total; /* sums over all slices, ns per iteration */
    double old_ns, new_ns;       /* medians over all slices */
    size_t blocks;
    size_t left_out; /* disturbed blocks, absent from log_clean */
};

/* (log B1 + log B2 - log A1 - log A2) / 2: the log ratio new/old of a block,
 * free of linear drift and of order.  NaN unless all four are positive and
 * finite. */
double block_value(const struct slice_block *block);

/* One pair of processes.  n >= 1 blocks; ERR_RANGE when a slice is not positive
 * and finite.  Cost: O(n). */
int pair_summarise(const struct slice_block *block, size_t n,
                   struct pair_value *out, struct error *err);

#endif
