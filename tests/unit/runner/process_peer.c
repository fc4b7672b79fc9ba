/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client of the protocol, with programs that behave and programs that do
 * not.  Each fault must give one error that names the program. */
#include <config.h>

#include "runner/process/peer.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "bench/tare.h"
#include "runner/process/message.h"
#include "runner/process/peer_state.h"
#include "tests/unit/runner/process_support.h"

/* For what can only end by its deadline. */
static const int64_t short_ns = 100000000;

/* A guardian, a stage, and a slot for each of two peers. */
struct scene {
    struct guardian *guardian;
    struct slot *slot[WIRE_SIDES];
    struct stage *stage;
    struct peer *peer[WIRE_SIDES];
    struct error err;
};

static void scene_open(struct scene *s)
{
    *s = (struct scene){.guardian = need_guardian()};
    s->slot[0] = need_slot(s->guardian, 0);
    s->slot[1] = need_slot(s->guardian, 1);
    if (stage_open(&s->stage, NULL) < 0)
        _exit(99);
}

static void scene_close(struct scene *s)
{
    for (int i = 0; i < WIRE_SIDES; i++) {
        peer_free(s->peer[i]);
        slot_close(s->slot[i]);
    }
    stage_close(s->stage);
    guardian_stop(s->guardian);
}

/* Start a program as peer i, called "it" in errors. */
static int start(struct scene *s, int i, char *const *argv, int64_t hello_ns)
{
    const struct peer_options options = {
        .name = "it", .argv = argv, .seed = 7, .hello_ns = hello_ns};
    const struct watch watch = patient();

    return peer_start(s->guardian, s->slot[i], s->stage, &options, &watch,
                      &s->peer[i], &s->err);
}

static int start_part(struct scene *s, int i, const char *part)
{
    char *argv[] = {(char *)actor_path(), (char *)part, NULL};

    return start(s, i, argv, 0);
}

/* The same without waiting for its hello. */
static int launch_part(struct scene *s, int i, const char *part)
{
    char *argv[] = {(char *)actor_path(), (char *)part, NULL};
    const struct peer_options options = {.name = "it", .argv = argv};

    return peer_launch(s->guardian, s->slot[i], s->stage, &options, &s->peer[i],
                       &s->err);
}

static int open_sort(struct scene *s, int i, struct peer_opened *out)
{
    const struct watch watch = patient();

    return peer_open(s->peer[i], "sort[n=10]", i, &watch, out, &s->err);
}

/* Peer 0 plays the part, started and opened. */
static void scene_open_part(struct tare *t, struct scene *s, const char *part)
{
    struct peer_opened opened;

    scene_open(s);
    TARE_REQUIRE_INT(start_part(s, 0, part), 0);
    TARE_REQUIRE_INT(open_sort(s, 0, &opened), 0);
    TARE_REQUIRE_INT(opened.outcome, PEER_DONE);
}

/* Peer 0 behaves, peer 1 plays the part; both are open. */
static void scene_open_pair(struct tare *t, struct scene *s, const char *part)
{
    struct peer_opened opened;

    scene_open_part(t, s, "normal");
    TARE_REQUIRE_INT(start_part(s, 1, part), 0);
    TARE_REQUIRE_INT(open_sort(s, 1, &opened), 0);
}

enum { SLICES = 8 };

/* ABBA BAAB, or one side only. */
static void write_script(struct stage_order *order, int sides)
{
    static const uint32_t side[SLICES] = {0, 1, 1, 0, 1, 0, 0, 1};

    for (uint32_t i = 0; i < SLICES; i++)
        order[i] = (struct stage_order){.iterations = 10 + i,
                                        .rewarm = i,
                                        .side = sides == 2 ? side[i] : 0};
}

static int run(struct scene *s, int sides, const struct watch *watch,
               struct stage_slice *out, int *culprit)
{
    struct stage_order order[SLICES];

    write_script(order, sides);
    return peer_run(s->peer, (size_t)sides, s->stage, order, SLICES, watch, out,
                    culprit, &s->err);
}

