/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The old side of commands: another command line, the same one in the tree of a
 * revision, or the one that a baseline kept. */
#ifndef CLI_COMMAND_MATCH_H
#define CLI_COMMAND_MATCH_H

#include "cli/command_cases.h"
#include "cli/opponents.h"

/* A subject that executes a recipe, in the session's arena.
 *
 * like   gives the rest
 * label  of the command, for messages */
int command_subject_like(struct session *session, const struct recipe *recipe,
                         const struct subject *like, const char *label,
                         const struct subject **out, struct error *err);

/* The command that is behind a fingerprint of a baseline.  ERR_EMPTY when it
 * cannot be had any more. */
int command_kept_subject(struct session *session, const char *hash,
                         const struct command_case *now,
                         const struct subject *like, const struct subject **out,
                         struct error *err);

/* Keep the selected commands for a later gate. */
int command_keep_selected(struct session *session, struct error *err);

/* The old form of a command: the opponents' own, or the same in their tree.
 * ERR_EMPTY when there is none: files it names are not there. */
int command_old_form(struct session *session, const struct opponents *opponents,
                     const struct command_case *now, struct recipe *out,
                     struct error *err);

/* The command of --old as the opponent of that of --new. */
int opponents_command(struct session *session, struct opponents *out,
                      struct error *err);

#endif
