/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands among the cases of a session. */
#ifndef CLI_COMMAND_CASES_H
#define CLI_COMMAND_CASES_H

#include "adapt/commands.h"
#include "cli/session.h"

/* Whether the user named commands on the command line: with -c or behind
 * "--". */
bool commands_given(const struct options *options);

/* Expand the commands that the session is about (those of the command line,
 * else, where no program was named, those of the suite), write their recipes
 * where workers find them and append them to the catalog.
 *
 * kind  of the cases wanted: a program of another harness that can hold none of
 *       it is not asked
 *
 * Returns 0, ERR_USAGE, ERR_PARSE, ERR_SYS, ERR_NOMEM, or what
 * foreign_cases_add() returns. */
int command_cases_add(struct session *session, enum case_kind kind,
                      struct error *err);

/* The command behind a case of the catalog; NULL when a program holds it. */
const struct command_case *command_case_of(const struct session *session,
                                           const struct catalog_case *c);

/* Make session->command_folder, which is removed with the session's guardian.
 * ERR_SYS or ERR_NOMEM. */
int command_folder_make(struct session *session, struct error *err);

/* What a worker needs to hold these recipes: "TARE_COMMANDS=file", NULL, in the
 * session's arena.  The file lives as long as the session. */
int command_worker_env(struct session *session,
                       const struct recipe *const *recipe, size_t n,
                       char *const **out, struct error *err);

/* argv of a worker that holds commands. */
char *const *command_worker_argv(void);

/* What the commands of a session have in common; `given` on its command line
 * or in its suite. */
struct commands_plan command_cases_plan(const struct session *session,
                                        bool given);

/* A text for a shell as a command with nothing else said. */
struct command command_of_text(const char *text);

/* "a,b,c"; NULL when out of memory. */
const char *words_join(struct arena *arena, const struct words *words);

/* Hash of what is executed, remembered where it costs. */
int command_hash(struct session *session, const struct recipe *recipe,
                 char hex[HASH_HEX], struct error *err);

#endif
