/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first stage of an interleaved comparison: pairs are added and looked at
 * often, until the case is shown unchanged, is suspected, or is out of budget.
 * Nothing is convicted here, so looking costs nothing. */
#ifndef STATS_EXPLORE_H
#define STATS_EXPLORE_H

#include "base/error.h"
#include "stats/looks.h"
#include "stats/pair.h"
#include "stats/power.h"
#include "stats/rank_test.h"
#include "stats/verdict.h"

enum explore_next {
    EXPLORE_CONTINUE = 0, /* measure more pairs */
    EXPLORE_UNCHANGED,
    EXPLORE_SUSPECT,          /* of a regression: measure a fresh batch */
    EXPLORE_SUSPECT_IMPROVED, /* the mirror image */
    EXPLORE_INCONCLUSIVE,     /* max_explore is reached, or nothing varies */
    EXPLORE_FAILED,           /* a pair is not a number */
};

/* Log ratios here are turned so that more is worse. */
struct explored {
    enum explore_next next;
    enum verdict_reason reason; /* REASON_NONE while it continues or suspects */
    double effect;              /* Hodges-Lehmann centre; NaN without pairs */
    double spread;              /* Qn of the pairs, NaN with fewer than two */
    double p_worse, p_better;   /* one-sided signed rank; NaN without pairs */
    size_t n;                   /* pairs looked at */
    size_t look;      /* pairs at which it was found unchanged, or 0 */
    size_t next_look; /* the next n that can find it unchanged */
    size_t n_needed;  /* pairs that would decide a change of this size at this
                       * spread, by the normal approximation; 0 unknown */
};

/* Look at the first n pairs, in the order they were measured.  A pure function
 * of them: it may be called after every pair or every few with the same result,
 * since only the fixed looks (looks.h) can find a case unchanged.
 *
 * unchanged   at a fixed look the interval lay inside the margins, the pairs
 *             vary, and the undisturbed blocks do not contradict
 * suspect     one-sided p <= 5 % and the estimate beyond half the margin, with
 *             EXPLORE_LEAST pairs or more
 * otherwise   continue, and at max_explore inconclusive: REASON_BUDGET,
 *             REASON_DISTURBED when only the undisturbed blocks stood against
 *             unchanged, REASON_CONSTANT when the pairs do not vary,
 *             REASON_DRIFT when they have a trend (Mann-Kendall p <= 0.001)
 *
 * The undisturbed blocks contradict when 5 pairs or more have some and these,
 * looked at alone, make a suspect or have their centre outside the margins.
 *
 * Returns 0, ERR_INVAL for a margin that is not 0 or more or a direction of
 * BETTER_NONE, or ERR_NOMEM.  Cost: O(n^3), see signed_rank.h. */
int explore_look(const struct pair_value *pair, size_t n,
                 const struct compare_policy *policy, struct explored *out,
                 struct error *err);

/* What to report of a case that ends with this stage.  A case left while
 * continuing or suspected reads as inconclusive (budget; not-confirmed), with
 * n_needed where that is more than there were.  mde stays unknown: power.h.
 * n >= 1, but for EXPLORE_FAILED.
 * Returns 0, ERR_RANGE or ERR_NOMEM. */
int explore_report(const struct pair_value *pair, size_t n,
                   const struct compare_policy *policy,
                   const struct explored *explored, struct comparison *out,
                   struct error *err);

/* The reason of an unchanged case with this ratio: slower or faster within the
 * margin when a one-sided p is 1 % or less, else equivalent. */
enum verdict_reason explore_within(double p_worse, double p_better);

#endif
