/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fixtures of tare.yaml around what a session measures. */
#ifndef CLI_FIXTURES_H
#define CLI_FIXTURES_H

#include "adapt/fixtures.h"
#include "cli/record.h"
#include "cli/session.h"

/* One set-up or tear-down that went well. */
struct fixture_time {
    const struct fixture *fixture;
    bool setup;
    int64_t ns;
};

/* The fixtures of a case; NULL and 0 when it has none.
 *
 * program  receives its index for scope `program`; may be NULL */
const char *const *session_fixture_names(const struct session *session,
                                         const struct catalog_case *c,
                                         size_t *n, long *program);

/* Bring up what outlives a case, for every selected case, and let
 * session->executor see to the rest.  A fixture that fails is no error here:
 * its cases will.  Nothing happens where no case wants any.  Returns 0,
 * ERR_STOPPED, ERR_SYS or ERR_NOMEM. */
int session_fixtures_begin(struct session *session, struct error *err);

/* Tear everything down, in reverse; what goes wrong is a warning. */
void session_fixtures_end(struct session *session);

/* Add what set-ups and tear-downs took to results, as cases "fixture:NAME/setup"
 * and "fixture:NAME/teardown", an invocation each.
 *
 * record  they go there too; may be NULL
 *
 * 0 or ERR_NOMEM. */
int session_fixture_times(struct session *session, struct results *results,
                          struct record *record, struct error *err);

/* Is this the id of such a case? */
bool is_fixture_id(const char *id);

#endif
