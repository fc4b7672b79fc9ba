/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of processing units by OS index, as the kernel writes them ("0-3,8"). */
#ifndef RUNNER_MACHINE_CPULIST_H
#define RUNNER_MACHINE_CPULIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/strbuf.h"

/* The largest OS index accepted anywhere. */
enum { CPULIST_MAX = 65535 };

struct cpulist {
    int *cpu; /* in the order given; hangs in an arena */
    size_t n;
};

/* Read a list such as "0,2,4-6" or "0-30:10" (every tenth).  Blanks around the
 * items and one newline at the end are skipped; an empty text is an empty
 * list.  The order is kept and a repeated index stays repeated.
 *
 * name   for the error message
 *
 * Returns 0, ERR_PARSE with the column, ERR_RANGE (an index over CPULIST_MAX,
 * a range that runs backwards) or ERR_NOMEM. */
int cpulist_parse(const char *name, const char *text, size_t size,
                  struct arena *arena, struct cpulist *out, struct error *err);

/* Write indexes in ascending order in the same form; runs of three or more are
 * shortened.  The array may be in any order; nothing is written for n == 0. */
void cpulist_print(struct strbuf *out, const int *cpu, size_t n);

bool cpulist_has(const struct cpulist *list, int cpu);

#endif
