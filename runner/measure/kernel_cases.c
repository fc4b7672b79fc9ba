/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels of the self-test as benchmarks. */
#include <config.h>

#include "bench/tare.h"

#include "runner/measure/kernel_bench.h"
#include "runner/measure/kernels.h"

enum { UNITS = 1000 };

#define DESCRIBED(name, calm, what) {"k_" #name, calm, what},

static const struct kernel all[] = {KERNELS(DESCRIBED)};

const struct kernel *kernels(size_t *n)
{
    *n = sizeof all / sizeof *all;
    return all;
}

#define MEASURED(name, calm, what)                                             \
    TARE_BENCH(k_##name, .args = "extra=0,10,20,50", .tags = "kernel")         \
    {                                                                          \
        kernel_bench(b, &kernel_##name, UNITS + (size_t)tare_int(b, "extra")); \
    }

KERNELS(MEASURED)
