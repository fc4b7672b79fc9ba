/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holding tests back until their fixtures are up. */
#include <config.h>

#include "adapt/fixture_crew.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "runner/testing/schedule.h"

enum {
    ENTRIES_MAX = 2 + SCHEDULE_AHEAD_MAX,
    LOG_LINES = 3,
};

static const int64_t glance_ns = 5000000; /* while something is set up */

/* A test on its way, in the order it was sent. */
enum entry_state {
    ENTRY_HELD = 0, /* its fixtures, or one before it, are not ready */
    ENTRY_SENT,
    ENTRY_DOOMED, /* its fixtures could not be set up */
};

struct entry {
    enum entry_state state;
    size_t test;
    size_t *lent;
    size_t n_lent;
    struct fixture_set *set; /* NULL: it has none */
    bool alone;              /* has some of scope case */
};

struct queue {
    struct entry entry[ENTRIES_MAX];
    size_t n;
};

struct fixture_crew {
    struct fixture_crew_options options;
    struct queue *queue; /* of each worker */
    char ***env;         /* [worker * n_programs + program], NULL: none yet */
    size_t in_flight;    /* entries SENT, of all workers */
    struct strbuf said;  /* `message` of the last event */
    struct arena arena;
};

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a test with fixtures");
}

/* ---- queues */

static void drop_entry(struct fixture_crew *x, struct queue *q, size_t i)
{
    struct entry *e = &q->entry[i];

    x->in_flight -= e->state == ENTRY_SENT;
    fixture_set_leave(e->set);
    free(e->lent);
    memmove(e, e + 1, (--q->n - i) * sizeof *e);
}

/* The variables stay the same for all tests of a process: what is of scope case
 * exports the same at one place. */
static int keep_env(struct fixture_crew *x, size_t worker,
                    const struct entry *e, struct error *err)
{
    char ***at =
        &x->env[worker * x->options.n_programs + x->options.program[e->test]];
    char *const *env;
    size_t n = 0;

    if (*at || !e->set)
        return 0;
    env = fixture_set_env(e->set);
    while (env && env[n])
        n++;
    *at = env ? arena_alloc(&x->arena, n + 1, sizeof **at) : NULL;
    if (!*at)
        return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        (*at)[i] = arena_strdup(&x->arena, env[i]);
        if (!(*at)[i])
            return no_memory(err);
    }
    return 0;
}

static int hand_on(struct fixture_crew *x, size_t worker, struct entry *e,
                   struct error *err)
{
    const struct crew *inner = x->options.inner;
    int rc = keep_env(x, worker, e, err);

    if (rc < 0)
        return rc;
    e->state = ENTRY_SENT;
    x->in_flight++;
    return inner->send(inner->ctx, worker, e->test, e->lent, e->n_lent, err);
}

/* Hand on what may go.  Nothing overtakes. */
static int pump(struct fixture_crew *x, size_t worker, struct error *err)
{
    struct queue *q = &x->queue[worker];
    int rc = 0;

    for (size_t i = 0; i < q->n && rc == 0; i++) {
        struct entry *e = &q->entry[i];
        enum fixture_state state =
            e->set ? fixture_set_state(e->set) : FIXTURE_READY;

        if (e->state == ENTRY_HELD && state == FIXTURE_PENDING)
            return 0;
        if (e->state == ENTRY_HELD && state != FIXTURE_READY)
            e->state = ENTRY_DOOMED;
        if (e->alone && i > 0 && e->state == ENTRY_HELD)
            return 0;
        if (e->state == ENTRY_HELD)
            rc = hand_on(x, worker, e, err);
        if (e->alone && e->state == ENTRY_SENT)
            return rc;
    }
    return rc;
}

static bool has_own(const struct fixtures_options *o, const char *const *name,
                    size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct fixture *f = suite_fixture(o->suite, name[i]);

        if (f->scope == FIXTURE_CASE || f->scope == FIXTURE_BATCH)
            return true;
    }
    return false;
}

static int crew_send(void *ctx, size_t worker, size_t test, const size_t *lent,
                     size_t n, struct error *err)
{
    struct fixture_crew *x = ctx;
    struct queue *q = &x->queue[worker];
    struct entry *e = &q->entry[q->n];
    const char *const *name;
    size_t n_names;
    long program;
    int rc = 0;

    assert(q->n < ENTRIES_MAX);
    *e = (struct entry){.test = test, .n_lent = n};
    e->lent = calloc(n + 1, sizeof *e->lent);
    if (!e->lent)
        return no_memory(err);
    if (n)
        memcpy(e->lent, lent, n * sizeof *lent);
    x->options.names(x->options.ctx, test, &name, &n_names, &program);
    q->n++;
    if (n_names) {
        e->alone =
            has_own(fixtures_settings(x->options.fixtures), name, n_names);
        rc = fixtures_want(x->options.fixtures, worker, program, name, n_names,
                           &e->set, err);
        if (rc == 0)
            rc = fixtures_step(x->options.fixtures, err);
    }
    return rc < 0 ? rc : pump(x, worker, err);
}

/* ---- events */

