/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving runs between stores.  See db.h for errors. */
#ifndef STORE_MERGE_H
#define STORE_MERGE_H

#include <stddef.h>

#include "store/runs.h"

struct merged {
    size_t runs;    /* added */
    size_t present; /* were here already, by UUID.  One that is unfinished here
                     * and finished there is replaced */
};

/* Add every run, acknowledgement and alert of the store at `from` that is not
 * here yet.  One transaction: all or nothing.  `from` is only read, and must
 * have the schema of this program.  Merging twice changes nothing.  Not while
 * store_hold() is in force. */
int store_merge(struct store *into, const char *from, struct merged *out,
                struct error *err);

/* Write the runs that the filter takes to a new store at `to`, which must not
 * exist (ERR_USAGE).  The file appears whole or not at all. */
int store_export(struct store *store, const struct run_filter *filter,
                 const char *to, size_t *runs, struct error *err);

#endif
