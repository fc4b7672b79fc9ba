/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runner/measure/solo.h"
#include "tests/unit/runner/sim.h"

enum { CASES_MAX = 4 };

struct fixture {
    struct sim sim;
    struct executor executor;
    struct subject subject[CASES_MAX];
    int processes[CASES_MAX];
    struct results *results;
    size_t told, finished;
};

static int count_invocation(void *ctx, const struct results *results, size_t i,
                            size_t k, struct error *err)
{
    struct fixture *f = ctx;

    (void)err;
    (void)k;
    f->told += results->cases[i].n_metrics > 0;
    return 0;
}

static int count_finished(void *ctx, const struct results *results, size_t i,
                          struct error *err)
{
    struct fixture *f = ctx;

    (void)results;
    (void)i;
    (void)err;
    f->finished++;
    return 0;
}

static void set_up(struct fixture *f, struct sim_case *cases, size_t n)
{
    *f = (struct fixture){0};
    f->sim = (struct sim){.cases = cases,
                          .n_cases = n,
                          .random = 7,
                          .spawn_ns = 2000000,
                          .processes = f->processes};
    sim_executor(&f->sim, &f->executor);
    for (size_t i = 0; i < n; i++)
        f->subject[i] = (struct subject){
            .id = cases[i].name, .name = cases[i].name, .program = "p"};
    f->results = results_new();
    results_add_occasion(f->results);
}

static int measure(struct fixture *f, struct solo_settings settings,
                   struct error *err)
{
    struct solo_watch watch = {
        .ctx = f, .invocation = count_invocation, .finished = count_finished};

    return solo_measure(&f->executor, f->subject, f->sim.n_cases, &settings,
                        &watch, f->results, err);
}

static const struct invocations *times(const struct fixture *f, size_t i)
{
    return &results_metric(&f->results->cases[i], "time")->occasion[0];
}

TARE_TEST(stops_when_precise)
{
    struct sim_case c = {.name = "c", .ns = 50, .between = 0.002};
    struct fixture f;

    set_up(&f, &c, 1);
    TARE_CHECK_INT(measure(&f, (struct solo_settings){.warmup = -1}, NULL), 0);
    TARE_CHECK_INT(f.results->cases[0].stopped_by, STOPPED_PRECISE);
    TARE_CHECK(times(&f, 0)->n >= 6 && times(&f, 0)->n < 30);
    TARE_CHECK_REL(times(&f, 0)->invocation[0].sample[0], 50, 0.02);
    TARE_CHECK_INT(f.told, times(&f, 0)->n);
    TARE_CHECK_INT(f.finished, 1);
    results_free(f.results);
}

TARE_TEST(stops_at_the_budget_when_noisy)
{
    struct sim_case c = {.name = "c", .ns = 50, .between = 0.5};
    struct fixture f;

    set_up(&f, &c, 1);
    measure(&f, (struct solo_settings){.warmup = -1, .budget_ns = 1000000000},
            NULL);
    TARE_CHECK_INT(f.results->cases[0].stopped_by, STOPPED_BUDGET);
    TARE_CHECK(f.sim.now_ns <= 1100000000);
    results_free(f.results);
}

/* 1 + 8 halving each time: within 1 % from the tenth sample on. */
TARE_TEST(warm_up_is_found_and_dropped)
{
    struct sim_case c = {.name = "c", .ns = 50, .between = 0.001, .cold = 0.2};
    struct fixture f;

    set_up(&f, &c, 1);
    measure(&f, (struct solo_settings){.warmup = -1}, NULL);
    TARE_CHECK(f.results->cases[0].warmup >= 3);
    for (size_t k = 0; k < times(&f, 0)->n; k++)
        TARE_CHECK_REL(times(&f, 0)->invocation[k].sample[0], 50, 0.03);
    results_free(f.results);
}

TARE_TEST(a_fixed_plan_is_kept_exactly)
{
    struct sim_case c = {.name = "c", .ns = 50, .between = 0.3};
    struct fixture f;

    set_up(&f, &c, 1);
    measure(&f,
            (struct solo_settings){.warmup = 3, .invocations = 7, .samples = 4},
            NULL);
    TARE_CHECK_INT(times(&f, 0)->n, 7);
    for (size_t k = 0; k < 7; k++)
        TARE_CHECK_INT(times(&f, 0)->invocation[k].n, 4);
    TARE_CHECK_INT(f.results->cases[0].stopped_by, STOPPED_FIXED);
    results_free(f.results);
}