/* A test at the head of its queue that never ran. */
static bool take_doomed(struct fixture_crew *x, struct crew_event *out)
{
    for (size_t w = 0; w < x->options.n_workers; w++) {
        struct queue *q = &x->queue[w];

        if (q->n == 0 || q->entry[0].state != ENTRY_DOOMED)
            continue;
        strbuf_clear(&x->said);
        strbuf_puts(&x->said, fixture_set_message(q->entry[0].set));
        *out = (struct crew_event){
            .kind = CREW_TESTED,
            .worker = w,
            .tested = peer_tested_unknown(fixture_set_state(q->entry[0].set) ==
                                                  FIXTURE_SKIPS
                                              ? TEST_SKIPPED
                                              : TEST_FAILED,
                                          strbuf_text(&x->said)),
        };
        drop_entry(x, q, 0);
        return true;
    }
    return false;
}

/* What its servers said may explain a failure. */
static void explain(struct fixture_crew *x, const struct entry *e,
                    struct peer_tested *tested)
{
    if (!e->set || tested->outcome == TEST_PASSED ||
        tested->outcome == TEST_SKIPPED)
        return;
    strbuf_clear(&x->said);
    strbuf_puts(&x->said, tested->message);
    fixture_set_logs(e->set, LOG_LINES, &x->said);
    if (!x->said.failed)
        tested->message = strbuf_text(&x->said);
}

static int take_event(struct fixture_crew *x, struct crew_event *event,
                      struct error *err)
{
    struct queue *q = &x->queue[event->worker];

    switch (event->kind) {
    case CREW_TESTED:
        explain(x, &q->entry[0], &event->tested);
        drop_entry(x, q, 0);
        break;
    case CREW_LOST:
        while (q->n)
            drop_entry(x, q, q->n - 1);
        break;
    case CREW_NOTHING:
    case CREW_STOPPED:
        return 0;
    }
    return fixtures_step(x->options.fixtures, err);
}

static int pump_all(struct fixture_crew *x, struct error *err)
{
    int rc = fixtures_step(x->options.fixtures, err);

    for (size_t w = 0; w < x->options.n_workers && rc == 0; w++)
        rc = pump(x, w, err);
    return rc;
}

/* No worker runs anything: only fixtures are under way. */
static int doze(struct fixture_crew *x, struct crew_event *out,
                struct error *err)
{
    struct error why = {0};
    int rc = fixtures_doze(x->options.fixtures, x->options.stop_fd, &why);

    if (rc == ERR_STOPPED) {
        out->kind = CREW_STOPPED;
        return 0;
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}

static int crew_wait(void *ctx, int64_t limit_ns, struct crew_event *out,
                     struct error *err)
{
    struct fixture_crew *x = ctx;
    const struct crew *inner = x->options.inner;
    int64_t until = inner->now(inner->ctx) + limit_ns;
    int rc = 0;

    *out = (struct crew_event){.kind = CREW_NOTHING};
    while (rc == 0 && out->kind == CREW_NOTHING) {
        int64_t left = until - inner->now(inner->ctx);

        rc = pump_all(x, err);
        if (rc < 0 || take_doomed(x, out) || left <= 0)
            return rc;
        if (!fixtures_idle(x->options.fixtures) && left > glance_ns)
            left = glance_ns;
        if (x->in_flight == 0)
            rc = doze(x, out, err);
        else
            rc = inner->wait(inner->ctx, left, out, err);
        if (rc == 0)
            rc = take_event(x, out, err);
    }
    return rc;
}

static int crew_retire(void *ctx, size_t program, struct error *err)
{
    struct fixture_crew *x = ctx;
    const struct crew *inner = x->options.inner;

    return inner->retire(inner->ctx, program, err);
}

static int64_t crew_now(void *ctx)
{
    struct fixture_crew *x = ctx;

    return x->options.inner->now(x->options.inner->ctx);
}

/* ---- begin and end */

int fixture_crew_open(const struct fixture_crew_options *options,
                      struct fixture_crew **owner, struct crew *out,
                      struct error *err)
{
    struct fixture_crew *x = calloc(1, sizeof *x);

    if (!x)
        return no_memory(err);
    x->options = *options;
    x->queue = calloc(options->n_workers, sizeof *x->queue);
    x->env =
        calloc(options->n_workers * options->n_programs + 1, sizeof *x->env);
    if (!x->queue || !x->env) {
        fixture_crew_close(x);
        return no_memory(err);
    }
    *out = (struct crew){
        .ctx = x,
        .send = crew_send,
        .wait = crew_wait,
        .retire = crew_retire,
        .now = crew_now,
    };
    *owner = x;
    return 0;
}

void fixture_crew_close(struct fixture_crew *owner)
{
    if (!owner)
        return;
    for (size_t w = 0; owner->queue && w < owner->options.n_workers; w++)
        while (owner->queue[w].n)
            drop_entry(owner, &owner->queue[w], owner->queue[w].n - 1);
    free(owner->queue);
    free(owner->env);
    strbuf_clear(&owner->said);
    arena_clear(&owner->arena);
    free(owner);
}

char *const *fixture_crew_env(void *ctx, size_t worker, size_t program)
{
    struct fixture_crew *x = ctx;

    return x->env[worker * x->options.n_programs + program];
}
