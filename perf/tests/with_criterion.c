/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Empty tests under Criterion, which starts a process for each. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

enum { TESTS = 400 };

ParameterizedTestParameters(empty, each)
{
    static int number[TESTS];

    return cr_make_param_array(int, number, TESTS);
}

ParameterizedTest(int *number, empty, each)
{
    (void)number;
}
