/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Estimation: how long each benchmark takes, from fresh invocations.
 *
 * Rounds in seeded random order: each round gives every case that is not done
 * one invocation, so that a slow hour of the machine falls on all alike.  A
 * case is done when it is stable and precise, when more would not help, or when
 * its budget or the run's time ends (statistics.md, section 2).  The invocations
 * without which there is no interval are measured in any case, unless one alone
 * outlasts the budget. */
#ifndef RUNNER_MEASURE_SOLO_H
#define RUNNER_MEASURE_SOLO_H

#include "base/results.h"
#include "runner/measure/executor.h"
#include "runner/measure/lanes.h"
#include "runner/measure/metrics.h"

/* Zero means the default in brackets. */
struct solo_settings {
    int64_t sample_ns;     /* aim for one sample [0.25 ms] */
    int64_t invocation_ns; /* aim for all samples of an invocation [40 ms] */
    size_t samples;        /* per invocation after warm-up [what fits into
                             * invocation_ns, 3 to 30] */
    int64_t warmup;        /* samples discarded; negative: found in a pilot
                             * of the first three invocations */
    size_t invocations;    /* exactly so many; 0: adaptive */
    int64_t budget_ns;     /* per case [10 s] */
    int64_t deadline_ns;   /* of the run, on the executor's clock; 0: none */
    double precision;      /* relative half-width to reach [0.01] */
    double confidence;     /* [0.95] */
    uint64_t seed;
    const struct counting *counting; /* metrics beside time; NULL: none */
};

/* Told while it measures.  Every function may be NULL. */
struct solo_watch {
    void *ctx;
    /* An invocation of case `i` is final: samples are those of results, metric
     * by metric, at invocation index `k`.  An error ends the run. */
    int (*invocation)(void *ctx, const struct results *results, size_t i,
                      size_t k, struct error *err);
    /* A case is done, measured or failed. */
    int (*finished)(void *ctx, const struct results *results, size_t i,
                    struct error *err);
    /* share of the work done, 0 to 1, as far as can be known; id of the case
     * that is measured next. */
    void (*progress)(void *ctx, double share, const char *id);
};

/* Measure the subjects and add a case for each to results, in their order, with
 * the samples in the newest occasion (there is one).  A case that is there
 * already, of a run that is resumed, goes on from what it has; one that had
 * ended is left as it is.  A case that could not be measured gets its status
 * and message; that is no error.
 *
 *
 * Returns 0; ERR_STOPPED when the user interrupted: what was measured is in
 * results; ERR_SYS or ERR_NOMEM. */
int solo_measure(const struct executor *executor, const struct subject *subject,
                 size_t n, const struct solo_settings *settings,
                 const struct solo_watch *watch, struct results *results,
                 struct error *err);

/* The same side by side: each lane takes the next case of the round that no
 * other measures, and none idles while there is one.  The watch is told by one
 * lane at a time.  Whether neighbours disturb is not looked at here
 * (interference.h). */
int solo_measure_on(const struct lanes *lanes, const struct subject *subject,
                    size_t n, const struct solo_settings *settings,
                    const struct solo_watch *watch, struct results *results,
                    struct error *err);

#endif
