/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of tests that fail, crash, hang or lose their worker. */
#include <config.h>

#include <string.h>

#include "base/scope.h"
#include "bench/tare.h"
#include "tests/unit/runner/testing_sim.h"

enum { TESTS = 40 };

struct seen {
    size_t ends[TESTS], last[TESTS];
    enum test_outcome outcome[TESTS];
    int64_t attempt[TESTS];
    const char *message[TESTS];
    int idle;
};

static int on_end(void *ctx, const struct conducted *what, struct error *err)
{
    struct seen *seen = ctx;

    (void)err;
    seen->ends[what->test]++;
    seen->last[what->test] += what->last;
    seen->outcome[what->test] = what->outcome;
    seen->attempt[what->test] = what->attempt;
    seen->message[what->test] = what->tested.message;
    return 0;
}

static void on_idle(void *ctx)
{
    ((struct seen *)ctx)->idle++;
}

static struct sim_test test[TESTS];
static struct schedule_item item[TESTS];

/* Tests of 1 ms in two programs; `grouped` of them together. */
static struct sim_crew make(size_t grouped)
{
    memset(test, 0, sizeof test);
    for (size_t i = 0; i < TESTS; i++) {
        test[i].ns = 1000000;
        item[i] =
            (struct schedule_item){.program = i * 2 / TESTS,
                                   .group = i < grouped ? 0 : SCHEDULE_NONE,
                                   .expected_ns = i % 3 ? 1000000 : -1};
    }
    return (struct sim_crew){.test = test,
                             .item = item,
                             .n_workers = 2,
                             .n_tests = TESTS,
                             .message_ns = 100000};
}

static void run(struct sim_crew *sim, enum dist dist, struct conduct *conduct,
                struct seen *seen, struct conduct_sum *sum)
{
    struct schedule_plan plan = {.dist = dist, .ahead = 4};

    *seen = (struct seen){.idle = 0};
    if (dist == DIST_NO)
        sim->n_workers = 1;
    conduct->ended = on_end;
    conduct->idle = on_idle;
    conduct->ctx = seen;
    sim_conduct(sim, &plan, conduct, sum);
}

/* In every mode: the crashed test ran once and is a crash, all others passed.
 */
TARE_TEST(a_crash_loses_one_test, .args = "dist=0..6; own=0,1")
{
    struct sim_crew sim = make(TESTS / 2);
    struct conduct conduct = {.own_process = tare_int(t, "own") == 1};
    struct conduct_sum sum;
    struct seen seen;

    test[5].outcome = test[30].outcome = TEST_CRASHED;
    if (!conduct.own_process)
        test[5].kills = 100;
    run(&sim, (enum dist)tare_int(t, "dist"), &conduct, &seen, &sum);
    TARE_CHECK_STR(sim.broken, NULL);
    for (size_t i = 0; i < TESTS; i++) {
        bool bad = i == 5 || i == 30;

        TARE_CHECK_INT(sim_count(&sim, i), 1);
        TARE_CHECK_INT(seen.last[i], 1);
        TARE_CHECK_INT(seen.outcome[i], bad ? TEST_CRASHED : TEST_PASSED);
    }
    TARE_CHECK_INT(sum.failed, 2);
    TARE_CHECK_INT(sum.deaths, conduct.own_process ? 0 : 1);
    TARE_CHECK_INT(sim.retired, 2);
    sim_crew_clear(&sim);
}

/* A worker's own death is not the test's; twice under the same one is. */
TARE_TEST(a_worker_dies, .args = "dist=0..6; times=1,2,9")
{
    struct sim_crew sim = make(TESTS / 2);
    struct conduct conduct = {.own_process = true};
    struct conduct_sum sum;
    struct seen seen;
    int times = (int)tare_int(t, "times");

    test[7].kills = times;
    run(&sim, (enum dist)tare_int(t, "dist"), &conduct, &seen, &sum);
    TARE_CHECK_STR(sim.broken, NULL);
    for (size_t i = 0; i < TESTS; i++) {
        TARE_CHECK_INT(sim_count(&sim, i), i == 7 ? 2 : 1);
        TARE_CHECK_INT(seen.ends[i], 1);
        TARE_CHECK_INT(seen.outcome[i],
                       i == 7 && times > 1 ? TEST_CRASHED : TEST_PASSED);
    }
    TARE_CHECK_INT(sum.failed, times > 1);
    if (times > 1)
        TARE_CHECK_STR(seen.message[7], "died");
    sim_crew_clear(&sim);
}

