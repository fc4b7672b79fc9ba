/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Old against new, interleaved (statistics.md, section 4).
 *
 * A pair is one fresh process of each side on one core, taking turns in blocks
 * of four slices.  The two-stage rule decides: pairs are added in seeded rounds
 * to every case that is undecided (stats/explore.h); suspects then get a fresh
 * batch whose size was fixed beforehand, analysed alone (stats/convict.h).
 *
 * A case is judged by "time" and by any other metric its caller asks for; all
 * metrics of a case come from the same pairs. */
#ifndef RUNNER_MEASURE_DUEL_H
#define RUNNER_MEASURE_DUEL_H

#include "base/results.h"
#include "runner/measure/calibrate.h"
#include "runner/measure/executor.h"
#include "runner/measure/metrics.h"
#include "stats/explore.h"
#include "stats/pair.h"
#include "stats/verdict.h"

enum { DUEL_OLD = 0, DUEL_NEW = 1 };

/* One judged metric of a case, and what came of it. */
struct duel_metric {
    const char *name, *unit;
    struct compare_policy policy;
    struct pair_value *pair; /* stage 1, then stage 2; [n_pairs of the case] */
    struct explored explored;
    size_t batch_size; /* pairs fixed for stage 2; 0: was no suspect */
    struct comparison comparison;
};

/* One comparison to make.  Lists live in the arena given to duel(). */
struct duel_case {
    /* given */
    const struct subject *side[WIRE_SIDES]; /* DUEL_OLD, DUEL_NEW */

    /* found */
    struct calibration calibration;
    size_t warmup;              /* slices of each side, discarded */
    struct duel_metric *metric; /* "time" first when it is judged */
    size_t n_metrics;
    size_t n_pairs;         /* complete ones, both stages */
    size_t n_explored;      /* of these, in stage 1 */
    size_t n_counted;       /* pairs of processes that counted */
    size_t n_excluded;      /* pairs that do not count: a process strayed */
    double empty_ns;        /* empty loop, ns per iteration */
    bool result_changed;    /* the sides disagree about tare_result() */
    enum side_state failed; /* SIDE_OK when both could be measured */
    int failed_side;
    enum verdict_reason why; /* crashed or timeout */
    const char *message;     /* "" */
    int64_t spent_ns;        /* on everything */
    int64_t pair_ns;         /* by the newest pair */
    int64_t best_pair_ns;    /* by the fastest one */
    int64_t start_ns;        /* the fastest start of both sides so far */
};

/* Zero means the default in brackets. */
struct duel_settings {
    int64_t sample_ns;   /* aim for one slice [0.25 ms] */
    int64_t pair_ns;     /* aim for all slices of a pair [20 ms]; more where
                          * starting the two takes long, see duel_pair.h */
    int64_t budget_ns;   /* per case and stage [10 s] */
    int64_t deadline_ns; /* of the run, on the executor's clock; 0: none */
    bool overtime;       /* with a deadline: cases that their budget did not
                          * decide share what time the others left */
    double alpha;        /* of the run [0.01] */
    uint64_t seed;
    const struct counting *counting; /* metrics beside time; NULL: none */
};

struct duel_watch {
    void *ctx;
    /* Whether a metric of a case is judged, and how.  Required. */
    bool (*judged)(void *ctx, const char *id, const char *metric,
                   enum better better, struct compare_policy *policy);
    /* A pair is complete: invocation k of case `i` in both results.  May be
     * NULL, as may the next. */
    int (*pair)(void *ctx, size_t i, size_t k, struct error *err);
    /* stage 1 or 2; share of all the work that is done by what the cases are
     * expected to need, told ten times a second at most. */
    void (*progress)(void *ctx, int stage, double share, const char *id);
};

/* Compare all cases.
 *
 * results  [DUEL_OLD], [DUEL_NEW]: one occasion and no case yet; receive a case
 *          each per comparison, in the order of `cases`, with the invocations
 *          of every pair
 *
 * A case that could not be measured is no error: see its `failed`; what its
 * metrics had by then is kept, without verdicts.
 * Returns 0; ERR_STOPPED when the user interrupted: what is decided by then
 * holds, the rest is inconclusive; ERR_SYS or ERR_NOMEM. */
int duel(const struct executor *executor, struct duel_case *cases, size_t n,
         const struct duel_settings *settings, const struct duel_watch *watch,
         struct results *const results[WIRE_SIDES], struct arena *arena,
         struct error *err);

#endif
