/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests in processes of their own, through the order `test`. */
#include <config.h>

#include "tests/unit/bench/peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct stage_file stage;
static struct peer a;
static char output[WIRE_MESSAGE_MAX];

static void start(struct tare *t)
{
    stage_file_open(t, &stage);
    peer_start_subject(t, &a, &stage);
}

/* Run a test of the subject; the outcome, with the output unescaped aside. */
static const char *test(struct tare *t, const char *name)
{
    char order[200], *to = output;

    snprintf(order, sizeof order, "test\ncase=%s\ntimeout_ms=20000\n", name);
    peer_send(t, &a, order);
    peer_expect(t, &a, "tested");
    for (const char *at = peer_value(&a, "output"); *at; at++) {
        if (*at == '\\')
            at++;
        *to++ = (char)(*at == 'n' && at[-1] == '\\' ? '\n' : *at);
    }
    *to = '\0';
    return peer_value(&a, "outcome");
}

TARE_TEST(passing_tests_show_figures_and_no_output)
{
    start(t);
    TARE_CHECK_STR(test(t, "passes"), "passed");
    TARE_CHECK_STR(output, "");
    TARE_CHECK_STR(peer_value(&a, "message"), "");
    TARE_CHECK_STR(peer_value(&a, "signal"), "");
    TARE_CHECK(strtod(peer_value(&a, "seconds"), NULL) > 0);
    TARE_CHECK(atoll(peer_value(&a, "max_rss")) > 100000);
    TARE_CHECK(strtod(peer_value(&a, "user_s"), NULL) >= 0);
    TARE_CHECK(*peer_value(&a, "system_s") && *peer_value(&a, "switches"));
    TARE_CHECK(atoi(peer_value(&a, "cpu")) >= 0);
    TARE_CHECK_STR(test(t, "with_parameter[kind=b]"), "passed");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(failing_tests_show_message_and_output)
{
    start(t);
    TARE_CHECK_STR(test(t, "fails_twice"), "failed");
    TARE_CHECK(strstr(peer_value(&a, "message"), "2 * 2 is 4, expected 5"));
    TARE_CHECK(strncmp(output, "before\n# ", 9) == 0);
    TARE_CHECK(strstr(output, "\"left\" is \"left\", expected \"right\"\n"));
    TARE_CHECK(strstr(output, "\nafter\n"));
    TARE_CHECK_STR(test(t, "requires"), "failed");
    TARE_CHECK(strstr(output, "0 is false\n"));
    TARE_CHECK(!strstr(output, "never"));
    TARE_CHECK_STR(test(t, "says_skip"), "skipped");
    TARE_CHECK_STR(peer_value(&a, "message"), "because of 7");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(what_ends_a_process_fails_one_test)
{
    start(t);
    TARE_CHECK_STR(test(t, "segfaults"), "crashed");
    TARE_CHECK_STR(test(t, "exits"), "crashed");
    TARE_CHECK_STR(peer_value(&a, "message"),
                   "ended its process in the middle, with exit status 0");
    TARE_CHECK_STR(test(t, "hangs"), "timeout");
    TARE_CHECK_STR(peer_value(&a, "message"), "ended after 0.050 s");
    TARE_CHECK_STR(test(t, "passes"), "passed");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

/* Sanitizers turn the signal into an exit status. */
TARE_TEST(signals_are_named)
{
    start(t);
    TARE_CHECK_STR(test(t, "leaves_a_folder_and_crashes"), "crashed");
    TARE_CHECK(strstr(peer_value(&a, "message"), "signal 6 (Aborted)") ||
               strstr(peer_value(&a, "message"), "exit status"));
    output[strcspn(output, "\n")] = '\0';
    TARE_CHECK(strstr(output, "/tare-"));
    TARE_CHECK(access(output, F_OK) != 0);
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(fixtures_come_in_order_and_go_in_reverse)
{
    start(t);
    TARE_CHECK_STR(test(t, "in_order"), "failed");
    TARE_CHECK(strncmp(output, "first up\nsecond up\nbody\n# ", 25) == 0);
    TARE_CHECK(strstr(output, "to show the output\nsecond down\nfirst down\n"));
    TARE_CHECK_STR(test(t, "again"), "passed");
    TARE_CHECK_STR(test(t, "depends_on_failure"), "failed");
    TARE_CHECK_STR(peer_value(&a, "message"),
                   "fixture 'refusing' failed: no server at home");
    TARE_CHECK_STR(test(t, "depends_on_skip"), "skipped");
    TARE_CHECK_STR(peer_value(&a, "message"),
                   "fixture 'absent' skipped: no network");
    TARE_CHECK_STR(test(t, "torn_down_badly"), "failed");
    TARE_CHECK_STR(peer_value(&a, "message"),
                   "tear-down of fixture 'leaves_badly' failed: cannot close");
    TARE_CHECK_STR(test(t, "undeclared"), "failed");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(a_test_has_no_channel_to_tare)
{
    start(t);
    TARE_CHECK_STR(test(t, "has_no_channel"), "passed");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

/* 20 000 lines fit into no message: the end is what is kept, repaired where it
 * is no UTF-8. */
TARE_TEST(much_output_is_cut_at_the_front)
{
    start(t);
    TARE_CHECK_STR(test(t, "prints_much"), "failed");
    TARE_CHECK(strstr(output, "line 19999 \\ ?\n"));
    TARE_CHECK(strstr(output, "at last\n"));
    TARE_CHECK(!strstr(output, "line 1 "));
    TARE_CHECK_STR(test(t, "fails_twice"), "failed");
    TARE_CHECK(!strstr(output, "line 19999"));
    TARE_CHECK_INT(peer_end(t, &a), 0);
}
