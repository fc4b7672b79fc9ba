/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels of different character for `tare selftest`, carried by the tare
 * program like the anchors and measured the same way.
 *
 * Each is a benchmark with a parameter "extra": an iteration does 1000 + extra
 * units of the same work, so that extra=10 is a real slowdown of 1 %. */
#ifndef RUNNER_MEASURE_KERNELS_H
#define RUNNER_MEASURE_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

struct kernel {
    const char *name; /* of the benchmark, without its parameter */
    bool calm;        /* integer, floating point, branchy: little but the core
                       * is at work */
    const char *what; /* for people */
};

/* All of them; naming this function links them in. */
const struct kernel *kernels(size_t *n);

#endif
