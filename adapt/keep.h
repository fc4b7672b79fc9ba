/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands kept beside a baseline, so that a later gate can interleave old and
 * new.
 *
 * ROOT/HASH/ holds a manifest and copies of the files that the command names by
 * their paths; programs among them are kept where store/programs.h keeps
 * programs.  What belongs to the system, what was found in PATH (an interpreter
 * finds its modules from where it lies) and files over 64 MiB stay in their
 * place: the command can be had again only while they are what they were. */
#ifndef ADAPT_KEEP_H
#define ADAPT_KEEP_H

#include "adapt/fingerprint.h"

enum kept_kind {
    KEPT_PROGRAM = 0, /* `hash` names it in the kept programs */
    KEPT_COPY,        /* `path` is the copy's name in the folder */
    KEPT_PLACE,       /* `path` must still have this content */
    KEPT_KINDS
};

struct kept_piece {
    enum kept_kind kind;
    bool is_stdin;   /* else it is in a word */
    size_t word, at; /* as in struct named_file */
    size_t size;
    const char *hash;
    const char *path;
};

struct kept_command {
    struct kept_piece *piece; /* by word and place */
    size_t n;
    struct recipe recipe; /* as it was */
};

/* Keep a command.  Kept already: nothing is done.
 *
 * root  ".tare/commands"; need not exist
 * hash  its fingerprint
 *
 * Returns 0, or an error of reading, writing or of programs_keep(). */
int command_keep(struct programs *programs, const char *root,
                 const struct recipe *recipe, const char *search_path,
                 const char *hash, struct error *err);

/* The command that was kept with this fingerprint, ready to be executed.
 *
 * now  gives all that is not part of a fingerprint: folder, time limit, what is
 *      expected
 *
 * Returns 0; ERR_EMPTY when it was not kept or what stayed in its place is no
 * longer what it was; ERR_PARSE when the manifest is damaged; ERR_SYS,
 * ERR_NOMEM. */
int command_find(struct programs *programs, const char *root, const char *hash,
                 const struct recipe *now, struct arena *arena,
                 struct recipe *out, struct error *err);

/* A manifest as text.  ERR_PARSE with name and line. */
void kept_command_print(const struct kept_command *kept, struct strbuf *out);
int kept_command_parse(const char *name, const char *text, size_t size,
                       struct arena *arena, struct kept_command *out,
                       struct error *err);

#endif
