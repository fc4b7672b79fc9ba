/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measuring the same work with different numbers of workers, in seeded random
 * rounds.
 *
 * A *series* is one thing that is scaled: a test suite, a benchmark, a command.
 * A round of it measures each of its counts once, and with an old side each
 * count of both sides, one right after the other.  Rounds of several series
 * take turns.  A series is done when its speed-ups (and its old/new ratios) are
 * known precisely enough, or when its budget or the run's time ends; the rounds
 * without which there is no interval are measured in any case, unless one alone
 * outlasts the budget. */
#ifndef RUNNER_SCALE_ROUNDS_H
#define RUNNER_SCALE_ROUNDS_H

#include "base/arena.h"
#include "base/results.h"
#include "runner/machine/disturbance.h"

/* Where the time of one measurement went, in seconds for one unit of the work;
 * NaN is unknown. */
struct scale_timeline {
    double longest;  /* the longest piece that cannot be divided: a test */
    double busy;     /* workers' time with something to do, summed */
    double cpu;      /* CPU time, summed */
    double fixtures; /* set-up and tear-down that every worker waited for */
    const char *longest_name; /* of that piece; NULL unknown; borrowed */
};

struct scale_sample {
    double seconds; /* for one unit of the work by all workers together: a run
                     * of the suite, an execution, an iteration (of whichever
                     * worker).  NaN: not measured */
    struct disturbance during; /* on the CPUs of its workers */
    bool strayed;              /* something did not run where it was placed */
    struct scale_timeline line;
};

/* Who does the work. */
struct scale_executor {
    void *ctx; /* borrowed */

    /* Do the work of a series once with the count-th number of workers.
     *
     * side  0 new, 1 old
     * warm  not for its figures but for the caches: the first of a series
     *
     * Returns 0; ERR_PEER or ERR_TIMEOUT when it could not be measured (the
     * text says why; the series ends); ERR_STOPPED when the user interrupted;
     * ERR_SYS or ERR_NOMEM. */
    int (*measure)(void *ctx, size_t series, int side, size_t count, bool warm,
                   struct scale_sample *out, struct error *err);

    /* Nanoseconds on a clock that never goes back. */
    int64_t (*now)(void *ctx);
};

enum scale_side { SCALE_NEW = 0, SCALE_OLD = 1, SCALE_SIDES = 2 };

/* A series: what is asked above, what was measured below. */
struct scale_series {
    const bool *has; /* [n_counts] the counts it has; two at least, or one with
                      * an old side */
    bool old;        /* it has an old side */

    struct scale_sample *sample[SCALE_SIDES]; /* [rounds * n_counts] */
    size_t rounds; /* complete ones first, the last may not be */
    double spent_s;
    enum stopped_by stopped_by;
    const char *message; /* why it could not be measured; "" when it was */
};

/* Zero means the default in brackets. */
struct scale_settings {
    const int *count; /* [n_counts], ascending */
    size_t n_counts;
    int64_t budget_ns;    /* of a series, for each count and side [10 s] */
    int64_t deadline_ns;  /* of the run, on the executor's clock; 0: none */
    size_t rounds_max;    /* [100] */
    double precision;     /* relative half-width of a speed-up [0.02] */
    double old_precision; /* ... of an old/new ratio [0.01] */
    double confidence;    /* [0.95] */
    double alpha;         /* of the comparison with an old side [0.01] */
    uint64_t seed;
};

/* With the defaults for what is zero. */
struct scale_settings scale_settings_fill(const struct scale_settings *s);

/* Told while it measures; each may be NULL. */
struct scale_watch {
    void *ctx;
    /* A measurement that counts.  An error ends the run. */
    int (*sampled)(void *ctx, size_t series, int side, size_t count,
                   const struct scale_sample *sample, struct error *err);
    void (*progress)(void *ctx, double share, size_t series, size_t count);
};

/* Run the rounds.  Arrays of series live in the arena.  A series that cannot be
 * measured gets a message; that is no error.
 *
 * Returns 0; ERR_STOPPED when the user interrupted: what was measured is there;
 * an error of the executor or the watch; or ERR_NOMEM. */
int scale_rounds(const struct scale_executor *executor,
                 const struct scale_settings *settings,
                 struct scale_series *series, size_t n,
                 const struct scale_watch *watch, struct arena *arena,
                 struct error *err);

/* One step of a round. */
struct scale_step {
    size_t series, count;
    int side;
};

/* The steps of a round: the open series in turn from a random one on, the counts of each in
 * random order, the two sides of a count in the order of a coin.  The same seed
 * and round give the same steps.
 *
 * open  [n]
 * out   room for n * n_counts * SCALE_SIDES
 *
 * Returns how many. */
size_t scale_round_steps(const struct scale_series *series, const bool *open,
                         size_t n, size_t n_counts, uint64_t seed, size_t round,
                         struct scale_step *out);

/* Whether somebody else got in the way of a measurement: over 1 % of its CPUs'
 * time stolen, over 5 % used by others, a CPU or the control group throttled, or
 * something that was not where it was placed.  The kernel counts time in ticks
 * of 10 ms: one tick a CPU is no disturbance. */
bool scale_is_disturbed(const struct scale_sample *sample, int workers);

struct scale_usable {
    size_t complete; /* rounds */
    size_t clean;    /* of those, with nothing disturbed */
    size_t used;     /* clean or complete */
};

/* Which rounds of a series count: the clean ones, where they are `need` at
 * least; else all that are complete.
 *
 * count  the numbers of workers, [n_counts]
 * use    [series->rounds] receives them */
struct scale_usable scale_usable_rounds(const struct scale_series *series,
                                        const int *count, size_t n_counts,
                                        size_t need, bool *use);

/* The rounds that a series needs: for an interval, and with an old side for a
 * verdict on each of its counts. */
size_t scale_rounds_needed(const struct scale_series *series,
                           const struct scale_settings *settings);

#endif
