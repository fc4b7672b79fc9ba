/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A suite of 104 cases: every kernel in 13 sizes. */
#include <config.h>

#include "bench/tare.h"
#include "perf/detect/work.h"

static void run(struct tare *b, const char *name)
{
    const struct kernel_work *work = detect_work(name);
    size_t units = detect_units() / 4 * (size_t)tare_int(b, "size");
    void *state = work->open();

    if (!state)
        tare_skip(b, "no memory");
    TARE_LOOP(b) {
        work->run(state, units);
    }
    work->close(state);
}

#define KERNEL(name)                                               \
    TARE_BENCH(name, .args = "size=1,2,3,4,5,6,7,8,9,10,11,12,13") \
    {                                                              \
        run(b, #name);                                             \
    }

KERNEL(integer)
KERNEL(float)
KERNEL(branchy)
KERNEL(stream)
KERNEL(chase)
KERNEL(malloc)
KERNEL(syscall)
KERNEL(sqlite)
