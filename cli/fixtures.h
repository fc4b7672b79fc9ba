/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fixtures of tare.yaml around what a session measures. */
#ifndef CLI_FIXTURES_H
#define CLI_FIXTURES_H

#include "adapt/fixtures.h"
#include "cli/record.h"
#include "cli/session.h"
#include "runner/testing/crew.h"

/* One set-up or tear-down that went well. */
struct fixture_time {
    const char *name;
    bool setup;
    int64_t ns;
};

/* Note one, for session_fixture_times().  name lives as long as the session. */
void session_fixture_timed(struct session *session, const char *name,
                           bool setup, int64_t ns);

/* Bring up what outlives a case, for every selected case, and let
 * session->executor see to the rest.  A fixture that fails is no error here:
 * its cases will.  Nothing happens where no case wants any.  Returns 0,
 * ERR_STOPPED, ERR_SYS or ERR_NOMEM. */
int session_fixtures_begin(struct session *session, struct error *err);

/* Set up and tear down every fixture that a selected case uses and a rule of
 * the gate names, again and again, so that there are enough times to compare:
 * 6 to 100 of each within the budget of a case.  Errors as above. */
int session_fixtures_rehearse(struct session *session, struct error *err);

/* Bring up everything that one case wants, for a run of its own.
 *
 * set  receives what it wants, to be left before session_fixtures_end(); NULL
 *      where it wants nothing
 *
 * Returns 0; ERR_PEER with the message of the fixture that failed or skips;
 * otherwise errors as above. */
int session_fixtures_enter(struct session *session,
                           const struct catalog_case *c,
                           struct fixture_set **set, struct error *err);

/* The same for tests: the fixtures of every worker, and a crew around `inner`
 * that sees to them.  *owner stays NULL, and *crew is `inner`, where no test
 * wants any. */
struct fixture_crew;
struct test_suite;
int session_fixtures_crew(struct test_suite *tests, const struct crew *inner,
                          struct fixture_crew **owner, struct crew *crew,
                          struct error *err);

/* Tear everything down, in reverse.
 *
 * complaints  receives a line for whatever went wrong; NULL: a warning each */
void session_fixtures_end(struct session *session, struct strbuf *complaints);

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
