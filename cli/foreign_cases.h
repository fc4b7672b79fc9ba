/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs of other harnesses among the cases of a session. */
#ifndef CLI_FOREIGN_CASES_H
#define CLI_FOREIGN_CASES_H

#include "adapt/foreign.h"
#include "cli/session.h"

/* A program of tare.yaml, or one that the command line names with --kind. */
struct session_foreign {
    const struct program *config; /* never NULL */
    const char *path;             /* from here */
};

/* Remember a program whose kind is not Tare's own, which must be there.
 * ERR_PARSE, ERR_USAGE or ERR_NOMEM. */
int foreign_add(struct session *session, const struct program *config,
                const char *path, struct error *err);

/* Ask those that hold cases of a kind (CASE_KIND_UNSET: all) for them; they
 * become commands behind the n_commands that the session has.  Errors of foreign_cases() get the place in tare.yaml
 * of their program. */
int foreign_cases_add(struct session *session, enum case_kind kind,
                      struct error *err);

/* A program as if tare.yaml named its kind and its path alone; NULL: no
 * memory. */
const struct program *foreign_named(enum program_kind kind, const char *path,
                                    struct arena *arena);

/* The cases of one at another path, where `folder` is NULL; else at its own in
 * another tree of the suite. */
int foreign_list_at(struct session *session, const struct program *config,
                    const char *path, const char *folder,
                    struct foreign_list *out, struct error *err);

#endif
