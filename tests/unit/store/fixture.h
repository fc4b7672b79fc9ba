/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores and runs to test with.  A test's files are named after it, in the
 * folder the test program runs in. */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "store/runs.h"

DEFINE_SCOPED(struct store *, store_close)
DEFINE_SCOPED(struct results *, results_free)

static inline void arena_clear_scoped(struct arena *arena)
{
    arena_clear(arena);
}

/* An open store that did not exist before; NULL when that failed. */
static inline struct store *fresh_store(const char *path)
{
    struct store *store = NULL;
    struct error err = {0};
    char log[256];

    unlink(path);
    snprintf(log, sizeof log, "%s-wal", path);
    unlink(log);
    snprintf(log, sizeof log, "%s-shm", path);
    unlink(log);
    if (store_open(path, STORE_WRITE, &store, &err) < 0)
        error_print(&err, stderr);
    return store;
}

/* A run of suite "s" on machine "m1", branch "main". */
static inline int64_t begin_run(struct store *store, const char *revision,
                                const char *created)
{
    const struct occasion occasion = {
        .created = created,
        .revision = revision,
        .branch = "main",
        .machine_key = "m1",
        .seed = 42,
    };
    const struct run_plan plan = {.suite = "s", .occasion = &occasion};
    struct error err = {0};
    int64_t run = 0;

    if (runs_begin(store, &plan, &run, &err) < 0)
        error_print(&err, stderr);
    return run;
}

/* One invocation with samples of "time" and one "max_rss". */
static inline int add_times(struct store *store, int64_t run, const char *id,
                            const double *sample, size_t n)
{
    static const double rss = 4096;
    const struct measured_metric metric[] = {
        {"time", "ns", BETTER_LOWER, sample, n},
        {"max_rss", "B", BETTER_LOWER, &rss, 1},
    };
    const struct measured m = {
        .id = id, .iterations = 1000, .metric = metric, .n_metrics = 2};

    return runs_add(store, run, &m, NULL);
}

#endif
