/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Baselines by name: baselines/NAME.yaml beside tare.yaml. */
#ifndef CLI_BASELINES_H
#define CLI_BASELINES_H

#include "base/results.h"
#include "cli/session.h"

/* Its path, in the session's arena.  ERR_USAGE for a name that is none. */
int baselines_path(struct session *session, const char *name, const char **out,
                   struct error *err);

/* Read one.  ERR_EMPTY when there is no such baseline: the help says how to
 * make it, and names the nearest there is. */
int baselines_read(struct session *session, const char *name,
                   struct results **out, struct error *err);

/* The names there are, sorted, in the arena. */
int baselines_list(struct session *session, const char ***out, size_t *n,
                   struct error *err);

/* The name that --baseline or tare.yaml says. */
const char *baselines_chosen(const struct session *session);

#endif
