/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands as cases: one for each combination of their parameters. */
#ifndef ADAPT_COMMANDS_H
#define ADAPT_COMMANDS_H

#include "adapt/recipe.h"
#include "config/suite.h"

/* One case.  Strings are never NULL and live in the arena or the suite. */
struct command_case {
    const struct command *command; /* it comes from; borrowed */
    const struct program *program; /* of another harness; NULL: a command */
    const char *file;              /* of its source; NULL: tare.yaml */
    uint32_t line;                 /* 0 unknown */
    int64_t threads;               /* that it measures with, 0 for one */
    struct recipe recipe;
    const char *id;
    const char *tags;        /* comma-separated */
    const char *baseline_id; /* of the case it is shown against, "" */
    const char *label;       /* the command line for people */
};

/* What the cases of a list have in common.
 *
 * folder      relative paths are meant from here; "" and ".": where we are
 * prefix      of the names of the recipes, letters
 * by_text     ids are the command lines, not the commands' names; the same one
 *             again gets " (2)"
 * timeout_ns  by kind, where a command says none; above 0
 * override    every command's time limit instead; 0 for none */
struct commands_plan {
    const char *folder;
    const char *prefix;
    bool by_text;
    int64_t benchmark_timeout_ns, test_timeout_ns;
    int64_t override_ns;
};

/* Make the cases of n commands.  {NAME} of a parameter is replaced in the
 * words of run, prepare and cleanup, in the paths of streams, in cwd and in the
 * values of env.
 *
 * Returns 0, ERR_PARSE when two get the same id, or ERR_NOMEM; outputs are
 * untouched on failure. */
int commands_expand(const struct command *command, size_t n,
                    const struct commands_plan *plan, struct arena *arena,
                    struct command_case **out, size_t *n_out,
                    struct error *err);

/* ERR_PARSE when two of them have one id. */
int commands_unique(const struct command_case *item, size_t n,
                    struct error *err);

/* The words of a command line: `sh -c` around a text for a shell. */
bool command_words(const struct command_line *line, struct arena *arena,
                   struct recipe_words *out);

/* A command line as a person would type it, in the arena; NULL: no memory. */
const char *command_label(const struct recipe_words *words, bool shell,
                          struct arena *arena);

#endif
