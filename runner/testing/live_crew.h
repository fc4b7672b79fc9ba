/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workers made of real programs: each has a slot on its cores, where it keeps a
 * live process of every program it has run tests of, until nobody needs that
 * program any more.  The tests are processes those fork. */
#ifndef RUNNER_TESTING_LIVE_CREW_H
#define RUNNER_TESTING_LIVE_CREW_H

#include "base/strbuf.h"
#include "config/suite.h"
#include "runner/machine/placement.h"
#include "runner/measure/catalog.h"
#include "runner/testing/crew.h"

/* Everything borrowed. */
struct live_test {
    const char *name;    /* within its program */
    size_t program;      /* index */
    int64_t timeout_ns;  /* 1 ms or more */
    const char *session; /* fixtures of scope session, see struct peer_case */
};

/* Everything borrowed for the life of the crew.
 *
 * place     one a worker
 * extra     what a process of a program has in its environment on a worker
 *           besides the program's own, which wins; NULL for nothing.  May be
 *           NULL itself
 * env       base of every environment (environ)
 * seed      TARE_SEED of all tests
 * debugger  gdb, for backtraces of crashes; NULL for none
 * grace_ns  from SIGTERM to SIGKILL for a test that takes too long
 * cpu_ns    CPU time each test may take; 0 for no limit
 * isolation what each test runs in
 * fresh     every test has a process of the program that ran nothing before;
 *           nothing may be sent ahead then
 * stream    what tests print goes where the coordinator's output goes
 * timed     told what fixtures of scope session took; may be NULL */
struct live_crew_options {
    struct guardian *guardian;
    const struct placement_worker *place;
    size_t n_workers;
    const struct catalog_program *program;
    size_t n_programs;
    const struct live_test *test;
    char *const *env;
    const char *tmpdir;
    uint64_t seed;
    int stop_fd;
    char *const *(*extra)(void *ctx, size_t worker, size_t program);
    void *ctx;
    const char *debugger;
    int64_t grace_ns, cpu_ns;
    enum isolation isolation;
    bool fresh, stream;
    void (*timed)(void *ctx, const char *program, const char *fixture,
                  bool setup, int64_t ns);
};

struct live_crew;

/* Make the slots.  The caller owns *out; crew is filled in and lives as long.
 * 0, ERR_SYS or ERR_NOMEM. */
int live_crew_open(const struct live_crew_options *options,
                   struct live_crew **out, struct crew *crew,
                   struct error *err);

/* Let all processes tear down what they set up, and wait for them, at most ten
 * seconds each; tests that still run are ended.
 *
 * complaints  receives a line for each that did not end well */
void live_crew_end(struct live_crew *live, struct strbuf *complaints);

/* Namespaces were asked for and are not allowed here: tests had processes. */
bool live_crew_shared(const struct live_crew *live);

/* Kill what still lives and free it.  NULL is allowed. */
void live_crew_close(struct live_crew *live);

#endif
