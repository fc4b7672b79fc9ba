/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Control groups (cgroups(7), version 2) around processes: the kernel keeps
 * account of who descends from whom, whatever a process does about its session,
 * its parents or its environment, and ends a whole group at once
 * (cgroup.kill, Linux 5.14), also one whose processes start others faster than
 * anybody could look for them.
 *
 * The groups of a run stand in a folder of their own below this process's group,
 * which a lock marks as in use: what a run left that was killed with its guardian
 * is ended and removed by the next one.
 *
 * Nothing here is an error: where groups cannot be had there are none.  That is
 * so without version 2, without the permission to make folders there, with an
 * older kernel, and where groups share out CPU time (the `cpu` controller), as a
 * new one would change how what is in it is scheduled. */
#ifndef RUNNER_PROCESS_CGROUPS_H
#define RUNNER_PROCESS_CGROUPS_H

#include <stdbool.h>
#include <stdint.h>

/* The groups of a run; a zeroed one has none yet. */
struct cgroups {
    bool tried;
    int parent;    /* folder of this process's group, -1: there is none */
    int folder;    /* of the run's, locked; -1: none can be had */
    char name[32]; /* of that */
    unsigned made; /* groups so far */
};

/* One group; a zeroed one is none. */
struct cgroup {
    int folder; /* 0: none */
    char name[16];
};

/* Make a group; the first time find out whether there can be any, and end what
 * dead runs left.
 *
 * root  folder of this process's group; NULL: find it
 *
 * Returns false where there can be none.  Cost: a folder made, 50 us. */
bool cgroups_make(struct cgroups *groups, const char *root, struct cgroup *out);

/* Start a process in the group: returns as fork() does, and a descriptor of the
 * process in the parent (-1 where the kernel has none).  -1 with errno when it
 * cannot be there. */
int cgroup_fork(const struct cgroup *group, int *pidfd);

/* Kill what lives in the group and wait until it is gone, at most limit_ns.
 * Returns how many there were. */
uint32_t cgroup_kill(const struct cgroup *group, int64_t limit_ns);

/* Remove a group in which nobody lives. */
void cgroup_remove(struct cgroups *groups, struct cgroup *group);

/* Remove the run's folder with all groups in it. */
void cgroups_close(struct cgroups *groups);

#endif
