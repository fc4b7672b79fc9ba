/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests leave behind, how they end, and in what they run: through the
 * order `test`. */
#include <config.h>

#include "tests/unit/bench/peer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct stage_file stage;
static struct peer a;

static void start(struct tare *t)
{
    setenv("TARE_TMPDIR", tare_tmpdir(t), 1);
    stage_file_open(t, &stage);
    peer_start_subject(t, &a, &stage);
}

/* Run a test of the subject with more keys in the order; its outcome. */
static const char *test_with(struct tare *t, const char *name, const char *more)
{
    char order[300];

    snprintf(order, sizeof order, "test\ncase=%s\ntimeout_ms=20000\n%s", name,
             more);
    peer_send(t, &a, order);
    peer_expect(t, &a, "tested");
    return peer_value(&a, "outcome");
}

static const char *test(struct tare *t, const char *name)
{
    return test_with(t, name, "");
}

/* ---- processes */

TARE_TEST(processes_left_behind_are_found)
{
    static const char *const name[] = {"leaves_a_child", "leaves_a_session",
                                       "leaves_a_daemon"};

    start(t);
    for (int i = 0; i < 3; i++) {
        TARE_CHECK_STR(test(t, name[i]), "leaked");
        TARE_CHECK_STR(peer_value(&a, "left"), "1");
        TARE_CHECK_STR(peer_value(&a, "message"),
                       "left 1 process behind, killed now");
    }
    TARE_CHECK_STR(test(t, "leaves_three_and_fails"), "failed");
    TARE_CHECK_STR(peer_value(&a, "left"), "3");
    TARE_CHECK_STR(test(t, "leaves_one_that_ends"), "passed");
    TARE_CHECK_STR(peer_value(&a, "left"), "");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(servers_of_fixtures_stay)
{
    start(t);
    TARE_CHECK_STR(test(t, "uses_a_server"), "passed");
    TARE_CHECK_STR(test(t, "leaves_beside_a_server"), "leaked");
    TARE_CHECK_STR(peer_value(&a, "left"), "1");
    TARE_CHECK_STR(test(t, "uses_a_server"), "passed");
    TARE_CHECK_STR(test(t, "passes"), "passed");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

/* ---- files */

TARE_TEST(what_is_left_open_is_noted)
{
    start(t);
    TARE_CHECK_STR(test(t, "leaves_a_descriptor"), "passed");
    TARE_CHECK(strstr(peer_value(&a, "note"), "it left descriptor "));
    TARE_CHECK(strstr(peer_value(&a, "note"), "open (/dev/zero)"));
    TARE_CHECK_STR(test(t, "leaves_a_file"), "passed");
    TARE_CHECK_STR(peer_value(&a, "note"), "it left 1 file in TARE_TMPDIR");
    TARE_CHECK_STR(test(t, "leaves_a_file"), "passed"); /* the same again */
    TARE_CHECK_STR(peer_value(&a, "note"), "");
    TARE_CHECK_STR(test(t, "is_tidy"), "passed");
    TARE_CHECK_STR(peer_value(&a, "note"), "");
    TARE_CHECK_STR(test(t, "removes_the_folder"), "passed");
    TARE_CHECK_STR(peer_value(&a, "note"),
                   "it removed TARE_TMPDIR, which was made again");
    TARE_CHECK_STR(test(t, "leaves_a_file"), "passed");
    TARE_CHECK_STR(peer_value(&a, "note"), "it left 1 file in TARE_TMPDIR");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

/* ---- ends */

/* Sanitizers have handlers of their own, which say more. */
TARE_TEST(crashes_say_where)
{
    start(t);
    TARE_CHECK_STR(test(t, "touches_memory"), "crashed");
    if (*peer_value(&a, "signal"))
        TARE_CHECK(strstr(peer_value(&a, "message"),
                          "signal 11 (Segmentation fault) at address 0x"));
    TARE_CHECK_STR(test(t, "crashes_in_setup"), "crashed");
    TARE_CHECK(strstr(peer_value(&a, "message"), ", in its set-up"));
    TARE_CHECK_STR(peer_value(&a, "call_s"), "");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(ends_as_declared)
{
    static const struct {
        const char *name, *outcome, *message;
    } ends[] = {
        {"fails_as_said", "xfailed", "not done yet: "},
        {"passes_against_what_it_said", "failed",
         "passed, but is declared to fail: not done yet"},
        {"killed_as_said", "passed", ""},
        {"not_killed_as_said", "failed", "was to be ended by signal 12"},
        {"killed_otherwise", "crashed", "signal 10"},
        {"exits_as_said", "passed", ""},
        {"exits_otherwise", "crashed", "exit status 4"},
        {"returns_otherwise", "failed", "exit status 3, but returned"},
    };

    start(t);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        TARE_CHECK_STR(test(t, ends[i].name), ends[i].outcome);
        if (!strstr(peer_value(&a, "message"), ends[i].message))
            TARE_CHECK_STR(peer_value(&a, "message"), ends[i].message);
    }
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(limits)
{
    start(t);
    TARE_CHECK_STR(test_with(t, "works_for_ever", "cpu_ms=50\n"), "timeout");
    TARE_CHECK_STR(peer_value(&a, "message"),
                   "ended after 0.050 s of CPU time");
    peer_send(t, &a,
              "test\ncase=hangs_politely\ntimeout_ms=50\ngrace_ms=20000\n");
    peer_expect(t, &a, "tested");
    TARE_CHECK_STR(peer_value(&a, "outcome"), "timeout");
    TARE_CHECK_STR(peer_value(&a, "output"), "told to end\\n");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(parts_are_timed)
{
    double parts;

    start(t);
    TARE_CHECK_STR(test(t, "in_order"), "failed");
    parts = strtod(peer_value(&a, "setup_s"), NULL) +
            strtod(peer_value(&a, "call_s"), NULL) +
            strtod(peer_value(&a, "teardown_s"), NULL);
    TARE_CHECK(parts > 0);
    TARE_CHECK(parts <= strtod(peer_value(&a, "seconds"), NULL));
    TARE_CHECK(*peer_value(&a, "faults") && *peer_value(&a, "read_bytes") &&
               *peer_value(&a, "write_bytes"));
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(sharing_is_listed)
{
    start(t);
    peer_send(t, &a, "list\n");
    do
        peer_receive(t, &a);
    while (!peer_has(&a, "name=shares"));
    TARE_CHECK(peer_has(&a, "exclusive=1") && peer_has(&a, "slots=3"));
    TARE_CHECK(peer_has(&a, "uses=gpu,net") && peer_has(&a, "group=g"));
    while (strncmp(peer_receive(t, &a), "listed\n", 7) != 0)
        ;
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

/* ---- isolation */

TARE_TEST(inside_the_worker)
{
    start(t);
    TARE_CHECK_STR(test_with(t, "remembers", "isolation=process\n"), "passed");
    TARE_CHECK_STR(test_with(t, "remembers", "isolation=worker\n"), "passed");
    TARE_CHECK_STR(peer_value(&a, "output"), "");
    TARE_CHECK_STR(test_with(t, "remembers", "isolation=worker\n"), "failed");
    TARE_CHECK(strncmp(peer_value(&a, "output"), "not shown\\n", 11) == 0);
    TARE_CHECK_STR(test_with(t, "leaves_a_session", "isolation=worker\n"),
                   "leaked");
    TARE_CHECK_STR(peer_value(&a, "left"), "1");
    TARE_CHECK_STR(test_with(t, "leaves_a_descriptor", "isolation=worker\n"),
                   "passed");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(in_namespaces)
{
    start(t);
    TARE_CHECK_STR(test_with(t, "has_its_own_tmp", "isolation=ns\n"), "passed");
    if (*peer_value(&a, "shared")) {
        rmdir("/tmp/tare-subject-was-here");
        TARE_SKIP("namespaces are not allowed here");
    }
    TARE_CHECK(access("/tmp/tare-subject-was-here", F_OK) != 0);
    TARE_CHECK_STR(test_with(t, "has_its_own_tmp", "isolation=ns\n"), "passed");
    TARE_CHECK_STR(test_with(t, "fails_twice", "isolation=ns\n"), "failed");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

/* Who hangs up ends the test, and what was sent ahead is not begun. */
TARE_TEST(the_end_of_the_channel_interrupts)
{
    start(t);
    peer_send(t, &a, "test\ncase=hangs_politely\ntimeout_ms=20000\n");
    peer_send(t, &a, "test\ncase=leaves_a_file\n");
    usleep(1000);
    shutdown(a.control, SHUT_WR);
    TARE_CHECK_INT(peer_wait(t, &a), 0);
}