static int run_patient(struct scene *s, int sides, int *culprit)
{
    const struct watch watch = patient();
    struct stage_slice out[SLICES];

    return run(s, sides, &watch, out, culprit);
}

/* --- what works */

TARE_TEST(says_hello)
{
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "normal"), 0);
    TARE_CHECK_STR(peer_name(s.peer[0]), "it");
    TARE_CHECK_STR(peer_library(s.peer[0]), "0.1.0");
    TARE_CHECK(peer_pid(s.peer[0]) > 0);
    TARE_CHECK(peer_ended(s.peer[0]) == NULL);
    scene_close(&s);
}

TARE_TEST(lists_cases)
{
    const struct watch watch = patient();
    struct peer_cases cases = {0};
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "normal"), 0);
    TARE_REQUIRE_INT(peer_list(s.peer[0], &watch, &cases, NULL), 0);
    TARE_REQUIRE_INT(cases.n, 2);
    TARE_CHECK_STR(cases.item[0].name, "sort[n=10]");
    TARE_CHECK_INT(cases.item[0].kind, CASE_BENCH);
    TARE_CHECK_STR(cases.item[0].tags, "fast,unit");
    TARE_CHECK_INT(cases.item[0].version, 2);
    TARE_CHECK_STR(cases.item[0].file, "a.c");
    TARE_CHECK_INT(cases.item[0].line, 12);
    TARE_CHECK_STR(cases.item[0].baseline, "");
    TARE_CHECK_INT(cases.item[1].kind, CASE_TEST);
    TARE_CHECK_INT(cases.item[1].timeout_ms, 500);
    peer_cases_clear(&cases);
    scene_close(&s);
}

TARE_TEST(lists_cases_of_one_packet)
{
    const struct watch watch = patient();
    struct peer_cases cases = {0};
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "packet"), 0);
    TARE_REQUIRE_INT(peer_list(s.peer[0], &watch, &cases, &s.err), 0);
    TARE_REQUIRE_INT(cases.n, 2);
    TARE_CHECK_STR(cases.item[0].name, "one");
    TARE_CHECK_STR(cases.item[1].name, "two");
    peer_cases_clear(&cases);
    TARE_REQUIRE_INT(start_part(&s, 1, "packet-ends-open"), 0);
    TARE_CHECK_INT(peer_list(s.peer[1], &watch, &cases, &s.err), ERR_PEER);
    scene_close(&s);
}

TARE_TEST(runs_a_script_with_one_side)
{
    const struct watch watch = patient();
    struct stage_slice out[SLICES];
    int64_t begin = watch_now_ns();
    int culprit = 5;
    struct scene s;

    scene_open_part(t, &s, "normal");
    TARE_REQUIRE_INT(run(&s, 1, &watch, out, &culprit), 0);
    TARE_CHECK_INT(culprit, -1);
    for (int i = 0; i < SLICES; i++) {
        TARE_CHECK_INT(out[i].order.iterations, 10 + i);
        TARE_CHECK(out[i].begin_ns > begin && out[i].elapsed_ns >= 0);
        begin = out[i].begin_ns;
    }
    /* and once more: the stage is clean again */
    TARE_CHECK_INT(run(&s, 1, &watch, out, &culprit), 0);
    scene_close(&s);
}

TARE_TEST(two_sides_take_turns)
{
    const struct watch watch = patient();
    struct stage_slice out[SLICES];
    int culprit;
    struct scene s;

    scene_open_pair(t, &s, "normal");
    TARE_REQUIRE_INT(run(&s, 2, &watch, out, &culprit), 0);
    TARE_CHECK_INT(out[1].order.side, 1);
    for (int i = 1; i < SLICES; i++)
        TARE_CHECK(out[i].begin_ns > out[i - 1].begin_ns);
    scene_close(&s);
}

