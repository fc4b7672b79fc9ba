/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels as Tare measures them. */
#include <config.h>

#include "bench/tare.h"
#include "perf/detect/work.h"

static void run(struct tare *b, const char *name)
{
    const struct kernel_work *work = detect_work(name);
    size_t units = detect_units();
    void *state = work->open();

    if (!state)
        tare_skip(b, "no memory");
    TARE_LOOP(b) {
        work->run(state, units);
    }
    work->close(state);
}

#define KERNEL(name)   \
    TARE_BENCH(name)   \
    {                  \
        run(b, #name); \
    }

KERNEL(integer)
KERNEL(float)
KERNEL(branchy)
KERNEL(stream)
KERNEL(chase)
KERNEL(malloc)
KERNEL(syscall)
KERNEL(sqlite)
