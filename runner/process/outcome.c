/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/process/outcome.h"

#include <string.h>

static const struct {
    const char *name;
    enum test_verdict verdict;
} outcomes[TEST_OUTCOMES] = {
    [TEST_UNSET] = {"", VERDICT_FAILED},
    [TEST_PASSED] = {"passed", VERDICT_PASSED},
    [TEST_FAILED] = {"failed", VERDICT_FAILED},
    [TEST_SKIPPED] = {"skipped", VERDICT_SKIPPED},
    [TEST_CRASHED] = {"crashed", VERDICT_FAILED},
    [TEST_TIMEOUT] = {"timeout", VERDICT_FAILED},
    [TEST_LEAKED] = {"leaked", VERDICT_FAILED},
    [TEST_XFAILED] = {"xfailed", VERDICT_SKIPPED},
    [TEST_FLAKY] = {"flaky", VERDICT_PASSED},
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
