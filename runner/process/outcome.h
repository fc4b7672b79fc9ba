/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a test ended. */
#ifndef RUNNER_PROCESS_OUTCOME_H
#define RUNNER_PROCESS_OUTCOME_H

#include <stdbool.h>

enum test_outcome {
    TEST_UNSET = 0,
    TEST_PASSED,
    TEST_FAILED,  /* a check failed, or set-up or tear-down did */
    TEST_SKIPPED, /* said so */
    TEST_CRASHED, /* ended by a signal or without a word */
    TEST_TIMEOUT,
    TEST_LEAKED,  /* passed, but left processes behind */
    TEST_XFAILED, /* failed as it was expected to */
    TEST_FLAKY,   /* passed when it was run again */
    TEST_OUTCOMES
};

/* What an outcome amounts to. */
enum test_verdict {
    TEST_VERDICT_PASSED = 0, /* passed, flaky */
    TEST_VERDICT_FAILED,     /* failed, crashed, timeout, leaked */
    TEST_VERDICT_SKIPPED,    /* skipped, xfailed */
};

enum test_verdict test_verdict(enum test_outcome outcome);

/* The word of the wire, the store and the reports: "passed", "failed",
 * "skipped", "crashed", "timeout", "leaked", "xfailed", "flaky"; "" for
 * TEST_UNSET. */
const char *test_outcome_name(enum test_outcome outcome);

/* The outcome of a word; false when there is none, *out is untouched then. */
bool test_outcome_parse(const char *name, enum test_outcome *out);

#endif
