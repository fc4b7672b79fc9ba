/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starting one process as a struct spawn says.  Used by the guardian, which
 * must be single-threaded.  Internal to this folder. */
#ifndef RUNNER_PROCESS_LAUNCH_H
#define RUNNER_PROCESS_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "runner/process/cgroups.h"
#include "runner/process/spawn.h"

/* What may fail, for the message. */
enum launch_step {
    LAUNCH_NONE = 0,
    LAUNCH_FORK,
    LAUNCH_SESSION,
    LAUNCH_FOLDER,
    LAUNCH_FD,
    LAUNCH_LIMIT,
    LAUNCH_NICE,
    LAUNCH_CPUS,
    LAUNCH_NODES,
    LAUNCH_EXEC,
    LAUNCH_STEPS
};

struct launched {
    pid_t pid;
    int pidfd;             /* owned; -1 where the kernel has none */
    enum launch_step step; /* that failed, LAUNCH_NONE when none */
    int error;             /* its errno */
};

/* spawn->fds[i].fd are descriptors of this process, above any number they get
 * in the child (launch_floor()).  usual_nice is what a process gets that asks for
 * none: the caller's own may be another.
 *
 * group  it starts in, where the kernel lets it; NULL for the caller's
 *
 * Returns true with pid and pidfd, or false with step and error; then no
 * process is left.  The child shares memory with the caller until it executes
 * (clone with CLONE_VM and CLONE_VFORK, as posix_spawn() does), so the cost
 * does not grow with the caller; with a group it is a fork.
 *
 * The caller must have default dispositions: only the mask is reset. */
bool launch(const struct spawn *spawn, int usual_nice,
            const struct cgroup *group, struct launched *out);

/* Give this process, the leader of a session, and its session that nice value
 * where it is permitted; else nothing changes. */
void launch_ask_for_nice(int nice);

/* The smallest number that no descriptor of the child gets. */
int launch_floor(const struct spawn *spawn);

#endif
