/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An executor that sees to the fixtures of what it executes.
 *
 * Before a case is opened its fixtures are brought up and what they export is
 * put into its environment; those of scope case are torn down when it is
 * closed, dropped or fails.  The time that takes is in no figure, but in the
 * budget of the case.  Both sides of a pair share their fixtures. */
#ifndef ADAPT_FIXTURE_EXECUTOR_H
#define ADAPT_FIXTURE_EXECUTOR_H

#include "adapt/fixtures.h"
#include "runner/measure/executor.h"

/* The fixtures of a case by its id; false when it has none.
 *
 * program  its index, for scope `program` */
typedef bool fixture_names(void *ctx, const char *id, const char *const **name,
                           size_t *n, long *program);

struct fixture_executor;

/* inner     copied
 * fixtures  borrowed, as is everything else
 * place     of the fixtures, whose instances of scope worker serve
 * out       works until fixture_executor_close()
 *
 * Returns 0 or ERR_NOMEM. */
int fixture_executor_open(const struct executor *inner,
                          struct fixtures *fixtures, size_t place, int stop_fd,
                          fixture_names *names, void *ctx,
                          struct fixture_executor **owner, struct executor *out,
                          struct error *err);

/* The same around counting: in *out, which borrows `inner`. */
struct counting;
void fixture_executor_counting(struct fixture_executor *owner,
                               const struct counting *inner,
                               struct counting *out);

/* Drop what is open.  The fixtures stay.  NULL is allowed. */
void fixture_executor_close(struct fixture_executor *owner);

#endif
