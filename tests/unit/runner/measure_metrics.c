/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metrics beside time, counted by a script on a simulated machine. */
#include <config.h>

#include "bench/tare.h"

#include <string.h>

#include "runner/measure/duel.h"
#include "runner/measure/metrics.h"
#include "runner/measure/solo.h"
#include "tests/unit/runner/sim.h"

/* Counts `instructions` of a program, each time `drift` more. */
struct script {
    double instructions[2], drift;
    int calls;
    uint64_t iterations;
};

static int count(void *ctx, const struct subject *subject, uint64_t iterations,
                 struct side_report *out, struct error *err)
{
    struct script *script = ctx;
    int side = strcmp(subject->program, "new") == 0;

    (void)err;
    script->iterations = iterations;
    out->n_counters = 1;
    out->counter[0] = (struct user_counter){
        "instructions", "1", BETTER_LOWER,
        script->instructions[side] + script->drift * script->calls++};
    return 0;
}

struct fixture {
    struct sim_case side[2];
    struct sim sim;
    struct executor executor;
    struct subject subject[2];
    int processes[2];
    struct script script;
    struct counting counting;
    struct results *results[2];
    struct duel_case c;
    struct arena arena;
    bool judge;
};

/* The new program is `slower` times as slow. */
static void set_up(struct fixture *f, double slower)
{
    *f = (struct fixture){.script = {.instructions = {500, 500}}};
    for (int i = 0; i < 2; i++) {
        f->side[i] = (struct sim_case){.name = "c",
                                       .program = i ? "new" : "old",
                                       .ns = i ? 100 * slower : 100,
                                       .between = 0.003,
                                       .within = 0.003};
        f->subject[i] = (struct subject){
            .id = "c", .name = "c", .program = f->side[i].program};
        f->c.side[i] = &f->subject[i];
        f->results[i] = results_new();
        results_add_occasion(f->results[i]);
    }
    f->sim = (struct sim){.cases = f->side,
                          .n_cases = 2,
                          .random = 5,
                          .spawn_ns = 2000000,
                          .processes = f->processes};
    sim_executor(&f->sim, &f->executor);
    f->counting = (struct counting){&f->script, count};
}

static void tear_down(struct fixture *f)
{
    results_free(f->results[0]);
    results_free(f->results[1]);
    arena_clear(&f->arena);
}

static bool judged(void *ctx, const char *id, const char *metric,
                   enum better better, struct compare_policy *policy)
{
    const struct fixture *f = ctx;

    (void)id;
    (void)better;
    policy->margin = 0.02;
    return strcmp(metric, "time") == 0 ||
           (f->judge && strcmp(metric, "instructions") == 0);
}

static void fight(struct tare *t, struct fixture *f)
{
    struct duel_settings settings = {.seed = 1, .counting = &f->counting};
    struct duel_watch watch = {.ctx = f, .judged = judged};

    TARE_REQUIRE_INT(duel(&f->executor, &f->c, 1, &settings, &watch, f->results,
                          &f->arena, NULL),
                     0);
}

static const struct comparison *found(const struct fixture *f, const char *name)
{
    for (size_t m = 0; m < f->c.n_metrics; m++)
        if (strcmp(f->c.metric[m].name, name) == 0)
            return &f->c.metric[m].comparison;
    return NULL;
}

static const struct invocations *counted(const struct fixture *f, int side)
{
    return results_metric(&f->results[side]->cases[0], "instructions")
        ->occasion;
}

static void estimate_alone(struct tare *t, struct fixture *f)
{
    struct solo_settings settings = {
        .warmup = 3, .invocations = 20, .counting = &f->counting};

    TARE_REQUIRE_INT(solo_measure(&f->executor, &f->subject[0], 1, &settings,
                                  NULL, f->results[0], NULL),
                     0);
}

TARE_TEST(what_repeats_itself_is_counted_twice)
{
    struct fixture f;

    set_up(&f, 1);
    estimate_alone(t, &f);
    TARE_CHECK_INT(f.script.calls, COUNTING_LEAST);
    TARE_CHECK_INT(f.script.iterations, 1000);
    TARE_CHECK_INT(counted(&f, 0)->n, COUNTING_LEAST);
    TARE_CHECK_REL(counted(&f, 0)->invocation[1].sample[0], 500, 0);
    tear_down(&f);
}

TARE_TEST(what_does_not_repeat_itself_is_counted_more)
{
    struct fixture f;

    set_up(&f, 1);
    f.script.drift = 1;
    estimate_alone(t, &f);
    TARE_CHECK_INT(f.script.calls, COUNTING_MOST);
    tear_down(&f);
}

