/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lanes whose executors pass the baton on as live ones do. */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runner/measure/abreast.h"
#include "runner/measure/interference.h"
#include "runner/measure/solo.h"
#include "tests/unit/runner/sim.h"

enum { LANES = 3, CASES = 7 };

struct fixture;

struct lane {
    struct fixture *f;
    struct sim sim;
    struct executor inner;
    int processes[CASES];
    const struct subject *open;
    int slices;                /* in its scripts so far */
    int64_t first_ns, last_ns; /* its first script began, its last one ended */
};

struct fixture {
    struct lanes lanes;
    struct executor executor[LANES];
    struct lane lane[LANES];
    struct sim_case cases[CASES];
    struct subject subject[CASES];
    struct results *results;
    int clashes; /* a case was open on two lanes */
    int at_once, most_at_once;
    bool on_clock; /* slices tell when they really ran */
    int fails_on;  /* this lane's scripts fail, -1: none */
};

static int64_t clock_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int open_lane(void *ctx, const struct subject *const *sides, int n,
                     struct side_failure *bad, struct error *err)
{
    struct lane *lane = ctx;

    for (size_t i = 0; i < LANES; i++)
        lane->f->clashes += lane->f->lane[i].open == sides[0];
    lane->open = sides[0];
    return lane->inner.open(lane->inner.ctx, sides, n, bad, err);
}

static int run_lane(void *ctx, const struct stage_order *order, size_t n,
                    struct stage_slice *out, struct side_failure *bad,
                    struct error *err)
{
    const struct timespec moment = {.tv_nsec = 200000};
    struct lane *lane = ctx;
    struct fixture *f = lane->f;
    int64_t began = clock_ns(), each;
    int rc;

    f->at_once++;
    if (f->at_once > f->most_at_once)
        f->most_at_once = f->at_once;
    baton_pass(f->lanes.baton);
    nanosleep(&moment, NULL);
    baton_take(f->lanes.baton);
    f->at_once--;
    lane->slices += (int)n;
    if (f->fails_on == (int)(lane - f->lane)) {
        *bad = (struct side_failure){.state = SIDE_FAILED};
        return ERROR(err, ERR_PEER, "lane %d died", f->fails_on);
    }
    rc = lane->inner.run(lane->inner.ctx, order, n, out, bad, err);
    lane->last_ns = clock_ns();
    if (!lane->first_ns)
        lane->first_ns = began;
    each = (lane->last_ns - began) / (int64_t)n;
    for (size_t i = 0; i < n && rc == 0 && f->on_clock; i++) {
        out[i].begin_ns = began + (int64_t)i * each;
        out[i].elapsed_ns = each;
    }
    return rc;
}

static int close_lane(void *ctx, struct side_report *report,
                      struct side_failure *bad, struct error *err)
{
    struct lane *lane = ctx;

    lane->open = NULL;
    return lane->inner.close(lane->inner.ctx, report, bad, err);
}

static void drop_lane(void *ctx)
{
    struct lane *lane = ctx;

    lane->open = NULL;
    lane->inner.drop(lane->inner.ctx);
}

static int64_t now_lane(void *ctx)
{
    struct lane *lane = ctx;

    return lane->f->on_clock ? clock_ns() : lane->inner.now(lane->inner.ctx);
}

static void set_up(struct fixture *f)
{
    static const char *const names[CASES] = {"a", "b", "c", "d", "e", "f", "g"};

    *f = (struct fixture){.fails_on = -1};
    for (size_t i = 0; i < CASES; i++) {
        f->cases[i] = (struct sim_case){
            .name = names[i], .ns = 10.0 * (double)(i + 1), .between = 0.001};
        f->subject[i] =
            (struct subject){.id = names[i], .name = names[i], .program = "p"};
    }
    for (size_t i = 0; i < LANES; i++) {
        struct lane *lane = &f->lane[i];

        lane->f = f;
        lane->sim = (struct sim){.cases = f->cases,
                                 .n_cases = CASES,
                                 .random = i + 1,
                                 .spawn_ns = 2000000,
                                 .processes = lane->processes};
        sim_executor(&lane->sim, &lane->inner);
        f->executor[i] = (struct executor){
            .ctx = lane,
            .open = open_lane,
            .run = run_lane,
            .close = close_lane,
            .drop = drop_lane,
            .now = now_lane,
        };
    }
    f->lanes = (struct lanes){.executor = f->executor, .n = LANES};
    if (baton_open(&f->lanes.baton, NULL) < 0)
        abort();
    f->results = results_new();
    results_add_occasion(f->results);
}

