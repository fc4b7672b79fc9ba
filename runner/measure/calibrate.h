/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many iterations make a slice, and what a slice needs before it counts. */
#ifndef RUNNER_MEASURE_CALIBRATE_H
#define RUNNER_MEASURE_CALIBRATE_H

#include "runner/measure/executor.h"

struct calibration {
    uint64_t iterations; /* per slice, shared by both sides; 1 or more */
    uint64_t rewarm;     /* untimed iterations after a hand-over */
    double iteration_ns; /* of the slower side, the smallest seen */
    double slice_ns;     /* iterations * iteration_ns */
};

/* On what is open: find the count whose slice takes target_ns on the slower
 * side, from the minimum of several tries, because whatever else runs can only
 * make a try longer.  A body longer than the target gives 1.  rewarm is 0.
 *
 * n_sides  1 or 2, as opened
 *
 * Errors as executor.run.  Cost: about 8 target_ns a side. */
int calibrate(const struct executor *executor, int n_sides, int64_t target_ns,
              struct calibration *out, struct side_failure *bad,
              struct error *err);

/* With two sides open: how much of a slice a side needs, after the other ran,
 * until its own caches are back.  Sets out->rewarm to the smallest multiple of
 * a sixteenth of the slice after which every further sixteenth is within 2 % of
 * the steady time, at most half a slice; 0 for slices beyond 10 ms or of fewer
 * than 64 iterations.  Errors as executor.run.  Cost: about 20 slices. */
int calibrate_rewarm(const struct executor *executor, struct calibration *out,
                     struct side_failure *bad, struct error *err);

#endif