TARE_TEST(a_silent_worker_is_a_timeout)
{
    struct sim_crew sim = make(0);
    struct conduct conduct = {.own_process = true};
    struct conduct_sum sum;
    struct seen seen;

    test[3].hangs = true;
    test[3].ns = 300000000;
    run(&sim, DIST_LPT, &conduct, &seen, &sum);
    TARE_CHECK_INT(seen.outcome[3], TEST_TIMEOUT);
    TARE_CHECK_INT(sim_count(&sim, 3), 1);
    TARE_CHECK(seen.idle > 0);
    TARE_CHECK_INT(sum.failed, 1);
    sim_crew_clear(&sim);
}

TARE_TEST(retries, .args = "dist=0..6; bad=1,2,9")
{
    struct sim_crew sim = make(TESTS / 2);
    struct conduct conduct = {.own_process = true, .retries = 2};
    struct conduct_sum sum;
    struct seen seen;
    int bad = (int)tare_int(t, "bad");

    test[4].outcome = test[33].outcome = TEST_FAILED;
    test[4].bad_times = test[33].bad_times = bad;
    run(&sim, (enum dist)tare_int(t, "dist"), &conduct, &seen, &sum);
    TARE_CHECK_STR(sim.broken, NULL);
    for (size_t i = 0; i < TESTS; i++) {
        bool retried = i == 4 || i == 33;
        int times = !retried ? 1 : bad < 3 ? bad + 1 : 3;

        TARE_CHECK_INT(seen.ends[i], times);
        TARE_CHECK_INT(seen.attempt[i], times - 1);
        TARE_CHECK_INT(seen.last[i], 1);
        TARE_CHECK_INT(seen.outcome[i], !retried  ? TEST_PASSED
                                        : bad > 2 ? TEST_FAILED
                                                  : TEST_FLAKY);
    }
    TARE_CHECK_INT(sum.failed, bad > 2 ? 2 : 0);
    sim_crew_clear(&sim);
}

/* Exactly as many as were asked for, but for those that ran meanwhile. */
TARE_TEST(maxfail, .args = "max=1,3")
{
    struct sim_crew sim = make(0);
    struct conduct conduct = {.maxfail = tare_int(t, "max")};
    struct schedule_plan plan = {.dist = DIST_LOAD};
    struct conduct_sum sum;

    for (size_t i = 0; i < TESTS; i++)
        test[i].outcome = TEST_FAILED;
    sim_conduct(&sim, &plan, &conduct, &sum);
    TARE_CHECK(sum.stopped);
    TARE_CHECK(sum.failed >= (size_t)conduct.maxfail);
    TARE_CHECK(sum.failed < (size_t)conduct.maxfail + sim.n_workers);
    TARE_CHECK_INT(sim.n_runs, sum.failed);
    sim_crew_clear(&sim);
}

TARE_TEST(an_interrupt_ends_the_run)
{
    struct sim_crew sim = make(0);
    struct conduct conduct = {.own_process = true};
    struct conduct_sum sum;
    struct seen seen;

    sim.stop_at_ns = 5000000;
    run(&sim, DIST_LPT, &conduct, &seen, &sum);
    TARE_CHECK(sum.interrupted);
    TARE_CHECK(sim.n_runs > 0 && sim.n_runs < TESTS);
    TARE_CHECK_INT(sum.makespan_ns, 5000000);
    sim_crew_clear(&sim);
}

static int refuse(void *ctx, const struct conducted *what, struct error *err)
{
    (void)ctx;
    (void)what;
    return ERROR(err, ERR_SYS, "no more");
}

TARE_TEST(who_is_told_may_end_the_run)
{
    struct sim_crew sim = make(0);
    struct conduct conduct = {.ended = refuse};
    struct schedule_plan plan = {.dist = DIST_LPT};
    struct conduct_sum sum;

    TARE_CHECK_INT(sim_conduct(&sim, &plan, &conduct, &sum), ERR_SYS);
    TARE_CHECK_INT(sim.n_runs, 1);
    sim_crew_clear(&sim);
}

TARE_TEST(nothing_to_do)
{
    struct sim_crew sim = make(0);
    struct conduct conduct = {0};
    struct schedule_plan plan = {.dist = DIST_LPT};
    struct conduct_sum sum;

    sim.n_tests = 0;
    TARE_CHECK_INT(sim_conduct(&sim, &plan, &conduct, &sum), 0);
    TARE_CHECK_INT(sim.n_runs, 0);
    sim_crew_clear(&sim);
}
