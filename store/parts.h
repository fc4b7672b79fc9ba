/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What programs.h declares, seen from inside; private to store/. */
#ifndef STORE_PARTS_H
#define STORE_PARTS_H

#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include "store/programs.h"

/* Content of a file, valid while its status stays the same. */
struct cached_file {
    const char *path;
    dev_t dev;
    ino_t inode;
    off_t size;
    struct timespec mtime, ctime;
    char hash[HASH_HEX];
};

/* A program's fingerprint, valid while the files it was made of do not change.
 */
struct cached_program {
    const char *path;  /* as the caller named it */
    const char **file; /* the executable and all libraries */
    size_t n_files;
    char files_hash[HASH_HEX]; /* over the hashes of `file`, in order */
    char fingerprint[HASH_HEX];
};

struct programs {
    char *root;
    char *library_path;
    char *search_path;
    struct arena arena; /* of the caches */
    struct cached_file *file;
    size_t n_files;
    struct cached_program *program;
    size_t n_programs;
};

/* SHA-256 of a file's content, from the cache while it is unchanged. */
int programs_hash_file(struct programs *programs, const char *path,
                       char hex[HASH_HEX], struct error *err);

/* programs_parts() of a real executable (not a wrapper script) in this
 * environment; "" for none. */
int parts_of(struct programs *programs, const char *path,
             const char *library_path, const char *preload, struct arena *arena,
             struct program_parts *out, struct error *err);

/* The part of a path behind its last slash. */
const char *path_name(const char *path);

/* --- scripts */

/* What the first line of a script names.
 *
 * path  receives the interpreter's path, "" when the text is no script
 *
 * "#!/usr/bin/env NAME" is looked up in search_path.  ERR_PEER when it is
 * missing. */
int script_interpreter(const char *name, const char *text, size_t size,
                       const char *search_path, struct arena *arena,
                       const char **path, struct error *err);

/* Whether the text is a wrapper that libtool made for an uninstalled program;
 * then where the real one is, and the LD_LIBRARY_PATH that the wrapper would
 * set ("" when none).
 *
 * path  of the wrapper, absolute */
bool script_is_libtool(const char *path, const char *text, size_t size,
                       struct arena *arena, const char **program,
                       const char **library_path);

#endif
