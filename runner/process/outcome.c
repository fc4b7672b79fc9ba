/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/process/outcome.h"

#include <string.h>

static const char *const names[TEST_OUTCOMES] = {
    [TEST_UNSET] = "",          [TEST_PASSED] = "passed",
    [TEST_FAILED] = "failed",   [TEST_SKIPPED] = "skipped",
    [TEST_CRASHED] = "crashed", [TEST_TIMEOUT] = "timeout",
};

const char *test_outcome_name(enum test_outcome outcome)
{
    return names[outcome];
}

bool test_outcome_parse(const char *name, enum test_outcome *out)
{
    for (int i = TEST_PASSED; i < TEST_OUTCOMES; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum test_outcome)i;
            return true;
        }
    return false;
}
