/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A suite of 104 cases: every kernel in 13 sizes. */
#include <config.h>

#include "perf/detect/work.h"
#include "runner/measure/kernel_bench.h"

#define KERNEL(name, calm, what)                                        \
    TARE_BENCH(name, .args = "size=1,2,3,4,5,6,7,8,9,10,11,12,13")      \
    {                                                                   \
        kernel_bench(b, &kernel_##name,                                 \
                     detect_units() / 4 * (size_t)tare_int(b, "size")); \
    }

KERNELS(KERNEL)
