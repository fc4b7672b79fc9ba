/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which worker runs which test next: a pure state machine without a clock.
 *
 * Tests wait as units: a test alone, or a group that one worker runs one after
 * another.  Units stand in one queue, sorted once; a worker that is free takes
 * the first that may start (list scheduling: with the longest first at most
 * 4/3 of the best makespan, Graham 1969).
 *
 * Nothing starves.  A unit that may not start yet keeps what it waits for from
 * all behind it: no later one takes a resource that it uses, and while a test
 * of k slots waits at most (workers mod k) narrower ones are started, which
 * leaves it the blocks of k it needs.  Workers in the middle of a group count
 * as waiting before the queue.
 *
 * The caller tells of everything that happens; where it breaks the contract
 * (the end of a test that is not running) it is an assertion. */
#ifndef RUNNER_TESTING_SCHEDULE_H
#define RUNNER_TESTING_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/suite.h"

#define SCHEDULE_NONE SIZE_MAX

enum {
    SCHEDULE_AHEAD_MAX = 8, /* tests waiting behind the one that runs */
};

/* One test.  `uses` is borrowed for the life of the schedule. */
struct schedule_item {
    size_t program;      /* what is sent ahead goes to one live process */
    size_t group;        /* SCHEDULE_NONE: alone */
    int64_t expected_ns; /* from the history; -1 unknown */
    bool urgent;         /* before all others: it failed the last time */
    bool exclusive;      /* nothing else runs meanwhile */
    size_t slots;        /* workers it takes; 0 is 1, more than there are is
                          * all of them */
    const size_t *uses;  /* indexes of resources */
    size_t n_uses;
};

struct schedule_plan {
    size_t workers; /* 1 or more */
    enum dist dist; /* see docs/parallel.md.  Groups are whatever
                              * `group` says; DIST_NO has one worker */
    bool random;    /* units in an order drawn from the seed */
    uint64_t seed;
    size_t ahead;            /* tests sent ahead at most, 0 for none */
    const int64_t *resource; /* how many there are of each, 1 or more; copied */
    size_t n_resources;
};

struct schedule;

/* items are copied.  The caller owns *out.  0, or ERR_NOMEM.
 * Cost: O(n log n). */
int schedule_new(const struct schedule_plan *plan,
                 const struct schedule_item *item, size_t n,
                 struct schedule **out, struct error *err);
void schedule_free(struct schedule *schedule);

/* The test that this worker begins now; SCHEDULE_NONE when it has one, is lent,
 * or nothing may start.  Ask every worker again after each event.
 * Cost: O(workers + units that may not start yet). */
size_t schedule_next(struct schedule *schedule, size_t worker);

/* A test to send ahead to a worker that runs one, of the same program, where no
 * worker will sit on work while another has none: several short ones (known to
 * be, or where nothing is known because those that ended last were); one of any
 * length while what is known to wait keeps all others busy for longer. */
size_t schedule_ahead(struct schedule *schedule, size_t worker);

/* Workers whose cores a running test of several slots has besides its own;
 * written to out (room for all workers), returns how many. */
size_t schedule_lent(const struct schedule *schedule, size_t worker,
                     size_t *out);

/* What runs on a worker, SCHEDULE_NONE when nothing does. */
size_t schedule_running(const struct schedule *schedule, size_t worker);

/* The test that runs on this worker ended after elapsed_ns; the next that was
 * sent ahead runs now. */
void schedule_done(struct schedule *schedule, size_t worker,
                   int64_t elapsed_ns);

/* The worker's process is gone: what was sent ahead stands at the front of the
 * queue again.  Returns what ran, which counts as ended, or SCHEDULE_NONE. */
size_t schedule_lost(struct schedule *schedule, size_t worker);

/* Run a test that ended once more: one of a group next, on the same worker;
 * others at the end of the queue. */
void schedule_again(struct schedule *schedule, size_t item);

/* Nothing starts any more. */
void schedule_stop(struct schedule *schedule);

/* Nothing runs, and nothing will. */
bool schedule_over(const struct schedule *schedule);

/* Whether tests of this program may still start: its processes are needed. */
bool schedule_needs(const struct schedule *schedule, size_t program);

#endif
