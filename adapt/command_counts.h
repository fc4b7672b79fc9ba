/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What executions of a command are counted by beside their time: allocations,
 * bytes, events of the processor and the kernel, over the command and all it
 * starts.
 *
 * Events are opened on the process that executes, inherited, and enabled by
 * execve(), so that only the command is in them (perf_event_open(2)).  What is
 * allocated is counted by libtare-alloc.so, preloaded into the command, into a
 * memory file that all its processes share.  Bytes are those of read(2) and its
 * like, which the kernel adds to the parent's once it has waited for a child. */
#ifndef ADAPT_COMMAND_COUNTS_H
#define ADAPT_COMMAND_COUNTS_H

#include <stdint.h>

#include "adapt/recipe.h"
#include "bench/tare.h"

/* In the environment of a worker that is to count: what, as a list such as
 * "allocs,cycles", and the path of libtare-alloc.so, or "". */
#define COMMAND_COUNTS_VARIABLE "TARE_COMMAND_METRICS"
#define COMMAND_ALLOC_VARIABLE  "TARE_COMMAND_ALLOC"

struct command_counts;

/* Get ready to count what the list names and this machine can.
 *
 * list, library  as above; NULL for nothing
 * recipe         its environment gets what preloads the library
 *
 * *out is NULL where nothing is to be counted.  0, ERR_SYS or ERR_NOMEM. */
int command_counts_open(const char *list, const char *library,
                        struct recipe *recipe, struct arena *arena,
                        struct command_counts **out, struct error *err);
void command_counts_close(struct command_counts *counts); /* NULL allowed */

/* Right before and right after an execution.  NULL does nothing. */
void command_counts_begin(struct command_counts *counts);
void command_counts_end(struct command_counts *counts);

/* Add each count as a counter of the case: the middle execution's. */
void command_counts_say(const struct command_counts *counts, struct tare *b);

#endif
