/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Anchors: small reference benchmarks that Tare carries itself and measures
 * beside the cases of every run.  When they move, the machine moved.
 *
 * They are libtare benchmarks inside the tare program, which serves as the
 * measured program of itself: started with WIRE_ARGUMENT it is a worker like
 * any other. */
#ifndef RUNNER_MEASURE_ANCHORS_H
#define RUNNER_MEASURE_ANCHORS_H

#include "base/results.h"
#include "runner/measure/executor.h"

/* Measure all anchors in three fresh processes, and put the medians of their
 * medians into the occasion (its list is replaced; strings and list live in
 * the arena).
 *
 * self  path of the tare program
 *
 * An anchor that fails is left out.  Returns 0, ERR_STOPPED, ERR_SYS or
 * ERR_NOMEM.  Cost: about 0.1 s. */
int anchors_measure(const struct executor *executor, const char *self,
                    struct arena *arena, struct occasion *occasion,
                    struct error *err);

/* The anchors themselves; naming this function links them in. */
void anchors_link(void);

#endif
