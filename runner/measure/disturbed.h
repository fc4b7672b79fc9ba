/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether somebody else got in the way of a slice.  The rules are fixed
 * beforehand and look at causes, never at the measured time. */
#ifndef RUNNER_MEASURE_DISTURBED_H
#define RUNNER_MEASURE_DISTURBED_H

#include <stdbool.h>

#include "runner/process/stage.h"

/* A slice is disturbed when, while it ran, it waited for its CPU longer than
 * 1 % of its time (the wait counts from the hand-over, so the other side is not
 * in it), when it began and ended on different CPUs, or when a page had to come
 * from a disk. */
bool slice_is_disturbed(const struct stage_slice *slice);

/* Share of disturbed slices, 0 to 1; NaN for none.  Empty loops do not count. */
double disturbed_share(const struct stage_slice *slice, size_t n);

#endif
