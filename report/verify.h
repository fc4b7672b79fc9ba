/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `tare test --verify-isolation` found, in every form. */
#ifndef REPORT_VERIFY_H
#define REPORT_VERIFY_H

#include "base/arena.h"
#include "report/tests.h"
#include "runner/testing/verify.h"

/* Text is untrusted, never NULL unless said. */
struct verify_case {
    const char *id;
    const char *tags; /* comma-separated, "" when none */
    const char *file; /* "" when unknown */
    uint32_t line;
    const struct verify_verdict *verdict;
    const char *const *cause; /* ids; as many as the verdict has */
    /* Of one that depends on others: what runs it alone, and behind them; else
     * NULL. */
    const char *alone, *behind;
};

struct verify_report {
    const char *suite;     /* "" when it has no name */
    const char *isolation; /* the word of --isolation */
    const struct verify_case *test;
    size_t n;
    size_t workers, runs; /* runs: executions of tests */
    int64_t took_ns;
    uint64_t seed;
    const char *const *problem; /* as in a test_report */
    size_t n_problems;
};

/* Whether it shall count as failed: in each way it was run, or because it
 * depends on others. */
bool verify_failed(const struct verify_case *test);

/* For people: those that fail or depend, with who is to blame and how to see it
 * again, and "N passed, N failed, N skipped" alone on the last line, which is
 * all that `quiet` leaves. */
void verify_text(const struct verify_report *report,
                 const struct text_style *style, struct strbuf *out);

/* "tare/verify/1", docs/schema/verify.json. */
void verify_json(const struct verify_report *report, struct strbuf *out);

/* The same as tests, one that depends as a failed one whose message says on
 * what, for the forms of tests.h.  What is new lives in the arena.  Returns 0
 * or ERR_NOMEM. */
int verify_as_tests(const struct verify_report *report, struct arena *arena,
                    struct test_report *out, struct error *err);

#endif
