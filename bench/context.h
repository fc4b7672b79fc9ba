/* SPDX-License-Identifier: MIT */
/* struct tare: what a running case or fixture knows of itself. */
#ifndef BENCH_CONTEXT_H
#define BENCH_CONTEXT_H

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include "bench/registry.h"
#include "bench/tare.h"

struct tarei_bench;

enum { CONTEXT_MESSAGE = 1024 };

enum tarei_outcome {
    OUTCOME_PASSED = 0, /* or still running */
    OUTCOME_FAILED,
    OUTCOME_SKIPPED,
    OUTCOME_CRASHED, /* a test's process, ended by a signal or by itself */
    OUTCOME_TIMEOUT,
    OUTCOME_LEAKED, /* passed, but left processes behind */
    OUTCOME_XFAILED /* failed, as it was declared to */
};

/* A zeroed struct is the context of nothing. */
struct tare {
    const struct tarei_case *item;          /* NULL outside of cases */
    const struct tare_fixture_def *fixture; /* of a fixture's context */
    struct tarei_bench *bench;              /* NULL but in benchmarks */
    jmp_buf end;                            /* where tare_fail() goes */
    enum tarei_outcome outcome;
    unsigned failures;             /* how many checks did not hold */
    char message[CONTEXT_MESSAGE]; /* of the first of them */
    char tmpdir[PATH_MAX];         /* "" until asked for */
};

/* The parts of a context that are not filled with zeros by assignment alone:
 * large arrays are left as they are, which makes a context cheap to begin. */
void tarei_context_begin(struct tare *b, const struct tarei_case *item);

/* Call body(arg) so that tare_fail() and tare_skip() inside return here.
 * Returns 0 when it returned by itself, 1 otherwise. */
int tarei_context_call(struct tare *b, void (*body)(struct tare *b, void *arg),
                       void *arg);

/* Note a failure.  The first message stays; the case goes on. */
void tarei_context_fail(struct tare *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Note an outcome with a message, if none stands yet. */
void tarei_context_end(struct tare *b, enum tarei_outcome outcome,
                       const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));

/* "file:line" of the case or fixture, in static storage of the thread. */
const char *tarei_context_place(const struct tare *b);

/* Remove the temporary folder, if one was made. */
void tarei_context_remove_tmpdir(struct tare *b);

/* Temporary folders made, so that somebody else can remove those of a process
 * that crashed.  Beyond TMPDIRS_LOGGED they are not logged. */
enum { TMPDIRS_LOGGED = 16 };
struct tarei_tmpdirs {
    unsigned n;
    char path[TMPDIRS_LOGGED][PATH_MAX];
};

/* From now on log into *log (borrowed; NULL: nowhere). */
void tarei_context_log_tmpdirs(struct tarei_tmpdirs *log);

/* Remove what is still there.  The log is not trusted to be well-formed. */
void tarei_context_remove_logged(struct tarei_tmpdirs *log);

#endif
