/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lanes: executors that work side by side, each on cores of its own.
 *
 * What a lane does is written as if it were alone.  The lanes share a baton
 * (runner/process/baton.h): one at a time runs in the coordinator, and passes
 * the baton on while its program measures, so that what they share needs no
 * lock. */
#ifndef RUNNER_MEASURE_LANES_H
#define RUNNER_MEASURE_LANES_H

#include "runner/measure/executor.h"
#include "runner/measure/live.h"
#include "runner/process/baton.h"

/* executor  one a lane; each passes the baton on while its program runs */
struct lanes {
    struct executor *executor;
    size_t n;
    struct baton *baton;
    struct live **live; /* of lanes_open(); else NULL */
};

/* Make n lanes over real processes.  options[i] says where lane i runs; worker,
 * workers and baton of them are filled in here.  They share one guardian.
 * lanes_close() on every path.  Returns 0, ERR_SYS or ERR_NOMEM. */
int lanes_open(struct live_options *options, size_t n, struct lanes *out,
               struct error *err);
void lanes_close(struct lanes *lanes);

/* The work of one lane, called with the baton held.  0 or an error. */
typedef int lane_work(void *ctx, size_t lane, const struct executor *executor,
                      struct error *err);

/* Do the work on the first n lanes at once, and return when all have.  The
 * error is that of the first lane that failed; that the others leave then is
 * theirs to see to.  Returns 0, that error, or ERR_SYS. */
int lanes_run(const struct lanes *lanes, size_t n, lane_work *work, void *ctx,
              struct error *err);

#endif
