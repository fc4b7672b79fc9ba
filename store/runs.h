/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs in the store: begun, filled while they happen, finished, read back.
 *
 * A run is known by a number within its file ("run:12") and by a UUID that
 * stays with it when stores are merged.  A crash, SIGKILL included, loses
 * nothing that was added before; the run stays RUN_UNFINISHED and can be added
 * to again (`--resume`).  Only unfinished runs can be added to (ERR_INVAL), and
 * only finished ones are part of the history.  See db.h for errors and
 * ownership.
 *
 * A case whose id begins with '@' ("@suite", "@tag/slow")
 * carries figures of the run itself: it has a history like any other, and
 * runs_load() leaves it out. */
#ifndef STORE_RUNS_H
#define STORE_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/results.h"
#include "store/db.h"

enum run_kind {
    RUN_KIND_RUN = 0,
    RUN_KIND_GATE,
    RUN_KIND_COMPARE,
    RUN_KIND_TEST,
    RUN_KIND_SCALE,
    RUN_KIND_IMPORT,
    RUN_KIND_LAYOUT,
};

enum run_status {
    RUN_UNFINISHED = 0, /* still going, or its process is gone */
    RUN_COMPLETE,
    RUN_INTERRUPTED,
    RUN_FAILED, /* ended with something that could not be measured */
};

/* Which of the two sides of a comparison.  A run that measures one program
 * has SIDE_NEW alone. */
enum run_side {
    SIDE_NEW = 0,
    SIDE_OLD,
};

/* What a run is, known when it begins. */
struct run_plan {
    enum run_kind kind;
    const char *suite; /* names the family of cases; "" when none */
    const struct occasion *occasion; /* created, revision, dirty, branch,
                                      * machine_key, facts, seed, anchors */
    int64_t revision_time;   /* commit date of the revision, seconds since 1970;
                              * 0 when unknown.  Orders the history */
    bool no_history;         /* an experiment: stored, but in no series */
    const char *const *argv; /* the command line, so that --resume can check
                              * that it is the same; NULL allowed */
    size_t argc;
    const char *uuid; /* NULL: a fresh random one (RFC 9562, version 4) */
};

/* Begin a run.  Its number, over 0, goes to *run.  Runs that began over a day
 * before it and are still unfinished become RUN_INTERRUPTED. */
int runs_begin(struct store *store, const struct run_plan *plan, int64_t *run,
               struct error *err);

/* The samples of one metric in one invocation. */
struct measured_metric {
    const char *name, *unit;
    enum better better;
    const double *sample; /* finite or not: kept bit for bit, but for the
                           * payload of a NaN */
    size_t n;
};

/* One finished invocation of one case, with everything it measured. */
struct measured {
    const char *id;
    enum run_side side;
    uint64_t iterations; /* per sample; 0 when unknown.  Makes the stored form
                          * smaller, never different */
    const struct measured_metric *metric;
    size_t n_metrics;
};

/* Append an invocation to a case of the run, which is added when it is new.
 * One transaction: an invocation is stored whole or not at all.
 * Cost: about 25 us, no fsync. */
int runs_add(struct store *store, int64_t run, const struct measured *m,
             struct error *err);

/* Set what is known about a case of the run besides its samples: every field
 * of `facts` but `metric` and `n_metrics`.  Adds the case when it is new. */
int runs_set_case(struct store *store, int64_t run, enum run_side side,
                  const struct case_results *facts, struct error *err);

/* Add one occasion of results with all cases and invocations, in one
 * transaction: imports, and runs that were measured elsewhere. */
int runs_add_results(struct store *store, int64_t run, enum run_side side,
                     const struct results *results, size_t occasion,
                     struct error *err);

/* One figure of the run itself, e.g. "@suite", "makespan", "ns". */
int runs_add_figure(struct store *store, int64_t run, const char *id,
                    const char *metric, const char *unit, enum better better,
                    double value, struct error *err);

/* End a run, make it part of the history, and make it durable (fsync).  May be
 * called again with another status.
 *
 * finished  ISO 8601, UTC
 * status    not RUN_UNFINISHED
 * exit_status  of the command */
int runs_finish(struct store *store, int64_t run, enum run_status status,
                const char *finished, int exit_status, struct error *err);

/* Open a run again, to add to it (`--resume`): RUN_UNFINISHED from here. */
int runs_reopen(struct store *store, int64_t run, struct error *err);

/* A run without its results. */
struct run_info {
    int64_t run;
    const char *uuid;
    enum run_kind kind;
    enum run_status status;
    const char *suite;
    const char *created;  /* of the occasion */
    const char *finished; /* "" while unfinished */
    const char *revision, *branch, *machine_key;
    int64_t revision_time;
    bool dirty, no_history;
    uint64_t seed;
    int exit_status; /* -1 while unfinished */
    const char *const *argv;
    size_t argc;
    size_t n_results;  /* cases measured, SIDE_NEW, figures left out */
    size_t n_outcomes; /* tests run */
};

/* The number of the run a user names: "12", "last", "last~1" (the one before)
 * or a UUID or its beginning (8 digits or more).  A prefix "run:" is allowed.
 * 0; ERR_EMPTY (no such run); ERR_USAGE (not a name of a run, or several). */
int runs_find(struct store *store, const char *name, int64_t *run,
              struct error *err);

/* Which runs to list; a zeroed filter takes all. */
struct run_filter {
    const char *suite, *branch, *machine_key, *revision; /* NULL: any */
    const char *since, *until; /* created, ISO 8601, inclusive; NULL: any */
    unsigned kinds;            /* bit 1u << enum run_kind; 0: any */
    bool unfinished;           /* only those */
    size_t last;               /* at most so many, the newest; 0: all */
};

/* List runs, newest first. */
int runs_list(struct store *store, const struct run_filter *filter,
              struct arena *arena, struct run_info **out, size_t *n,
              struct error *err);

/* One run.  ERR_EMPTY when there is no such run. */
int runs_get(struct store *store, int64_t run, struct arena *arena,
             struct run_info *out, struct error *err);

/* Read a run as results with one occasion.  The results are named after the
 * suite, `file` is "run:ID"; cases are sorted by id; the caller ends them with
 * results_free().  Cost: linear, about 1 us a sample at most. */
int runs_load(struct store *store, int64_t run, enum run_side side,
              struct results **out, struct error *err);

/* The anchors of one run. */
struct run_anchors {
    int64_t run;
    const char *created, *revision, *machine_key;
    struct anchor *anchor;
    size_t n;
};

/* Of the newest runs of a suite (NULL: any) that have some, at most `last` of
 * them, oldest first. */
int runs_anchors(struct store *store, const char *suite, size_t last,
                 struct arena *arena, struct run_anchors **out, size_t *n,
                 struct error *err);

/* Remove a run with all that belongs to it. */
int runs_remove(struct store *store, int64_t run, struct error *err);

struct prune {
    const char *before; /* runs created before this, ISO 8601; NULL: any */
    size_t keep_last;   /* never the newest so many of each suite, branch,
                         * machine and kind */
    const char *suite, *branch; /* NULL: any */
    bool samples_only;          /* drop raw samples, keep the series */
};

/* Remove old runs; *removed receives how many.  Unfinished runs younger than
 * a day before `now` (ISO 8601) stay.  store_compact() then gives back the
 * room. */
int runs_prune(struct store *store, const struct prune *what, const char *now,
               size_t *removed, struct error *err);

#endif
