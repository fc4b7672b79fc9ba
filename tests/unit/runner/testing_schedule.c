/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Schedules on simulated crews: rules of sharing, order, makespan. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "bench/tare.h"
#include "runner/measure/script.h"
#include "tests/unit/runner/testing_sim.h"

#define MS(n) ((int64_t)(n)*1000000)

enum { MOST = 240 };

struct workload {
    struct sim_test test[MOST];
    struct schedule_item item[MOST];
    size_t uses[MOST][2];
    int64_t resource[3];
    size_t n;
};

static void plain(struct workload *w, size_t n, int64_t ns)
{
    memset(w, 0, sizeof *w);
    w->n = n;
    for (size_t r = 0; r < ARRAY_LEN(w->resource); r++)
        w->resource[r] = 1;
    for (size_t i = 0; i < n; i++) {
        w->test[i].ns = ns;
        w->item[i] = (struct schedule_item){
            .group = SCHEDULE_NONE, .slots = 1, .expected_ns = ns};
    }
}

static struct sim_crew crew_for(const struct workload *w, size_t workers)
{
    return (struct sim_crew){.test = w->test,
                             .item = w->item,
                             .resource = w->resource,
                             .n_resources = ARRAY_LEN(w->resource),
                             .n_workers = workers,
                             .n_tests = w->n,
                             .message_ns = 100000};
}

/* ---- any workload */

static size_t below(uint64_t *random, size_t n)
{
    return (size_t)random_below(random, n);
}

static void random_item(struct workload *w, size_t i, uint64_t *random)
{
    struct schedule_item *item = &w->item[i];

    w->test[i].ns = (int64_t)below(random, 20) * 400000;
    *item = (struct schedule_item){
        .program = below(random, 4),
        .group = below(random, 4) ? SCHEDULE_NONE : below(random, 6),
        .expected_ns = below(random, 3) ? w->test[i].ns : -1,
        .urgent = below(random, 10) == 0,
        .exclusive = below(random, 20) == 0,
        .slots = below(random, 6) ? 1 : below(random, 5),
        .uses = w->uses[i],
        .n_uses = below(random, 4) ? 0 : 1 + below(random, 2),
    };
    w->uses[i][0] = below(random, 3);
    w->uses[i][1] = (w->uses[i][0] + 1) % 3;
    if (below(random, 12) == 0)
        w->test[i].outcome =
            (enum test_outcome)(TEST_FAILED + (int)below(random, 4));
    if (below(random, 30) == 0)
        w->test[i].kills = 1 + (int)below(random, 2);
    w->test[i].hangs = below(random, 60) == 0;
}

static void random_workload(struct workload *w, uint64_t *random)
{
    memset(w, 0, sizeof *w);
    w->n = below(random, MOST);
    for (size_t r = 0; r < ARRAY_LEN(w->resource); r++)
        w->resource[r] = 1 + (int64_t)below(random, 3);
    for (size_t i = 0; i < w->n; i++)
        random_item(w, i, random);
}

/* How often a test has to run: twice where its worker died under it by itself.
 */
static size_t times_due(const struct workload *w, size_t i)
{
    return w->test[i].kills && !w->test[i].hangs ? 2 : 1;
}

/* Each test runs as often as it must, whatever dies, and no rule is broken
 * (among them: nobody waits for ever). */
TARE_TEST(any_workload, .args = "dist=0..6; workers=1,2,3,5,8")
{
    uint64_t random = tare_seed(t);

    for (int round = 0; round < 40; round++) {
        struct workload w;
        struct sim_crew sim;
        struct conduct_sum sum;
        struct conduct conduct = {.own_process = true};
        struct schedule_plan plan = {
            .dist = (enum dist)tare_int(t, "dist"),
            .random = below(&random, 3) == 0,
            .seed = random,
            .ahead = below(&random, 5),
        };

        random_workload(&w, &random);
        sim = crew_for(&w, (size_t)tare_int(t, "workers"));
        if (plan.dist == DIST_NO)
            sim.n_workers = 1;
        sim_conduct(&sim, &plan, &conduct, &sum);
        TARE_CHECK_STR(sim.broken, NULL);
        for (size_t i = 0; i < w.n; i++)
            if (sim_count(&sim, i) != times_due(&w, i))
                TARE_CHECK_INT(sim_count(&sim, i), times_due(&w, i));
        sim_crew_clear(&sim);
    }
}

