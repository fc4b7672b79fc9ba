/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When, where and of which sources something was measured. */
#ifndef CLI_OCCASION_H
#define CLI_OCCASION_H

#include "cli/session.h"

/* Fill in an occasion of results: time, revision (revision_fill()), machine facts
 * and key, placement and seed.  Strings live in the arena.
 *
 * revision_time  commit date, seconds since 1970; 0 when unknown
 *
 * Returns 0 or ERR_NOMEM.  Cost: waiting for git. */
int occasion_fill(struct session *session, struct arena *arena,
                  struct occasion *out, int64_t *revision_time,
                  struct error *err);

/* The facts of the machine we are on; false when they cannot be known, and then
 * `out` is of no use.  Loads the topology. */
bool occasion_machine(struct session *session, struct arena *arena,
                      struct facts *out);

/* The key of the machine we are on, in the session's arena; "" when it cannot
 * be known, NULL: no memory.  Loads the topology. */
const char *occasion_machine_key(struct session *session);

/* The time now as ISO 8601, UTC, in the arena; NULL: no memory. */
const char *occasion_now(struct arena *arena);

#endif
