/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much CPU time the control group of a process may use. */
#ifndef RUNNER_MACHINE_CGROUP_H
#define RUNNER_MACHINE_CGROUP_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

struct cgroup_quota {
    double cpus; /* CPUs at a time, the tightest limit from the group of this
                  * process up to the top; NaN when there is none */
    const char *from; /* the file that says so, below sysroot; "" when none */
};

/* Read cpu.max (version 2) and cpu.cfs_quota_us (version 1), through the
 * mounts and the groups of this process.  What is not there or not readable
 * sets no limit.
 *
 * sysroot   "" for the real one
 * arena     owns `from`
 *
 * Returns 0 or ERR_NOMEM. */
int cgroup_quota(const char *sysroot, struct arena *arena,
                 struct cgroup_quota *out, struct error *err);

/* The folder of this process's group in the hierarchy of version 1 that has
 * the controller ("cpu", "memory"), or in the one of version 2 for NULL; below
 * sysroot.  NULL when there is none. */
char *cgroup_folder(const char *sysroot, const char *controller,
                    struct arena *arena);

/* The content of a cpu.max file: "max 100000" or "150000 100000".  NaN when it
 * sets no limit or is malformed. */
double cgroup_parse_cpu_max(const char *text, size_t size);

#endif
