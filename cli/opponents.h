/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Old programs that are there as files: one the user names, or those of a
 * revision built beside the sources. */
#ifndef CLI_OPPONENTS_H
#define CLI_OPPONENTS_H

#include "adapt/commands.h"
#include "adapt/foreign.h"
#include "cli/session.h"
#include "store/worktree.h"

struct opponents {
    struct catalog_program *program;
    const char **hash; /* fingerprint of each program */
    size_t n;
    struct catalog catalog;
    const char *folder;                 /* of a revision's tree; NULL: none */
    const struct command_case *command; /* of --old; NULL: none */
    struct foreign_list *foreign; /* of each of the session's programs of other
                                   * harnesses; NULL: none */
    bool by_name; /* one program stands for all: ids differ, names agree */
};

/* The program at `path` against whatever is measured. */
int opponents_named(struct session *session, const char *path,
                    struct opponents *out, struct error *err);

/* The suite's folder at a revision, built with build.command; found again when
 * it was built before.  Where no program is asked for, commands may need none.
 * Errors are those of worktree_build(), and ERR_USAGE without a command. */
int opponents_build(struct session *session, const char *revision,
                    struct worktree *tree, struct error *err);

/* The session's programs as they were at a revision: built in a worktree with
 * build.command, found at the same path there. */
int opponents_of_revision(struct session *session, const char *revision,
                          struct opponents *out, struct error *err);

void opponents_clear(struct opponents *opponents);

/* The old form of a case, or NULL. */
const struct catalog_case *opponents_find(const struct opponents *opponents,
                                          const struct catalog_case *now);

/* The old form of a case of another harness; NULL: none. */
const struct recipe *opponents_find_foreign(const struct session *session,
                                            const struct opponents *opponents,
                                            const struct command_case *now);

/* Its subject, in the session's arena; `like` gives the rest.  NULL: no
 * memory. */
const struct subject *opponents_subject(struct session *session,
                                        const struct opponents *opponents,
                                        const struct catalog_case *old,
                                        const struct subject *like);

#endif
