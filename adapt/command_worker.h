/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands as cases of a wire program.
 *
 * The tare program, started as a worker with COMMAND_WORKER_VARIABLE in its
 * environment, holds a benchmark or a test for each recipe of the file named
 * there.  A benchmark's iteration is one execution; it says its own time, so
 * that what goes before and after an execution is in no figure. */
#ifndef ADAPT_COMMAND_WORKER_H
#define ADAPT_COMMAND_WORKER_H

#include "base/error.h"

#define COMMAND_WORKER_VARIABLE "TARE_COMMANDS"

enum { COMMAND_WORKER_BYTES = 64 << 20 }; /* of the file, at most */

/* What the worker counts, as command_counts.h wants it; borrowed. */
struct command_counting {
    const char *list, *library; /* NULL: nothing */
};

/* Register the cases; before tare_main().  Returns 0, ERR_PARSE, ERR_RANGE,
 * ERR_SYS or ERR_NOMEM. */
int command_worker_register(const char *path,
                            const struct command_counting *counting,
                            struct error *err);

/* Go on in a forked process, whose parent only waits to end as it ends.
 *
 * A fork begins without the pages of the files that its parent has mapped, and
 * a command inherits the peak memory of who executes it: this way it is about
 * 1 MB instead of what the libraries of the tare program come to.
 *
 * Call it right before tare_main(), with one thread.  Returns 0 in the forked
 * process, ERR_SYS when there is none; the parent does not return. */
int command_worker_shrink(struct error *err);

#endif
