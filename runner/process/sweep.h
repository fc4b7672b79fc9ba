/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ending what a process left behind.  Only the guardian can: it is the
 * subreaper, so whatever lost its parent is its own child.  Internal to this
 * folder. */
#ifndef RUNNER_PROCESS_SWEEP_H
#define RUNNER_PROCESS_SWEEP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "runner/process/cgroups.h"
#include "runner/process/guardian.h"

/* Environment variable that says which start a process descends from. */
#define SLOT_MARK "TARE_SLOT"

/* A process the guardian started. */
struct ward {
    uint64_t id;
    pid_t pid;      /* also its group and session; 0 while it is started */
    bool keep;      /* what it leaves behind lives on */
    bool ended;     /* reaped; `end` holds */
    bool reported;  /* the coordinator was told */
    bool abandoned; /* the coordinator is no longer interested */
    struct child_end end;
    char *mark;          /* value of SLOT_MARK, NULL when it has none; owned */
    struct cgroup group; /* of it and all it started; none where zeroed */
    struct ward *next;
};

/* Kill what `ended` (a zombie or reaped) left behind, and wait until it is
 * gone or limit_ns passed.
 *
 * A process whose parents are gone belongs to the ward whose mark it carries,
 * else to the one whose session or group it is in.  One that belongs to
 * another ward that lives or keeps its leftovers is spared; one that cannot be
 * told is spared while there is such a ward.
 *
 * Returns how many had to be killed.  Cost: one small read when nothing was
 * left; else reading /proc once per round. */
uint32_t sweep(const struct ward *wards, const struct ward *ended,
               int64_t limit_ns);

/* Kill and reap every descendant of this process, until there is none or
 * limit_ns passed. */
void sweep_all(int64_t limit_ns);

/* Wait until a child is a zombie; false when limit_ns passed before. */
bool sweep_await(pid_t pid, int64_t limit_ns);

#endif
