/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Series of the store as lines of a report: which machine, which branch, which
 * metric, with an interval for each point.  Changes are history_changes.h. */
#ifndef CLI_HISTORY_LINES_H
#define CLI_HISTORY_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/history.h"
#include "store/history.h"

/* Which lines.  Zeroed but for the suite: the main metric of every case and
 * the figures of the suite itself, where the newest run was. */
struct history_wish {
    const char *suite;
    const char *const *glob; /* ids; none: all but "@..." other than "@suite" */
    size_t n_globs;
    const char *metric;  /* glob; NULL: "time" or "duration", else the first;
                          * of an '@' id all */
    const char *machine; /* beginning of a key, or "all"; NULL: as said above */
    const char *branch;  /* name, or "all"; NULL: as said above */
    const char *since;   /* created, ISO 8601, inclusive; NULL: any */
    const char *from;    /* revision whose point is the first; a line without it
                          * begins with `since`; NULL: any */
    bool clean;          /* no points of changed sources */
    size_t first, most;  /* only so many of the lines, from the first-th on;
                          * most 0: all */
    bool intervals;      /* of every point; else of the newest of each line */
};

/* What is behind a line, in the same order. */
struct history_source {
    const char *machine_key, *branch;
    const struct series_point *point; /* as many as the line has */
};

struct history_lines {
    struct history_line *line; /* by machine and branch, then by id and metric;
                                * none is empty */
    struct history_source *source;
    size_t n;
    size_t all; /* lines there may be, without `first` and `most` */
    struct history_other *other; /* places that were not asked for */
    size_t n_others;
};

/* Load them; everything hangs in the arena.  `baseline` of the lines is NaN,
 * there are no changes yet.
 *
 * Returns 0; ERR_EMPTY when nothing is there or nothing fits; ERR_USAGE for a
 * machine or branch that is not there (the help names the nearest); an error
 * of the store, or ERR_NOMEM.  Cost: see history_series(); intervals cost some
 * 10 us a point. */
int history_lines_load(struct store *store, const struct history_wish *wish,
                       struct arena *arena, struct history_lines *out,
                       struct error *err);

#endif