TARE_TEST(closes_and_takes_what_was_declared)
{
    const struct watch watch = patient();
    struct peer_closed closed;
    struct scene s;

    scene_open_part(t, &s, "normal");
    TARE_REQUIRE_INT(peer_close(s.peer[0], &watch, &closed, NULL), 0);
    TARE_CHECK_INT(closed.outcome, PEER_DONE);
    TARE_CHECK_REL(closed.items, 10, 0);
    TARE_CHECK_REL(closed.bytes, 80, 0);
    TARE_CHECK_STR(closed.result, "0123456789abcdef");
    TARE_CHECK_INT(closed.max_rss, 4096);
    TARE_REQUIRE_INT(closed.n_counters, 1);
    TARE_CHECK_STR(closed.counter[0].name, "hits");
    TARE_CHECK_REL(closed.counter[0].value, 2.5, 0);
    TARE_CHECK_STR(closed.counter[0].better, "higher");
    scene_close(&s);
}

TARE_TEST(runs_a_test)
{
    const struct watch watch = patient();
    struct peer_tested tested;
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "normal"), 0);
    TARE_REQUIRE_INT(
        peer_test(s.peer[0], "adds up", 500, &watch, &tested, NULL), 0);
    TARE_CHECK_STR(test_outcome_name(tested.outcome), "failed");
    TARE_CHECK_STR(tested.message, "a.c:3: 1 is not 2");
    TARE_CHECK_STR(tested.output, "x\ny");
    TARE_CHECK_REL(tested.seconds, 0.25, 0);
    TARE_CHECK_INT(tested.max_rss, 1000);
    scene_close(&s);
}

TARE_TEST(ends_with_bye)
{
    const struct watch watch = patient();
    struct child_end end = {.status = -7};
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "normal"), 0);
    TARE_CHECK_INT(peer_end(s.peer[0], &watch, &end, NULL), 0);
    TARE_CHECK_INT(end.status, 0);
    TARE_CHECK(peer_ended(s.peer[0]) != NULL);
    scene_close(&s);
}

TARE_TEST(cases_may_fail_or_be_skipped_in_setup)
{
    struct peer_opened opened;
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "fail-in-setup"), 0);
    TARE_CHECK_INT(open_sort(&s, 0, &opened), 0);
    TARE_CHECK_INT(opened.outcome, PEER_FAILED);
    TARE_CHECK_STR(opened.message, "cannot open\nthe \\ file");
    TARE_REQUIRE_INT(start_part(&s, 1, "skip"), 0);
    TARE_CHECK_INT(open_sort(&s, 1, &opened), 0);
    TARE_CHECK_INT(opened.outcome, PEER_SKIPPED);
    TARE_CHECK_STR(opened.message, "needs a network");
    scene_close(&s);
}

/* Both are waited for, and peer 1 is asked. */
static void ask_second(struct tare *t, struct scene *s)
{
    SCOPED(strbuf_scoped) struct strbuf order = {0};
    const struct watch watch = patient();
    struct message message;
    size_t which = 9;

    message_begin(&order, "close");
    TARE_REQUIRE_INT(peer_send(s->peer[1], &order, NULL), 0);
    TARE_CHECK_INT(peers_next(s->peer, 2, &watch, &which, &message, NULL), 0);
    TARE_CHECK_INT(which, 1);
    TARE_CHECK_STR(message.verb, "counter");
}

/* Any number of programs can be waited for together. */
TARE_TEST(waits_for_whoever_speaks_first)
{
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "normal"), 0);
    TARE_REQUIRE_INT(start_part(&s, 1, "normal"), 0);
    ask_second(t, &s);
    scene_close(&s);
}

/* Orders may be on their way before anybody said hello. */
TARE_TEST(the_hello_of_launched_peers_is_taken_first)
{
    const struct watch watch = patient();
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(launch_part(&s, 0, "normal"), 0);
    TARE_REQUIRE_INT(launch_part(&s, 1, "normal"), 0);
    TARE_CHECK(!peer_has_greeted(s.peer[1]));
    ask_second(t, &s);
    TARE_CHECK(peer_has_greeted(s.peer[1]));
    TARE_CHECK_INT(peer_greet(s.peer[0], &watch, NULL), 0);
    TARE_CHECK(peer_library(s.peer[0])[0] != '\0');
    TARE_CHECK_INT(peer_greet(s.peer[0], &watch, NULL), 0); /* once is enough */
    scene_close(&s);
}