static int by_begin(const void *a, const void *b)
{
    const struct sim_run *x = a, *y = b;

    if (x->worker != y->worker)
        return x->worker < y->worker ? -1 : 1;
    return (x->begin_ns > y->begin_ns) - (x->begin_ns < y->begin_ns);
}

/* On its worker nothing else ran between the first and the last of a group;
 * its tests kept their order. */
static void check_group(struct tare *t, const struct workload *w,
                        const struct sim_crew *sim, size_t group)
{
    size_t inside = 0, of_group = 0, worker = SIZE_MAX, before = 0;

    for (size_t i = 0; i < w->n; i++)
        of_group += w->item[i].group == group;
    for (size_t k = 0; k < sim->n_runs; k++) {
        const struct sim_run *run = &sim->run[k];

        if (w->item[run->test].group != group) {
            TARE_CHECK(worker != run->worker || inside == of_group);
            continue;
        }
        TARE_CHECK(worker == SIZE_MAX || worker == run->worker);
        TARE_CHECK(inside == 0 || run->test > before);
        worker = run->worker;
        before = run->test;
        inside++;
    }
    TARE_CHECK_INT(inside, of_group);
}

TARE_TEST(groups_stay_together, .args = "workers=1..5")
{
    uint64_t random = tare_seed(t);

    for (int round = 0; round < 30; round++) {
        struct workload w;
        struct sim_crew sim;
        struct conduct_sum sum;
        struct conduct conduct = {.own_process = true};
        struct schedule_plan plan = {.dist = DIST_LOADGROUP, .ahead = 4};

        random_workload(&w, &random);
        for (size_t i = 0; i < w.n; i++) {
            w.test[i].kills = 0;
            w.test[i].outcome = i % 7 ? TEST_PASSED : TEST_CRASHED;
        }
        sim = crew_for(&w, (size_t)tare_int(t, "workers"));
        sim_conduct(&sim, &plan, &conduct, &sum);
        if (sim.n_runs)
            qsort(sim.run, sim.n_runs, sizeof *sim.run, by_begin);
        for (size_t group = 0; group < 6; group++)
            check_group(t, &w, &sim, group);
        TARE_CHECK_STR(sim.broken, NULL);
        sim_crew_clear(&sim);
    }
}

/* ---- makespan */

/* With or without known durations, nobody idles while there is work: at most
 * total/m + (1 - 1/m) longest (Graham 1969), messages aside. */
TARE_TEST(makespan_is_bounded, .args = "workers=1,2,3,8; known=0,1")
{
    uint64_t random = tare_seed(t);
    size_t workers = (size_t)tare_int(t, "workers");

    for (int round = 0; round < 40; round++) {
        struct workload w;
        struct sim_crew sim;
        struct conduct_sum sum;
        struct conduct conduct = {0};
        struct schedule_plan plan = {.dist = DIST_LPT, .ahead = 4};
        double total = 0, longest = 0, bound, m = (double)workers;

        plain(&w, 1 + below(&random, MOST - 1), 0);
        for (size_t i = 0; i < w.n; i++) {
            w.test[i].ns = MS(1) * (int64_t)below(&random, 100);
            w.item[i].expected_ns = tare_int(t, "known") ? w.test[i].ns : -1;
            total += (double)w.test[i].ns;
            if ((double)w.test[i].ns > longest)
                longest = (double)w.test[i].ns;
        }
        sim = crew_for(&w, workers);
        sim.message_ns = 0;
        sim_conduct(&sim, &plan, &conduct, &sum);
        /* What was sent ahead may wait for 4 ms. */
        bound = total / m + (1 - 1 / m) * longest + 4e6;
        TARE_CHECK((double)sim_makespan(&sim) <= bound);
        sim_crew_clear(&sim);
    }
}

/* One of 2 s and a hundred of 20 ms on two workers: 2 s, wherever it stands. */
TARE_TEST(the_longest_goes_first, .args = "at=0,50,100")
{
    struct workload w;
    struct sim_crew sim;
    struct conduct_sum sum;
    struct conduct conduct = {0};
    struct schedule_plan plan = {.dist = DIST_LPT, .ahead = 4};
    size_t at = (size_t)tare_int(t, "at");

    plain(&w, 101, MS(20));
    w.test[at].ns = w.item[at].expected_ns = MS(2000);
    sim = crew_for(&w, 2);
    sim_conduct(&sim, &plan, &conduct, &sum);
    TARE_CHECK(sim_makespan(&sim) < MS(2030));
    TARE_CHECK_INT(sim.run[0].begin_ns, sim.message_ns);
    sim_crew_clear(&sim);
}

