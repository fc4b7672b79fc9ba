/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workload of SQLite's for the self-test; it is here because only this folder
 * meets SQLite. */
#ifndef STORE_KERNEL_H
#define STORE_KERNEL_H

/* Naming this function links the kernel in. */
void store_kernel_link(void);

#endif
