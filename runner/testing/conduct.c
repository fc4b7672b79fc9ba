/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop between a schedule and a crew. */
#include <config.h>

#include "runner/testing/conduct.h"

#include <stdlib.h>

#include "base/scope.h"

static const int64_t tick_ns = 100000000;

struct state {
    const struct conduct *plan;
    struct conduct_sum *sum;
    int64_t began_ns;
    bool stopping;       /* the user interrupted */
    int64_t *started_ns; /* of what runs on each worker, on the crew's clock */
    int64_t *attempt;    /* of each test */
    bool *orphaned;      /* a worker died under this test */
    bool *retired;       /* programs */
    size_t *lent;        /* room for all workers */
};

static int64_t now(const struct state *s)
{
    return s->plan->crew->now(s->plan->crew->ctx);
}

/* ---- sending */

static int send(struct state *s, size_t worker, size_t test, struct error *err)
{
    const struct crew *crew = s->plan->crew;
    size_t n = schedule_lent(s->plan->schedule, worker, s->lent);

    return crew->send(crew->ctx, worker, test, s->lent, n, err);
}

static int fill_worker(struct state *s, size_t worker, struct error *err)
{
    struct schedule *schedule = s->plan->schedule;
    size_t test = schedule_next(schedule, worker);
    int rc = 0;

    if (test != SCHEDULE_NONE) {
        s->started_ns[worker] = now(s);
        rc = send(s, worker, test, err);
    }
    while (rc == 0 &&
           (test = schedule_ahead(schedule, worker)) != SCHEDULE_NONE)
        rc = send(s, worker, test, err);
    return rc;
}

static int fill(struct state *s, struct error *err)
{
    int rc = 0;

    for (size_t w = 0; w < s->plan->workers && rc == 0; w++)
        rc = fill_worker(s, w, err);
    return rc;
}

/* A program's processes end when nobody needs them. */
static int retire(struct state *s, size_t program, struct error *err)
{
    const struct crew *crew = s->plan->crew;

    if (s->retired[program] || schedule_needs(s->plan->schedule, program))
        return 0;
    for (size_t w = 0; w < s->plan->workers; w++) {
        size_t test = schedule_running(s->plan->schedule, w);

        if (test != SCHEDULE_NONE && s->plan->program[test] == program)
            return 0;
    }
    s->retired[program] = true;
    return crew->retire(crew->ctx, program, err);
}

/* ---- ends */

static int end_test(struct state *s, struct conducted *what, struct error *err)
{
    const struct conduct *plan = s->plan;
    bool bad = test_verdict(what->outcome) == TEST_VERDICT_FAILED;
    int rc;

    what->attempt = s->attempt[what->test];
    if (what->outcome == TEST_PASSED && what->attempt > 0)
        what->outcome = TEST_FLAKY;
    what->last = !bad || what->attempt >= plan->retries || s->sum->stopped;
    if (bad && what->last) {
        s->sum->failed++;
        if (plan->maxfail && s->sum->failed >= (size_t)plan->maxfail) {
            s->sum->stopped = true;
            schedule_stop(plan->schedule);
        }
    }
    rc = plan->ended(plan->ctx, what, err);
    if (!what->last) {
        s->attempt[what->test]++;
        schedule_again(plan->schedule, what->test);
    }
    return rc < 0 ? rc : retire(s, plan->program[what->test], err);
}

static int on_tested(struct state *s, const struct crew_event *event,
                     struct error *err)
{
    struct schedule *schedule = s->plan->schedule;
    int64_t at = now(s);
    struct conducted what = {
        .test = schedule_running(schedule, event->worker),
        .worker = event->worker,
        .outcome = event->tested.outcome,
        .started_ns = s->started_ns[event->worker] - s->began_ns,
        .duration_ns = at - s->started_ns[event->worker],
        .tested = event->tested,
    };

    if (event->tested.seconds >= 0)
        what.duration_ns = (int64_t)(event->tested.seconds * 1e9);
    schedule_done(schedule, event->worker, what.duration_ns);
    s->started_ns[event->worker] = at;
    return end_test(s, &what, err);
}

static int on_lost(struct state *s, const struct crew_event *event,
                   struct error *err)
{
    struct schedule *schedule = s->plan->schedule;
    struct conducted what = {
        .test = schedule_lost(schedule, event->worker),
        .worker = event->worker,
        .outcome = event->overdue ? TEST_TIMEOUT : TEST_CRASHED,
        .started_ns = s->started_ns[event->worker] - s->began_ns,
        .duration_ns = now(s) - s->started_ns[event->worker],
    };

    what.tested = peer_tested_unknown(what.outcome, event->why);
    if (event->output)
        what.tested.output = event->output;
    s->sum->deaths++;
    if (what.test == SCHEDULE_NONE)
        return 0;
    if (s->plan->own_process && !event->overdue && !s->orphaned[what.test]) {
        s->orphaned[what.test] = true;
        schedule_again(schedule, what.test);
        return 0;
    }
    return end_test(s, &what, err);
}

static int step(struct state *s, struct error *err)
{
    const struct crew *crew = s->plan->crew;
    struct crew_event event = {0};
    int rc = fill(s, err);

    if (rc == 0)
        rc = crew->wait(crew->ctx, tick_ns, &event, err);
    if (rc < 0)
        return rc;
    if (event.stopping) {
        s->stopping = true;
        schedule_stop(s->plan->schedule);
    }
    switch (event.kind) {
    case CREW_NOTHING:
        if (s->plan->idle)
            s->plan->idle(s->plan->ctx);
        break;
    case CREW_TESTED:
        return on_tested(s, &event, err);
    case CREW_LOST:
        return on_lost(s, &event, err);
    case CREW_STOPPED:
        s->sum->interrupted = true;
    }
    return 0;
}

int conduct_all(const struct conduct *conduct, struct conduct_sum *out,
                struct error *err)
{
    SCOPED(free_scoped) int64_t *started_ns = NULL;
    SCOPED(free_scoped) int64_t *attempt = NULL;
    SCOPED(free_scoped) bool *orphaned = NULL;
    SCOPED(free_scoped) bool *retired = NULL;
    SCOPED(free_scoped) size_t *lent = NULL;
    struct state s = {.plan = conduct, .sum = out};
    int rc = 0;

    *out = (struct conduct_sum){0};
    s.started_ns = started_ns = calloc(conduct->workers, sizeof *started_ns);
    s.attempt = attempt = calloc(conduct->n_tests + 1, sizeof *attempt);
    s.orphaned = orphaned = calloc(conduct->n_tests + 1, sizeof *orphaned);
    s.retired = retired = calloc(conduct->n_programs + 1, sizeof *retired);
    s.lent = lent = calloc(conduct->workers, sizeof *lent);
    if (!started_ns || !attempt || !orphaned || !retired || !lent)
        return ERROR(err, ERR_NOMEM, "no memory for a run of tests");
    s.began_ns = now(&s);
    while (rc == 0 && !out->interrupted && !out->expired &&
           !schedule_over(conduct->schedule)) {
        rc = step(&s, err);
        out->expired =
            conduct->max_ns > 0 && now(&s) - s.began_ns >= conduct->max_ns;
    }
    out->interrupted |= s.stopping;
    out->makespan_ns = now(&s) - s.began_ns;
    return rc;
}
