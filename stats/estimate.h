/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Estimating one program: the centre of its invocations with an interval, what
 * varies, and when to stop. */
#ifndef STATS_ESTIMATE_H
#define STATS_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/results.h"

/* What stands for an invocation. */
struct estimate_policy {
    double quantile;     /* of its samples: 0.5 the median, 0 the minimum */
    double confidence;   /* 0.95 */
    double precision;    /* relative half-width to stop at, 0.01 */
    double process_cost; /* of one more invocation without its samples, and */
    double sample_cost;  /* of one more sample, in one unit; 0 when unknown */
};

/* The contract's defaults: median, 95 %, 1 %, costs unknown. */
struct estimate_policy estimate_defaults(void);

/* Everything an estimate says.  Figures that cannot be known are NaN. */
struct estimate {
    double value;      /* Hodges-Lehmann centre of the invocations' summaries */
    double low, high;  /* exact Walsh-average interval, infinite when open */
    double confidence; /* achieved */
    bool open;         /* too few invocations for an interval */
    size_t invocations;        /* n */
    size_t invocations_needed; /* the least n whose interval is not open */
    size_t samples;            /* over all invocations */
    double half_width;         /* relative to the value; infinite when open */
    double between; /* robust spread of the invocations' summaries, relative */
    double within;  /* median over invocations of the robust spread of their
                     * samples, relative */
    double icc, deff;     /* components.h */
    double lag1, ess;     /* series.h */
    size_t modes;         /* of the samples (modes.h), each relative to its
                      * invocation's summary, that hold a tenth of them and lie
                      * further apart than the precision; 0 unknown.  More than
                      * one says that the centre may stand for nothing */
    size_t between_modes; /* of the summaries; 0 with fewer than MODES_LEAST */
    size_t best_samples;  /* per invocation, for these costs; 0 unknown */
    size_t precise_at;    /* invocations that would reach the precision at this
                          * spread; 0 unknown */
    size_t halved_at;     /* invocations of best_samples (or as many samples as
                          * now) that would halve the interval; 0 unknown */
};

/* Estimate a metric from the invocations of one occasion.  The summaries are
 * taken on logarithms when all of them are positive (the centre is then a
 * geometric one), else as they are.
 *
 * n >= 1 invocations, each with a sample; finite samples.
 * Cost: O(samples log samples + n^3), see signed_rank.h. */
int estimate(const struct invocation *invocation, size_t n,
             const struct estimate_policy *policy, struct estimate *out,
             struct error *err);

/* The summaries alone, out[n]: one value per invocation. */
int estimate_summaries(const struct invocation *invocation, size_t n,
                       double quantile, double *out, struct error *err);

/* Whether to measure another invocation.  STOPPED_UNSET: yes.
 *
 * STOPPED_PRECISE  the interval is narrow enough, and the estimates of the
 *                  first and the second half lie inside each other's interval
 * STOPPED_NO_GAIN  at 24, 48, 96, ... invocations the interval is no narrower
 *                  than it was with half of them: something drifts or jumps,
 *                  and more of the same will not settle it
 * STOPPED_BUDGET   spent >= budget (any one unit)
 *
 * Looks at one program alone; never call it with a difference between two. */
int estimate_stop(const struct invocation *invocation, size_t n,
                  const struct estimate_policy *policy, double spent,
                  double budget, enum stopped_by *why, struct error *err);

#endif