TARE_TEST(a_launched_program_that_is_none_is_told,
          .args = "part=other-version,other-hello")
{
    const struct watch watch = patient();
    struct message message;
    struct scene s;
    size_t which = 9;

    scene_open(&s);
    TARE_REQUIRE_INT(launch_part(&s, 0, "normal"), 0);
    TARE_REQUIRE_INT(launch_part(&s, 1, tare_str(t, "part")), 0);
    TARE_CHECK_INT(peers_next(s.peer, 2, &watch, &which, &message, &s.err),
                   ERR_PEER);
    TARE_CHECK_INT(which, 1);
    TARE_CHECK(!peer_has_greeted(s.peer[1]));
    scene_close(&s);
}

/* --- binding */

static int first_allowed_cpu(void)
{
    cpu_set_t set;
    int cpu = 0;

    sched_getaffinity(0, sizeof set, &set);
    while (!CPU_ISSET(cpu, &set))
        cpu++;
    return cpu;
}

static void check_binding(struct tare *t, const char *part, bool want)
{
    const int cpu = first_allowed_cpu();
    const struct slot_options options = {
        .worker = "w0", .workers = 1, .cpus = &cpu, .n_cpus = 1};
    bool as_asked = !want;
    cpu_set_t allowed;
    struct scene s;

    scene_open(&s);
    slot_close(s.slot[0]);
    TARE_REQUIRE_INT(slot_open(s.guardian, &options, &s.slot[0], NULL), 0);
    TARE_REQUIRE_INT(start_part(&s, 0, part), 0);
    TARE_CHECK_INT(peer_binding(s.peer[0], &as_asked, NULL), 0);
    sched_getaffinity(0, sizeof allowed, &allowed);
    if (CPU_COUNT(&allowed) > 1)
        TARE_CHECK_INT(as_asked, want);
    scene_close(&s);
}

TARE_TEST(reads_the_binding_back)
{
    check_binding(t, "normal", true);
}

TARE_TEST(sees_a_program_that_rebinds_itself)
{
    check_binding(t, "rebind", false);
}

/* --- what is no Tare program */

static void check_start(struct tare *t, char *const *argv, int64_t hello_ns,
                        int code, const char *text)
{
    struct scene s;

    scene_open(&s);
    TARE_CHECK_INT(start(&s, 0, argv, hello_ns), code);
    TARE_CHECK_STR(s.err.text, text);
    TARE_CHECK(s.peer[0] == NULL);
    scene_close(&s);
}

static void check_hello(struct tare *t, const char *part, const char *text)
{
    char *argv[] = {(char *)actor_path(), (char *)part, NULL};

    check_start(t, argv, 0, ERR_PEER, text);
}

TARE_TEST(a_program_that_just_ends)
{
    char *argv[] = {(char[]){"/bin/true"}, NULL};

    check_start(
        t, argv, 0, ERR_PEER,
        "'it' is not a Tare program: it ended with exit status 0 before "
        "it said hello");
}

TARE_TEST(a_script)
{
    static const char text[] = "#!/bin/sh\necho hello; echo no >&2; exit 4\n";
    char *argv[] = {(char[]){"./script"}, NULL};

    TARE_REQUIRE_INT(file_write_atomic("script", text, sizeof text - 1, NULL),
                     0);
    chmod("script", 0755);
    check_start(
        t, argv, 0, ERR_PEER,
        "'it' ended with exit status 4 before it said hello; it printed: "
        "hello | no");
    unlink("script");
}

TARE_TEST(a_missing_program)
{
    char *argv[] = {(char[]){"/no/such/program"}, NULL};

    check_start(t, argv, 0, ERR_PEER,
                "cannot run '/no/such/program': No such file or directory");
}

TARE_TEST(a_program_that_says_nothing)
{
    char *argv[] = {(char *)actor_path(), (char[]){"silent"}, NULL};

    check_start(t, argv, short_ns, ERR_TIMEOUT,
                "'it' did not say hello in time: it hangs, or is not a Tare "
                "program");
}

TARE_TEST(another_version)
{
    check_hello(t, "other-version",
                "'it' speaks protocol 99 (libtare 9.9), this tare speaks 1 "
                "to 1");
}

