/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fixtures around open, run, close and drop. */
#include <config.h>

#include "adapt/fixture_executor.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "runner/measure/metrics.h"
#include "runner/process/slot.h"

enum { LOG_LINES = 3 };

struct fixture_executor {
    struct executor inner;
    struct fixtures *fixtures;
    size_t place;
    int stop_fd;
    fixture_names *names;
    void *ctx;
    const struct counting *counting;
    struct fixture_set *set;            /* of what is open, or NULL */
    struct subject subject[WIRE_SIDES]; /* with the environment it needs */
    struct arena arena;                 /* of what is open */
};

static void leave(struct fixture_executor *x)
{
    fixture_set_leave(x->set);
    x->set = NULL;
    arena_clear(&x->arena);
}

/* The next case finds the place free; complaints are kept for the end. */
static int leave_and_settle(struct fixture_executor *x, struct error *err)
{
    if (!x->set)
        return 0;
    leave(x);
    return fixtures_settle(x->fixtures, err);
}

/* What the servers said may explain why a case failed. */
static void add_logs(const struct fixture_executor *x, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf logs = {0};
    size_t used;

    if (!x->set || !err)
        return;
    fixture_set_logs(x->set, LOG_LINES, &logs);
    used = strlen(err->text);
    snprintf(err->text + used, sizeof err->text - used, "%s",
             strbuf_text(&logs));
}

static int fail(struct fixture_executor *x, int rc, struct error *err)
{
    struct error ignored = {0};

    if (rc == ERR_PEER || rc == ERR_TIMEOUT)
        add_logs(x, err);
    leave_and_settle(x, &ignored);
    return rc;
}

/* What the case sets itself wins. */
static int dress(struct fixture_executor *x, const struct subject *const *sides,
                 int n, struct error *err)
{
    char *const *env = fixture_set_env(x->set);
    int rc = env ? 0 : ERROR(err, ERR_NOMEM, "no memory for an environment");

    for (int i = 0; i < n && rc == 0; i++) {
        x->subject[i] = *sides[i];
        x->subject[i].env = environment_join(sides[i]->env, env, &x->arena);
        if (!x->subject[i].env)
            rc = ERROR(err, ERR_NOMEM, "no memory for an environment");
    }
    return rc;
}

/* Bring up what the case needs; what keeps it from that is the case's. */
static int enter(struct fixture_executor *x, const char *const *name,
                 size_t n_names, long program, struct side_failure *bad,
                 struct error *err)
{
    enum fixture_state state;
    int rc = fixtures_want(x->fixtures, x->place, program, name, n_names,
                           &x->set, err);

    if (rc == 0)
        rc = fixtures_wait(x->fixtures, x->set, x->stop_fd, err);
    if (rc < 0)
        return rc;
    state = fixture_set_state(x->set);
    if (state == FIXTURE_READY)
        return 0;
    *bad = (struct side_failure){.state = state == FIXTURE_SKIPS ? SIDE_SKIPPED
                                                                 : SIDE_FAILED};
    return ERROR(err, ERR_PEER, "%s", fixture_set_message(x->set));
}

static int open_sides(void *ctx, const struct subject *const *sides, int n,
                      struct side_failure *bad, struct error *err)
{
    struct fixture_executor *x = ctx;
    const struct subject *dressed[WIRE_SIDES] = {&x->subject[0],
                                                 &x->subject[1]};
    const char *const *name;
    struct error ignored = {0};
    size_t n_names;
    long program;
    int rc;

    leave_and_settle(x, &ignored);
    if (!x->names(x->ctx, sides[n - 1]->id, &name, &n_names, &program))
        return x->inner.open(x->inner.ctx, sides, n, bad, err);
    rc = enter(x, name, n_names, program, bad, err);
    if (rc == 0)
        rc = dress(x, sides, n, err);
    if (rc < 0) {
        leave_and_settle(x, &ignored);
        return rc;
    }
    rc = x->inner.open(x->inner.ctx, dressed, n, bad, err);
    return rc < 0 ? fail(x, rc, err) : 0;
}

static int run_script(void *ctx, const struct stage_order *order, size_t n,
                      struct stage_slice *out, struct side_failure *bad,
                      struct error *err)
{
    struct fixture_executor *x = ctx;
    int rc = x->inner.run(x->inner.ctx, order, n, out, bad, err);

    return rc < 0 ? fail(x, rc, err) : 0;
}

static int close_sides(void *ctx, struct side_report *report,
                       struct side_failure *bad, struct error *err)
{
    struct fixture_executor *x = ctx;
    int rc = x->inner.close(x->inner.ctx, report, bad, err);

    return rc < 0 ? fail(x, rc, err) : leave_and_settle(x, err);
}

static void drop(void *ctx)
{
    struct fixture_executor *x = ctx;
    struct error ignored = {0};

    x->inner.drop(x->inner.ctx);
    leave_and_settle(x, &ignored);
}

static int64_t now(void *ctx)
{
    struct fixture_executor *x = ctx;

    return x->inner.now(x->inner.ctx);
}

int fixture_executor_open(const struct executor *inner,
                          struct fixtures *fixtures, size_t place, int stop_fd,
                          fixture_names *names, void *ctx,
                          struct fixture_executor **owner, struct executor *out,
                          struct error *err)
{
    struct fixture_executor *x = calloc(1, sizeof *x);

    if (!x)
        return ERROR(err, ERR_NOMEM, "no memory for an executor");
    *x = (struct fixture_executor){
        .inner = *inner,
        .fixtures = fixtures,
        .place = place,
        .stop_fd = stop_fd,
        .names = names,
        .ctx = ctx,
    };
    *out = *inner;
    out->ctx = x;
    out->open = open_sides;
    out->run = run_script;
    out->close = close_sides;
    out->drop = drop;
    out->now = now;
    *owner = x;
    return 0;
}

static int count(void *ctx, const struct subject *subject, uint64_t iterations,
                 struct side_report *out, struct error *err)
{
    struct fixture_executor *x = ctx;
    const struct counting *inner = x->counting;
    const char *const *name;
    struct error ignored = {0}, why = {0};
    struct side_failure bad;
    size_t n_names;
    long program;
    int rc;

    leave_and_settle(x, &ignored);
    if (!x->names(x->ctx, subject->id, &name, &n_names, &program))
        return inner->count(inner->ctx, subject, iterations, out, err);
    rc = enter(x, name, n_names, program, &bad, &why);
    if (rc == 0)
        rc = dress(x, &subject, 1, &why);
    if (rc == 0)
        rc = inner->count(inner->ctx, &x->subject[0], iterations, out, &why);
    leave_and_settle(x, &ignored);
    if (rc == ERR_PEER) /* the case will say so when it is measured */
        return 0;
    if (rc < 0 && err)
        *err = why;
    return rc;
}

void fixture_executor_counting(struct fixture_executor *owner,
                               const struct counting *inner,
                               struct counting *out)
{
    owner->counting = inner;
    *out =
        (struct counting){.ctx = owner, .count = inner->count ? count : NULL};
}

void fixture_executor_close(struct fixture_executor *owner)
{
    if (!owner)
        return;
    drop(owner);
    arena_clear(&owner->arena);
    free(owner);
}
