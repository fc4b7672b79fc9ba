/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guardian: a small process that starts all others and outlives none.
 *
 * It is forked before the coordinator grows, because what forks must be small
 * (fork and wait cost 0.3 ms in a small process and 13 ms in one of 256 MiB),
 * and it is the subreaper of everything it starts: what a program leaves
 * behind, a child that called setsid() included, becomes the guardian's child
 * and is ended.  When the coordinator ends in any way, SIGKILL included, the
 * guardian ends every process and removes every registered folder.
 *
 * One thread at a time for a guardian and all its children: threads that share
 * a baton (baton.h) may share a guardian. */
#ifndef RUNNER_PROCESS_GUARDIAN_H
#define RUNNER_PROCESS_GUARDIAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/error.h"
#include "runner/process/ports.h"
#include "runner/process/spawn.h"
#include "runner/process/watch.h"

struct guardian;

/* How a process ended. */
struct child_end {
    int status; /* exit status 0..255; -1 when a signal ended it */
    int signal; /* the signal that ended it, 0 when it exited */
    bool core_dumped;
    uint32_t leaked; /* processes it left running, which were then killed */
    /* Of this process and those it waited for.  ru_maxrss is never less than
     * the guardian's own, 1.5 MB: executing a file keeps the peak. */
    struct rusage usage;
};

/* A process that was started.  Belongs to the guardian until
 * guardian_release(). */
struct child {
    uint64_t id;
    pid_t pid;  /* also its process group and session */
    int pidfd;  /* readable once it ended; -1 where the kernel has none */
    bool ended; /* the guardian told of its end: `end` holds */
    struct child_end end;
    struct child *next;
};

/* Fork the guardian.  Call it early, from a thread that lives as long as the
 * coordinator, before anything large is loaded.  The caller owns it.
 * Returns 0, ERR_SYS or ERR_NOMEM. */
int guardian_start(struct guardian **out, struct error *err);

/* End everything it started, remove its folders, wait until that is done and
 * free it with all its children.  NULL is allowed. */
void guardian_stop(struct guardian *guardian);

pid_t guardian_pid(const struct guardian *guardian);

/* The blocks of ports of what it starts, given back when it stops; ports.h. */
unsigned guardian_ports(struct guardian *guardian, size_t owner);

/* Start a process.
 *
 * Returns 0 with *out borrowed from the guardian; ERR_PEER when the program
 * cannot be executed, the message names it and the reason ("cannot run
 * 'build/x': No such file or directory"); ERR_RANGE for a description beyond
 * its limits, ERR_SYS, ERR_NOMEM, or ERR_TIMEOUT when the guardian is stuck.
 * Cost: two messages and a vfork, some 0.2 ms with the exec. */
int guardian_spawn(struct guardian *guardian, const struct spawn *spawn,
                   struct child **out, struct error *err);

/* Send a signal to the process group of a child that has not ended; SIGKILL
 * takes everything it started along.  One that ended is left alone.  Returns
 * 0 or ERR_SYS. */
int guardian_signal(struct guardian *guardian, const struct child *child,
                    int signal, struct error *err);

/* Wait until the guardian told of the child's end, be it that another thread
 * that shares the watch's baton took the news.  Returns 0, ERR_TIMEOUT,
 * ERR_STOPPED, or ERR_SYS when the guardian is gone. */
int guardian_wait(struct guardian *guardian, const struct child *child,
                  const struct watch *watch, struct error *err);

/* Kill the child if it lives, with all it left behind (SPAWN_KEEP_LEFTOVERS
 * included), and free it.  child may be NULL.  Does not wait. */
void guardian_release(struct guardian *guardian, struct child *child);

/* Readable when guardian_pump() has something to take.  Borrowed. */
int guardian_fd(const struct guardian *guardian);

/* Take what the guardian has told so far, setting `ended` of children, without
 * waiting.  Returns 0, or ERR_SYS when the guardian is gone. */
int guardian_pump(struct guardian *guardian, struct error *err);

/* Make a folder only this user can enter, which is removed with all in it at
 * the latest when the coordinator ends.  pattern is an absolute path that ends
 * in XXXXXX; path receives the name (PATH_MAX bytes).  Returns 0 or ERR_SYS. */
int guardian_make_folder(struct guardian *guardian, const char *pattern,
                         char *path, struct error *err);

/* Remove such a folder now.  Returns 0 or ERR_SYS. */
int guardian_remove_folder(struct guardian *guardian, const char *path,
                           struct error *err);

/* "exit status 3", "signal 11 (Segmentation fault)".  Returns out. */
enum { CHILD_END_TEXT = 80 };
char *child_end_text(char out[CHILD_END_TEXT], const struct child_end *end);

#endif
