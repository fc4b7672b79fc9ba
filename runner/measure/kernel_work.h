/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The work of the kernels, apart from who measures it: `tare selftest` does
 * (kernels.h), and perf/detect puts the same work before Tare's peers.  One
 * kernel is elsewhere, with its library: store/kernel.h. */
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

extern const struct kernel_work kernel_integer, kernel_float, kernel_branchy,
    kernel_stream, kernel_chase, kernel_malloc, kernel_syscall;

#endif
