/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rounds of a series say about its numbers of workers: pure. */
#ifndef RUNNER_SCALE_ANALYSIS_H
#define RUNNER_SCALE_ANALYSIS_H

#include "runner/scale/rounds.h"
#include "stats/scaling.h"

/* One number of workers.  Intervals are by Hodges and Lehmann over rounds on
 * logarithms (stats/signed_rank.h), turned back; n is 0 where the series does
 * not have this count. */
struct scale_figure {
    int count;
    size_t n;                     /* rounds behind it */
    struct rank_interval seconds; /* for a unit of the work */
    /* Throughput over that of the smallest count, and of the best one. */
    struct rank_interval speedup, of_best;
    /* The speed-up over the ratio of the numbers of workers. */
    double efficiency, efficiency_low, efficiency_high;
    /* Shares of the CPUs' time: medians over all rounds, those left out
     * included; NaN unknown. */
    double steal, foreign;
    struct scale_timeline line; /* medians over the rounds behind it */
};

struct scale_analysis {
    struct scale_figure *figure; /* [n_counts], in the arena */
    size_t n_counts;
    struct scale_usable rounds; /* `used` are behind the figures */
    size_t base;                /* index of the smallest count */
    size_t best;                /* of the highest throughput */
    /* law UNSET where there are too few counts for it */
    struct scaling_fit fit[SCALING_COUNT];
    /* Degrees of freedom behind the standard errors of each: an interval is a
     * parameter and so many of its errors as Student's t has there. */
    double df[SCALING_COUNT];
    enum scaling_law law; /* by AICc; UNSET where none could be fitted */
    /* Index of the smallest count whose interval reaches 95 % of the best
     * throughput; -1 without intervals. */
    int recommended;
    bool certain; /* its whole interval does */
};

/* Analyse a series whose rounds are over.  One side of it: SCALE_NEW or
 * SCALE_OLD.  *out lives in the arena.
 *
 * The law is fitted to every round's throughputs with what the round itself
 * had in common (the mean of its log residuals) taken out, weighted by the
 * square of their inverse, as noise is relative; the standard errors allow for
 * what the rounds took of the degrees of freedom.
 *
 * Returns 0, ERR_EMPTY when no round is complete, or ERR_NOMEM. */
int scale_analyse(const struct scale_series *series, enum scale_side side,
                  const struct scale_settings *settings, struct arena *arena,
                  struct scale_analysis *out, struct error *err);

/* The relative half-width of the widest speed-up, of both sides, and of the
 * widest old/new ratio (0 without an old side); infinite while an interval is
 * open.  What decides whether rounds go on. */
int scale_precision(const struct scale_series *series,
                    const struct scale_settings *settings, double *speedup,
                    double *ratio, struct error *err);

/* The interval of new/old times at a count over the rounds that are used, and
 * the log ratios themselves (room for series->rounds) where `log_ratio` is not
 * NULL.  n of *out is 0 when there are none. */
int scale_ratio(const struct scale_series *series,
                const struct scale_settings *settings, size_t count,
                double confidence, struct rank_interval *out, double *log_ratio,
                struct error *err);

#endif
