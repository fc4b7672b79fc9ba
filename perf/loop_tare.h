/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sample of a body in TARE_LOOP, for perf/loop.cc. */
#ifndef PERF_LOOP_TARE_H
#define PERF_LOOP_TARE_H

#include <stdint.h>

#include "bench/tare.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Run a benchmark's body for one sample of so many iterations; returns what an
 * iteration took in ns.  Ends the program when the body breaks the rules. */
double loop_tare_ns(void (*run)(struct tare *), uint64_t iterations);

#ifdef __cplusplus
}
#endif

#endif
