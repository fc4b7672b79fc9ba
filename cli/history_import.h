/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files as runs of the history. */
#ifndef CLI_HISTORY_IMPORT_H
#define CLI_HISTORY_IMPORT_H

#include "base/results.h"
#include "cli/session.h"
#include "store/merge.h"

/* Add one occasion of results as a run of kind "import".  Its content makes its
 * UUID.
 *
 * revision_time  commit date, seconds since 1970; 0 unknown
 * run            receives its number
 * is_new         receives whether it was not here already
 *
 * Returns 0, an error of the store, or ERR_NOMEM; then nothing was added. */
int history_add_occasion(struct store *store, const char *suite,
                         const struct results *results, size_t occasion,
                         int64_t revision_time, int64_t *run, bool *is_new,
                         struct error *err);

/* Add what a file holds: another store, the JSON of `tare run` or a baseline;
 * its first bytes tell which.  Each occasion is one run of kind "import", and
 * its content makes its UUID: importing the same numbers twice changes
 * nothing, whatever file they come in.
 *
 * Returns 0; ERR_USAGE for a document of another kind; ERR_PARSE, ERR_RANGE,
 * ERR_SYS with the file, an error of the store, or ERR_NOMEM. */
int history_import(struct session *session, struct store *store,
                   const char *path, struct merged *out, struct error *err);

#endif
