/* SPDX-License-Identifier: MIT */
/* Processes that a test left behind.
 *
 * This process is made the subreaper of all it starts (prctl(2)): a process
 * whose parent has ended becomes its child, also one that called setsid() or
 * forked twice, and can be found and ended. */
#ifndef BENCH_STRAYS_H
#define BENCH_STRAYS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { STRAYS_KNOWN_MAX = 256 };

/* Children that were there before: servers that a fixture started.  Beyond
 * STRAYS_KNOWN_MAX nothing is known, and nothing is swept. */
struct tarei_children {
    size_t n;
    int too_many;
    pid_t pid[STRAYS_KNOWN_MAX];
};

/* Note the children of this process.  Cost: one system call when there are
 * none, else some 20 us. */
void tarei_children_note(struct tarei_children *known);

/* End all children that are not known, with all they started, and reap them.
 *
 * grace_ms  how long they may take to end by themselves
 *
 * Returns how many processes had to be killed.  Cost: one system call when
 * there are no children. */
int tarei_strays_sweep(const struct tarei_children *known, int grace_ms);

#endif
