/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs as content: what a program is made of, its fingerprint, and copies
 * that still run when the original was rebuilt.
 *
 * A program is its executable and the shared libraries its dynamic linker
 * loads at start.  Those are found by the program's own interpreter in its
 * listing mode (`ld.so --list`), which runs no code of the program.  Libraries
 * loaded later with dlopen() are not seen; programs_check_mapped() finds the
 * ones that come from elsewhere.
 *
 * Kept programs live in ROOT/HASH/ (docs/formats-store.md): a manifest, the
 * executable in bin/, its libraries from outside the system's folders in lib/.
 * HASH is the fingerprint at the time of keeping.  A folder appears whole or
 * not at all, is never changed afterwards, and equal files of several programs
 * take their room once (hard links).
 *
 * errors     ERR_PEER: the program is missing, not executable, of another
 *            machine type, or a library of it is missing (named); ERR_PARSE: a
 *            damaged ELF file or manifest; ERR_SYS, ERR_NOMEM, ERR_TIMEOUT
 * threads    one `struct programs`, one thread at a time; several processes
 *            may keep, find and prune in one ROOT at once */
#ifndef STORE_PROGRAMS_H
#define STORE_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"

/* The environment that programs are looked at in; a zeroed one is empty.
 * Borrowed until programs_new() returns. */
struct programs_env {
    const char *library_path; /* LD_LIBRARY_PATH that programs will run with;
                               * NULL or "": none */
    const char *search_path;  /* PATH, for "#!/usr/bin/env NAME"; NULL: the
                               * system's default */
};

/* A root folder and what was learned about programs so far.  Fingerprints are
 * computed once for each (path, device, inode, size, mtime, ctime). */
struct programs;

/* root   of the kept programs (".tare/programs"); need not exist; copied
 * NULL when out of memory. */
struct programs *programs_new(const char *root, const struct programs_env *env);
void programs_free(struct programs *programs);

enum program_format {
    PROGRAM_DYNAMIC = 0,
    PROGRAM_STATIC, /* static-pie included */
    PROGRAM_SCRIPT, /* begins with #!; its interpreter counts as a library */
};

struct program_file {
    const char *name; /* what it is asked for by, e.g. "libfoo.so.1" */
    const char *path; /* where it was found, absolute */
    bool is_system;   /* in a folder of the system: never kept */
    char hash[HASH_HEX];
};

/* What a program is made of.  Everything hangs in the arena it was made in. */
struct program_parts {
    const char *path; /* of the real executable: absolute, symbolic links and
                       * libtool wrapper scripts followed */
    enum program_format kind;
    const char *interpreter;  /* "" when static */
    const char *library_path; /* LD_LIBRARY_PATH it needs, "" when none: what
                               * the environment and a libtool wrapper say */
    char hash[HASH_HEX];      /* of the executable alone */
    struct program_file *library; /* in the order they are loaded; of a script
                                   * its interpreter and that one's */
    size_t n_libraries;
    char fingerprint[HASH_HEX]; /* of everything */
};

/* Find out what a program is made of.
 *
 * path  with a slash, or a file in the current folder
 * out   written only on success */
int programs_parts(struct programs *programs, const char *path,
                   struct arena *arena, struct program_parts *out,
                   struct error *err);

/* Hash over the content of the executable and of every library it loads, those
 * of the system included; paths do not count.  This is
 * case_results.hash: equal fingerprints are the same machine code.
 * Cost: reads every file once per process (about 5 ms a MB),
 * then one stat() each. */
int programs_fingerprint(struct programs *programs, const char *path,
                         char hex[HASH_HEX], struct error *err);

/* Copy a program and its own libraries below root; kept already: nothing is
 * copied.  `hex` receives the name to find it by, which is its fingerprint.
 *
 * The copy is tried out: its dynamic linker must find the kept libraries in
 * the kept environment, else ERR_PEER names the library and why (for example
 * linked by an absolute path). */
int programs_keep(struct programs *programs, const char *path,
                  char hex[HASH_HEX], struct error *err);

/* A file of a kept program. */
struct kept_file {
    const char *name;   /* "libfoo.so.1" */
    const char *path;   /* absolute: of the copy; of a system library, where
                         * it was when the program was kept */
    const char *source; /* where it was copied from; "" for the system's */
    char hash[HASH_HEX];
};

/* How to run a kept program, and what it consists of. */
struct kept_program {
    char hash[HASH_HEX];
    enum program_format kind;
    const char *exec;   /* what to execve(), absolute */
    const char *source; /* path it was kept from */
    /* "NAME=VALUE" to set in its environment; what the caller's environment
     * says for these names is already part of the value where it has to be. */
    const char *const *env;
    size_t n_env;
    struct kept_file *library; /* kept ones */
    size_t n_libraries;
    struct kept_file *system; /* the system's, as they were */
    size_t n_system;
    const char *note; /* "" or what a user should know: a library of the system
                       * has changed since, ... */
};

/* The kept program with this fingerprint (all 64 digits, or at least 8 of
 * them).  The copies' content is verified once per process.
 * ERR_EMPTY: no such program; ERR_PARSE: the copy is damaged. */
int programs_find(struct programs *programs, const char *hex,
                  struct arena *arena, struct kept_program *out,
                  struct error *err);

/* Verify from the text of /proc/PID/maps, read once the program is past its
 * start, that what is mapped executable is the kept program, its kept
 * libraries and the system's.
 *
 * name     of the text in errors
 * allowed  paths that may be mapped besides, e.g. a preloaded helper
 *
 * 0, or ERR_PEER that names the file that should not or should be there, or
 * ERR_PARSE. */
int programs_check_mapped(const char *name, const char *maps, size_t size,
                          const struct kept_program *kept,
                          const char *const *allowed, size_t n_allowed,
                          struct error *err);

/* The fingerprints of all kept programs, sorted. */
int programs_list(struct programs *programs, struct arena *arena,
                  const char ***hex, size_t *n, struct error *err);

/* Remove every kept program but these, files no longer used by any, and
 * remains of keepers that died over a day ago.
 *
 * removed  receives the number of programs, NULL allowed
 * bytes    receives the room given back, NULL allowed */
int programs_prune(struct programs *programs, const char *const *keep,
                   size_t n_keep, size_t *removed, uint64_t *bytes,
                   struct error *err);

/* Whether a file in this place belongs to the system ("/lib/...", "/usr/lib64/
 * ...", "/usr/bin/..."); /usr/local does not. */
bool program_is_system_path(const char *path);

#endif
