/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Empty tests under Check, each in a forked process. */
#include <check.h>
#include <stdlib.h>

START_TEST(empty)
{
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("empty");
    TCase *tests = tcase_create("empty");
    SRunner *runner;
    int failed;

    tcase_add_loop_test(tests, empty, 0,
                        argc > 1 ? (int)strtol(argv[1], NULL, 10) : 1);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_FORK);
    srunner_run_all(runner, CK_SILENT);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
