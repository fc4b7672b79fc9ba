/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fixtures of tare.yaml: set-up and tear-down by commands, servers in the
 * background.
 *
 * A fixture of a scope is made when the first case of that scope wants it and
 * ends with the scope: with the case, or with the run; what needs another ends
 * before it.  Many are set up and torn down at the same time: nothing here
 * blocks but what says so.
 *
 * Its commands run in a slot of its place, with the variables of the worker
 * (TARE_WORKER, TARE_PORT_BASE, ...), those that the fixtures it needs export
 * and its own.  A set-up that exits with 77 skips what depends on it, with the
 * last line it printed as the reason; any other status fails it. */
#ifndef ADAPT_FIXTURES_H
#define ADAPT_FIXTURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "config/suite.h"
#include "runner/process/guardian.h"

enum { FIXTURES_SKIP = 77, FIXTURES_ANY_PROGRAM = -1 };

/* Where cases run: a worker. */
struct fixture_place {
    const char *worker; /* "w0": TARE_WORKER */
    unsigned port_base; /* TARE_PORT_BASE, the same that its cases see */
    const int *cpus;    /* for servers and commands; none: not bound */
    size_t n_cpus;
};

/* Everything borrowed.
 *
 * env      base of every environment (environ)
 * tmpdir   where folders are made, NULL for the default
 * timed    told of every set-up and tear-down that went well; may be NULL */
struct fixtures_options {
    struct guardian *guardian;
    const struct suite *suite;
    const struct fixture_place *place;
    size_t n_places;
    char *const *env;
    const char *tmpdir;
    uint64_t seed;
    void (*timed)(void *ctx, const struct fixture *fixture, bool setup,
                  int64_t ns);
    void *ctx;
};

struct fixtures;

/* Nothing is started yet.  0 or ERR_NOMEM. */
int fixtures_open(const struct fixtures_options *options, struct fixtures **out,
                  struct error *err);

/* Tear down whatever is up, in reverse order, each within its time limit, and
 * free everything.  Blocks.  NULL is allowed.
 *
 * complaints  receives a line for each that did not end well; may be NULL */
void fixtures_close(struct fixtures *fixtures, struct strbuf *complaints);

enum fixture_state {
    FIXTURE_PENDING = 0,
    FIXTURE_READY,
    FIXTURE_FAILED,
    FIXTURE_SKIPS, /* what depends on it is skipped */
};

/* What one case wants. */
struct fixture_set;

/* Begin to want fixtures, with all they need.
 *
 * place    index of the worker
 * program  index of the case's program, for scope `program`
 * name, n  declared in the suite
 *
 * The caller ends *out with fixture_set_leave().  0 or ERR_NOMEM.  Cost: the
 * fixtures of the suite. */
int fixtures_want(struct fixtures *fixtures, size_t place, long program,
                  const char *const *name, size_t n, struct fixture_set **out,
                  struct error *err);

/* No longer wanted: those of scope case are torn down.  NULL is allowed. */
void fixture_set_leave(struct fixture_set *set);

/* Whether everything is there. */
enum fixture_state fixture_set_state(const struct fixture_set *set);

/* Why not: one clause, "fixture 'db': exit status 1: no space left"; lives as
 * long as the set. */
const char *fixture_set_message(const struct fixture_set *set);

/* What it exports and the ports of its place, "NAME=value"; NULL-terminated;
 * lives as long as the set.  NULL when out of memory. */
char *const *fixture_set_env(struct fixture_set *set);

/* Append the last lines that its servers printed, for a case that failed. */
void fixture_set_logs(const struct fixture_set *set, size_t lines,
                      struct strbuf *out);

/* Go on with what is under way: see who ended, start what may start.  Does not
 * block.  Returns 0, ERR_SYS or ERR_NOMEM. */
int fixtures_step(struct fixtures *fixtures, struct error *err);

/* Nothing is being set up or torn down. */
bool fixtures_idle(const struct fixtures *fixtures);

/* Sleep until a process may have ended, some milliseconds at most.  Returns 0,
 * ERR_STOPPED or ERR_SYS. */
int fixtures_doze(struct fixtures *fixtures, int stop_fd, struct error *err);

/* What it was opened with. */
const struct fixtures_options *fixtures_settings(const struct fixtures *f);

/* Step until the set is ready or has failed.  Returns 0 (see its state),
 * ERR_STOPPED, ERR_SYS or ERR_NOMEM. */
int fixtures_wait(struct fixtures *fixtures, const struct fixture_set *set,
                  int stop_fd, struct error *err);

/* Step until nothing is under way, each within its own time limit. */
int fixtures_settle(struct fixtures *fixtures, struct error *err);

#endif