static void tear_down(struct fixture *f)
{
    results_free(f->results);
    baton_close(f->lanes.baton);
}

struct tally {
    const struct lanes *lanes;
    int here, ran[LANES];
};

/* Comes back only when all lanes are in it. */
static int meet_others(void *ctx, size_t lane, const struct executor *executor,
                       struct error *err)
{
    struct tally *tally = ctx;

    (void)err;
    tally->ran[lane] += executor == &tally->lanes->executor[lane];
    tally->here++;
    baton_tell(tally->lanes->baton);
    while (tally->here < LANES)
        baton_sleep(tally->lanes->baton);
    return 0;
}

TARE_TEST(lanes_work_at_once)
{
    struct fixture f;
    struct tally tally = {.lanes = &f.lanes};

    set_up(&f);
    TARE_CHECK_INT(lanes_run(&f.lanes, LANES, meet_others, &tally, NULL), 0);
    for (int i = 0; i < LANES; i++)
        TARE_CHECK_INT(tally.ran[i], 1);
    tear_down(&f);
}

static int fail_on_second(void *ctx, size_t lane,
                          const struct executor *executor, struct error *err)
{
    (void)ctx;
    (void)executor;
    return lane == 1 ? ERROR(err, ERR_PEER, "the second") : 0;
}

TARE_TEST(an_error_of_a_lane_is_that_of_all)
{
    struct fixture f;
    struct error err = {0};

    set_up(&f);
    TARE_CHECK_INT(lanes_run(&f.lanes, LANES, fail_on_second, NULL, &err),
                   ERR_PEER);
    TARE_CHECK_STR(err.text, "the second");
    tear_down(&f);
}

TARE_TEST(cases_are_measured_on_several_lanes)
{
    struct solo_settings settings = {.seed = 3, .invocations = 8};
    struct fixture f;

    set_up(&f);
    TARE_CHECK_INT(solo_measure_on(&f.lanes, f.subject, CASES, &settings, NULL,
                                   f.results, NULL),
                   0);
    TARE_CHECK_INT(f.clashes, 0);
    TARE_CHECK(f.most_at_once > 1);
    for (size_t i = 0; i < CASES; i++) {
        const struct metric *time =
            results_metric(&f.results->cases[i], "time");

        TARE_REQUIRE(time != NULL);
        TARE_CHECK_STR(f.results->cases[i].id, f.cases[i].name);
        TARE_CHECK_INT(time->occasion[0].n, 8);
        TARE_CHECK_REL(time->occasion[0].invocation[0].sample[0], f.cases[i].ns,
                       0.02);
    }
    tear_down(&f);
}

TARE_TEST(what_stops_one_lane_stops_all)
{
    struct solo_settings settings = {.seed = 3, .invocations = 8};
    struct fixture f;
    struct error err = {0};

    set_up(&f);
    for (size_t i = 0; i < LANES; i++)
        f.lane[i].sim.stop_at_ns = 20000000;
    TARE_CHECK_INT(solo_measure_on(&f.lanes, f.subject, CASES, &settings, NULL,
                                   f.results, &err),
                   ERR_STOPPED);
    for (size_t i = 0; i < CASES; i++)
        TARE_CHECK_INT(f.results->cases[i].stopped_by, STOPPED_INTERRUPT);
    tear_down(&f);
}

