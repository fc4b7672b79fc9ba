/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The executor over real processes: fresh, pinned, each in a slot of its own,
 * the two sides of a pair on one core. */
#ifndef RUNNER_MEASURE_LIVE_H
#define RUNNER_MEASURE_LIVE_H

#include "runner/measure/executor.h"
#include "runner/process/guardian.h"
#include "runner/process/watch.h"

struct live;

/* guardian  borrowed
 * cpus      OS indexes the measured programs are bound to; none: not bound
 * each      how many of them a thread gets: a program with t threads is bound
 *           to the first t times as many; 0: all for any.  One that needs more
 *           than there are is skipped
 * nodes     OS indexes of the NUMA nodes of their memory; none: default
 * stop_fd   readable once the user interrupts, -1 for none
 * seed      of the input that programs make, and of the environment and stack
 *           of each process
 * layout    of the environment and stack instead, where executors with the same
 *           input must not repeat them; 0: the seed
 * tmpdir    where the slots' folders are made, NULL for the default
 * worker    which one of `workers` it is, from 0; workers 0 stands for 1
 * baton     of the threads that share the guardian, passed on while programs
 *           run; NULL for none */
struct live_options {
    struct guardian *guardian;
    const int *cpus;
    size_t n_cpus;
    size_t each;
    const int *nodes;
    size_t n_nodes;
    int stop_fd;
    uint64_t seed, layout;
    const char *tmpdir;
    size_t worker, workers;
    struct baton *baton;
};

/* Make the slots and the stage; fills in *executor, which works until
 * live_close().  Returns 0, ERR_SYS or ERR_NOMEM. */
int live_open(const struct live_options *options, struct live **out,
              struct executor *executor, struct error *err);

/* End what is open, remove the slots.  NULL is allowed. */
void live_close(struct live *live);

/* Called with the pid of each process that was opened, before it runs its
 * first script: to verify what it really mapped.  0, or the error that fails
 * this side. */
typedef int live_verify(void *ctx, const struct subject *subject, int pid,
                        struct error *err);
void live_set_verify(struct live *live, live_verify *verify, void *ctx);

#endif