TARE_TEST(another_greeting)
{
    check_hello(t, "other-hello",
                "'it' is not a Tare program: it said a message that does "
                "not begin with a verb");
}

/* --- what goes wrong later */

TARE_TEST(dies_in_setup)
{
    struct peer_opened opened;
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "die-in-setup"), 0);
    TARE_CHECK_INT(open_sort(&s, 0, &opened), ERR_PEER);
    TARE_CHECK_STR(s.err.text,
                   "'it' was ended by signal 6 (Aborted) while opening "
                   "'sort[n=10]'; it printed: no such table: users");
    TARE_REQUIRE(peer_ended(s.peer[0]) != NULL);
    TARE_CHECK_INT(peer_ended(s.peer[0])->signal, SIGABRT);
    scene_close(&s);
}

TARE_TEST(dies_in_list)
{
    const struct watch watch = patient();
    struct peer_cases cases = {0};
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "die-in-list"), 0);
    TARE_CHECK_INT(peer_list(s.peer[0], &watch, &cases, &s.err), ERR_PEER);
    TARE_CHECK_STR(s.err.text, "'it' was ended by signal 9 (Killed) while "
                               "listing its cases");
    TARE_CHECK_INT(cases.n, 0);
    scene_close(&s);
}

TARE_TEST(dies_while_a_child_holds_its_channel)
{
    struct peer_opened opened;
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "die-with-child"), 0);
    TARE_CHECK_INT(open_sort(&s, 0, &opened), ERR_PEER);
    TARE_CHECK_STR(s.err.text, "'it' was ended by signal 9 (Killed) while "
                               "opening 'sort[n=10]'");
    TARE_CHECK_INT(peer_ended(s.peer[0])->leaked, 1);
    scene_close(&s);
}

/* The next test was ordered already: what became of the last is not lost. */
TARE_TEST(dies_with_orders_unread)
{
    SCOPED(strbuf_scoped) struct strbuf order = {0};
    const struct watch watch = patient();
    struct pollfd gone = {0};
    struct message message;
    struct scene s;

    message_begin(&order, "test");
    message_add(&order, "case", "adds up");
    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "die-with-orders"), 0);
    TARE_REQUIRE_INT(peer_send(s.peer[0], &order, NULL), 0);
    TARE_REQUIRE_INT(peer_send(s.peer[0], &order, NULL), 0);
    gone.fd = s.peer[0]->control;
    while (!(gone.revents & POLLHUP))
        poll(&gone, 1, -1);
    TARE_CHECK_INT(peer_next(s.peer[0], &watch, &message, &s.err), 0);
    TARE_CHECK_STR(message.verb, "tested");
    TARE_CHECK_INT(peer_next(s.peer[0], &watch, &message, &s.err), ERR_PEER);
    scene_close(&s);
}

TARE_TEST(hangs_in_setup)
{
    const struct watch watch = watch_within(NULL, short_ns);
    struct peer_opened opened;
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "hang-in-setup"), 0);
    TARE_CHECK_INT(peer_open(s.peer[0], "x", 0, &watch, &opened, &s.err),
                   ERR_TIMEOUT);
    TARE_CHECK_STR(s.err.text,
                   "'it' was still opening 'x' when its time was up");
    scene_close(&s);
}

static void check_script(struct tare *t, const char *part, int code,
                         const char *text)
{
    int culprit = -1;
    struct scene s;

    scene_open_pair(t, &s, part);
    TARE_CHECK_INT(run_patient(&s, 2, &culprit), code);
    TARE_CHECK_INT(culprit, 1);
    TARE_CHECK_STR(s.err.text, text);
    scene_close(&s);
}

TARE_TEST(dies_in_the_middle_of_a_script)
{
    check_script(t, "die-mid-script", ERR_PEER,
                 "'it' was ended by signal 11 (Segmentation fault) while "
                 "running 'sort[n=10]'");
}

TARE_TEST(exits_in_the_middle_of_a_script)
{
    check_script(t, "exit-mid-script", ERR_PEER,
                 "'it' ended with exit status 7 while running 'sort[n=10]'; "
                 "it printed: first line | out of cheese");
}

