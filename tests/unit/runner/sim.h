/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated machine behind struct executor: its clock moves only when a
 * script runs, its noise comes from a seed. */
#ifndef TESTS_UNIT_RUNNER_SIM_H
#define TESTS_UNIT_RUNNER_SIM_H

#include "runner/measure/executor.h"

struct sim_case {
    const char *name;    /* matches subject.name */
    const char *program; /* matches subject.program; NULL for any */
    double ns;           /* per iteration, noiseless */
    double between;      /* relative noise per process */
    double within;       /* relative noise per slice */
    double cold;         /* first slices of a process cost 1 + cold, halving */
    double evicted;      /* extra ns once after the other side ran */
    int fail_open_at;    /* this process of the case fails to open, from 1 */
    int fail_run_at;     /* this process of the case dies in its first script */
    const char *result;  /* what tare_result said */
    int other_result_at; /* this process says something else */
    int stray_from, stray_to; /* these processes do not stay on their CPU */
    double steal;             /* share of the CPU's time, over every script */
};

struct sim {
    struct sim_case *cases;
    size_t n_cases;
    uint64_t random;
    int64_t now_ns;
    int64_t spawn_ns;   /* what a process costs */
    int64_t stop_at_ns; /* the user interrupts at this time, 0 never */
    int opened;         /* processes so far */
    /* what is open */
    int n_sides;
    struct {
        struct sim_case *c;
        double factor;
        double cold;
        int processes;
    } side[2];
    int last_side;
    int *processes; /* per case, so far; n_cases long, owned by the test */
};

void sim_executor(struct sim *sim, struct executor *out);

#endif
