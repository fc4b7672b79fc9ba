/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of an interleaved comparison, without a verdict. */
#ifndef STATS_COMPARE_H
#define STATS_COMPARE_H

#include "base/error.h"
#include "stats/pair.h"
#include "stats/verdict.h"

/* Whether a policy can judge at all: a margin of 0 or more and a direction.
 * Returns 0 or ERR_INVAL. */
int compare_check(const struct compare_policy *policy, struct error *err);

/* The log ratios of pairs, turned so that more is worse: all[n] of all blocks,
 * clean[*n_clean] of the undisturbed ones, pairs without any left out.  Either
 * array may be NULL. */
void compare_turn(const struct pair_value *pair, size_t n, enum better better,
                  double *all, double *clean, size_t *n_clean);

/* Whether all values are equal (or there are none). */
bool compare_is_constant(const double *x, size_t n);

/* Fill everything a comparison reports about these pairs but verdict, reason,
 * stage, p_adjusted, mde and n_needed, which are left as comparison_unknown()
 * makes them.  The interval is at 95 %, or at 90 % where n is too small for
 * that.  The values of the sides are the centres of their pairs' medians.
 *
 * n >= 1, finite log ratios.  Returns 0, ERR_RANGE or ERR_NOMEM.
 * Cost: O(n^3), see signed_rank.h. */
int compare_pairs(const struct pair_value *pair, size_t n,
                  const struct compare_policy *policy, struct comparison *out,
                  struct error *err);

#endif
