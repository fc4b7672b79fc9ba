/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of which sources something was measured: what git says of the folder the suite
 * is in.  Git is asked early and works beside what comes next: looking for
 * changes takes a second in a large tree. */
#ifndef CLI_REVISION_H
#define CLI_REVISION_H

#include "base/results.h"
#include "cli/session.h"

/* Ask; what cannot be asked stays unknown.  Once in a session. */
void revision_ask(struct session *session);

/* Has git answered?  True where it was not asked. */
bool revision_known(struct session *session);

/* Fill in revision, branch ("" where there is none) and whether tracked files
 * were changed, after waiting for the answer; ask first where nobody did.
 *
 * when  commit date, seconds since 1970; 0 when unknown
 *
 * Returns 0 or ERR_NOMEM. */
int revision_fill(struct session *session, struct arena *arena,
                  struct occasion *out, int64_t *when, struct error *err);

/* End what is still asked. */
void revision_forget(struct session *session);

#endif
