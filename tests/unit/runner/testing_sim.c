/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "tests/unit/runner/testing_sim.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

struct sim_order {
    size_t test;
    int64_t arrives_ns;
};

struct sim_worker {
    struct sim_order order[1 + SCHEDULE_AHEAD_MAX];
    size_t n;
    int64_t free_ns; /* when it was done with the one before */
    size_t width;    /* of the first */
    bool answered;   /* the end of the first was told */
};

static const char silent[] = "silence", dead[] = "died";

static void breaks(struct sim_crew *sim, const char *rule)
{
    if (!sim->broken)
        sim->broken = rule;
}

/* ---- rules */

static size_t width_of(const struct sim_crew *sim, size_t test)
{
    const struct schedule_item *i = &sim->item[test];

    if (i->exclusive || i->slots > sim->n_workers)
        return sim->n_workers;
    return i->slots ? i->slots : 1;
}

/* Of all first orders, as the coordinator knows them. */
static void check_sharing(struct sim_crew *sim)
{
    size_t busy = 0, alone = 0, running = 0;

    for (size_t r = 0; r < sim->n_resources; r++) {
        int64_t used = 0;

        for (size_t w = 0; w < sim->n_workers; w++) {
            const struct schedule_item *i;

            if (sim->worker[w].n == 0)
                continue;
            i = &sim->item[sim->worker[w].order[0].test];
            for (size_t k = 0; k < i->n_uses; k++)
                used += i->uses[k] == r;
        }
        if (used > sim->resource[r])
            breaks(sim, "a resource is used more often than it is there");
    }
    for (size_t w = 0; w < sim->n_workers; w++) {
        if (sim->worker[w].n == 0)
            continue;
        running++;
        busy += width_of(sim, sim->worker[w].order[0].test);
        alone += sim->item[sim->worker[w].order[0].test].exclusive;
    }
    if (busy > sim->n_workers)
        breaks(sim, "more slots are taken than there are");
    if (alone && running > 1)
        breaks(sim, "an exclusive test is not alone");
}

static void check_lent(struct sim_crew *sim, size_t worker, size_t test,
                       const size_t *lent, size_t n)
{
    if (n + 1 != width_of(sim, test))
        breaks(sim, "a test has not the cores it asks for");
    for (size_t i = 0; i < n; i++)
        if (lent[i] == worker || sim->worker[lent[i]].n)
            breaks(sim, "a core is lent that is in use");
}

/* ---- the crew */

static int sim_send(void *ctx, size_t worker, size_t test, const size_t *lent,
                    size_t n, struct error *err)
{
    struct sim_crew *sim = ctx;
    struct sim_worker *w = &sim->worker[worker];

    (void)err;
    if (w->n > SCHEDULE_AHEAD_MAX) {
        breaks(sim, "too many orders");
        return 0;
    }
    if (w->n && sim->item[w->order[0].test].program != sim->item[test].program)
        breaks(sim, "what is sent ahead is of another program");
    w->order[w->n++] = (struct sim_order){
        .test = test, .arrives_ns = sim->now_ns + sim->message_ns};
    if (w->n == 1) {
        check_lent(sim, worker, test, lent, n);
        check_sharing(sim);
    } else if (n || width_of(sim, test) > 1 || sim->item[test].n_uses) {
        breaks(sim, "what is sent ahead needs more than its worker");
    }
    return 0;
}

static int64_t begin_of(const struct sim_worker *w)
{
    return w->free_ns > w->order[0].arrives_ns ? w->free_ns
                                               : w->order[0].arrives_ns;
}

/* When the coordinator hears of the end of the first order. */
static int64_t told_at(const struct sim_crew *sim, const struct sim_worker *w)
{
    return begin_of(w) + sim->test[w->order[0].test].ns + sim->message_ns;
}

static void log_run(struct sim_crew *sim, const struct sim_run *run)
{
    if (sim->n_runs == sim->room) {
        sim->room = sim->room * 2 + 64;
        sim->run = realloc(sim->run, sim->room * sizeof *sim->run);
        if (!sim->run)
            abort();
    }
    sim->run[sim->n_runs++] = *run;
}

static void end_first(struct sim_crew *sim, size_t worker,
                      struct crew_event *out)
{
    struct sim_worker *w = &sim->worker[worker];
    size_t test = w->order[0].test;
    const struct sim_test *t = &sim->test[test];
    int times = ++sim->times[test];
    struct sim_run run = {.test = test,
                          .worker = worker,
                          .begin_ns = begin_of(w),
                          .end_ns = begin_of(w) + t->ns,
                          .killed = times <= t->kills};