/* Tests that share a resource are a chain, which is as long as one test. */
TARE_TEST(a_chain_goes_first)
{
    struct workload w;
    struct sim_crew sim;
    struct conduct_sum sum;
    struct conduct conduct = {0};
    struct schedule_plan plan = {.dist = DIST_LPT};

    plain(&w, 30, MS(15));
    w.resource[0] = 1;
    for (size_t i = 20; i < 30; i++) {
        w.test[i].ns = w.item[i].expected_ns = MS(10);
        w.item[i].uses = w.uses[i];
        w.item[i].n_uses = 1;
    }
    sim = crew_for(&w, 4);
    sim.n_resources = 1;
    sim.message_ns = 0;
    sim_conduct(&sim, &plan, &conduct, &sum);
    /* 400 ms of work on 4 workers, the last tests of 15 ms */
    TARE_CHECK(sim_makespan(&sim) <= MS(115));
    TARE_CHECK_STR(sim.broken, NULL);
    sim_crew_clear(&sim);
}

/* ---- no starvation */

/* Begins of a test, from the first to the last. */
static int64_t begin_of_run(const struct sim_crew *sim, size_t test, int time)
{
    for (size_t k = 0; k < sim->n_runs; k++)
        if (sim->run[k].test == test && time-- == 0)
            return sim->run[k].begin_ns;
    return INT64_MAX;
}

/* A test of several slots stands in the queue again, with short ones before and
 * behind it: of those behind it only as many start before as there are workers
 * left beside blocks of its size. */
TARE_TEST(a_wide_test_gets_its_turn, .args = "workers=2,3,4,7; slots=2,4")
{
    size_t workers = (size_t)tare_int(t, "workers"), passed = 0;
    size_t slots = (size_t)tare_int(t, "slots");
    size_t width = slots < workers ? slots : workers;
    struct workload w;
    struct sim_crew sim;
    struct conduct_sum sum;
    struct conduct conduct = {.retries = 1};
    struct schedule_plan plan = {.dist = DIST_LOAD, .ahead = 4};
    int64_t second;

    plain(&w, 200, MS(1));
    w.item[0].slots = slots;
    w.test[0].outcome = TEST_FAILED;
    /* These stand behind it the second time. */
    for (size_t i = 100; i < 200; i++)
        w.test[i].outcome = TEST_FAILED;
    sim = crew_for(&w, workers);
    sim_conduct(&sim, &plan, &conduct, &sum);
    TARE_CHECK_STR(sim.broken, NULL);
    TARE_CHECK_INT(sim_count(&sim, 0), 2);
    second = begin_of_run(&sim, 0, 1);
    for (size_t i = 100; i < 200; i++)
        passed += begin_of_run(&sim, i, 1) < second;
    TARE_CHECK(passed <= 2 * (workers % width));
    sim_crew_clear(&sim);
}

/* Two streams of tests, each with one of its two resources in use at any time:
 * the test that needs both is not passed by those behind it. */
TARE_TEST(two_resources_at_once)
{
    struct workload w;
    struct sim_crew sim;
    struct conduct_sum sum;
    struct conduct conduct = {0};
    struct schedule_plan plan = {.dist = DIST_LOAD};

    plain(&w, 100, MS(2));
    w.resource[0] = w.resource[1] = 1;
    for (size_t i = 0; i < 100; i++) {
        w.uses[i][0] = i % 2;
        w.item[i].uses = w.uses[i];
        w.item[i].n_uses = 1;
        w.test[i].ns = MS(2) + (i % 2 ? MS(1) : 0);
    }
    w.uses[10][0] = 0;
    w.uses[10][1] = 1;
    w.item[10].n_uses = 2;
    sim = crew_for(&w, 3);
    sim_conduct(&sim, &plan, &conduct, &sum);
    TARE_CHECK_STR(sim.broken, NULL);
    for (size_t i = 11; i < 100; i++)
        TARE_CHECK(begin_of_run(&sim, i, 0) > begin_of_run(&sim, 10, 0));
    sim_crew_clear(&sim);
}

/* A worker in the middle of a group waits for a resource: those in the queue
 * do not take it away each time it is free. */
