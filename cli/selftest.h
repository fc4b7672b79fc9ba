/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The self-test as data: interleaved comparisons with a known truth, their
 * counts, and what follows for this machine. */
#ifndef CLI_SELFTEST_H
#define CLI_SELFTEST_H

#include "base/strbuf.h"
#include "cli/layout.h"
#include "cli/session.h"
#include "report/text.h"
#include "runner/measure/kernels.h"
#include "stats/verdict.h"

/* What is compared: the same program, or one that does `permille` more. */
struct trial_kind {
    const char *name;
    int permille;  /* 0, 10, 20, 50 */
    double margin; /* half of the change; of unchanged code its own */
};

enum { TRIALS = 5, HORIZONS = 3 };

/* A/A at the margins 0.5 % and 2 %, then +1, +2, +5 % at half of each. */
extern const struct trial_kind trial_kinds[TRIALS];

/* Seconds per case for which the smallest trusted change is told. */
extern const double selftest_horizons[HORIZONS];

/* The comparisons of one kernel and kind. */
struct trials {
    size_t n;         /* that could be measured */
    size_t regressed; /* false alarms, or detections */
    size_t unchanged; /* shown equivalent */
    double *seconds;  /* of each, [n] */
};

struct selftest_row {
    const struct kernel *kernel;
    struct trials trial[TRIALS];
    double *pair; /* log ratios of all A/A pairs */
    size_t n_pairs;
    double pair_s;             /* seconds per pair, median over trials */
    double smallest[HORIZONS]; /* ratio, NaN when unknown */
    const char *failed;        /* why it could not be measured, "" */
};

struct selftest {
    struct arena arena;
    struct selftest_row *row;
    size_t n;
    const struct layout *layout; /* relinked builds; NULL: none were made */
    double wall_s;
    bool interrupted;
    bool quick;
    int64_t budget_ns; /* of a trial, for each stage */
};

struct selftest_plan {
    double limit_s;        /* begin no trial after so long; 0: no limit */
    int64_t budget_ns;     /* of a trial, for each stage */
    size_t rounds[TRIALS]; /* trials per kernel of each kind */
    bool quick;
};

/* Run the trials in seeded rounds.  0, or an error that is not a trial's. */
int selftest_run(struct session *session, const struct selftest_plan *plan,
                 struct selftest *out, struct error *err);
void selftest_clear(struct selftest *test);

/* False alarms over all kernels and both A/A kinds. */
void selftest_alarms(const struct selftest *test, size_t *alarms, size_t *n);

void selftest_text(const struct selftest *test, const struct text_style *style,
                   struct strbuf *out);
/* The table of the README: rates with intervals, by class of kernel. */
void selftest_markdown(const struct selftest *test, struct strbuf *out);
void selftest_json(const struct selftest *test, struct strbuf *out);

#endif
