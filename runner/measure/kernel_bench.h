/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A kernel as the body of a benchmark. */
#ifndef RUNNER_MEASURE_KERNEL_BENCH_H
#define RUNNER_MEASURE_KERNEL_BENCH_H

#include "bench/tare.h"
#include "runner/measure/kernel_work.h"

/* Each iteration does so many units.  The benchmark fails when the kernel finds
 * no memory. */
void kernel_bench(struct tare *b, const struct kernel_work *work, size_t units);

#endif
