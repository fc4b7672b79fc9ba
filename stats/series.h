/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dependence between successive samples: diagnostics, never a licence to pool
 * samples. */
#ifndef STATS_SERIES_H
#define STATS_SERIES_H

#include <stddef.h>

#include "base/error.h"
#include "base/results.h"

struct serial {
    double lag1; /* autocorrelation at lag 1, -1..1; NaN when nothing varies */
    double ess;  /* effective sample size: N (1 - lag1) / (1 + lag1), cut to
                  * 1..N; NaN when lag1 is */
};

/* Lag-1 autocorrelation about each invocation's own mean, pooled over the
 * invocations, and the effective number of their N samples under a first-order
 * autoregression (Box, Jenkins & Reinsel, Time Series Analysis, section 2.1;
 * Bayley & Hammersley, JRSS suppl. 8, 1946).  With one invocation this is the
 * textbook lag-1 autocorrelation.
 *
 * n >= 1 invocations, one of them with two samples.  Cost: O(samples). */
int stats_serial(const struct invocation *invocation, size_t n,
                 struct serial *out, struct error *err);

#endif
