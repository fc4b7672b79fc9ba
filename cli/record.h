/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run on its way into the store: begun before the first invocation, filled
 * after each, finished at the end, so that nothing measured is ever lost. */
#ifndef CLI_RECORD_H
#define CLI_RECORD_H

#include "base/results.h"
#include "cli/exit.h"
#include "cli/session.h"
#include "store/runs.h"

struct record {
    struct store *store; /* NULL when there is none to write to */
    int64_t run;
    const struct session *session; /* borrowed */
};

/* Open the store (--db, or history.store of tare.yaml) and begin a run.  A
 * store that cannot be written is no error: one warning says so, and the run
 * goes on without.  Returns 0 or ERR_NOMEM. */
int record_begin(struct record *record, struct session *session,
                 enum run_kind kind, const struct occasion *occasion,
                 int64_t revision_time, struct error *err);

/* Open the newest run again, which was interrupted or whose process died, and
 * read what it has.
 *
 * results  receives its results; the caller ends them
 *
 * Returns 0, ERR_EMPTY when the newest run is complete or there is none, or an
 * error of the store: without it nothing can be resumed. */
int record_resume(struct record *record, struct session *session,
                  struct results **results, struct error *err);

/* Store invocation k of case i with all its metrics, one transaction. */
int record_invocation_of(struct record *record, enum run_side side,
                         const struct results *results, size_t i, size_t k,
                         struct error *err);

/* Store what else is known about case i. */
int record_case(struct record *record, enum run_side side,
                const struct results *results, size_t i, struct error *err);

/* One figure of the run itself, as runs_add_figure(); nothing for one that is
 * not known. */
void record_figure(struct record *record, const char *id, const char *metric,
                   const char *unit, enum better better, double value);

/* Keep a JSON document with the run, as the detail of a verdict row of this id,
 * such as "@scale"; for runs without verdicts. */
void record_document(struct record *record, const char *id, const char *json);

/* End the run with the status it exits with, raise the alerts it gives cause
 * to, and close the store.
 *
 * status  becomes CLI_REGRESSED, where that is worse, by a change whose rule says
 *         that runs fail */
int record_end(struct record *record, enum cli_exit *status, struct error *err);

/* The path of the store, in the session's arena. */
const char *record_store_path(struct session *session);

#endif
