/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels of the self-test as benchmarks. */
#include <config.h>

#include "bench/tare.h"

#include "runner/measure/kernel_work.h"
#include "runner/measure/kernels.h"

enum { UNITS = 1000 };

static const struct kernel all[] = {
    {"k_integer", true, "dependent integer operations"},
    {"k_float", true, "dependent floating-point operations"},
    {"k_branchy", true, "branches nobody can predict"},
    {"k_stream", false, "reading memory in order"},
    {"k_chase", false, "pointers through 8 MiB"},
    {"k_malloc", false, "malloc and free of mixed sizes"},
    {"k_syscall", false, "system calls"},
    {"k_sqlite", false, "SQLite look-ups by key"},
};

const struct kernel *kernels(size_t *n)
{
    *n = sizeof all / sizeof *all;
    return all;
}

static void run(struct tare *b, const struct kernel_work *work)
{
    size_t units = UNITS + (size_t)tare_int(b, "extra");
    void *state = work->open();

    if (!state)
        tare_skip(b, "no memory");
    TARE_LOOP(b) {
        work->run(state, units);
    }
    work->close(state);
}

#define KERNEL(name)                                                   \
    TARE_BENCH(k_##name, .args = "extra=0,10,20,50", .tags = "kernel") \
    {                                                                  \
        run(b, &kernel_##name);                                        \
    }

KERNEL(integer)
KERNEL(float)
KERNEL(branchy)
KERNEL(stream)
KERNEL(chase)
KERNEL(malloc)
KERNEL(syscall)
