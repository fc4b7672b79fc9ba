/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One invocation: a fresh process, all its samples, and what it said. */
#ifndef RUNNER_MEASURE_INVOCATION_H
#define RUNNER_MEASURE_INVOCATION_H

#include "base/arena.h"
#include "runner/measure/executor.h"

struct taken {
    struct stage_slice *slice; /* n samples, and behind them the empty loop */
    size_t n;
    struct side_report said;
    int64_t wall_ns; /* from before the start to after the end */
};

/* Take n samples, 1 or more, of so many iterations; everything in *out is in the
 * arena.  Errors as those of the executor, or ERR_NOMEM. */
int invocation_take(const struct executor *executor,
                    const struct subject *subject, size_t n,
                    uint64_t iterations, struct arena *arena, struct taken *out,
                    struct side_failure *bad, struct error *err);

/* The times of its samples in ns, 1 or more each, in the arena.  ERR_NOMEM. */
int invocation_times(const struct taken *taken, struct arena *arena,
                     struct invocation *out, struct error *err);

/* What the invocation took beside n of its slices, in ns, 0 or more: its start,
 * set-up, warm-up, end. */
double invocation_beside_ns(const struct taken *taken,
                            const struct stage_slice *slice, size_t n);

#endif
