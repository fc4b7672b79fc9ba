/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which libraries a program loads, told by its own dynamic linker; private to
 * store/.
 *
 * `INTERPRETER --list PROGRAM` maps the libraries, prints where it found each
 * and ends before any code of theirs runs; glibc and musl both have it. */
#ifndef STORE_LIBRARIES_H
#define STORE_LIBRARIES_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

struct library {
    const char *name; /* as it was asked for: "libfoo.so.1" */
    const char *path; /* where it was found; "" when it was not */
};

struct libraries {
    struct library *library;
    size_t n;
};

/* Read the output of `--list`.  The kernel's own library (linux-vdso.so.1) is
 * left out.
 *
 * Returns 0, ERR_PARSE (name:line, neither glibc nor musl) or ERR_NOMEM. */
int libraries_parse(const char *name, const char *text, size_t size,
                    struct arena *arena, struct libraries *out,
                    struct error *err);

struct libraries_ask {
    const char *interpreter;
    const char *program;      /* absolute */
    const char *library_path; /* LD_LIBRARY_PATH, "" for none */
    const char *preload;      /* LD_PRELOAD, "" for none */
};

/* Ask the interpreter.  ERR_PEER: a library is missing (named), or the
 * interpreter is missing or failed. */
int libraries_list(const struct libraries_ask *ask, struct arena *arena,
                   struct libraries *out, struct error *err);

#endif
