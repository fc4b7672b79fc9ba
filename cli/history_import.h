/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files as runs of the history. */
#ifndef CLI_HISTORY_IMPORT_H
#define CLI_HISTORY_IMPORT_H

#include "cli/session.h"
#include "store/merge.h"

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
