/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Executing a command again and again, reading the clock around it.
 *
 * Starting and waiting is all that happens in between: the process that does
 * this sleeps meanwhile, so that what it waits for its CPU afterwards is the
 * doing of others.  It should be small (command_worker.h): a process that
 * executes a file takes the peak memory of its parent along
 * (setmax_mm_hiwater_rss() in the kernel's exec), and a command's peak can be
 * told only above it. */
#ifndef ADAPT_LAUNCHER_H
#define ADAPT_LAUNCHER_H

#include <stdint.h>
#include <sys/resource.h>

#include "adapt/recipe.h"
#include "runner/process/capture.h"

/* What of a recipe is executed. */
enum launcher_step {
    LAUNCHER_RUN = 0,
    LAUNCHER_BEFORE,
    LAUNCHER_AFTER,
    LAUNCHER_SHELL, /* sh -c :, what a shell costs that does nothing */
    LAUNCHER_STEPS
};

/* How an execution ended. */
struct execution {
    const char *failed;  /* "" when it was started; else what could not be
                         * done: "cannot run", "cannot open", ...  Static */
    const char *what;    /* the file that concerns; borrowed from the recipe */
    int error;           /* its errno */
    bool overdue;        /* ended by the time limit */
    int status;          /* exit status, -1 when a signal ended it */
    int signal;          /* that ended it, 0 for none */
    int64_t wall_ns;     /* CLOCK_MONOTONIC_RAW from before the start until the
                         * end was known */
    struct rusage usage; /* of the command and what it waited for */
};

struct launcher;

/* Find what is to be executed and make files for its output.
 *
 * recipe  borrowed until launcher_close().  A command without a slash is looked
 *         for in its own PATH, or that of this process
 *
 * Takes SIGALRM for the time limit.  Returns 0, ERR_SYS or ERR_NOMEM. */
int launcher_open(const struct recipe *recipe, struct launcher **out,
                  struct error *err);
void launcher_close(struct launcher *launcher); /* NULL is allowed */

/* Execute one step of the recipe and wait for its end; then everything it left
 * in its process group is killed.  *out tells how it ended.
 *
 * Cost beside the command: some 20 system calls, one pair of clock reads
 * around clone(), execve(), wait4(). */
void launcher_execute(struct launcher *launcher, enum launcher_step step,
                      struct execution *out);

/* What the last execution printed; empty where the recipe sends it elsewhere.
 * Borrowed. */
const struct capture *launcher_output(const struct launcher *launcher);
const struct capture *launcher_errors(const struct launcher *launcher);

#endif
