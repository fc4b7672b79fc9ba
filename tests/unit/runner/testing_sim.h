/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated crew: its clock moves when somebody waits, its workers check that
 * no rule of sharing is broken, and keep a log of what ran where. */
#ifndef TESTS_UNIT_RUNNER_TESTING_SIM_H
#define TESTS_UNIT_RUNNER_TESTING_SIM_H

#include "runner/testing/conduct.h"

struct sim_test {
    int64_t ns;                /* how long it really takes */
    enum test_outcome outcome; /* TEST_UNSET is a pass */
    int bad_times;             /* so often, then it passes; 0: always */
    int kills;                 /* so often its worker dies under it */
    bool hangs;                /* its worker never answers */
};

/* One execution. */
struct sim_run {
    size_t test, worker;
    int64_t begin_ns, end_ns;
    bool killed; /* its worker died */
};

struct sim_crew {
    /* given */
    const struct sim_test *test;
    const struct schedule_item *item;
    const int64_t *resource;
    size_t n_resources, n_workers, n_tests;
    int64_t message_ns; /* from the coordinator to a worker or back */
    int64_t stop_at_ns; /* the user interrupts; 0 never */
    /* found out */
    int64_t now_ns;
    struct sim_run *run; /* in the order of their ends */
    size_t n_runs;
    size_t retired;     /* programs */
    const char *broken; /* the first rule that was broken, or NULL */
    /* its own */
    struct sim_worker *worker;
    int *times; /* each test ran so far */
    size_t room;
};

/* The given part must be filled in.  sim_crew_clear() frees the rest. */
void sim_crew_start(struct sim_crew *sim, struct crew *crew);
void sim_crew_clear(struct sim_crew *sim);

/* Run everything: a schedule of the plan (whose workers and resources come
 * from the sim), with `conduct` for the rest (crew, schedule, program and sizes
 * are filled in).  Returns what conduct_all() did. */
int sim_conduct(struct sim_crew *sim, const struct schedule_plan *plan,
                struct conduct *conduct, struct conduct_sum *sum);

/* How often a test ran to an end. */
size_t sim_count(const struct sim_crew *sim, size_t test);

/* The last end. */
int64_t sim_makespan(const struct sim_crew *sim);

#endif