static int measure_abreast(struct fixture *f, struct arena *arena,
                           struct abreast_part *part, struct side_failure *bad,
                           struct error *err)
{
    struct abreast_settings settings = {.span_ns = 5000000,
                                        .sample_ns = 100000};
    const struct subject *subject[LANES];

    for (size_t i = 0; i < LANES; i++)
        subject[i] = &f->subject[i];
    f->on_clock = true;
    return abreast_measure(&f->lanes, subject, LANES, &settings, arena, part,
                           bad, err);
}

TARE_TEST(only_what_ran_beside_all_others_counts)
{
    struct arena arena = {0};
    struct abreast_part part[LANES];
    struct side_failure bad = {0};
    struct fixture f;
    int64_t begin = 0, end = INT64_MAX;

    set_up(&f);
    TARE_CHECK_INT(measure_abreast(&f, &arena, part, &bad, NULL), 0);
    TARE_CHECK_INT(f.most_at_once, LANES);
    for (size_t i = 0; i < LANES; i++) {
        const struct lane *lane = &f.lane[i];

        TARE_REQUIRE(part[i].n > 0);
        TARE_CHECK((int)part[i].n < lane->slices);
        TARE_CHECK(isfinite(part[i].rate) && part[i].rate > 0);
        if (lane->first_ns > begin)
            begin = lane->first_ns;
        if (lane->last_ns < end)
            end = lane->last_ns;
    }
    for (size_t i = 0; i < LANES; i++) {
        const struct stage_slice *last = &part[i].slice[part[i].n - 1];

        TARE_CHECK(part[i].slice[0].begin_ns >= begin);
        TARE_CHECK(last->begin_ns + last->elapsed_ns <= end);
    }
    arena_clear(&arena);
    tear_down(&f);
}

TARE_TEST(one_that_fails_beside_others_is_named)
{
    struct arena arena = {0};
    struct abreast_part part[LANES];
    struct side_failure bad = {0};
    struct error err = {0};
    struct fixture f;

    set_up(&f);
    f.fails_on = 2;
    TARE_CHECK_INT(measure_abreast(&f, &arena, part, &bad, &err), ERR_PEER);
    TARE_CHECK_INT(bad.side, 2);
    TARE_CHECK_INT(bad.state, SIDE_FAILED);
    TARE_CHECK_STR(err.text, "lane 2 died");
    for (size_t i = 0; i < LANES; i++)
        TARE_CHECK(f.lane[i].open == NULL);
    arena_clear(&arena);
    tear_down(&f);
}

/* The times of these lanes are the simulation's: neighbours cost nothing. */
TARE_TEST(neighbours_work_while_a_case_is_looked_at)
{
    struct interference_settings settings = {.seed = 4, .sample = CASES};
    struct interference_case out[CASES];
    struct fixture f;

    set_up(&f);
    f.cases[2].fail_open_at = 1;
    TARE_CHECK_INT(interference_check_on(&f.lanes, f.subject, CASES, &settings,
                                         NULL, NULL, out, NULL),
                   0);
    TARE_CHECK_INT(f.most_at_once, LANES);
    for (size_t i = 0; i < CASES; i++)
        TARE_CHECK_INT(out[i].state,
                       i == 2 ? INTERFERENCE_UNCHECKED : INTERFERENCE_NONE);
    for (size_t i = 1; i < LANES; i++)
        TARE_CHECK(f.lane[i].slices > 0 && f.lane[i].open == NULL);
    tear_down(&f);
}

TARE_TEST(an_interruption_under_a_neighbour_ends_the_check)
{
    struct interference_settings settings = {.seed = 4};
    struct interference_case out[CASES];
    struct fixture f;
    struct error err = {0};

    set_up(&f);
    f.lane[1].sim.stop_at_ns = 100000000;
    TARE_CHECK_INT(interference_check_on(&f.lanes, f.subject, CASES, &settings,
                                         NULL, NULL, out, &err),
                   ERR_STOPPED);
    TARE_CHECK_STR(err.text, "interrupted");
    tear_down(&f);
}
