/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real workers. */
#include <config.h>

#include "runner/testing/live_crew.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "runner/testing/live_state.h"

enum {
    PRINTED_MAX = 32 * 1024, /* of the output of a process that was lost */
};

/* As the order says them. */
static const char *const isolations[] = {[ISOLATION_PROCESS] = "process",
                                         [ISOLATION_WORKER] = "worker",
                                         [ISOLATION_NS] = "ns"};

static const int64_t second_ns = 1000000000;
/* In the worker's own process nobody else ends a test.  One that is expected to
 * end badly is forked there as well, and its end is the library's to tell. */
static const int64_t forked_ns = 100000000;
static const int64_t ending_ns = 10000000000;

/* ---- limits */

/* How long a worker may be silent about a test: the library ends the test by
 * itself, but set-up that outlives a test runs in the worker's own process. */
static int64_t patience_ns(const struct live_crew *live,
                           const struct live_test *test)
{
    int64_t more = 10 * second_ns;

    if (live->options.isolation == ISOLATION_WORKER)
        return test->timeout_ns + forked_ns;
    if (test->timeout_ns > more)
        more = test->timeout_ns;
    return test->timeout_ns + live->options.grace_ns + more;
}

static void start_clock(struct live_crew *live, struct live_worker *w)
{
    w->deadline_ns =
        watch_now_ns() + patience_ns(live, &live->options.test[w->sent[0]]);
}

/* Of what stands as long as the session, before the first test. */
static int64_t session_limit(const struct live_test *test)
{
    return test->timeout_ns > 10 * second_ns ? test->timeout_ns
                                             : 10 * second_ns;
}

/* ---- orders */

static int send_order(struct live_crew *live, struct live_worker *w,
                      size_t test, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf order = {0};
    const struct live_test *t = &live->options.test[test];

    message_begin(&order, "test");
    message_add(&order, "case", t->name);
    message_add_int(&order, "timeout_ms", t->timeout_ns / 1000000);
    message_add(&order, "isolation", isolations[live->options.isolation]);
    if (live->options.grace_ns > 0)
        message_add_int(&order, "grace_ms", live->options.grace_ns / 1000000);
    if (live->options.cpu_ns > 0)
        message_add_int(&order, "cpu_ms", live->options.cpu_ns / 1000000);
    if (live->options.stream)
        message_add_int(&order, "stream", 1);
    return peer_send(w->peer[w->active], &order, err);
}

/* A program that cannot be started is the event of that worker; what the
 * coordinator lacks ends the run. */
static int note_death(struct live_worker *w, int rc, const struct error *why,
                      struct error *err)
{
    if (rc == ERR_PEER || rc == ERR_TIMEOUT) {
        w->died = strdup(why->text);
        if (w->died)
            return 0;
        return ERROR(err, ERR_NOMEM, "no memory for a message");
    }
    if (rc == ERR_STOPPED) /* the next wait says so */
        return 0;
    if (err)
        *err = *why;
    return rc;
}

/* Send the tests whose fixtures of the session stand, in order; none to a
 * program whose start was interrupted. */
static int post(struct live_crew *live, struct live_worker *w,
                struct error *err)
{
    struct error why = {0};
    int rc = 0;

    while (w->peer[w->active] && w->posted < w->n && !w->died && rc == 0) {
        size_t test = w->sent[w->posted];
        const struct live_test *t = &live->options.test[test];

        if (!keepers_ready(live->keepers, t->program, t->session))
            return 0;
        rc = keepers_give(live->keepers, t->program, w->peer[t->program],
                          &w->given[t->program], &why);
        if (rc == 0)
            rc = send_order(live, w, test, &why);
        if (w->posted++ == 0)
            start_clock(live, w);
    }
    return rc < 0 ? note_death(w, rc, &why, err) : 0;
}

/* Those that ran a test before. */
static int refresh(struct live_crew *live, struct live_worker *w,
                   struct error *err)
{
    int rc = 0;

    for (size_t p = 0; p < live->options.n_programs && rc == 0; p++)
        rc = live_dismiss(live, w, p, err);
    return rc;
}