TARE_TEST(a_group_gets_its_resource)
{
    struct workload w;
    struct sim_crew sim;
    struct conduct_sum sum;
    struct conduct conduct = {0};
    struct schedule_plan plan = {.dist = DIST_LOADGROUP};

    plain(&w, 30, MS(1));
    for (size_t i = 0; i < w.n; i++) {
        w.item[i].expected_ns = -1;
        w.item[i].uses = w.uses[i];
        w.item[i].n_uses = i != 1 && i != 2;
    }
    w.test[1].ns = MS(50);
    w.item[2].group = w.item[3].group = 0;
    sim = crew_for(&w, 3);
    sim_conduct(&sim, &plan, &conduct, &sum);
    TARE_CHECK_STR(sim.broken, NULL);
    TARE_CHECK(begin_of_run(&sim, 3, 0) < begin_of_run(&sim, 6, 0));
    sim_crew_clear(&sim);
}

/* ---- orders sent ahead */

TARE_TEST(short_tests_are_sent_ahead)
{
    struct schedule_plan plan = {.workers = 2, .dist = DIST_LPT, .ahead = 3};
    struct schedule *s = NULL;
    struct workload w;

    plain(&w, 20, MS(1) / 2);
    TARE_REQUIRE_INT(schedule_new(&plan, w.item, w.n, &s, NULL), 0);
    TARE_CHECK_INT(schedule_ahead(s, 0), SCHEDULE_NONE); /* nothing runs */
    TARE_CHECK_INT(schedule_next(s, 0), 0);
    TARE_CHECK_INT(schedule_next(s, 0), SCHEDULE_NONE);
    TARE_CHECK_INT(schedule_ahead(s, 0), 1);
    TARE_CHECK_INT(schedule_ahead(s, 0), 2);
    TARE_CHECK_INT(schedule_ahead(s, 0), 3);
    TARE_CHECK_INT(schedule_ahead(s, 0), SCHEDULE_NONE);
    TARE_CHECK_INT(schedule_next(s, 1), 4);
    schedule_done(s, 0, MS(1));
    TARE_CHECK_INT(schedule_running(s, 0), 1);
    TARE_CHECK_INT(schedule_lost(s, 0), 1);
    TARE_CHECK_INT(schedule_next(s, 0), 2); /* back at the front */
    TARE_CHECK_INT(schedule_ahead(s, 0), 3);
    TARE_CHECK_INT(schedule_ahead(s, 0), 5);
    schedule_stop(s);
    TARE_CHECK_INT(schedule_ahead(s, 0), SCHEDULE_NONE);
    TARE_CHECK(!schedule_over(s));
    schedule_free(s);
}

/* Four of 5 ms behind one and its successor keep another worker busy for 20 ms;
 * fewer do not last as long as those two. */
TARE_TEST(one_long_test_is_sent_ahead_of_enough_work)
{
    struct schedule_plan plan = {.workers = 3, .dist = DIST_LPT, .ahead = 3};
    struct schedule *s = NULL;
    struct workload w;

    plain(&w, 6, MS(5));
    TARE_REQUIRE_INT(schedule_new(&plan, w.item, w.n, &s, NULL), 0);
    TARE_CHECK_INT(schedule_next(s, 0), 0);
    TARE_CHECK_INT(schedule_ahead(s, 0), 1);
    TARE_CHECK_INT(schedule_ahead(s, 0), SCHEDULE_NONE);
    TARE_CHECK_INT(schedule_next(s, 1), 2);
    TARE_CHECK_INT(schedule_ahead(s, 1), SCHEDULE_NONE);
    schedule_free(s);
}

/* What is not known, or not for everybody at any time, keeps nobody busy. */
TARE_TEST(only_work_for_all_keeps_others_busy,
          .args = "which=alone,unknown,behind,used,grouped")
{
    struct schedule_plan plan = {.workers = 2, .dist = DIST_LPT, .ahead = 3};
    static const size_t resource[] = {0};
    const char *which = tare_str(t, "which");
    struct schedule *s = NULL;
    struct workload w;

    const int64_t one = 1;

    plan.resource = &one;
    plan.n_resources = 1;
    plain(&w, 20, MS(5));
    for (size_t i = 0; i < w.n; i++) {
        w.item[i].urgent = i < 2; /* before all others */
        if (strcmp(which, "unknown") == 0 ||
            (strcmp(which, "behind") == 0 && i == 0)) {
            w.item[i].expected_ns = -1;
        } else if (i >= 2 && strcmp(which, "used") == 0) {
            w.item[i].uses = resource;
            w.item[i].n_uses = 1;
        } else if (i >= 2 && strcmp(which, "grouped") == 0) {
            w.item[i].group = 0;
        }
    }
    TARE_REQUIRE_INT(schedule_new(&plan, w.item, w.n, &s, NULL), 0);
    TARE_CHECK_INT(schedule_next(s, 0), 0);
    if (strcmp(which, "alone") == 0)
        TARE_CHECK_INT(schedule_ahead(s, 0), 1);
    else
        TARE_CHECK_INT(schedule_ahead(s, 0), SCHEDULE_NONE);
    schedule_free(s);
}

