/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workload of SQLite's for the self-test and perf/detect; it is here because
 * only this folder meets SQLite. */
#ifndef STORE_KERNEL_H
#define STORE_KERNEL_H

#include <stddef.h>

/* Look-ups by key in a small table in
 * memory, one for each five units.  NULL when there is no such table. */
void *store_kernel_open(void);
void store_kernel_run(void *state, size_t units);
void store_kernel_close(void *state);

#endif
