/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of tests.  See db.h for errors and ownership.
 *
 * A finished run has a point in the history of each test that passed in it,
 * metric "duration", in ns; so tests have series like benchmarks. */
#ifndef STORE_OUTCOMES_H
#define STORE_OUTCOMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

/* Resources one test used; a negative figure is unknown. */
struct outcome_usage {
    double user_s, system_s;
    int64_t max_rss;                 /* bytes */
    int64_t read_bytes, write_bytes; /* bytes */
    int64_t ctx_switches, page_faults;
};

/* One execution of one test.  Words are stored as they are. */
struct stored_outcome {
    const char *id;
    const char *outcome; /* "passed", "failed", "skipped", "crashed", ... */
    int64_t attempt;     /* 0, and more for retries */
    int64_t item;        /* which test of the run, in the order of definition:
                          * one that is repeated is several; -1 unknown */
    int64_t started_ns;  /* since the run began: tells the order on a worker */
    int64_t setup_ns, call_ns, teardown_ns; /* negative when unknown */
    int64_t duration_ns; /* with what starting it took.  Given as 0 it becomes
                          * the sum of the parts. */
    const char *worker;  /* "w0" */
    int64_t cpu;         /* OS index, negative when unknown */
    const char *tags;    /* comma-separated, "" when none */
    const char *file;    /* of its source, "" or NULL when unknown */
    int64_t line;        /* 0 when unknown */
    const char *message; /* why, "" when passed */
    const char *output;  /* what it printed, cut by the caller; "" if none */
    const char *note;    /* what it left lying about, "" or NULL if nothing */
    struct outcome_usage usage;
};

/* Add one.  For many a second use store_hold() and store_release(). */
int outcomes_add(struct store *store, int64_t run,
                 const struct stored_outcome *outcome, struct error *err);

/* All of a run, in the order they were added. */
int outcomes_load(struct store *store, int64_t run, struct arena *arena,
                  struct stored_outcome **out, size_t *n, struct error *err);

/* What a run of tests says besides its outcomes. */
struct stored_crew {
    int64_t workers;      /* 0 when unknown: an older run, or a killed one */
    int64_t makespan_ns;  /* from the begin to the last end */
    const char *problems; /* a line for each fixture or process that did not
                           * end well, "" when all did */
};

/* Once a run. */
int crew_add(struct store *store, int64_t run, const struct stored_crew *crew,
             struct error *err);

/* All zero and "" where nothing is known. */
int crew_load(struct store *store, int64_t run, struct arena *arena,
              struct stored_crew *out, struct error *err);

/* The last known outcome of a test. */
struct last_outcome {
    const char *id;
    const char *outcome;
    int64_t duration_ns; /* set-up, call and tear-down of the last time it
                          * passed; -1 when it never did */
    const char *created; /* of the run of the last outcome */
};

/* Of every test of a suite, sorted by id: for longest-first, --last-failed and
 * --shard.  Survives pruning.  Cost: one pass, about 1 us a test. */
int outcomes_last(struct store *store, const char *suite, struct arena *arena,
                  struct last_outcome **out, size_t *n, struct error *err);

#endif