TARE_TEST(a_crash_fails_its_case_and_keeps_what_was_measured)
{
    struct sim_case c[] = {
        {.name = "good", .ns = 50, .between = 0.001},
        {.name = "bad", .ns = 50, .fail_run_at = 5},
        {.name = "broken", .ns = 50, .fail_open_at = 1},
    };
    struct fixture f;

    set_up(&f, c, 3);
    TARE_CHECK_INT(measure(&f, (struct solo_settings){.warmup = 3}, NULL), 0);
    TARE_CHECK_INT(f.results->cases[0].status, CASE_MEASURED);
    TARE_CHECK_INT(f.results->cases[1].status, CASE_FAILED);
    TARE_CHECK_STR(f.results->cases[1].message,
                   "'bad' was killed by signal 11");
    TARE_CHECK_INT(times(&f, 1)->n, 3); /* the first process calibrates */
    TARE_CHECK_INT(f.results->cases[2].status, CASE_FAILED);
    TARE_CHECK_INT(f.results->cases[2].n_metrics, 0);
    TARE_CHECK_INT(f.finished, 3);
    results_free(f.results);
}

TARE_TEST(an_interruption_keeps_what_was_measured)
{
    struct sim_case c = {.name = "c", .ns = 50, .between = 0.5};
    struct error err = {0};
    struct fixture f;

    set_up(&f, &c, 1);
    f.sim.stop_at_ns = 400000000;
    TARE_CHECK_INT(measure(&f, (struct solo_settings){.warmup = -1}, &err),
                   ERR_STOPPED);
    TARE_CHECK(times(&f, 0)->n >= 3);
    TARE_CHECK_INT(f.results->cases[0].stopped_by, STOPPED_INTERRUPT);
    results_free(f.results);
}

TARE_TEST(the_end_of_the_run_is_kept)
{
    struct sim_case c[] = {{.name = "a", .ns = 50, .between = 0.5},
                           {.name = "b", .ns = 50, .between = 0.5}};
    struct fixture f;

    set_up(&f, c, 2);
    measure(&f, (struct solo_settings){.warmup = 3, .deadline_ns = 2000000000},
            NULL);
    TARE_CHECK_INT(f.results->cases[0].stopped_by, STOPPED_MAX_TIME);
    TARE_CHECK(f.sim.now_ns <= 2100000000);
    results_free(f.results);
}

/* Same seed, same plan: the same processes in the same order, so the simulated
 * machine draws the same noise. */
TARE_TEST(a_seed_repeats_the_plan)
{
    struct sim_case c[] = {{.name = "a", .ns = 50, .between = 0.05},
                           {.name = "b", .ns = 70, .between = 0.05}};
    double first[2];

    for (int again = 0; again < 2; again++) {
        struct fixture f;

        set_up(&f, c, 2);
        measure(
            &f,
            (struct solo_settings){.warmup = 3, .invocations = 5, .seed = 99},
            NULL);
        for (int i = 0; i < 2; i++) {
            double x = times(&f, i)->invocation[4].sample[0];

            if (again)
                TARE_CHECK(x == first[i]);
            first[i] = x;
        }
        results_free(f.results);
    }
}

TARE_TEST(long_bodies_get_one_sample_and_no_warm_up)
{
    struct sim_case c = {.name = "c", .ns = 3e8, .between = 0.001};
    struct fixture f;

    set_up(&f, &c, 1);
    measure(&f, (struct solo_settings){.warmup = -1}, NULL);
    TARE_CHECK_INT(f.results->cases[0].warmup, 0);
    TARE_CHECK_INT(times(&f, 0)->invocation[0].n, 1);
    TARE_CHECK(times(&f, 0)->n >= 6);
    results_free(f.results);
}

TARE_TEST(a_result_that_changes_is_a_failure)
{
    struct sim_case same = {.name = "c", .ns = 50, .result = "00"};
    struct sim_case fickle = {
        .name = "c", .ns = 50, .result = "00", .other_result_at = 4};
    struct fixture f;

    set_up(&f, &same, 1);
    measure(&f, (struct solo_settings){.warmup = 3, .invocations = 5}, NULL);
    TARE_CHECK_INT(f.results->cases[0].status, CASE_MEASURED);
    TARE_CHECK_STR(f.results->cases[0].result, "00");
    results_free(f.results);
    set_up(&f, &fickle, 1);
    measure(&f, (struct solo_settings){.warmup = 3, .invocations = 5}, NULL);
    TARE_CHECK_INT(f.results->cases[0].status, CASE_FAILED);
    TARE_CHECK_STR(f.results->cases[0].message,
                   "its result changed between two invocations");
    results_free(f.results);
}

