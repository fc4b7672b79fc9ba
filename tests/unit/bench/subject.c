/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program for other tests to start: benchmarks and tests that keep the rules,
 * and one for each way to break them. */
#include <config.h>

#include "bench/tare.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static uint64_t work(uint64_t x)
{
    return x * 5 + 1;
}

/* ---- benchmarks that keep the rules */

/* The value after k iterations says how many there were. */
TARE_BENCH(counts, .args = "n=1,2", .tags = "fast, good", .version = 3)
{
    uint64_t total = 0;

    TARE_LOOP(b) {
        total += (uint64_t)tare_int(b, "n");
    }
    tare_counter(b, "total", (double)total, "1", TARE_HIGHER_IS_BETTER);
    tare_counter(b, "ratio", 0.1, "1", TARE_LOWER_IS_BETTER);
    tare_items(b, 7);
    tare_bytes(b, 4096);
    tare_result(b, 0xfeed);
}

TARE_BENCH(batches, .batch = 10, .baseline = "counts")
{
    uint64_t prepared = 0, used = 0;

    TARE_BATCH(b, n) {
        prepared += n;
        TARE_TIMED(b)
            used++;
    }
    tare_counter(b, "prepared", (double)prepared, "1", TARE_NO_DIRECTION);
    tare_counter(b, "used", (double)used, "1", TARE_NO_DIRECTION);
}

TARE_BENCH(latency)
{
    uint64_t x = 0;

    TARE_LATENCY(b) {
        x = work(x);
        TARE_USE(x);
    }
}

TARE_BENCH(manual, .manual = 1)
{
    TARE_LOOP(b)
        tare_time_ns(b, 1000);
}

TARE_BENCH(pauses)
{
    TARE_LOOP(b) {
        tare_pause(b);
        tare_resume(b);
    }
}

TARE_BENCH(threads, .threads = "2")
{
    uint64_t total = 0;

    TARE_LOOP(b) {
        total = work(total);
        TARE_USE(total);
    }
    tare_items(b, 1);
}

/* A comma for a point must not reach the protocol. */
TARE_BENCH(locale)
{
    setlocale(LC_ALL, "");
    TARE_LOOP(b) {
    }
    tare_counter(b, "half", 0.5, "1", TARE_NO_DIRECTION);
}

/* ---- benchmarks that break them */

TARE_BENCH(breaks)
{
    TARE_LOOP(b) {
        break;
    }
}

TARE_BENCH(returns)
{
    TARE_LOOP(b) {
        return;
    }
}

TARE_BENCH(no_loop)
{
}

TARE_BENCH(two_loops)
{
    TARE_LOOP(b) {
    }
    TARE_LOOP(b) {
    }
}

TARE_BENCH(unknown_parameter, .args = "size=1")
{
    tare_int(b, "sise");
    TARE_LOOP(b) {
    }
}

TARE_BENCH(changing_result)
{
    uint64_t n = 0;

    TARE_LOOP(b) {
        tare_result(b, n++);
    }
}

TARE_BENCH(skips)
{
    tare_skip(b, "not on this machine");
}

TARE_BENCH(fails_to_set_up)
{
    tare_fail(b, "no input");
}

TARE_BENCH(crashes)
{
    TARE_LOOP(b) {
        raise(SIGSEGV);
    }
}

TARE_BENCH(quits)
{
    TARE_LOOP(b) {
        exit(0);
    }
}

/* ---- fixtures: each says on standard output when it comes and goes */

TARE_FIXTURE(outer, TARE_PROGRAM)
{
    puts("outer up");
    return (void *)tare_tmpdir(f);
}

TARE_TEARDOWN(outer)
{
    printf("outer down%s\n", access((char *)value, F_OK) == 0 ? "" : " late");
}

TARE_FIXTURE(first, TARE_CASE, .needs = "outer")
{
    static int made;

    puts("first up");
    TARE_USE(tare_fixture(f, "outer"));
    made++;
    return &made;
}

TARE_TEARDOWN(first)
{
    puts("first down");
}

TARE_FIXTURE(second, TARE_CASE, .needs = "first")
{
    puts("second up");
    return tare_fixture(f, "first");
}

TARE_TEARDOWN(second)
{
    puts("second down");
}

TARE_FIXTURE(refusing, TARE_CASE)
{
    tare_fail(f, "no server at %s", "home");
}

TARE_FIXTURE(absent, TARE_PROGRAM)
{
    tare_skip(f, "no network");
}

TARE_FIXTURE(leaves_badly, TARE_CASE)
{
    return NULL;
}

TARE_TEARDOWN(leaves_badly)
{
    tare_fail(f, "cannot close");
}

TARE_FIXTURE(sample, TARE_BATCH)
{
    static int samples;

    samples++;
    return &samples;
}

TARE_BENCH(with_fixtures, .fixtures = "second, sample")
{
    int samples = 0;

    TARE_LOOP(b) {
        samples = *(int *)tare_fixture(b, "sample");
    }
    tare_counter(b, "samples", samples, "1", TARE_NO_DIRECTION);
}

TARE_BENCH(refused, .fixtures = "refusing")
{
    TARE_LOOP(b) {
    }
}

/* ---- tests */

TARE_TEST(passes, .tags = "good")
{
    puts("not shown");
    TARE_CHECK(1);
}

TARE_TEST(with_parameter, .args = "kind=a,b")
{
    TARE_CHECK_INT(tare_str(t, "kind")[0] - 'a' < 2, 1);
}

TARE_TEST(fails_twice)
{
    puts("before");
    TARE_CHECK_INT(2 * 2, 5);
    TARE_CHECK_STR("left", "right");
    puts("after");
}

TARE_TEST(requires)
{
    TARE_REQUIRE(0);
    puts("never");
}

TARE_TEST(says_skip)
{
    TARE_SKIP("because of %d", 7);
}

TARE_TEST(segfaults)
{
    fputs("last words\n", stderr);
    raise(SIGSEGV);
}

TARE_TEST(exits)
{
    exit(0);
}

TARE_TEST(hangs, .timeout_ms = 50)
{
    /* A grandchild must be ended too: the group is. */
    if (fork() == 0)
        for (;;)
            pause();
    for (;;)
        pause();
}

TARE_TEST(in_order, .fixtures = "second")
{
    puts("body");
    TARE_CHECK_INT(*(int *)tare_fixture(t, "second"), 1);
    TARE_FAIL("to show the output");
}

TARE_TEST(again, .fixtures = "second")
{
    TARE_CHECK_INT(*(int *)tare_fixture(t, "second"), 1);
}

TARE_TEST(depends_on_failure, .fixtures = "refusing")
{
    puts("never");
}

TARE_TEST(depends_on_skip, .fixtures = "absent")
{
    puts("never");
}

TARE_TEST(torn_down_badly, .fixtures = "leaves_badly")
{
}

TARE_TEST(undeclared)
{
    tare_fixture(t, "outer");
}

/* Descriptors: standard ones, the memory file of the output, schedstat.  The
 * channel to tare is none of a test's business. */
TARE_TEST(has_no_channel)
{
    for (int fd = 3; fd < 64; fd++) {
        int type;
        socklen_t size = sizeof type;

        TARE_CHECK(getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0);
    }
}

TARE_TEST(leaves_a_folder_and_crashes)
{
    printf("%s\n", tare_tmpdir(t));
    fflush(stdout);
    raise(SIGABRT);
}

TARE_TEST(prints_much)
{
    for (int i = 0; i < 20000; i++)
        printf("line %d \\ \xff\n", i);
    TARE_FAIL("at last");
}
