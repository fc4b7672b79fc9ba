/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What benchmarks reach side by side: one fresh process on each lane, all of
 * them busy from before the first counted sample until after the last.
 *
 * One call is one round of a comparison of worker counts: the processes are its
 * unit of replication, the samples within it are not independent. */
#ifndef RUNNER_MEASURE_ABREAST_H
#define RUNNER_MEASURE_ABREAST_H

#include "base/arena.h"
#include "runner/measure/lanes.h"

/* Zero means the default in brackets. */
struct abreast_settings {
    int64_t span_ns;     /* each counts samples for so long at least [0.2 s] */
    int64_t sample_ns;   /* aim for one sample [1 ms] */
    int64_t deadline_ns; /* on the executors' clock: no more is begun [none] */
};

/* One lane's part. */
struct abreast_part {
    struct stage_slice *slice; /* that lie between the time at which all had
                                * begun to measure and the time at which the
                                * last had enough of them, in order */
    size_t n;                  /* 1 at least, but with a deadline */
    uint64_t iterations;       /* of each slice */
    double rate;         /* iterations in them over the time in them, a second;
                          * what the coordinator needs between two scripts is
                          * in neither */
    double items, bytes; /* per iteration, 0 when not declared */
    bool strayed;        /* it did not stay where it was placed */
    struct disturbance during; /* of its last script */
};

/* Measure subject[i] on lane i; the same one may be given to several lanes.
 *
 * n     1 to lanes->n
 * part  [n]; slices are in the arena
 * bad   receives, when a benchmark fails, the lane and how
 *
 * Returns 0; ERR_PEER or ERR_TIMEOUT when a benchmark fails, all others are
 * ended then; ERR_STOPPED, ERR_SYS or ERR_NOMEM.
 * Cost: a process each, its calibration, span_ns and up to a fifth more. */
int abreast_measure(const struct lanes *lanes,
                    const struct subject *const *subject, size_t n,
                    const struct abreast_settings *settings,
                    struct arena *arena, struct abreast_part *part,
                    struct side_failure *bad, struct error *err);

#endif
