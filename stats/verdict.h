/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words and the figures of a comparison.  explore.h and convict.h decide
 * interleaved comparisons, stored.h those against stored numbers, exact.h those
 * of deterministic metrics.
 *
 * Ratios are new/old.  Inside, everything is a log ratio turned so that more is
 * worse (compare_worse()); what is reported is turned back. */
#ifndef STATS_VERDICT_H
#define STATS_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/results.h"

enum verdict {
    VERDICT_UNSET = 0,
    VERDICT_REGRESSED,
    VERDICT_IMPROVED,
    VERDICT_UNCHANGED,
    VERDICT_INCONCLUSIVE,
    VERDICT_INCOMPARABLE,
    VERDICT_FAILED,
    VERDICT_NEW,
    VERDICT_GONE,
    VERDICT_COUNT
};

enum verdict_reason {
    REASON_NONE = 0,
    /* unchanged */
    REASON_EQUIVALENT,    /* shown to lie within the margin */
    REASON_SLOWER_WITHIN, /* the same, and measurably worse */
    REASON_FASTER_WITHIN, /* the same, and measurably better */
    REASON_IDENTICAL,     /* same program and libraries: not measured */
    REASON_EXACT,         /* deterministic, equal to the last digit */
    /* inconclusive */
    REASON_BUDGET,        /* pairs, time or both ended before it was decided */
    REASON_NOT_CONFIRMED, /* suspected, and the fresh pairs did not convict */
    REASON_DISTURBED,     /* with and without disturbed blocks the verdicts
                           * differ */
    REASON_NEEDS_OLD,     /* stored numbers cannot tell; the old program can */
    REASON_DRIFT,         /* the pairs drift */
    REASON_NO_STEADY,     /* no steady state to compare */
    REASON_CONSTANT,      /* the samples do not vary: the clock or the metric is
                           * too coarse for a test */
    REASON_TOO_FEW,       /* too few invocations for any decision */
    /* incomparable */
    REASON_RESULT_CHANGED,
    REASON_VERSION,
    REASON_UNIT,
    REASON_PARAMETERS,
    REASON_MACHINE,
    REASON_METHOD, /* another harness, or a summary of another kind */
    /* failed */
    REASON_NOT_A_NUMBER, /* a NaN, an infinity, or no logarithm */
    REASON_CRASHED,
    REASON_TIMEOUT,
    REASON_MISSING,
    /* beside any verdict */
    REASON_LAYOUT_SUSPECT, /* slower with the same instruction count */
    REASON_MACHINE_MOVED,  /* most cases and the anchors moved together */
    REASON_WAIVED,         /* regressed within a waiver */
    REASON_COUNT
};

enum compare_mode {
    COMPARE_UNSET = 0,
    COMPARE_INTERLEAVED,
    COMPARE_STORED,
    COMPARE_EXACT, /* deterministic metric, compared without statistics */
};

struct comparison_side {
    double value; /* in the metric's unit; NaN when unknown */
    size_t invocations, samples;
};

/* What is reported for one metric of one case.  Figures that cannot be known
 * are NaN; a limit of an open interval is 0 or infinite. */
struct comparison {
    enum verdict verdict;
    enum verdict_reason reason;
    enum compare_mode mode;
    int stage;     /* 1 explored, 2 convicted on fresh pairs, 0 otherwise */
    double margin; /* fraction that was judged by, 0.02 */
    double ratio, low, high, confidence;
    double p;          /* one-sided, in the direction of the estimate */
    double p_adjusted; /* over the family that was tested with it */
    double mde; /* the ratio, in the worse direction, that would have been
                    * found with 80 % power under the whole rule */
    double layout_floor; /* the ratio that linking in another order makes by
                          * itself (tare layout) */
    double bound;        /* the ratio, above 1, that a change either way had to
                      * exceed; NaN unless against stored numbers */
    size_t pairs;        /* behind ratio, low and high */
    size_t n_needed; /* pairs (or invocations) that would decide; 0 unknown */
    size_t blocks, blocks_left_out;
    double ratio_clean; /* without the disturbed blocks */
    double ratio_total; /* of the total times */
    bool totals_differ; /* median and totals lie on different sides of the
                         * margin: a minority of slices changed */
    struct comparison_side old_side, new_side;
};

/* How one metric of one case is judged. */
struct compare_policy {
    double margin;      /* the smallest relative change that matters, 0.02 */
    double alpha;       /* chance of a false regression per run, 0.01 */
    enum better better; /* BETTER_NONE is shown and never judged */
    size_t max_explore; /* pairs of the first stage */
    size_t max_convict; /* pairs of the second */
};

/* Margin 2 %, alpha 1 %, lower is better, 64 and 64 pairs. */
struct compare_policy compare_defaults(void);

/* All figures NaN, everything else zero. */
struct comparison comparison_unknown(void);

/* A verdict that was reached without measuring. */
struct comparison comparison_without(enum verdict verdict,
                                     enum verdict_reason reason);

/* The words of files and JSON: "regressed", "slower-within-margin", "" for
 * none, "interleaved". */
const char *verdict_name(enum verdict verdict);
const char *reason_name(enum verdict_reason reason);
const char *mode_name(enum compare_mode mode);

/* The other way; VERDICT_UNSET for any other word. */
enum verdict verdict_parse(const char *word);

/* +1 when a larger value is worse, -1 when it is better. */
double compare_worse(enum better better);

#endif
