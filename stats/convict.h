/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second stage: every suspect gets a fresh batch of pairs, whose size is
 * fixed beforehand, and the batches alone convict.
 *
 * A batch is independent of how its case was selected, so the k one-sided
 * signed-rank p-values are valid, and Holm at alpha over them bounds the chance
 * that a run over any number of unchanged cases convicts one by alpha. */
#ifndef STATS_CONVICT_H
#define STATS_CONVICT_H

#include "base/error.h"
#include "stats/explore.h"
#include "stats/pair.h"
#include "stats/verdict.h"

/* False discovery rate of improvements, which never touch the exit status. */
#define CONVICT_IMPROVED_LEVEL 0.05

/* What the first stage knew of a suspect. */
struct suspicion {
    double
        effect; /* log ratio turned so that more is worse (explored.effect) */
    double spread; /* explored.spread */
    size_t n;      /* explored.n */
    bool improved; /* EXPLORE_SUSPECT_IMPROVED */
    double margin; /* of its policy */
    size_t most;   /* pairs its budget allows: max_convict */
};

/* Pairs for every suspect's batch, size[k], by power_batch_size(): level and k
 * count the regressions (alpha) and the improvements (5 %) apart.  The level
 * alpha/k can be reached at all from n = ceil(log2(k / alpha)); where `most` is
 * below that, the batch is `most` and cannot convict.
 *
 * k >= 1; alpha in 0..1.  Returns 0, ERR_INVAL or ERR_NOMEM.
 * Cost: about 0.1 s for sizes up to 64 pairs, whatever k. */
int convict_plan(const struct suspicion *suspicion, size_t k, double alpha,
                 uint64_t seed, size_t *size, struct error *err);

/* One suspect's fresh batch. */
struct batch {
    const struct pair_value *pair; /* borrowed */
    size_t n;                      /* 0 when there was no time for it */
    struct compare_policy policy;
    bool improved; /* which way it was suspected */
};

/* The verdicts of all suspects of a run, out[k].
 *
 * regressed     Holm-adjusted p <= alpha over the batches suspected of a
 *               regression, and the estimate worse than the margin
 * improved      Benjamini-Hochberg at 5 % over the others, mirrored
 * unchanged     not convicted, the pairs vary, and with 7 pairs or more the
 *               interval that misses on a side with 1/128 lies inside the
 *               margins (that is the 0.8 % which looks.h leaves)
 * inconclusive  otherwise: REASON_NOT_CONFIRMED, REASON_BUDGET for an empty
 *               batch, REASON_CONSTANT, and REASON_DISTURBED when the batch
 *               without its disturbed blocks speaks against the verdict: it would
 *               be convicted itself, lies outside the margins of an unchanged
 *               case, or does not bear a conviction out at 5 %
 * failed        a pair is not a number; it stays in the family with p = 1
 *
 * Returns 0, ERR_INVAL as explore_look(), or ERR_NOMEM. */
int convict(const struct batch *batch, size_t k, double alpha,
            struct comparison *out, struct error *err);

#endif
