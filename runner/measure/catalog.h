/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which cases the programs of a suite hold. */
#ifndef RUNNER_MEASURE_CATALOG_H
#define RUNNER_MEASURE_CATALOG_H

#include "runner/process/cases.h"
#include "runner/process/guardian.h"
#include "runner/process/watch.h"

/* A program to ask.  Everything borrowed. */
struct catalog_program {
    const char *name;  /* first part of its ids */
    const char *label; /* as the user named it, for messages */
    char *const *argv; /* NULL-terminated, argv[0] is the file */
    char *const *env;  /* added to the environment, or NULL */
    const char *cwd;   /* NULL: the coordinator's */
    const char *tags;  /* comma-separated, added to those of its cases */
};

struct catalog_case {
    const char *id;          /* "program/name[key=value]", unique */
    const char *tags;        /* comma-separated: the program's, then its own */
    const char *baseline_id; /* id of the case it is shown against, "" */
    size_t program;          /* index of the program */
    struct peer_case said;   /* as the program told it */
};

/* A zeroed struct is empty. */
struct catalog {
    struct arena arena;
    struct catalog_case *item; /* in the order of programs and definition */
    size_t n;
};

/* Ask each program for its cases.
 *
 * tmpdir  where a slot's folder is made, NULL for the default
 * out     filled in on success; ended with catalog_clear()
 *
 * Returns 0, ERR_PEER (not a Tare program, crashed, ...; the program is
 * named), ERR_PARSE (two cases with one id), ERR_TIMEOUT, ERR_STOPPED, ERR_SYS
 * or ERR_NOMEM.  Cost: one process start a program. */
int catalog_list(struct guardian *guardian, const char *tmpdir,
                 const struct catalog_program *program, size_t n,
                 const struct watch *watch, struct catalog *out,
                 struct error *err);

void catalog_clear(struct catalog *catalog);

/* The case with this id, or NULL.  Cost: O(cases). */
const struct catalog_case *catalog_find(const struct catalog *catalog,
                                        const char *id);

#endif
