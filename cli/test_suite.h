/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tests of a session: how each runs, where, and what became of it. */
#ifndef CLI_TEST_SUITE_H
#define CLI_TEST_SUITE_H

#include "cli/progress.h"
#include "cli/record.h"
#include "cli/session.h"
#include "cli/test_choice.h"
#include "report/tests.h"
#include "runner/testing/conduct.h"
#include "runner/testing/live_crew.h"

struct fixture_crew;
struct conducted;

/* One execution that is not in the store yet. */
struct pending_outcome;

/* Arrays have n entries, one a test; everything lives in the session's arena
 * unless said. */
struct test_suite {
    struct session *session; /* borrowed */
    struct test_choice choice;
    const char *shard_plan; /* names the partition; NULL when not sharded */
    size_t n;
    const struct catalog_case **c;
    struct live_test *test;
    struct schedule_item *item;
    size_t *program;
    struct test_result *result; /* outcome TEST_UNSET until it has run */
    size_t workers;
    int64_t retries, maxfail;
    enum isolation isolation;
    bool fresh; /* a new process of the program for every test */
    struct schedule_plan schedule;

    /* An execution that nobody keeps: told of each end, nothing is stored or
     * shown.  NULL in a run. */
    int (*trial)(struct test_suite *tests, const struct conducted *what,
                 struct error *err);
    void *trial_ctx;

    const struct catalog_program *host; /* what holds them: the session's
                                         * programs, or other ones */
    size_t n_hosts;

    struct fixture_crew *staged; /* while they run; NULL without fixtures */

    struct record record;
    struct conduct_sum sum;
    struct strbuf complaints; /* of workers' processes about their end */
    size_t n_ended;
    struct progress progress;
    struct arena batch; /* of what is pending */
    struct pending_outcome *pending;
    size_t n_pending;
    int64_t flushed_ns;
};

/* Plan the selected tests of a session: limits, groups, resources, and the
 * placement of the workers, which goes to the session.  Ended with
 * test_suite_clear() on every path.
 *
 * Returns 0, ERR_RANGE (more workers than cores, ...), ERR_EMPTY (nothing is
 * left to run), ERR_USAGE, ERR_SYS or ERR_NOMEM. */
int test_suite_plan(struct test_suite *tests, struct session *session,
                    struct error *err);
void test_suite_clear(struct test_suite *tests);

/* The same without workers: the caller sets `workers`, `schedule.workers` and the
 * session's placement before each test_suite_execute(). */
int test_suite_prepare(struct test_suite *tests, struct session *session,
                       struct error *err);

/* Leave out what --shard gives to other machines.  0, ERR_EMPTY when nothing
 * is left, or ERR_NOMEM. */
int test_suite_shard(struct test_suite *tests, struct error *err);

/* Run them.  Whatever ended is in `result` and in the store, however this
 * ends.  0, or an error after which some have not run. */
int test_suite_run(struct test_suite *tests, struct error *err);

/* The same without the store and the progress line. */
int test_suite_execute(struct test_suite *tests, struct error *err);

/* --verify-isolation: find the tests that depend on others, show them with what
 * is to blame and how to see it again.  Returns an exit status, or a negative
 * code. */
int test_suite_verify(struct test_suite *tests, struct error *err);

/* Write the report in the form that the options want. */
int test_suite_show(struct test_suite *tests, struct error *err);

enum cli_exit test_suite_status(const struct test_suite *tests);

#endif
