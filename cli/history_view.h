/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The history that the options ask for, with its changes and what people said
 * of them: what `tare history` shows and what alerts look at. */
#ifndef CLI_HISTORY_VIEW_H
#define CLI_HISTORY_VIEW_H

#include "cli/history_lines.h"
#include "cli/session.h"

struct history_view {
    struct history_lines lines;
    struct history_report report; /* of these lines */
};

/* What --machine, --branch, --metric, --since and the operands say.
 *
 * Returns 0; ERR_EMPTY for a revision that neither the store nor git knows;
 * an error of the store, or ERR_NOMEM. */
int history_wish_read(struct session *session, struct store *store,
                      struct history_wish *out, struct error *err);

/* Load the lines and find their changes.  Everything lives in the session's
 * arena.  Errors as history_lines_load(). */
int history_view_make(struct session *session, struct store *store,
                      const struct history_wish *wish, struct history_view *out,
                      struct error *err);

#endif
