/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a long series of samples reaches a steady state. */
#ifndef STATS_STEADY_H
#define STATS_STEADY_H

#include <stddef.h>

#include "base/error.h"

enum { STEADY_LEAST = 300 };

enum steady_class {
    STEADY_UNSET = 0,
    STEADY_FLAT,      /* the same from the first sample to the last */
    STEADY_WARM_UP,   /* slower first, then steady */
    STEADY_SLOW_DOWN, /* steady, but faster before */
    STEADY_NONE,      /* no steady state: no figure may stand for it */
    STEADY_CLASSES,
};

struct steady {
    enum steady_class is;
    size_t from;     /* first sample of the steady state; n for STEADY_NONE */
    double mean;     /* of the steady state; NaN for STEADY_NONE */
    size_t segments; /* level pieces found */
    size_t masked;   /* outliers left out */
};

/* Classify n >= STEADY_LEAST samples of one process, in order.
 *
 * Samples beyond 3 (q90 - q10) from the median of the 200 around them are
 * masked; PELT cuts the rest by mean and variance at a penalty of 15 log n;
 * segments whose mean is within the last one's by its standard deviation or by
 * `tolerance` (0.01: 1 %), whichever is more, are equivalent to it.  The steady
 * state is the run of equivalent segments at the end; it must hold the last
 * quarter of the samples.  Barrett, Bolz-Tereick, Killick, Mount & Tratt,
 * "Virtual machine warmup blows hot and cold", OOPSLA 2017.
 *
 * Returns 0, ERR_RANGE or ERR_NOMEM.  Cost: O(200 n) and that of PELT. */
int stats_steady(const double *x, size_t n, double tolerance,
                 struct steady *out, struct error *err);

const char *steady_name(enum steady_class is);

#endif
