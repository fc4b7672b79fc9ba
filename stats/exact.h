/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deterministic metrics (instructions, allocations, bytes): once repeating the
 * same program gives the same number, two numbers are simply compared. */
#ifndef STATS_EXACT_H
#define STATS_EXACT_H

#include "base/error.h"
#include "base/results.h"
#include "stats/verdict.h"

/* Whether a side repeats itself: two invocations or more, at least one sample
 * in each, all finite and equal.  Never ask it of a time: equal times mean a
 * coarse clock. */
bool exact_is_deterministic(const struct invocation *invocation, size_t n);

/* Compare two deterministic sides.  Beyond the margin (symmetric in logarithms
 * for positive numbers, relative to the size of the old one otherwise) the
 * change is regressed or improved by the policy's direction; inside it is
 * unchanged: REASON_EXACT when equal, else slower or faster within the margin.
 * From 0 to anything else is beyond every margin.  p stays unknown and the
 * confidence is 1.
 *
 * Returns 0, ERR_INVAL for a policy that cannot judge (compare.h), or ERR_RANGE
 * when a side is not deterministic.  Cost: O(samples). */
int exact_compare(const struct invocation *old_side, size_t n,
                  const struct invocation *new_side, size_t m,
                  const struct compare_policy *policy, struct comparison *out,
                  struct error *err);

#endif
