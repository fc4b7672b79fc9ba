/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A baton: of the threads that share one, only its holder runs.
 *
 * It lets several plans, each written as if it were alone, wait for their
 * programs at the same time: whoever waits passes the baton on, and nothing
 * else needs a lock.  A watch (watch.h) that carries a baton passes it on for as
 * long as it waits. */
#ifndef RUNNER_PROCESS_BATON_H
#define RUNNER_PROCESS_BATON_H

#include "base/error.h"

struct baton;

/* The caller owns *out; nobody holds it.  Returns 0, ERR_NOMEM or ERR_SYS. */
int baton_open(struct baton **out, struct error *err);
void baton_close(struct baton *baton); /* nobody holds it; NULL is allowed */

/* Take it, waiting for who has it; pass it on.  With NULL nothing happens. */
void baton_take(struct baton *baton);
void baton_pass(struct baton *baton);

/* With the baton held: sleep, without it, until somebody calls baton_tell().
 * May return without a cause: look again at what was waited for. */
void baton_sleep(struct baton *baton);

/* With the baton held: wake all that sleep. */
void baton_tell(struct baton *baton);

#endif