    log_run(sim, &run);
    w->free_ns = run.end_ns;
    if (run.killed || t->hangs) {
        *out = (struct crew_event){.kind = CREW_LOST,
                                   .worker = worker,
                                   .overdue = t->hangs,
                                   .why = t->hangs ? silent : dead};
        w->n = 0;
        return;
    }
    *out = (struct crew_event){.kind = CREW_TESTED,
                               .worker = worker,
                               .tested = {.outcome = TEST_PASSED,
                                          .message = "",
                                          .output = "",
                                          .seconds = (double)t->ns / 1e9}};
    if (t->outcome && (t->bad_times == 0 || times <= t->bad_times))
        out->tested.outcome = t->outcome;
    memmove(w->order, w->order + 1, --w->n * sizeof *w->order);
}

static int sim_wait(void *ctx, int64_t limit_ns, struct crew_event *out,
                    struct error *err)
{
    struct sim_crew *sim = ctx;
    size_t first = SIZE_MAX;

    for (size_t w = 0; w < sim->n_workers; w++)
        if (sim->worker[w].n &&
            (first == SIZE_MAX ||
             told_at(sim, &sim->worker[w]) < told_at(sim, &sim->worker[first])))
            first = w;
    if (first == SIZE_MAX)
        return ERROR(err, ERR_INVAL, "everybody waits for nothing");
    if (sim->stop_at_ns &&
        told_at(sim, &sim->worker[first]) > sim->stop_at_ns) {
        sim->now_ns = sim->stop_at_ns;
        out->kind = CREW_STOPPED;
    } else if (told_at(sim, &sim->worker[first]) > sim->now_ns + limit_ns) {
        sim->now_ns += limit_ns;
    } else {
        sim->now_ns = told_at(sim, &sim->worker[first]);
        end_first(sim, first, out);
    }
    return 0;
}

static int sim_retire(void *ctx, size_t program, struct error *err)
{
    struct sim_crew *sim = ctx;

    (void)err;
    sim->retired++;
    for (size_t w = 0; w < sim->n_workers; w++)
        for (size_t k = 0; k < sim->worker[w].n; k++)
            if (sim->item[sim->worker[w].order[k].test].program == program)
                breaks(sim, "a program is retired that still runs");
    return 0;
}

static int64_t sim_now(void *ctx)
{
    return ((struct sim_crew *)ctx)->now_ns;
}

void sim_crew_start(struct sim_crew *sim, struct crew *crew)
{
    sim->worker = calloc(sim->n_workers, sizeof *sim->worker);
    sim->times = calloc(sim->n_tests + 1, sizeof *sim->times);
    if (!sim->worker || !sim->times)
        abort();
    *crew = (struct crew){.ctx = sim,
                          .send = sim_send,
                          .wait = sim_wait,
                          .retire = sim_retire,
                          .now = sim_now};
}

void sim_crew_clear(struct sim_crew *sim)
{
    free(sim->worker);
    free(sim->times);
    free(sim->run);
}

static int ignore_end(void *ctx, const struct conducted *what,
                      struct error *err)
{
    (void)ctx;
    (void)what;
    (void)err;
    return 0;
}

int sim_conduct(struct sim_crew *sim, const struct schedule_plan *plan,
                struct conduct *conduct, struct conduct_sum *sum)
{
    SCOPED(free_scoped)
    size_t *program = calloc(sim->n_tests + 1, sizeof *program);
    struct schedule_plan whole = *plan;
    struct error err = {0};
    struct crew crew;
    int rc;

    if (!program)
        abort();
    for (size_t i = 0; i < sim->n_tests; i++) {
        program[i] = sim->item[i].program;
        if (program[i] >= conduct->n_programs)
            conduct->n_programs = program[i] + 1;
    }
    whole.workers = sim->n_workers;
    whole.resource = sim->resource;
    whole.n_resources = sim->n_resources;
    sim_crew_start(sim, &crew);
    conduct->crew = &crew;
    conduct->workers = sim->n_workers;
    conduct->program = program;
    conduct->n_tests = sim->n_tests;
    if (!conduct->ended)
        conduct->ended = ignore_end;
    rc =
        schedule_new(&whole, sim->item, sim->n_tests, &conduct->schedule, &err);
    if (rc == 0)
        rc = conduct_all(conduct, sum, &err);
    if (rc < 0)
        breaks(sim, "the run ended with an error");
    schedule_free(conduct->schedule);
    return rc;
}

size_t sim_count(const struct sim_crew *sim, size_t test)
{
    size_t n = 0;

    for (size_t i = 0; i < sim->n_runs; i++)
        n += sim->run[i].test == test;
    return n;
}

int64_t sim_makespan(const struct sim_crew *sim)
{
    int64_t last = 0;

    for (size_t i = 0; i < sim->n_runs; i++)
        last = sim->run[i].end_ns > last ? sim->run[i].end_ns : last;
    return last;
}
