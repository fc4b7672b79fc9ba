/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The work of the kernels, apart from who measures it: `tare selftest` does
 * (kernels.h), and perf/detect puts the same work before Tare's peers.  The work
 * of one of them is with its library: store/kernel.h. */
#ifndef RUNNER_MEASURE_KERNEL_WORK_H
#define RUNNER_MEASURE_KERNEL_WORK_H

#include <stddef.h>

/* A unit is the same work on every call, so 1010 units are 1 % more than
 * 1000. */
struct kernel_work {
    const char *name;    /* "integer" */
    void *(*open)(void); /* its state; NULL: no memory */
    void (*run)(void *state, size_t units);
    void (*close)(void *state); /* NULL is accepted */
};

/* All of them: DO(name, calm, what) with the fields of struct kernel. */
/* clang-format off: one a line */
#define KERNELS(DO)                                        \
    DO(integer, true, "dependent integer operations")      \
    DO(float, true, "dependent floating-point operations") \
    DO(branchy, true, "branches nobody can predict")       \
    DO(stream, false, "reading memory in order")           \
    DO(chase, false, "pointers through 8 MiB")             \
    DO(malloc, false, "malloc and free of mixed sizes")    \
    DO(syscall, false, "system calls")                     \
    DO(sqlite, false, "SQLite look-ups by key")
/* clang-format on */

#define KERNEL_DECLARED(name, calm, what) \
    extern const struct kernel_work kernel_##name;
KERNELS(KERNEL_DECLARED)

#endif
