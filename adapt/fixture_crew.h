/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A crew that sees to the fixtures of the tests it is sent.
 *
 * A test is handed on once its fixtures are up; meanwhile other workers go on.
 * Where they cannot be set up the test is reported as failed, or as skipped,
 * with their message, and never runs.  A test with fixtures of scope case has
 * its worker to itself: nothing is sent ahead behind it. */
#ifndef ADAPT_FIXTURE_CREW_H
#define ADAPT_FIXTURE_CREW_H

#include "adapt/fixtures.h"
#include "runner/testing/crew.h"

/* The fixtures of a test; n is 0 when it has none.
 *
 * program  whose it is, for scope `program` */
typedef void fixture_names_of(void *ctx, size_t test, const char *const **name,
                              size_t *n, long *program);

/* Everything borrowed. */
struct fixture_crew_options {
    const struct crew *inner;
    struct fixtures *fixtures; /* places are the workers */
    size_t n_workers, n_programs;
    const size_t *program; /* of each test: whose process runs it */
    int stop_fd;
    fixture_names_of *names;
    void *ctx;
};

struct fixture_crew;

/* out works until fixture_crew_close().  0 or ERR_NOMEM. */
int fixture_crew_open(const struct fixture_crew_options *options,
                      struct fixture_crew **owner, struct crew *out,
                      struct error *err);

/* Leave all fixtures; they stay up.  NULL is allowed. */
void fixture_crew_close(struct fixture_crew *owner);

/* What the fixtures of a program's tests export on a worker, "NAME=value";
 * NULL when they have none.  `ctx` is the struct fixture_crew. */
char *const *fixture_crew_env(void *ctx, size_t worker, size_t program);

#endif
