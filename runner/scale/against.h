/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Old against new with each number of workers: pure. */
#ifndef RUNNER_SCALE_AGAINST_H
#define RUNNER_SCALE_AGAINST_H

#include "runner/scale/analysis.h"

enum scale_verdict {
    SCALE_UNDECIDED = 0, /* the rounds are too few or too noisy */
    SCALE_WORSE,
    SCALE_BETTER,
    SCALE_UNCHANGED, /* within the margin, shown at 5 % */
};

/* One count.  Ratios are times, new/old. */
struct scale_change {
    size_t n;                   /* rounds; 0 where the series has not this count
                                 * */
    struct rank_interval ratio; /* at the settings' confidence */
    double p, p_adjusted; /* that it is not worse, one-sided signed rank; by
                           * Holm over the counts of the series */
    enum scale_verdict verdict;
};

struct scale_against {
    struct scale_change *change; /* [n_counts], in the arena */
    int from; /* index of the smallest count from which on all are worse; -1 */
    bool worse; /* at some count */
};

/* Compare.  Worse: adjusted p at most alpha and the estimate beyond the margin;
 * better is the mirror image; unchanged: the 90 % interval lies inside the
 * margin.
 *
 * margin  relative, above 0
 *
 * Returns 0 or ERR_NOMEM. */
int scale_compare(const struct scale_series *series,
                  const struct scale_settings *settings, double margin,
                  struct arena *arena, struct scale_against *out,
                  struct error *err);

/* "worse", "better", "unchanged", "inconclusive". */
const char *scale_verdict_name(enum scale_verdict verdict);

#endif
