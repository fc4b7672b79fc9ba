/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What runs on this machine, read from /proc.  Internal to this folder. */
#ifndef RUNNER_PROCESS_PROCESSES_H
#define RUNNER_PROCESS_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process {
    pid_t pid;
    pid_t parent;
    pid_t group;
    pid_t session;
    char state; /* 'R', 'S', 'Z', ... as in proc(5) */
    pid_t root; /* the child of the ancestor it descends from; 0 for none */
};

/* All descendants of an ancestor, with their roots.  Not a snapshot: what
 * starts meanwhile may be missed, so callers repeat until nothing is left.
 * The caller frees *out.  Returns how many, or -1 when /proc cannot be read.
 * Cost: one read per process of the machine. */
ssize_t process_descendants(pid_t ancestor, struct process **out);

/* The children of the calling thread, at most max.  Returns how many there
 * are, or -1 where the kernel does not tell (CONFIG_PROC_CHILDREN). */
ssize_t process_children(pid_t *out, size_t max);

/* The value of a variable in the environment a process was started with, at
 * most size bytes with the NUL.  False when it cannot be known. */
bool process_variable(pid_t pid, const char *name, char *out, size_t size);

/* Parse the text of /proc/PID/stat.  False when it is malformed. */
bool process_parse_stat(const char *text, struct process *out);

#endif
