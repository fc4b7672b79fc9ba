/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of runner/process share: a guardian, a slot, the actor. */
#ifndef TESTS_PROCESS_SUPPORT_H
#define TESTS_PROCESS_SUPPORT_H

#include <stdbool.h>
#include <sys/types.h>

#include "runner/process/capture.h"
#include "runner/process/guardian.h"
#include "runner/process/peer.h"
#include "runner/process/slot.h"
#include "runner/process/stage.h"

/* Path of the actor; static storage. */
const char *actor_path(void);

/* A guardian; ends the test program when there is none. */
struct guardian *need_guardian(void);

/* A slot not bound to any CPU. */
struct slot *need_slot(struct guardian *guardian, int side);

/* Start the actor in a part, with a further argument (NULL for none) and its
 * output captured.  It carries `mark` in its environment (NULL for none).  Ends
 * the test program when it cannot be started.  flags as of struct spawn. */
struct child *start_actor(struct guardian *guardian, struct capture *output,
                          unsigned flags, const char *mark, const char *part,
                          const char *arg);

/* A minute, which only a broken build needs. */
struct watch patient(void);

/* Wait for its end; ends the test program when that does not come. */
void await_end(struct guardian *guardian, struct child *child);

/* All output so far; static storage. */
const char *output_text(const struct capture *output);

/* How many live processes have this text as one of their arguments. */
int count_carrying(const char *argument);

/* An argument that no other process has; static storage, one at a time. */
const char *fresh_token(void);

#endif
