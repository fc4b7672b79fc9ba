/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing new numbers with stored ones, without the old program: per
 * invocation medians, unpaired, and with the noise between occasions as the
 * scale of the decision. */
#ifndef STATS_STORED_H
#define STATS_STORED_H

#include "base/error.h"
#include "base/results.h"
#include "stats/verdict.h"

/* One metric of one case on both sides.  Borrowed. */
struct stored_case {
    const struct invocations *old_occasion; /* of the baseline */
    size_t n_old;                           /* occasions */
    const struct invocation *new_side;
    size_t n_new;                 /* invocations */
    struct compare_policy policy; /* margin, better; alpha is an argument */
    double quantile;              /* that stands for an invocation, 0.5 */
    double learned; /* log ratio, see occasion_learned(); 0 when not */
};

/* What is known of the noise between occasions. */
struct occasion_noise {
    double stated; /* fraction, by the user (gate.occasion_noise); 0 when not */
    const double *anchor; /* log ratios new/old of the anchors; borrowed */
    size_t n_anchors;
};

/* Standard deviation of a log between occasions for every case, s[n]: what is
 * stated; else occasion_scale() of the case's own occasions, moderated over all
 * cases that have OCCASION_LEAST or more, of the largest spread between its
 * processes in one sitting of either side, and of the anchors.
 * Returns 0 or ERR_NOMEM.  Cost: O(samples log samples). */
int stored_noise(const struct stored_case *cases, size_t n,
                 const struct occasion_noise *known, double *s,
                 struct error *err);

/* Verdicts of n cases, given s[n] of stored_noise().
 *
 * The shift of the logs is estimated by Hodges-Lehmann with the exact
 * Mann-Whitney interval.  The bound to cross is
 * max(margin, exp(3 s) - 1, learned), in logs.
 *
 * regressed     the 95 % interval lies beyond the bound, and the one-sided
 *               Mann-Whitney p against the bound, adjusted by Holm over the n
 *               cases, is <= alpha
 * improved      the mirror image, with Benjamini-Hochberg at 5 %
 * unchanged     the 90 % interval lies inside the margins
 * inconclusive  REASON_NEEDS_OLD between the two; REASON_TOO_FEW when so few
 *               invocations cannot decide anything, n_needed says how many on
 *               each side can; REASON_CONSTANT when neither side varies
 * failed        a sample is not finite or has no logarithm
 * incomparable  REASON_MISSING, a side is empty
 *
 * p is the one against the bound, in the direction of the estimate; mde is the
 * ratio whose interval would lie beyond the bound with 80 % power.
 * Returns 0, ERR_INVAL for a policy that cannot judge, or ERR_NOMEM.
 * Cost: O(n), about 20 us a case of 10 + 10 invocations. */
int stored_compare(const struct stored_case *cases, size_t n, double alpha,
                   const double *s, struct comparison *out, struct error *err);

#endif