static int crew_send(void *ctx, size_t worker, size_t test, const size_t *lent,
                     size_t n, struct error *err)
{
    struct live_crew *live = ctx;
    struct live_worker *w = &live->worker[worker];
    const struct live_test *t = &live->options.test[test];
    struct error why = {0};
    int rc;

    assert(w->n < SENT_MAX && (w->n == 0 || t->program == w->active));
    w->sent[w->n++] = test;
    w->active = t->program;
    w->used[t->program] = ++live->orders;
    if (w->died)
        return 0;
    if (live->options.fresh) {
        rc = refresh(live, w, err);
        if (rc < 0)
            return rc;
    }
    if (!w->peer[t->program]) {
        rc = live_make_room(live, w, err);
        if (rc == 0)
            rc = live_start(live, w, t->program, &why);
        if (rc < 0)
            return why.code ? note_death(w, rc, &why, err) : rc;
    }
    live_widen(live, w, lent, n);
    rc = keepers_want(live->keepers, t->program, t->session, session_limit(t),
                      err);
    return rc < 0 ? rc : post(live, w, err);
}

static int crew_retire(void *ctx, size_t program, struct error *err)
{
    struct live_crew *live = ctx;
    int rc = 0;

    for (size_t w = 0; w < live->options.n_workers && rc == 0; w++)
        rc = live_dismiss(live, &live->worker[w], program, err);
    return rc;
}

/* ---- events */

static int say(struct live_crew *live, const char *text, struct error *err)
{
    free(live->said);
    live->said = strdup(text);
    return live->said ? 0 : ERROR(err, ERR_NOMEM, "no memory for a message");
}

static int lose(struct live_crew *live, size_t worker, bool overdue,
                const char *why, struct crew_event *out, struct error *err)
{
    struct live_worker *w = &live->worker[worker];
    int rc = say(live, why, err);

    strbuf_clear(&live->printed);
    if (w->peer[w->active])
        peer_output(w->peer[w->active], PRINTED_MAX, &live->printed);
    live_forget(w);
    if (rc == 0)
        *out = (struct crew_event){.kind = CREW_LOST,
                                   .worker = worker,
                                   .overdue = overdue,
                                   .why = live->said,
                                   .output = strbuf_text(&live->printed)};
    return rc;
}

/* The error of a peer that ended tells of the order before, but for one that
 * never came to read one. */
static int lose_peer(struct live_crew *live, size_t worker, const char *why,
                     struct crew_event *out, struct error *err)
{
    const struct live_worker *w = &live->worker[worker];
    const struct child_end *end = peer_ended(w->peer[w->active]);
    char how[CHILD_END_TEXT], text[CHILD_END_TEXT + 64];

    if (end && peer_has_greeted(w->peer[w->active])) {
        snprintf(text, sizeof text, "its worker's process %s %s",
                 end->signal ? "was ended by" : "ended with",
                 child_end_text(how, end));
        why = text;
    }
    return lose(live, worker, false, why, out, err);
}

static int take_message(struct live_crew *live, size_t worker,
                        const struct message *message, struct crew_event *out,
                        struct error *err)
{
    struct live_worker *w = &live->worker[worker];
    struct peer_tested tested =
        peer_tested_unknown(TEST_FAILED, message_text(message, "message"));
    struct error why = {0};

    if (strcmp(message->verb, "failed") != 0 &&
        peer_read_tested(message, &tested, &why) < 0)
        return lose(live, worker, false, why.text, out, err);
    live->shared |= tested.shared;
    memmove(w->sent, w->sent + 1, --w->n * sizeof *w->sent);
    if (--w->posted)
        start_clock(live, w);
    *out = (struct crew_event){
        .kind = CREW_TESTED, .worker = worker, .tested = tested};
    return 0;
}

static int lose_overdue(struct live_crew *live, size_t worker,
                        struct crew_event *out, struct error *err)
{
    size_t test = live->worker[worker].sent[0];
    char text[64];

    if (live->options.isolation != ISOLATION_WORKER)
        return lose(live, worker, true,
                    "its worker was silent for longer than the test may take: "
                    "set-up that outlives a test, or the program itself, hangs",
                    out, err);
    snprintf(text, sizeof text, "ended after %.3f s, with its worker",
             (double)live->options.test[test].timeout_ns / 1e9);
    return lose(live, worker, true, text, out, err);
}

/* A worker that could not start a process, or that has been silent for too
 * long.  Returns 1 when there is one. */
static int find_lost(struct live_crew *live, bool overdue,
                     struct crew_event *out, struct error *err)
{
    int64_t now_ns = watch_now_ns();

    for (size_t i = 0; i < live->options.n_workers; i++) {
        struct live_worker *w = &live->worker[i];
        int rc;

        if (w->died) {
            rc = lose(live, i, false, w->died, out, err);
            free(w->died);
            w->died = NULL;
            return rc < 0 ? rc : 1;
        }
        if (overdue && w->posted && w->deadline_ns <= now_ns) {
            rc = lose_overdue(live, i, out, err);
            return rc < 0 ? rc : 1;
        }
    }
    return 0;
}

