/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of a core's time the system takes away from a program that never
 * stops: interrupts, the kernel's own threads, the hypervisor.
 *
 * The program reads a clock without pause; where two readings are further
 * apart than the loop needs, somebody else ran in between (the idea of the
 * fixed work quantum: Sottile and Minnich, "Analysis of Microbenchmarks for
 * Performance Tuning of Clusters", 2004). */
#ifndef RUNNER_MACHINE_NOISE_H
#define RUNNER_MACHINE_NOISE_H

#include <stdint.h>

/* A clock that does not run backwards. */
struct noise_clock {
    int64_t (*now_ns)(void *ctx);
    void *ctx;
};

/* Gaps below this are the loop itself and its cache misses. */
enum { NOISE_GAP_NS = 1000 };

struct noise {
    double share; /* of the time lost in gaps, 0 to 1 */
    double gaps_per_s;
    int64_t longest_ns; /* gap */
    int64_t step_ns;    /* smallest step seen that is not 0: what a reading
                         * costs, or the resolution when that is coarser */
    int64_t readings;
};

/* Watch for a time.  Cost: that time, of the whole core. */
struct noise noise_probe(const struct noise_clock *clock, int64_t duration_ns);

/* Noise as a class for comparing cores: 0 below 0.05 %, then one more for each
 * doubling.  Measured twice, a core changes by less than a doubling. */
int noise_class(double share);

#endif
