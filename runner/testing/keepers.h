/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fixtures of scope session that programs define: set up once in a run, in a
 * process of the program that runs no tests, its keeper.  The workers' processes
 * are given what it made.
 *
 * Everything is started when the first test asks and goes on while other tests
 * run.  A keeper that crashes or takes too long fails the fixture it was setting
 * up, and so the tests that need it.  For the others there is another keeper,
 * which is given what stands: nothing is set up twice.  What the lost one had set
 * up cannot be torn down, which is said. */
#ifndef RUNNER_TESTING_KEEPERS_H
#define RUNNER_TESTING_KEEPERS_H

#include "base/strbuf.h"
#include "runner/measure/catalog.h"
#include "runner/process/peer.h"

/* Everything borrowed.
 *
 * env        base of the keepers' environment
 * port_base  TARE_PORT_BASE of the keepers, 0 for none
 * timed      told of each set-up and tear-down that went well; may be NULL */
struct keepers_options {
    struct guardian *guardian;
    struct stage *stage;
    const struct catalog_program *program;
    size_t n_programs, n_workers;
    char *const *env;
    const char *tmpdir;
    uint64_t seed;
    int stop_fd;
    bool stream;
    unsigned port_base;
    void (*timed)(void *ctx, const char *program, const char *fixture,
                  bool setup, int64_t ns);
    void *ctx;
};

struct keepers;

/* The caller owns *out.  0 or ERR_NOMEM. */
int keepers_open(const struct keepers_options *options, struct keepers **out,
                 struct error *err);

/* Kill what still lives and free it.  NULL is allowed. */
void keepers_close(struct keepers *keepers);

/* A test of this program needs these, "a,b", what another needs before it.
 * Starts what nobody has asked for yet.
 *
 * limit_ns  for each set-up
 *
 * 0, ERR_STOPPED, ERR_SYS or ERR_NOMEM. */
int keepers_want(struct keepers *keepers, size_t program, const char *session,
                 int64_t limit_ns, struct error *err);

/* Have all of them been set up, or have they failed? */
bool keepers_ready(const struct keepers *keepers, size_t program,
                   const char *session);

/* Hand them to a process, those that it does not have yet.
 *
 * given  how many fixtures of the program it has, which are the first that
 *        were asked for; updated
 *
 * Codes as peer_send(). */
int keepers_give(struct keepers *keepers, size_t program, struct peer *peer,
                 size_t *given, struct error *err);

/* Those that owe an answer, at most one a program, behind peer[n] on; owner[i]
 * becomes first + the program.  Returns the new n; *deadline_ns is lowered. */
size_t keepers_collect(struct keepers *keepers, struct peer **peer,
                       size_t *owner, size_t n, size_t first,
                       int64_t *deadline_ns);

/* The keeper of a program said something. */
int keepers_take(struct keepers *keepers, size_t program,
                 const struct message *message, struct error *err);

/* It has ended, or spoken garbage.  0, ERR_SYS or ERR_NOMEM. */
int keepers_lose(struct keepers *keepers, size_t program, const char *why,
                 struct error *err);

/* End those that took too long.  Returns whether there was one. */
int keepers_expire(struct keepers *keepers, int64_t now_ns, struct error *err);

/* Tear everything down, in reverse, and end them.
 *
 * limit_ns    for each step
 * complaints  receives a line for whatever went wrong */
void keepers_end(struct keepers *keepers, int64_t limit_ns,
                 struct strbuf *complaints);

#endif
