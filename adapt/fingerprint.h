/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a command is made of: the files its words name. */
#ifndef ADAPT_FINGERPRINT_H
#define ADAPT_FINGERPRINT_H

#include "adapt/recipe.h"
#include "store/programs.h"

/* A file that a command names. */
struct named_file {
    const char *path; /* from here; with a slash */
    size_t word;      /* index in recipe.run */
    size_t at, size;  /* where in the word: all of it without a shell */
    bool is_executable;
    bool is_searched; /* found in search_path, not by its own path */
};

/* The files that the words of a command name.  Without a shell the first word
 * is a program, looked for in search_path where it has no slash, and any other
 * that is the path of a regular file is a file.  With one, the text is cut at
 * blanks, quotes and the shell's operators, and the first word of each simple
 * command is a program; what the shell would compute is not seen.
 *
 * search_path  PATH, "" none
 *
 * The list lives in the arena, in the order of the words; the same file may
 * be in it twice.  Returns 0 or ERR_NOMEM. */
int command_files(const struct recipe *recipe, const char *search_path,
                  struct arena *arena, struct named_file **out, size_t *n,
                  struct error *err);

/* Hash of what is executed: the words with each file in them replaced by its
 * content (with the libraries it loads, where it is a program, and with the
 * interpreter of its #! line and that one's, where it is a script), the
 * environment that is set, what is fed, and what goes before and after.  Where
 * the files lie does not count, nor does the folder.  Files over 64 MiB count
 * by size and time of change.
 *
 * Returns 0, or an error of reading. */
int command_fingerprint(struct programs *programs, const struct recipe *recipe,
                        const char *search_path, char hex[HASH_HEX],
                        struct error *err);

#endif
