/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the dashboard shows, gathered: the history, the newest comparison, the
 * newest tests, the machine. */
#ifndef CLI_DASHBOARD_DATA_H
#define CLI_DASHBOARD_DATA_H

#include "cli/history_view.h"
#include "cli/session.h"
#include "report/dashboard.h"
#include "report/document.h"

struct dashboard_data {
    struct dashboard dashboard; /* of what follows */
    struct history_view view;
    struct document gate, tests, run;
    struct results *old_side;
    struct strbuf topology;
};

/* Gather everything but the history.
 *
 * session  its arena holds what the documents do not
 * store    NULL where there is none
 * out      ended with dashboard_data_clear(), also after an error
 *
 * What the store has not is not there.  Returns 0, an error of the store, or
 * ERR_NOMEM. */
int dashboard_data_load(struct session *session, struct store *store,
                        struct dashboard_data *out, struct error *err);

/* Show this document instead of the newest one of its kind; taken over.
 *
 * store  where it is from, NULL for a file
 *
 * Returns 0 or an error of the store. */
int dashboard_data_take(struct dashboard_data *data, struct document *from,
                        struct store *store, struct error *err);

/* Add the history that is wished for.  A store without one is no error. */
int dashboard_data_history(struct session *session, struct store *store,
                           const struct history_wish *wish,
                           struct dashboard_data *data, struct error *err);

void dashboard_data_clear(struct dashboard_data *data);

#endif
