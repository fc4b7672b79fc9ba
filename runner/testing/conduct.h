/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running all tests of a schedule on a crew, and what becomes of each.
 *
 * A test that crashes loses itself alone and is never run again for it; only a
 * worker's process that dies by itself, under a test that had a process of its
 * own, gives that test a second chance, and the next time the test is the one
 * to blame. */
#ifndef RUNNER_TESTING_CONDUCT_H
#define RUNNER_TESTING_CONDUCT_H

#include "runner/process/outcome.h"
#include "runner/testing/crew.h"
#include "runner/testing/schedule.h"

/* One execution of one test.  Strings live until the callback returns. */
struct conducted {
    size_t test;
    size_t worker;
    int64_t attempt; /* 0, and more for retries */
    bool last;       /* no retry follows */
    enum test_outcome outcome;
    int64_t started_ns; /* since the run began */
    int64_t duration_ns;
    struct peer_tested tested; /* message and output never NULL; figures of a
                                * test whose worker died are unknown */
};

/* program   of each test, as in the schedule's items
 * retries   of a test that did not pass
 * maxfail   stop when so many failed for good; 0: never
 * max_ns    stop after so long, whatever runs; 0: never
 * own_process  each test has a process of its own: a dying worker is not its
 *              doing
 * ended     called after each execution; a negative code ends the run
 * idle      called when nothing happened for a tenth of a second; may be NULL
 */
struct conduct {
    struct schedule *schedule;
    const struct crew *crew;
    size_t workers;
    const size_t *program;
    size_t n_tests, n_programs;
    int64_t retries;
    int64_t maxfail;
    int64_t max_ns;
    bool own_process;
    int (*ended)(void *ctx, const struct conducted *what, struct error *err);
    void (*idle)(void *ctx);
    void *ctx;
};

struct conduct_sum {
    size_t failed;       /* for good */
    size_t deaths;       /* workers whose process died by itself */
    bool interrupted;    /* by the user */
    bool stopped;        /* maxfail was reached */
    bool expired;        /* max_ns was */
    int64_t makespan_ns; /* from the begin to the last end */
};

/* Run until the schedule is over, the user interrupts, or maxfail or max_ns is
 * reached.  Returns 0 in all these cases; else ERR_SYS, ERR_NOMEM or what `ended`
 * returned.  *out is filled in any case. */
int conduct_all(const struct conduct *conduct, struct conduct_sum *out,
                struct error *err);

#endif