/* Unknown ones are thought to be like those that ended last. */
TARE_TEST(unknown_tests_learn_from_others)
{
    struct schedule_plan plan = {.workers = 1, .dist = DIST_LPT, .ahead = 3};
    struct schedule *s = NULL;
    struct workload w;

    plain(&w, 20, -1);
    TARE_REQUIRE_INT(schedule_new(&plan, w.item, w.n, &s, NULL), 0);
    for (size_t i = 0; i < 4; i++) {
        TARE_CHECK_INT(schedule_next(s, 0), i);
        TARE_CHECK_INT(schedule_ahead(s, 0), SCHEDULE_NONE);
        schedule_done(s, 0, MS(1) / 4);
    }
    TARE_CHECK_INT(schedule_next(s, 0), 4);
    TARE_CHECK_INT(schedule_ahead(s, 0), 5);
    schedule_done(s, 0, MS(100));
    TARE_CHECK_INT(schedule_ahead(s, 0), SCHEDULE_NONE);
    schedule_free(s);
}

/* ---- order */

TARE_TEST(order_of_the_queue)
{
    struct schedule_plan plan = {.workers = 1, .dist = DIST_LPT};
    static const size_t want[] = {3, 5, 2, 1, 0, 4};
    struct schedule *s = NULL;
    struct workload w;

    plain(&w, 6, MS(10));
    w.item[1].expected_ns = MS(20);
    w.item[2].expected_ns = -1; /* never seen */
    w.item[3].urgent = true;    /* failed the last time */
    w.item[5].urgent = true;
    w.item[3].expected_ns = MS(30);
    TARE_REQUIRE_INT(schedule_new(&plan, w.item, w.n, &s, NULL), 0);
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        TARE_CHECK_INT(schedule_next(s, 0), want[i]);
        schedule_done(s, 0, 0);
    }
    TARE_CHECK(schedule_over(s));
    schedule_free(s);
}

static void order_of(struct tare *t, uint64_t seed, size_t out[50])
{
    struct schedule_plan plan = {
        .workers = 1, .dist = DIST_LPT, .random = true, .seed = seed};
    struct schedule *s = NULL;
    struct workload w;

    plain(&w, 50, MS(10));
    TARE_REQUIRE_INT(schedule_new(&plan, w.item, w.n, &s, NULL), 0);
    for (size_t i = 0; i < 50; i++) {
        out[i] = schedule_next(s, 0);
        schedule_done(s, 0, 0);
    }
    schedule_free(s);
}

TARE_TEST(a_seed_is_an_order)
{
    size_t a[50], b[50], c[50];

    order_of(t, 7, a);
    order_of(t, 7, b);
    order_of(t, 8, c);
    TARE_CHECK_MEM(a, b, sizeof a);
    TARE_CHECK(memcmp(a, c, sizeof a) != 0);
}

/* worksteal: neighbours stay on a worker, and nobody idles. */
TARE_TEST(shares_are_stolen)
{
    struct schedule_plan plan = {.dist = DIST_WORKSTEAL};
    struct workload w;
    struct sim_crew sim;
    struct conduct_sum sum;
    struct conduct conduct = {0};
    size_t changes = 0;

    plain(&w, 200, MS(1));
    for (size_t i = 0; i < 100; i++)
        w.test[i].ns = MS(9);
    sim = crew_for(&w, 2);
    sim.message_ns = 0;
    sim_conduct(&sim, &plan, &conduct, &sum);
    TARE_CHECK(sim_makespan(&sim) <= MS(510));
    qsort(sim.run, sim.n_runs, sizeof *sim.run, by_begin);
    for (size_t k = 1; k < sim.n_runs; k++)
        changes += sim.run[k].test != sim.run[k - 1].test + 1;
    TARE_CHECK(changes < 20);
    sim_crew_clear(&sim);
}
