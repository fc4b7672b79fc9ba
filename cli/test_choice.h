/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which tests run, by the history: --last-failed, --replay, --repeat. */
#ifndef CLI_TEST_CHOICE_H
#define CLI_TEST_CHOICE_H

#include "cli/session.h"
#include "store/outcomes.h"

/* Everything lives in the session's arena. */
struct test_choice {
    const struct catalog_case **c; /* in the order in which they are defined or
                                    * were run */
    size_t n;
    size_t *worker; /* --replay: which worker ran each; else NULL */
    size_t n_workers;
    struct last_outcome *last; /* of all tests of the suite, sorted by id */
    size_t n_last;
};

/* Choose among the session's selected cases.  A store that is not there is an
 * empty history.
 *
 * Returns 0; ERR_EMPTY (none of them failed the last time; no such run),
 * ERR_USAGE (--replay names no run or worker), or an error of the store. */
int test_choose(struct session *session, struct test_choice *out,
                struct error *err);

/* What the history says about a test, or NULL. */
const struct last_outcome *test_last(const struct test_choice *choice,
                                     const char *id);

/* Whether it did not pass the last time it ran. */
bool test_failed_last(const struct last_outcome *last);

#endif
