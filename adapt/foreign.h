/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs of other harnesses: which cases they have, and one case as a recipe.
 *
 *     kind              asked for its cases by            a case is executed by
 *     googletest        --gtest_list_tests as JSON        --gtest_filter=ID
 *     ctest             ctest --show-only=json-v1         the test's own command
 *     pytest            python3 -m pytest --collect-only  python3 -m pytest NODEID
 *     tap               nothing: a program is a case      the program
 *     google-benchmark  --benchmark_list_tests            --benchmark_filter=^ID$
 *
 * What becomes of an execution is read from the report that the harness writes
 * (foreign_judge.h); everything else, workers, time limits, retries, the
 * history, is that of commands.  README.md says what each kind cannot give. */
#ifndef ADAPT_FOREIGN_H
#define ADAPT_FOREIGN_H

#include "adapt/recipe.h"
#include "base/arena.h"
#include "base/error.h"
#include "config/suite.h"
#include "runner/process/guardian.h"
#include "runner/process/watch.h"

enum {
    FOREIGN_BYTES = 64 << 20,  /* of a list or a report, at most */
    FOREIGN_NAME_MAX = 1000,   /* bytes of a case's name */
    FOREIGN_CASES_MAX = 100000 /* of a program */
};

/* A program to adopt.  Everything borrowed, strings never NULL.
 *
 * label       as the user named it, for messages
 * path        the executable, or the folder that the harness works on
 * cwd         "": where we are
 * timeout_ns  of a case that says none
 * folder      of our own, where what a harness loads is written; absolute
 * env         complete: that of the coordinator
 * search      folders of executables, as in PATH */
struct foreign_program {
    enum program_kind kind;
    const char *label, *path, *cwd;
    struct recipe_words args; /* of the user, handed to the program */
    struct recipe_words own;  /* "NAME=value" of the user, which win */
    int64_t timeout_ns;
    const char *folder;
    char *const *env;
    const char *search;
};

/* One case.  Strings are never NULL. */
struct foreign_case {
    const char *name; /* "" where the program is the case */
    const char *file; /* of its source, "" unknown */
    uint32_t line;    /* 0 unknown */
    const char *tags; /* comma-separated; each can be a tag */
    const char *uses; /* comma-separated names of resources */
    int64_t slots;    /* 1 or more */
    bool exclusive;
    int64_t threads;      /* that it measures with, 0 for one */
    struct recipe recipe; /* without name and id */
};

struct foreign_list {
    struct foreign_case *item;
    size_t n;
};

/* What a program is asked.
 *
 * run     words to execute; none: nothing needs to be asked
 * env     "NAME=value" added; none: the program's own
 * cwd     where, NULL: the program's
 * report  file that the answer is in, NULL: standard output */
struct foreign_question {
    struct recipe_words run, env;
    const char *cwd;
    const char *report;
};

/* What it answered: `size` bytes of the report or of standard output.
 *
 * name  of the text in errors
 * text  NULL where there is no report */
struct foreign_answer {
    const char *name;
    const char *text;
    size_t size;
    const char *status; /* "exit status 1", "" for 0 */
};

/* Ask a program and read what it says.
 *
 * Returns 0; ERR_PEER when it cannot be run, did not answer within a minute, or
 * is not of its kind; ERR_PARSE, ERR_RANGE when its answer is malformed;
 * ERR_STOPPED, ERR_SYS, ERR_NOMEM.  Cost: one process. */
int foreign_cases(struct guardian *guardian, const struct watch *watch,
                  const struct foreign_program *program, struct arena *arena,
                  struct foreign_list *out, struct error *err);

/* The parts of it, without a process: what to ask (which may write to the
 * program's folder), and the answer read.  Everything lives in the arena.
 * Errors as above. */
int foreign_ask(const struct foreign_program *program, struct arena *arena,
                struct foreign_question *out, struct error *err);
int foreign_read(const struct foreign_program *program,
                 const struct foreign_answer *answer, struct arena *arena,
                 struct foreign_list *out, struct error *err);

/* Whether the cases of a kind are tests. */
bool foreign_is_test(enum program_kind kind);

#endif
