/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One finished invocation, put into results metric by metric. */
#ifndef RUNNER_MEASURE_RECORD_H
#define RUNNER_MEASURE_RECORD_H

#include "runner/measure/executor.h"

/* Append an invocation to case i of the results, in their newest occasion:
 * "time" and "cpu_time" a sample per slice, in ns per iteration; "page_faults"
 * per iteration and "ctx_switches" (involuntary) over all slices, "max_rss" and
 * the user's counters a figure each; of the machine meanwhile "steal" and
 * "foreign_cpu" (shares of the CPUs' time), "mhz" and "throttled" (times), which
 * are shown and never judged.  A counter that has the name of one of these
 * stands in its place: the body knows better (what a command used is not what
 * its worker used).  What is unknown is left out.  Also sets items, bytes and
 * result of the case.
 *
 * slice  n of them, warm-up and empty loops already left out; n >= 1
 *
 * Returns 0 or ERR_NOMEM. */
int record_invocation(struct results *results, size_t i,
                      const struct stage_slice *slice, size_t n,
                      const struct side_report *said, struct error *err);

#endif