/* Those that something was sent to. */
static size_t collect_busy(struct live_crew *live, struct watch *watch)
{
    size_t n = 0;

    for (size_t i = 0; i < live->options.n_workers; i++) {
        struct live_worker *w = &live->worker[i];

        if (w->posted == 0 || !w->peer[w->active])
            continue;
        live->polled[n] = w->peer[w->active];
        live->owner[n++] = i;
        if (w->deadline_ns < watch->deadline_ns)
            watch->deadline_ns = w->deadline_ns;
    }
    return keepers_collect(live->keepers, live->polled, live->owner, n,
                           live->options.n_workers, &watch->deadline_ns);
}

/* Fixtures of the session were set up, or not. */
static int post_all(struct live_crew *live, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < live->options.n_workers && rc == 0; i++)
        rc = post(live, &live->worker[i], err);
    return rc;
}

static int take_from(struct live_crew *live, size_t owner,
                     const struct message *message, struct crew_event *out,
                     struct error *err)
{
    size_t workers = live->options.n_workers;
    int rc;

    if (owner < workers)
        return take_message(live, owner, message, out, err);
    rc = keepers_take(live->keepers, owner - workers, message, err);
    return rc < 0 ? rc : post_all(live, err);
}

static int lose_from(struct live_crew *live, size_t owner, const char *why,
                     struct crew_event *out, struct error *err)
{
    size_t workers = live->options.n_workers;
    int rc;

    if (owner < workers)
        return lose_peer(live, owner, why, out, err);
    rc = keepers_lose(live->keepers, owner - workers, why, err);
    return rc < 0 ? rc : post_all(live, err);
}

static int on_deadline(struct live_crew *live, struct crew_event *out,
                       struct error *err)
{
    int rc = keepers_expire(live->keepers, watch_now_ns(), err);

    if (rc > 0)
        rc = post_all(live, err);
    if (rc == 0)
        rc = find_lost(live, true, out, err);
    return rc < 0 ? rc : 0;
}

static bool is_stopped(const struct live_crew *live)
{
    struct watch watch = {.stop_fd = live->options.stop_fd,
                          .deadline_ns = watch_now_ns()};
    struct pollfd none = {.fd = -1};

    return watch_poll(&watch, &none, 1, NULL) == ERR_STOPPED;
}

static int wait_for_any(struct live_crew *live, int64_t limit_ns,
                        struct crew_event *out, struct error *err)
{
    struct watch watch = {.stop_fd = live->options.stop_fd,
                          .deadline_ns = watch_now_ns() + limit_ns};
    struct message message;
    struct error why = {0};
    size_t which, n = collect_busy(live, &watch);
    int rc;

    if (n)
        rc = peers_next(live->polled, n, &watch, &which, &message, &why);
    else /* while something was started */
        rc = is_stopped(live)
                 ? ERR_STOPPED
                 : ERROR(&why, ERR_INVAL, "no worker has anything to do");
    switch (rc) {
    case 0:
        return take_from(live, live->owner[which], &message, out, err);
    case ERR_PEER:
        return lose_from(live, live->owner[which], why.text, out, err);
    case ERR_STOPPED:
        out->kind = CREW_STOPPED;
        return 0;
    case ERR_TIMEOUT:
        return on_deadline(live, out, err);
    default:
        if (err)
            *err = why;
        return rc;
    }
}

static int crew_wait(void *ctx, int64_t limit_ns, struct crew_event *out,
                     struct error *err)
{
    struct live_crew *live = ctx;
    int rc = find_lost(live, false, out, err);

    if (rc == 0)
        rc = wait_for_any(live, limit_ns, out, err);
    out->stopping = is_stopped(live);
    return rc < 0 ? rc : 0;
}

static int64_t crew_now(void *ctx)
{
    (void)ctx;
    return watch_now_ns();
}

/* ---- begin and end */

