/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/process/outcome.h"

#include <string.h>

static const struct {
    const char *name;
    enum test_verdict verdict;
} outcomes[TEST_OUTCOMES] = {
    [TEST_UNSET] = {"", TEST_VERDICT_FAILED},
    [TEST_PASSED] = {"passed", TEST_VERDICT_PASSED},
    [TEST_FAILED] = {"failed", TEST_VERDICT_FAILED},
    [TEST_SKIPPED] = {"skipped", TEST_VERDICT_SKIPPED},
    [TEST_CRASHED] = {"crashed", TEST_VERDICT_FAILED},
    [TEST_TIMEOUT] = {"timeout", TEST_VERDICT_FAILED},
    [TEST_LEAKED] = {"leaked", TEST_VERDICT_FAILED},
    [TEST_XFAILED] = {"xfailed", TEST_VERDICT_SKIPPED},
    [TEST_FLAKY] = {"flaky", TEST_VERDICT_PASSED},
};

const char *test_outcome_name(enum test_outcome outcome)
{
    return outcomes[outcome].name;
}

enum test_verdict test_verdict(enum test_outcome outcome)
{
    return outcomes[outcome].verdict;
}

bool test_outcome_parse(const char *name, enum test_outcome *out)
{
    for (int i = TEST_PASSED; i < TEST_OUTCOMES; i++)
        if (strcmp(name, outcomes[i].name) == 0) {
            *out = (enum test_outcome)i;
            return true;
        }
    return false;
}
