/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests whose outcome depends on what ran before them.
 *
 * Every test is run alone in a fresh process, and then together with all others
 * in several orders.  A test that ends differently somewhere is run once more
 * both ways; where that repeats, what ran before it is cut down to the fewest
 * that still make the difference (delta debugging: Zeller & Hildebrandt, IEEE
 * TSE 28(2), 2002; in the words of Shi et al., FSE 2019, a polluter where the
 * test passes alone, a state setter where it fails alone). */
#ifndef RUNNER_TESTING_VERIFY_H
#define RUNNER_TESTING_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "runner/process/outcome.h"

enum verify_how {
    VERIFY_ALONE = 0, /* each in a process of its own */
    VERIFY_ORDER,     /* one after the other on one worker, as given */
    VERIFY_SPLIT,     /* shared out to all workers */
};

/* What became of one test of an execution. */
struct verify_outcome {
    enum test_outcome outcome; /* TEST_UNSET: it did not run */
    const char *message;       /* lives as long as the verification */
    size_t worker, rank;       /* the rank-th test of that worker */
};

/* Execute n tests from a fresh start; outcome[i] is that of order[i].  0, or a
 * negative code, which ends the verification. */
typedef int verify_run(void *ctx, enum verify_how how, const size_t *order,
                       size_t n, struct verify_outcome *outcome,
                       struct error *err);

enum verify_kind {
    VERIFY_SAME = 0, /* the same everywhere, passed or not */
    VERIFY_DEPENDS,  /* on those in `cause`, which ran before it */
    VERIFY_BESIDE,   /* on what runs at the same time on other workers */
    VERIFY_FLAKY,    /* it ended in both ways under the same conditions */
};

struct verify_verdict {
    enum verify_kind kind;
    struct verify_outcome alone, together; /* together: where it differed */
    const size_t *cause;                   /* in order; DEPENDS */
    size_t n_cause;
};

struct verify_plan {
    size_t n_tests; /* 0 to n - 1, in the order of definition */
    size_t workers; /* for VERIFY_SPLIT; 1: it is left out */
    size_t shuffles;
    uint64_t seed;
    verify_run *run;
    void *ctx;
    /* Told before each step, with what there is to say about it; may be NULL */
    void (*step)(void *ctx, const char *text);
};

/* out      n_tests verdicts; arrays live in the arena
 * runs     receives the number of executions
 *
 * 0, ERR_NOMEM or what run() returned.  Cost: 4 + shuffles executions of
 * everything, and for each test that depends about 2 log2(n) of a part where
 * one polluter is to blame. */
int verify_tests(const struct verify_plan *plan, struct arena *arena,
                 struct verify_verdict *out, size_t *runs, struct error *err);

#endif