static int open_worker(struct live_crew *live, size_t i, struct error *err)
{
    const struct live_crew_options *o = &live->options;
    const struct placement_worker *place = &o->place[i];
    struct live_worker *w = &live->worker[i];
    char name[24];
    struct slot_options slot = {
        .worker = name,
        .workers = o->n_workers,
        .cpus = place->pu,
        .n_cpus = place->n_pus,
        .nodes = place->node >= 0 ? &place->node : NULL,
        .n_nodes = place->node >= 0,
        .port_base = guardian_ports(o->guardian, ports_of_worker(i, 0)),
        .tmpdir = o->tmpdir,
    };

    snprintf(name, sizeof name, "w%zu", i);
    w->peer = calloc(o->n_programs + 1, sizeof(*w->peer));
    w->used = calloc(o->n_programs + 1, sizeof *w->used);
    w->given = calloc(o->n_programs + 1, sizeof *w->given);
    if (!w->peer || !w->used || !w->given)
        return ERROR(err, ERR_NOMEM, "no memory for a worker");
    return slot_open(o->guardian, &slot, &w->slot, err);
}

static int open_keepers(struct live_crew *live, struct error *err)
{
    const struct live_crew_options *o = &live->options;
    struct keepers_options options = {
        .guardian = o->guardian,
        .stage = live->stage,
        .program = o->program,
        .n_programs = o->n_programs,
        .n_workers = o->n_workers,
        .env = o->env,
        .tmpdir = o->tmpdir,
        .seed = o->seed,
        .stop_fd = o->stop_fd,
        .stream = o->stream,
        .port_base = guardian_ports(o->guardian, PORTS_KEEPERS),
        .timed = o->timed,
        .ctx = o->ctx,
    };

    return keepers_open(&options, &live->keepers, err);
}

int live_crew_open(const struct live_crew_options *options,
                   struct live_crew **out, struct crew *crew, struct error *err)
{
    struct live_crew *live = calloc(1, sizeof *live);
    size_t most = options->n_workers + options->n_programs;
    int rc;

    if (!live)
        return ERROR(err, ERR_NOMEM, "no memory for workers");
    live->options = *options;
    live->worker = calloc(options->n_workers, sizeof *live->worker);
    live->polled = calloc(most, sizeof(*live->polled));
    live->owner = calloc(most, sizeof *live->owner);
    if (options->debugger &&
        asprintf(&live->debugger, "TARE_DEBUGGER=%s", options->debugger) < 0)
        live->debugger = NULL;
    if (live->worker && live->polled && live->owner)
        rc = stage_open(&live->stage, err);
    else
        rc = ERROR(err, ERR_NOMEM, "no memory for workers");
    if (rc == 0)
        rc = open_keepers(live, err);
    for (size_t i = 0; i < options->n_workers && rc == 0; i++)
        rc = open_worker(live, i, err);
    if (rc < 0) {
        live_crew_close(live);
        return rc;
    }
    *crew = (struct crew){
        .ctx = live,
        .send = crew_send,
        .wait = crew_wait,
        .retire = crew_retire,
        .now = crew_now,
    };
    *out = live;
    return 0;
}

void live_crew_end(struct live_crew *live, struct strbuf *complaints)
{
    struct watch outer = {.stop_fd = -1};

    for (size_t i = 0; i < live->options.n_workers; i++) {
        struct live_worker *w = &live->worker[i];

        if (w->n && live->options.isolation == ISOLATION_WORKER)
            live_forget(w);
        for (size_t p = 0; p < live->options.n_programs; p++)
            live_dismiss(live, w, p, NULL);
    }
    for (size_t i = 0; i < live->n_leaving; i++) {
        struct watch watch = watch_within(&outer, ending_ns);
        struct error why = {0};

        if (peer_end(live->leaving[i], &watch, NULL, &why) < 0)
            strbuf_printf(complaints, "%s\n", why.text);
        peer_free(live->leaving[i]);
    }
    live->n_leaving = 0;
    keepers_end(live->keepers, ending_ns, complaints);
}

bool live_crew_shared(const struct live_crew *live)
{
    return live->shared;
}

void live_crew_close(struct live_crew *live)
{
    if (!live)
        return;
    for (size_t i = 0; live->worker && i < live->options.n_workers; i++) {
        struct live_worker *w = &live->worker[i];

        for (size_t p = 0; w->peer && p < live->options.n_programs; p++)
            peer_free(w->peer[p]);
        slot_close(w->slot);
        free(w->peer);
        free(w->used);
        free(w->given);
        free(w->died);
    }
    for (size_t i = 0; i < live->n_leaving; i++)
        peer_free(live->leaving[i]);
    keepers_close(live->keepers);
    stage_close(live->stage);
    free(live->worker);
    free(live->leaving);
    free(live->polled);
    free(live->owner);
    free(live->debugger);
    free(live->said);
    strbuf_clear(&live->printed);
    free(live);
}