TARE_TEST(fails_in_the_middle_of_a_script)
{
    int culprit = -1;
    struct scene s;

    scene_open_pair(t, &s, "fail-mid-script");
    TARE_CHECK_INT(run_patient(&s, 2, &culprit), ERR_PEER);
    TARE_CHECK_INT(culprit, 1);
    TARE_CHECK_STR(peer_said(s.peer[1]), "the loop was left early");
    TARE_CHECK(peer_said(s.peer[0]) == NULL);
    scene_close(&s);
}

TARE_TEST(the_other_side_leaves_when_one_dies)
{
    const struct watch watch = patient();
    struct child_end end;
    int culprit = -1;
    struct scene s;

    scene_open_pair(t, &s, "die-mid-script");
    TARE_CHECK_INT(run_patient(&s, 2, &culprit), ERR_PEER);
    /* Peer 0 waits for its turn, sees the abort flag and exits by itself. */
    TARE_CHECK_INT(peer_end(s.peer[0], &watch, &end, NULL), 0);
    TARE_CHECK_INT(end.signal, 0);
    scene_close(&s);
}

TARE_TEST(hangs_in_the_middle_of_a_script)
{
    const struct watch watch = watch_within(NULL, short_ns);
    struct stage_slice out[SLICES];
    int culprit = -1;
    struct scene s;

    scene_open_pair(t, &s, "hang-mid-script");
    /* Loading the machine may make peer 0 the late one, but no one else. */
    TARE_CHECK_INT(run(&s, 2, &watch, out, &culprit), ERR_TIMEOUT);
    TARE_CHECK(culprit == 0 || culprit == 1);
    TARE_CHECK(strstr(s.err.text, "was still running 'sort[n=10]'"));
    scene_close(&s);
}

TARE_TEST(the_user_interrupts)
{
    struct watch watch = patient();
    struct stage_slice out[SLICES];
    int culprit = 4;
    int ends[2];
    struct scene s;

    scene_open_pair(t, &s, "hang-mid-script");
    TARE_REQUIRE_INT(pipe2(ends, O_CLOEXEC), 0);
    TARE_REQUIRE_INT(write(ends[1], "x", 1), 1);
    watch.stop_fd = ends[0];
    TARE_CHECK_INT(run(&s, 2, &watch, out, &culprit), ERR_STOPPED);
    TARE_CHECK_INT(culprit, -1);
    close(ends[0]);
    close(ends[1]);
    scene_close(&s);
}

/* --- garbage */

static void check_garbage(struct tare *t, const char *part, const char *text)
{
    struct peer_opened opened;
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, part), 0);
    TARE_CHECK_INT(open_sort(&s, 0, &opened), ERR_PEER);
    TARE_CHECK_STR(s.err.text, text);
    scene_close(&s);
}

#define BROKE "'it' broke the protocol while opening 'sort[n=10]': "

TARE_TEST(garbage_messages)
{
    check_garbage(t, "empty-message", BROKE "an empty message");
    check_garbage(t, "binary", BROKE "a NUL byte in a message");
    check_garbage(t, "huge-message", BROKE "a message of 65546 bytes");
    check_garbage(t, "unknown-form", BROKE "its form is 'spiral'");
    check_garbage(t, "odd-verb",
                  "'it' broke the protocol: it said 'sang' "
                  "while opening 'sort[n=10]'");
}

TARE_TEST(garbage_cases)
{
    static const struct {
        const char *part, *text;
    } faults[] = {
        {"double-case", "'it' broke the protocol while listing its cases: two "
                        "cases are called 'sort[n=10]'"},
        {"odd-kind", "'it' broke the protocol while listing its cases: a case "
                     "is of kind 'poem', not 'bench' or 'test'"},
    };
    const struct watch watch = patient();

    for (size_t i = 0; i < 2; i++) {
        struct peer_cases cases = {0};
        struct scene s;

        scene_open(&s);
        TARE_REQUIRE_INT(start_part(&s, 0, faults[i].part), 0);
        TARE_CHECK_INT(peer_list(s.peer[0], &watch, &cases, &s.err), ERR_PEER);
        TARE_CHECK_STR(s.err.text, faults[i].text);
        scene_close(&s);
    }
}