TARE_TEST(a_resumed_run_goes_on_from_what_it_has)
{
    struct sim_case c[] = {{.name = "a", .ns = 50, .between = 0.5},
                           {.name = "b", .ns = 70, .between = 0.001}};
    struct solo_settings settings = {.warmup = 3, .invocations = 10};
    struct fixture f;
    int before;

    set_up(&f, c, 2);
    f.sim.stop_at_ns = 200000000;
    TARE_CHECK_INT(measure(&f, settings, NULL), ERR_STOPPED);
    before = (int)times(&f, 0)->n;
    TARE_CHECK(before > 0 && before < 10);
    f.sim.stop_at_ns = 0;
    f.told = 0;
    TARE_CHECK_INT(measure(&f, settings, NULL), 0);
    TARE_CHECK_INT(f.results->n_cases, 2);
    TARE_CHECK_INT(times(&f, 0)->n, 10);
    TARE_CHECK_INT(times(&f, 1)->n, 10);
    TARE_CHECK(f.told < 20);
    TARE_CHECK_INT(measure(&f, settings, NULL), 0); /* nothing is left to do */
    TARE_CHECK_INT(times(&f, 0)->n, 10);
    results_free(f.results);
}

/* Killed, a run has stored its invocations and not what the cases said. */
TARE_TEST(a_run_that_was_killed_has_lost_its_results)
{
    struct solo_settings settings = {.warmup = 3, .invocations = 10};
    struct sim_case c = {.name = "c", .ns = 50, .result = "ab"};
    struct fixture f;

    set_up(&f, &c, 1);
    f.sim.stop_at_ns = 60000000;
    TARE_CHECK_INT(measure(&f, settings, NULL), ERR_STOPPED);
    TARE_CHECK(times(&f, 0)->n > 0);
    f.results->cases[0].result = "";
    f.sim.stop_at_ns = 0;
    c.other_result_at = 11;
    TARE_CHECK_INT(measure(&f, settings, NULL), 0);
    TARE_CHECK_INT(f.results->cases[0].status, CASE_FAILED);
    TARE_CHECK(strstr(f.results->cases[0].message, "result changed"));
    TARE_CHECK_STR(f.results->cases[0].result, "ab");
    results_free(f.results);
}

TARE_TEST(what_strays_is_left_out_and_counted)
{
    struct sim_case c = {.name = "c", .ns = 50, .stray_from = 3, .stray_to = 4};
    struct fixture f;

    set_up(&f, &c, 1);
    measure(&f, (struct solo_settings){.warmup = 3, .invocations = 8}, NULL);
    TARE_CHECK_INT(f.results->cases[0].status, CASE_MEASURED);
    TARE_CHECK_INT(f.results->cases[0].excluded, 2);
    TARE_CHECK_INT(times(&f, 0)->n, 8);
    TARE_CHECK_INT(f.sim.opened, 1 + 8 + 2); /* the first one calibrates */
    results_free(f.results);
}

TARE_TEST(a_program_that_always_strays_is_a_failure)
{
    struct sim_case c = {.name = "c", .ns = 50, .stray_to = 1000};
    struct fixture f;

    set_up(&f, &c, 1);
    measure(&f, (struct solo_settings){.warmup = -1}, NULL);
    TARE_CHECK_INT(f.results->cases[0].status, CASE_FAILED);
    TARE_CHECK(strstr(f.results->cases[0].message, "3 of 3 processes"));
    results_free(f.results);
}

TARE_TEST(steal_disturbs_every_sample_of_an_invocation)
{
    struct sim_case c = {.name = "c", .ns = 50, .steal = 0.3};
    struct fixture f;

    set_up(&f, &c, 1);
    measure(&f, (struct solo_settings){.warmup = 3, .invocations = 6}, NULL);
    TARE_CHECK_REL(f.results->cases[0].disturbed, 1, 1e-12);
    TARE_CHECK_REL(results_metric(&f.results->cases[0], "steal")
                       ->occasion[0]
                       .invocation[5]
                       .sample[0],
                   0.3, 1e-12);
    results_free(f.results);
}
