/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sampling plan needs of the world.
 *
 * A plan opens one program, or two that take turns on one core, performs
 * scripts on it and closes it.  live.h does that with processes; tests do it
 * with a simulated machine and a simulated clock. */
#ifndef RUNNER_MEASURE_EXECUTOR_H
#define RUNNER_MEASURE_EXECUTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/results.h"
#include "runner/machine/disturbance.h"
#include "runner/process/stage.h"

/* A case of a program, ready to be started.  Everything is borrowed. */
struct subject {
    const char *id;      /* in the suite: "program/name[key=value]" */
    const char *name;    /* in its program: "name[key=value]" */
    const char *program; /* as the user named it, for messages */
    char *const *argv;   /* what to start, NULL-terminated, without the
                          * worker argument */
    char *const *env;    /* "NAME=value" added to the environment, or NULL */
    const char *cwd;     /* NULL: the coordinator's */
    size_t threads;      /* that it measures with; 0 means 1 */
    int64_t timeout_ns;  /* for each of set-up, a script, tear-down */
    bool executes;       /* its work is done in processes that it starts: what
                          * metrics.h asks for is counted there */
    const void *kept;    /* for the verifier of live.h, NULL when nothing is to
                          * be verified */
    bool stays;          /* its process may stay when it closes, for the subject
                          * opened next if that has the very same argv: for
                          * cases that need no layout of their own */
};

struct user_counter {
    const char *name, *unit;
    enum better better;
    double value;
};

enum { USER_COUNTERS_MAX = 64 };

/* What one side said when it closed.  Strings live until the next close. */
struct side_report {
    double items, bytes; /* per iteration, 0 when not declared */
    const char *result;  /* hex, "" when not declared */
    double max_rss;      /* bytes, NaN when unknown */
    struct user_counter counter[USER_COUNTERS_MAX];
    size_t n_counters;
    /* On the CPUs measured on, over the last script; `seconds` is 0 when nobody
     * looked. */
    struct disturbance during;
    /* It was bound to other CPUs than it was placed on, or was seen on one at
     * the beginning or the end of a slice: its samples are of another place
     * than planned and do not count. */
    bool strayed;
};

/* A side could not be measured. */
enum side_state {
    SIDE_OK = 0,
    SIDE_FAILED,  /* crashed, hung, or the case said it failed */
    SIDE_SKIPPED, /* the case said so; the text of the error is its reason */
};

/* Which side failed, and how. */
struct side_failure {
    int side; /* 0 or 1 */
    enum side_state state;
};

struct executor {
    void *ctx; /* borrowed */

    /* Start sides[0..n-1] (n is 1 or 2) as fresh processes on one core and
     * bring each to the beginning of its loop.  On failure nothing is left
     * running and *bad tells which side it was and how. Returns 0, ERR_PEER,
     * ERR_TIMEOUT, ERR_STOPPED (the user interrupted), ERR_SYS, ERR_NOMEM. */
    int (*open)(void *ctx, const struct subject *const *sides, int n,
                struct side_failure *bad, struct error *err);

    /* Perform a script on what is open; out receives its n slices.  Errors as
     * above; then nothing is open any more. */
    int (*run)(void *ctx, const struct stage_order *order, size_t n,
               struct stage_slice *out, struct side_failure *bad,
               struct error *err);

    /* End what is open; report[0..n-1] receives what the sides said. */
    int (*close)(void *ctx, struct side_report *report,
                 struct side_failure *bad, struct error *err);

    /* End what is open without asking; harmless when nothing is. */
    void (*drop)(void *ctx);

    /* Nanoseconds on a clock that never goes back. */
    int64_t (*now)(void *ctx);
};

#endif
