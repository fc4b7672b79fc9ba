/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ratios that tare.yaml expects, in what a session measured. */
#ifndef CLI_EXPECT_H
#define CLI_EXPECT_H

#include "cli/contest.h"
#include "cli/session.h"
#include "report/expected.h"

/* Refuse ids that no case has; nothing is said where the command line names
 * programs or commands, which are not all.  0 or ERR_PARSE. */
int expect_check(const struct session *session, struct error *err);

/* Judge all of them by the newest occasion, in the session's arena.  0 or
 * ERR_NOMEM. */
int expect_judge(struct session *session, const struct results *results,
                 struct expected **out, size_t *n, struct error *err);

/* CLI_REGRESSED when one is broken, CLI_UNDECIDED when one is not decided and
 * gate.on_inconclusive says fail. */
enum cli_exit expect_status(const struct session *session,
                            const struct expected *all, size_t n);

/* The same for a gate: a finding "expect:A:B" for each that it measured. */
int expect_contest(struct contest *contest, struct error *err);

/* Is this the id of such a finding? */
bool is_expect_id(const char *id);

#endif
