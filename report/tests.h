/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `tare test` found, in every form. */
#ifndef REPORT_TESTS_H
#define REPORT_TESTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "report/text.h"
#include "runner/process/outcome.h"

/* What a test used.  Negative is unknown. */
struct test_usage {
    double user_s, system_s;
    int64_t max_rss;                 /* bytes */
    int64_t read_bytes, write_bytes; /* bytes */
    int64_t ctx_switches, page_faults;
};

/* Text is untrusted, never NULL. */
struct test_result {
    const char *id;
    const char *tags; /* comma-separated, "" when none */
    const char *file; /* of its source, "" when unknown */
    uint32_t line;    /* 0 when unknown */
    enum test_outcome outcome;
    int64_t attempts;    /* how often it ran; 0 counts as once */
    int64_t duration_ns; /* of the last time */
    /* its parts, negative when unknown */
    int64_t setup_ns, call_ns, teardown_ns;
    int worker;          /* 0 for w0; -1 when unknown */
    int cpu;             /* OS index; -1 when unknown */
    const char *message; /* why it did not pass, "" */
    const char *note;    /* what it left lying about, "" */
    const char *output;  /* what it printed, "" */
    struct test_usage usage;
    int64_t started_ns; /* of the last time, since the run began; negative when
                         * unknown */
};

/* Which part of a suite this is.  Text is untrusted. */
struct test_shard {
    int64_t index; /* 1 to count; 0: it is all of it */
    int64_t count;
    const char *plan; /* names the partition; NULL without */
};

struct test_report {
    const char *suite;              /* "" when it has no name */
    const struct test_result *test; /* in the order they are shown */
    size_t n;
    size_t workers;      /* 1 or more */
    int64_t makespan_ns; /* from the first start to the last end */
    uint64_t seed;
    int64_t run; /* number of the stored run, 0 when it is not stored */
    bool interrupted;
    const char *const *problem; /* a fixture or process that did not end well:
                                 * no test failed by it, but the run did */
    size_t n_problems;
    struct test_shard shard;
};

/* What follows from the tests.  Figures of an empty report are 0. */
struct test_summary {
    size_t count[TEST_OUTCOMES];
    size_t passed, failed, skipped; /* by verdict: a flaky one has passed, one
                                     * that failed as expected is skipped */
    double makespan_s;
    double sequential_s;  /* sum of the durations */
    double lower_bound_s; /* max(longest, sequential / workers): no schedule
                           * is shorter (Graham 1969) */
    double efficiency;    /* sequential / (workers x makespan); NaN without a
                           * makespan */
};

struct test_summary test_summarise(const struct test_report *report);

/* For people: what did not pass with its message and output, a line about the
 * time, what did not end well, and "N passed, N failed, N skipped" alone on the last line.  `verbose`
 * lists every test, what they used, and how busy the workers were; `quiet` leaves only the last line. */
void tests_text(const struct test_report *report,
                const struct text_style *style, struct strbuf *out);

/* Tables of tests, time, CPU time and the largest test by tag and by program;
 * nothing where there are neither. */
void tests_sums(const struct test_report *report,
                const struct text_style *style, struct strbuf *out);

/* A line for each worker: how busy it was from the begin to the end of the run,
 * in 60 cells.  Nothing where starts are unknown. */
void tests_timeline(const struct test_report *report, struct strbuf *out);

/* "tare/test/1", docs/schema/test.json. */
void tests_json(const struct test_report *report, struct strbuf *out);

/* TAP version 14 (testanything.org), with a YAML block where something is to
 * be said. */
void tests_tap(const struct test_report *report, struct strbuf *out);

/* One line per test, with a line of names first. */
void tests_csv(const struct test_report *report, struct strbuf *out);

/* JUnit XML as Jenkins and GitLab read it: one <testsuite> per program. */
void tests_junit(const struct test_report *report, struct strbuf *out);

/* A comment for a pull request: a summary and a table of what did not pass.  It
 * fits what a comment may hold (64 KiB) unless `full`. */
void tests_markdown(const struct test_report *report, bool full,
                    struct strbuf *out);

#endif