TARE_TEST(garbage_results)
{
    const struct watch watch = patient();
    struct peer_closed closed;
    struct peer_tested tested;
    struct scene s;

    scene_open_part(t, &s, "odd-result");
    TARE_CHECK_INT(peer_close(s.peer[0], &watch, &closed, &s.err), ERR_PEER);
    TARE_CHECK(strstr(s.err.text, "the result 'xyz' is not 16 digits"));
    TARE_REQUIRE_INT(start_part(&s, 1, "odd-outcome"), 0);
    TARE_CHECK_INT(peer_test(s.peer[1], "x", 1, &watch, &tested, &s.err),
                   ERR_PEER);
    TARE_CHECK(strstr(s.err.text, "a test's outcome is 'maybe'"));
    scene_close(&s);
}

TARE_TEST(garbage_on_the_stage)
{
    static const struct {
        const char *part, *fault;
    } faults[] = {
        {"negative-time", "slice 1 lasted a negative time"},
        {"long-time", "slice 1 lasted longer than the whole order"},
        {"other-order", "slice 1 has another order than was given"},
        {"not-done", "slice 1 was not done"},
    };

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char text[200];

        snprintf(text, sizeof text, "'it' wrote garbage to the stage: %s",
                 faults[i].fault);
        check_script(t, faults[i].part, ERR_PEER, text);
    }
}

/* Shrinking the stage under our feet must not be possible at all. */
TARE_TEST(the_stage_cannot_be_cut)
{
    struct scene s;

    scene_open(&s);
    TARE_CHECK_INT(start_part(&s, 0, "cut-stage"), 0);
    scene_close(&s);
}

/* The deadline is short because a closed channel is given the time of a dying
 * process; a loaded machine may need more than one of them to get there. */
TARE_TEST(closes_its_channel)
{
    const struct watch watch = patient();
    struct peer_opened opened;
    struct scene s;
    int rc;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "close-channel"), 0);
    do {
        const struct watch soon = watch_within(&watch, short_ns);

        rc = peer_open(s.peer[0], "x", 0, &soon, &opened, &s.err);
    } while (rc == ERR_TIMEOUT && watch_now_ns() < watch.deadline_ns);
    TARE_CHECK_INT(rc, ERR_PEER);
    TARE_CHECK_STR(s.err.text,
                   "'it' closed its channel while opening 'x', and still runs");
    scene_close(&s);
}

TARE_TEST(ends_badly)
{
    const struct watch watch = patient();
    const struct watch soon = watch_within(NULL, short_ns);
    struct scene s;

    scene_open(&s);
    TARE_REQUIRE_INT(start_part(&s, 0, "end-with-5"), 0);
    TARE_CHECK_INT(peer_end(s.peer[0], &watch, NULL, &s.err), ERR_PEER);
    TARE_CHECK_STR(s.err.text, "'it' ended with exit status 5 while ending");
    TARE_REQUIRE_INT(start_part(&s, 1, "never-ends"), 0);
    TARE_CHECK_INT(peer_end(s.peer[1], &soon, NULL, &s.err), ERR_TIMEOUT);
    scene_close(&s);
}

TARE_TEST(refuses_scripts_that_do_not_fit)
{
    struct stage_order order[2] = {{.iterations = 1}, {.iterations = 1}};
    const struct watch watch = patient();
    struct stage_slice out[2];
    int culprit;
    struct scene s;

    scene_open_part(t, &s, "normal");
    order[1].side = 1;
    TARE_CHECK_INT(
        peer_run(s.peer, 1, s.stage, order, 2, &watch, out, &culprit, NULL),
        ERR_INVAL);
    order[1] = (struct stage_order){.iterations = 0};
    TARE_CHECK_INT(
        peer_run(s.peer, 1, s.stage, order, 2, &watch, out, &culprit, NULL),
        ERR_RANGE);
    TARE_CHECK_INT(
        peer_run(s.peer, 1, s.stage, order, 1, &watch, out, &culprit, NULL), 0);
    scene_close(&s);
}
