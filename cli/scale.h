/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tare scale`: what of a session is scaled, and how its work is done once with
 * a number of workers. */
#ifndef CLI_SCALE_H
#define CLI_SCALE_H

#include "cli/opponents.h"
#include "cli/progress.h"
#include "cli/record.h"
#include "cli/test_suite.h"
#include "report/scale.h"

/* One series.  Arrays have n_counts entries. */
struct scaled {
    enum scale_kind kind;
    const char *id;
    const char *base; /* what its cases have in common, while they are gathered
                        * */
    bool *has;
    const struct catalog_case **c; /* of each count; tests: NULL */
    const struct subject **subject[SCALE_SIDES]; /* the same */
    double pieces;     /* of a unit of the work, 0 while unknown */
    const char *piece; /* "" */
};

struct scaling {
    struct session *session; /* borrowed */
    struct scale_count *count;
    int *n;        /* of each count */
    size_t n_base; /* counts without those that only threads have: what {n}
                    * stands for */
    struct scale_settings settings;
    double margin;
    bool old; /* everything has an old side */
    struct opponents opponents;

    struct scaled *scaled; /* in the order of the report */
    struct scale_series *series;
    struct scale_case *cases;
    size_t n_scaled;

    struct test_suite tests[SCALE_SIDES];
    struct scale_timeline line; /* of the tests that run */
    size_t tests_failed;        /* in some run of the suite */
    size_t cells;               /* measured so far */

    struct record record;
    struct results *results[SCALE_SIDES]; /* a case for each series and count */
    struct occasion *occasion;
    struct progress progress;
};

/* ---- scale_plan.c */

/* Load the machine and decide the counts, before the session lists its cases.
 * ERR_USAGE, ERR_RANGE, ... */
int scale_plan_counts(struct scaling *scaling, struct error *err);

/* Gather the series among the selected cases, and decide where the workers of
 * each count run.  ERR_RANGE when there are fewer cores, ERR_USAGE when nothing
 * has two counts, each with what to do. */
int scale_plan_series(struct scaling *scaling, struct error *err);

/* ---- scale_command.c */

/* Add the counts as values of the parameter {n} to the commands of the command
 * line and of tare.yaml that mention it.  Called before session_list(). */
int scale_add_counts(struct scaling *scaling, struct error *err);

/* Whether a case is one of a command that mentions {n}: then n_base cases in a
 * row are one series. */
bool scale_takes_count(const struct command_case *c);

/* The id of a series, by its first case, with "{n}" for its number of workers. */
int scale_command_id(struct scaling *scaling, const struct command_case *first,
                     const char **out, struct error *err);

/* ---- scale_cells.c */

/* The processing units of a count's workers, each once, in the arena; NULL: no
 * memory. */
int *scale_cpus(const struct scale_count *count, struct arena *arena,
                size_t *n);

/* The executor of the rounds; ctx is the scaling. */
extern const struct scale_executor scale_live;

/* ---- scale_store.c */

/* Begin a run of kind scale.  0 or ERR_NOMEM. */
int scale_store_begin(struct scaling *scaling, struct error *err);

/* Keep a measurement; a scale_watch.sampled. */
int scale_store_sample(void *ctx, size_t series, int side, size_t count,
                       const struct scale_sample *sample, struct error *err);

/* Keep what else is known, and end the run. */
int scale_store_end(struct scaling *scaling, enum cli_exit *status,
                    struct error *err);

#endif
