/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's side of the protocol, spoken with as bytes: benchmarks. */
#include <config.h>

#include "tests/unit/bench/peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct stage_file stage;
static struct peer a, b;

static void start(struct tare *t)
{
    stage_file_open(t, &stage);
    peer_start_subject(t, &a, &stage);
}

/* A message that must be `failed` with this text in it. */
static void expect_failed(struct tare *t, struct peer *peer, const char *text)
{
    peer_expect(t, peer, "failed");
    if (!strstr(peer_value(peer, "message"), text))
        TARE_FAIL("expected '%s' in:\n%s", text, peer->message);
}

TARE_TEST(hello_says_versions)
{
    start(t);
    TARE_CHECK_STR(a.message, "hello\nprotocol=1\nlibtare=0.1.0\n");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(list_tells_everything_about_cases)
{
    int cases = 0;

    start(t);
    peer_send(t, &a, "list\n");
    for (;; cases++) {
        peer_receive(t, &a);
        if (strncmp(a.message, "case\n", 5) != 0)
            break;
        if (peer_has(&a, "name=counts[n=2]")) {
            TARE_CHECK(peer_has(&a, "kind=bench"));
            TARE_CHECK(peer_has(&a, "tags=fast,good"));
            TARE_CHECK(peer_has(&a, "version=3"));
            TARE_CHECK(strstr(peer_value(&a, "file"), "subject.c"));
            TARE_CHECK(atoi(peer_value(&a, "line")) > 10);
        }
        if (peer_has(&a, "name=batches"))
            TARE_CHECK(peer_has(&a, "baseline=counts"));
        if (peer_has(&a, "name=hangs"))
            TARE_CHECK(peer_has(&a, "kind=test") &&
                       peer_has(&a, "timeout_ms=50"));
        if (peer_has(&a, "name=in_order"))
            TARE_CHECK(peer_has(&a, "fixtures=second"));
    }
    TARE_CHECK(strncmp(a.message, "listed\n", 7) == 0);
    TARE_CHECK_INT(atoi(peer_value(&a, "cases")), cases);
    TARE_CHECK(cases > 30);
    peer_send(t, &a, "bye\n");
    TARE_CHECK_INT(peer_wait(t, &a), 0);
}

TARE_TEST(one_side_from_open_to_close)
{
    const struct script_slice script[] = {
        {10, 5, 0, 0}, {20, 0, 0, WIRE_WARM}, {1000, 0, 0, WIRE_EMPTY}};

    start(t);
    peer_send(t, &a, "open\ncase=counts[n=2]\nside=0\n");
    peer_expect(t, &a, "opened");
    TARE_CHECK(peer_has(&a, "form=loop") && peer_has(&a, "threads=1"));
    stage_file_script(&stage, script, 3);
    peer_send(t, &a, "run\n");
    peer_expect(t, &a, "ran");
    for (int i = 0; i < 3; i++) {
        const struct wire_slice *slice = &stage.stage->slice[i];

        TARE_CHECK_INT(slice->done, 1);
        TARE_CHECK(slice->begin_ns > 0 && slice->elapsed_ns >= 0);
        TARE_CHECK(slice->minor_faults >= 0 && slice->switches >= 0);
    }
    TARE_CHECK_INT(stage.stage->turn, 3);
    stage_file_script(&stage, script, 1);
    peer_send(t, &a, "run\n");
    peer_expect(t, &a, "ran");
    peer_send(t, &a, "close\n");
    peer_expect(t, &a, "counter");
    TARE_CHECK_STR(a.message, "counter\nname=total\nvalue=100\nunit=1\n"
                              "better=higher\n");
    peer_expect(t, &a, "counter");
    TARE_CHECK(peer_has(&a, "value=0.1") && peer_has(&a, "better=lower"));
    peer_expect(t, &a, "closed");
    TARE_CHECK(peer_has(&a, "items=7") && peer_has(&a, "bytes=4096"));
    TARE_CHECK(peer_has(&a, "result=000000000000feed"));
    TARE_CHECK(atoll(peer_value(&a, "max_rss")) > 100000);
    TARE_CHECK_STR(peer_value(&a, "pauses"), "");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

/* Two programs alternate by themselves: nobody touches the stage between the
 * order and the answers. */
TARE_TEST(two_sides_take_turns)
{
    struct script_slice script[40];

    for (uint32_t i = 0; i < 40; i++)
        script[i] = (struct script_slice){1 + i, i % 3, (i * 7 / 4) % 2, 0};
    start(t);
    peer_start_subject(t, &b, &stage);
    peer_send(t, &a, "open\ncase=counts[n=1]\nside=0\n");
    peer_send(t, &b, "open\ncase=counts[n=1]\nside=1\n");
    peer_expect(t, &a, "opened");
    peer_expect(t, &b, "opened");
    stage_file_script(&stage, script, 40);
    peer_send(t, &a, "run\n");
    peer_send(t, &b, "run\n");
    peer_expect(t, &a, "ran");
    peer_expect(t, &b, "ran");
    TARE_CHECK_INT(stage.stage->turn, 40);
    for (int i = 0; i < 40; i++) {
        TARE_CHECK_INT(stage.stage->slice[i].done, 1);
        if (i > 0)
            TARE_CHECK(stage.stage->slice[i].begin_ns >=
                       stage.stage->slice[i - 1].begin_ns);
    }
    TARE_CHECK_INT(peer_end(t, &a), 0);
    TARE_CHECK_INT(peer_end(t, &b), 0);
}

TARE_TEST(a_side_without_slices_answers_at_once)
{
    const struct script_slice script[] = {{10, 0, 1, 0}};

    start(t);
    peer_send(t, &a, "open\ncase=batches\nside=0\n");
    peer_expect(t, &a, "opened");
    TARE_CHECK(peer_has(&a, "form=batch"));
    stage_file_script(&stage, script, 1);
    peer_send(t, &a, "run\n");
    peer_expect(t, &a, "ran");
    TARE_CHECK_INT(stage.stage->slice[0].done, 0);
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(orders_may_be_sent_ahead)
{
    const struct script_slice script[] = {{25, 3, 0, 0}};

    start(t);
    stage_file_script(&stage, script, 1);
    peer_send(t, &a, "open\ncase=batches\n");
    peer_send(t, &a, "run\n");
    peer_send(t, &a, "close\n");
    peer_send(t, &a, "bye\n");
    peer_expect(t, &a, "opened");
    peer_expect(t, &a, "ran");
    peer_expect(t, &a, "counter");
    TARE_CHECK(peer_has(&a, "name=prepared") && peer_has(&a, "value=28"));
    TARE_CHECK(peer_has(&a, "better=none"));
    peer_expect(t, &a, "counter");
    TARE_CHECK(peer_has(&a, "name=used") && peer_has(&a, "value=28"));
    peer_expect(t, &a, "closed");
    TARE_CHECK_INT(peer_wait(t, &a), 0);
}

/* What each form adds to `closed`. */
/* How fast the threads were, together and each. */
static void expect_pace(struct tare *t)
{
    static const char *const names[] = {
        "name=total_rate", "name=thread_rate", "name=slowest_thread_rate",
        "name=fastest_thread_rate", "name=fairness"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        peer_expect(t, &a, "counter");
        TARE_CHECK(peer_has(&a, names[i]));
    }
}

TARE_TEST(forms)
{
    static const struct {
        const char *name, *form;
    } cases[] = {{"latency", "form=latency"},
                 {"manual", "form=manual"},
                 {"pauses", "form=loop"},
                 {"threads[threads=2]", "threads=2"}};
    const struct script_slice script[] = {{50, 5, 0, 0}, {10, 0, 0, WIRE_WARM}};

    start(t);
    for (size_t i = 0; i < 4; i++) {
        char order[100];

        snprintf(order, sizeof order, "open\ncase=%s\n", cases[i].name);
        stage_file_script(&stage, script, 2);
        peer_send(t, &a, order);
        peer_send(t, &a, "run\n");
        peer_send(t, &a, "close\n");
        peer_expect(t, &a, "opened");
        TARE_CHECK(peer_has(&a, cases[i].form));
        peer_expect(t, &a, "ran");
        if (i == 3)
            expect_pace(t);
        peer_expect(t, &a, "closed");
        TARE_CHECK_STR(peer_value(&a, "latency_count"), i == 0 ? "50" : "");
        TARE_CHECK((strchr(peer_value(&a, "histogram"), ':') != NULL) ==
                   (i == 0));
        TARE_CHECK_STR(peer_value(&a, "pauses"), i == 2 ? "1" : "");
        TARE_CHECK_STR(peer_value(&a, "items"), i == 3 ? "2" : "");
        if (i == 1)
            TARE_CHECK_INT(stage.stage->slice[0].elapsed_ns, 50000);
    }
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(numbers_cross_in_the_c_locale)
{
    start(t);
    setenv("LC_ALL", "de_DE.UTF-8", 1);
    peer_start_subject(t, &b, &stage);
    peer_send(t, &b, "open\ncase=locale\n");
    peer_expect(t, &b, "opened");
    peer_send(t, &b, "close\n");
    peer_expect(t, &b, "counter");
    TARE_CHECK(peer_has(&b, "value=0.5"));
    TARE_CHECK_INT(peer_end(t, &b), 0);
}

TARE_TEST(fixtures_of_benchmarks)
{
    const struct script_slice script[] = {{5, 0, 0, 0}, {5, 0, 0, 0}};

    start(t);
    stage_file_script(&stage, script, 2);
    peer_send(t, &a, "open\ncase=with_fixtures\n");
    peer_expect(t, &a, "opened");
    peer_send(t, &a, "run\n");
    peer_expect(t, &a, "ran");
    peer_send(t, &a, "close\n");
    peer_expect(t, &a, "counter");
    TARE_CHECK(peer_has(&a, "name=samples") && peer_has(&a, "value=2"));
    peer_expect(t, &a, "closed");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

/* ---- cases that fail, before their loop and in it */

TARE_TEST(failures_before_the_loop)
{
    static const char *const cases[][2] = {
        {"no_loop", "has no loop"},
        {"unknown_parameter[size=1]", "did you mean 'size'?"},
        {"fails_to_set_up", "no input"},
        {"refused", "fixture 'refusing' failed: no server at home"},
        {"nowhere", "no case is called 'nowhere'"},
        {"counts", "'counts' has no case with these parameters"},
        {"passes", "'passes' is a test"},
    };
    char order[100];

    start(t);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(order, sizeof order, "open\ncase=%s\n", cases[i][0]);
        peer_send(t, &a, order);
        expect_failed(t, &a, cases[i][1]);
    }
    peer_send(t, &a, "open\ncase=skips\n");
    peer_expect(t, &a, "skipped");
    TARE_CHECK(peer_has(&a, "message=not on this machine"));
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(failures_in_the_loop)
{
    static const char *const cases[][2] = {
        {"breaks", "left its loop early"},
        {"returns", "left its loop early"},
        {"changing_result", "changed from 0000000000000000"},
    };
    const struct script_slice script[] = {{5, 0, 0, 0}, {5, 0, 0, 0}};
    char order[100];

    start(t);
    for (size_t i = 0; i < 3; i++) {
        snprintf(order, sizeof order, "open\ncase=%s\n", cases[i][0]);
        peer_send(t, &a, order);
        peer_expect(t, &a, "opened");
        stage_file_script(&stage, script, 2);
        peer_send(t, &a, "run\n");
        expect_failed(t, &a, cases[i][1]);
        TARE_CHECK_INT(stage.stage->slice[1].done, 0);
    }
    /* Only the second loop shows that there are two. */
    peer_send(t, &a, "open\ncase=two_loops\n");
    peer_expect(t, &a, "opened");
    peer_send(t, &a, "close\n");
    expect_failed(t, &a, "has two loops");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(a_crash_is_a_crash)
{
    const struct script_slice script[] = {{5, 0, 0, 0}};

    start(t);
    stage_file_script(&stage, script, 1);
    peer_send(t, &a, "open\ncase=crashes\n");
    peer_expect(t, &a, "opened");
    peer_send(t, &a, "run\n");
    TARE_CHECK(peer_wait(t, &a) != 0);
    close(a.control);
}