TARE_TEST(equal_counts_gate_exactly)
{
    struct fixture f;

    set_up(&f, 1);
    f.judge = true;
    fight(t, &f);
    TARE_CHECK_INT(f.script.calls, 2 * COUNTING_LEAST);
    TARE_REQUIRE(found(&f, "instructions") != NULL);
    TARE_CHECK_STR(verdict_name(found(&f, "instructions")->verdict),
                   "unchanged");
    TARE_CHECK_STR(reason_name(found(&f, "instructions")->reason), "exact");
    tear_down(&f);
}

TARE_TEST(more_instructions_are_a_regression_though_time_is_not)
{
    struct fixture f;

    set_up(&f, 1);
    f.judge = true;
    f.script.instructions[1] = 520;
    fight(t, &f);
    TARE_REQUIRE(found(&f, "instructions") != NULL);
    TARE_CHECK_STR(verdict_name(found(&f, "instructions")->verdict),
                   "regressed");
    TARE_CHECK_REL(found(&f, "instructions")->ratio, 1.04, 1e-9);
    TARE_CHECK_STR(verdict_name(found(&f, "time")->verdict), "unchanged");
    tear_down(&f);
}

TARE_TEST(slower_with_the_same_instructions_suspects_the_layout)
{
    struct fixture f;

    set_up(&f, 1.06);
    fight(t, &f);
    TARE_CHECK_STR(verdict_name(found(&f, "time")->verdict), "regressed");
    TARE_CHECK_STR(reason_name(found(&f, "time")->reason), "layout-suspect");
    tear_down(&f);
}

TARE_TEST(slower_with_more_instructions_is_the_code)
{
    struct fixture f;

    set_up(&f, 1.06);
    f.script.instructions[1] = 530;
    fight(t, &f);
    TARE_CHECK_STR(verdict_name(found(&f, "time")->verdict), "regressed");
    TARE_CHECK_STR(reason_name(found(&f, "time")->reason), "");
    tear_down(&f);
}

TARE_TEST(long_iterations_are_counted_less_often)
{
    TARE_CHECK_INT(counting_iterations(0), 1000);
    TARE_CHECK_INT(counting_iterations(5e3), 100);
    TARE_CHECK_INT(counting_iterations(5e5), 10);
    TARE_CHECK_INT(counting_iterations(5e8), 1);
}

static double total_of(const char *text)
{
    double total = -1;

    return callgrind_total("f", text, strlen(text), &total, NULL) < 0 ? -1
                                                                      : total;
}

TARE_TEST(the_total_of_callgrind_is_a_line)
{
    TARE_CHECK_REL(total_of("events: Ir\n1 2\ntotals: 4321\n"), 4321, 0);
    TARE_CHECK_REL(total_of("totals: 0"), 0, 0);
    TARE_CHECK_REL(total_of("summary: 5\n"), -1, 0);
    TARE_CHECK_REL(total_of("totals: -5\n"), -1, 0);
    TARE_CHECK_REL(total_of("totals: \n"), -1, 0);
    TARE_CHECK_REL(total_of("xtotals: 5\n"), -1, 0);
    TARE_CHECK_REL(total_of(""), -1, 0);
}

TARE_TEST(a_name_that_is_no_metric_is_refused)
{
    const char *names[] = {"instuctions"};
    struct metrics_options options = {.name = names, .n_names = 1};
    struct counting counting;
    struct metrics *metrics = NULL;
    struct error err = {0};

    TARE_CHECK_INT(metrics_open(&options, &metrics, &counting, &err),
                   ERR_RANGE);
    TARE_CHECK(strstr(err.help, "instructions"));
}

TARE_TEST(free_metrics_need_no_counting)
{
    const char *names[] = {"time", "max_rss"};
    struct metrics_options options = {.name = names, .n_names = 2};
    struct counting counting;
    struct metrics *metrics = NULL;

    TARE_REQUIRE_INT(metrics_open(&options, &metrics, &counting, NULL), 0);
    TARE_CHECK(counting.count == NULL);
    TARE_CHECK_STR(metrics_notes(metrics), "");
    metrics_close(metrics);
}

TARE_TEST(what_is_not_installed_is_said)
{
    const char *names[] = {"allocs"};
    struct metrics_options options = {.name = names, .n_names = 1};
    struct counting counting;
    struct metrics *metrics = NULL;

    TARE_REQUIRE_INT(metrics_open(&options, &metrics, &counting, NULL), 0);
    TARE_CHECK_STR(metrics_notes(metrics),
                   "allocs: libtare-alloc.so is not installed");
    metrics_close(metrics);
}
