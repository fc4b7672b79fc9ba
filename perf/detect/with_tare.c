/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels as Tare measures them. */
#include <config.h>

#include "perf/detect/work.h"
#include "runner/measure/kernel_bench.h"

#define KERNEL(name, calm, what)                         \
    TARE_BENCH(name)                                     \
    {                                                    \
        kernel_bench(b, &kernel_##name, detect_units()); \
    }

KERNELS(KERNEL)
