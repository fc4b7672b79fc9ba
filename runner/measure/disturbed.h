/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether somebody else got in the way of a slice or of an invocation, and
 * whether it ran where it was placed.  The rules are fixed beforehand and look
 * at causes, never at the measured time. */
#ifndef RUNNER_MEASURE_DISTURBED_H
#define RUNNER_MEASURE_DISTURBED_H

#include <stdbool.h>
#include <sys/types.h>

#include "runner/machine/disturbance.h"
#include "runner/process/stage.h"

/* A slice is disturbed when, while it ran, it waited for its CPU longer than
 * 1 % of its time (the wait counts from the hand-over, so the other side is not
 * in it; where the wait cannot be known, an involuntary switch stands for it),
 * when it began and ended on different CPUs, or when a page had to come from a
 * disk. */
bool slice_is_disturbed(const struct stage_slice *slice);

/* All slices of an invocation are disturbed when, over its script, over 1 % of
 * its CPUs' time was stolen, or a CPU or the control group was throttled.  The
 * kernel counts stolen time in ticks of 10 ms and rounds down: one tick may
 * have been stolen before, so a single one is no disturbance. */
bool script_is_disturbed(const struct disturbance *during);

/* Did the slice begin or end on a CPU that is not in the list?  What is unknown
 * did not, and with an empty list nothing does. */
bool slice_is_astray(const struct stage_slice *slice, const int *cpu, size_t n);

/* What happens on some CPUs while processes run a script. */
struct around {
    const char *sysroot; /* "" for the real one; borrowed, as is the next */
    const int *cpu;
    size_t n_cpus;
    struct disturbance_snapshot before;
    double own_s; /* CPU time of the processes by then; NaN unknown */
};

/* Read the counters before and after; without CPUs nothing is read and
 * `seconds` of the answer is 0.
 *
 * pid     the measured processes, which live at both times
 * now_ns  of a clock that does not step */
void around_begin(struct around *around, const pid_t *pid, size_t n,
                  int64_t now_ns);
struct disturbance around_end(const struct around *around, const pid_t *pid,
                              size_t n, int64_t now_ns);

#endif
