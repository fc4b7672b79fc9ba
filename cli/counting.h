/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a session counts beside time, and what it asks of the machine. */
#ifndef CLI_COUNTING_H
#define CLI_COUNTING_H

#include "cli/session.h"

/* Get ready to count measure.metrics of tare.yaml in session->counting.  The
 * placement is known.  Returns 0, ERR_RANGE for a name that is no metric,
 * ERR_SYS or ERR_NOMEM. */
int session_count(struct session *session, struct error *err);

/* One line on standard error about metrics that could not be had. */
void session_count_notes(const struct session *session);

/* Refuse to measure on a machine that is not as `require:` of tare.yaml and
 * --require say.  What they ask for is looked up, nothing is probed.  Returns 0,
 * ERR_PARSE (no such check), ERR_RANGE (it does not comply) or ERR_NOMEM. */
int session_require(struct session *session, struct error *err);

#endif
