/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases a program says it holds. */
#ifndef RUNNER_PROCESS_CASES_H
#define RUNNER_PROCESS_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "runner/process/message.h"

enum case_kind {
    CASE_KIND_UNSET = 0,
    CASE_BENCH,
    CASE_TEST,
};

enum {
    CASES_MAX = 1000000,
    CASE_NAME_MAX = 1024, /* bytes */
    CASE_SLOTS_MAX = 4096,
};

/* Strings are never NULL, hold no control characters and live in the arena of
 * the list. */
struct peer_case {
    const char *name; /* with parameters, "qsort[n=1000]"; unique in the list */
    enum case_kind kind;
    const char *tags;     /* comma-separated, "" for none */
    const char *fixtures; /* comma-separated, "" for none */
    int64_t version;      /* 0 when not declared */
    const char *baseline; /* name of another case, "" for none */
    const char *file;     /* of its source, "" when unknown */
    uint32_t line;        /* 0 when unknown */
    int64_t threads;      /* of a benchmark, 1 or more */
    /* of tests */
    int64_t timeout_ms;  /* 0 when not declared */
    bool exclusive;      /* nothing else runs meanwhile */
    int64_t slots;       /* workers it takes, 0 when not declared */
    const char *uses;    /* resources, comma-separated, "" for none */
    const char *group;   /* "" for none */
    const char *session; /* fixtures of scope session, comma-separated, what
                          * another needs before it; "" for none */
};

/* A zeroed struct is empty. */
struct peer_cases {
    struct arena arena;
    struct peer_case *item;
    size_t n;
};

/* Add the case a message tells of.  Returns 0, ERR_PARSE or ERR_NOMEM. */
int peer_cases_add(struct peer_cases *cases, const struct message *message,
                   struct error *err);

/* After the last: `listed` says how many there are; names must be unique.
 * Returns 0 or ERR_PARSE.  Cost: O(n log n). */
int peer_cases_finish(struct peer_cases *cases, const struct message *message,
                      struct error *err);

void peer_cases_clear(struct peer_cases *cases);

#endif
