/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many samples to discard at the start of every invocation. */
#ifndef STATS_WARMUP_H
#define STATS_WARMUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/results.h"

enum { WARMUP_LEAST = 3, WARMUP_WINDOW = 5 };

struct warmup {
    size_t discard; /* samples; WARMUP_LEAST or more */
    bool steady;    /* false: no window settled, discard is the first half */
};

/* The pilot rule: the least w >= 3 for which the median of the samples
 * w .. w + 4 over all processes is within `tolerance` (0.01: 1 %) of the last
 * half's.  Each process is measured by the median of its own last half, since
 * processes differ.  Samples are positive; every process has
 * WARMUP_LEAST + WARMUP_WINDOW of them or more, and what the longest have more
 * than the shortest is left out.  n >= 1 processes.
 *
 * Cost: O(processes x samples x w). */
int stats_warmup(const struct invocation *process, size_t n, double tolerance,
                 struct warmup *out, struct error *err);

#endif
