/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening, running and closing one or two real programs. */
#include <config.h>

#include "runner/measure/live.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "runner/measure/disturbed.h"
#include "runner/measure/script.h"
#include "runner/process/baton.h"
#include "runner/process/peer.h"
#include "runner/process/slot.h"
#include "runner/process/stage.h"
#include "stats/harrell_davis.h"

extern char **environ;

/* Neighbours on a shared machine preempt a measured program of their own
 * priority every few milliseconds, and every third slice with them; where the
 * system allows it, they wait. */
static const int measured_nice = -20;

/* Where a subject names no limit. */
static const int64_t default_timeout_ns = 60000000000;

struct live {
    struct guardian *guardian;
    struct slot *slot[WIRE_SIDES];
    struct stage *stage;
    int stop_fd;
    struct baton *baton;
    uint64_t seed, random;
    struct around around;
    size_t n_cpus, each; /* as in struct live_options */
    live_verify *verify;
    void *verify_ctx;
    /* what is open */
    const struct subject *subject[WIRE_SIDES];
    struct peer *peer[WIRE_SIDES];
    bool strayed[WIRE_SIDES];
    struct disturbance during; /* the last script */
    int n;
    struct peer *staying;     /* closed, with its process; or NULL */
    char *const *staying_for; /* subjects with this argv */
    /* what the last close said */
    struct arena said;
};

static struct watch watch_for(const struct live *live)
{
    struct watch outer = {.stop_fd = live->stop_fd, .baton = live->baton};
    int64_t limit = 0;

    for (int i = 0; i < live->n; i++) {
        int64_t mine = live->subject[i]->timeout_ns;

        if (mine <= 0)
            mine = default_timeout_ns;
        limit = mine > limit ? mine : limit;
    }
    return watch_within(&outer, limit);
}

static void end_sides(struct live *live)
{
    for (int i = 0; i < live->n; i++) {
        peer_free(live->peer[i]);
        live->peer[i] = NULL;
    }
    live->n = 0;
}

static void live_drop(void *ctx)
{
    struct live *live = ctx;

    end_sides(live);
    peer_free(live->staying);
    live->staying = NULL;
}

/* Everything is over: the error names the side, the state says how. */
static int give_up(struct live *live, int side, enum side_state state,
                   struct side_failure *bad, int rc)
{
    *bad = (struct side_failure){.side = side, .state = state};
    live_drop(live);
    return rc;
}

static size_t cpus_for(const struct live *live, const struct subject *subject)
{
    size_t threads = subject->threads ? subject->threads : 1;

    return live->each ? live->each * threads : live->n_cpus;
}

static int check_started(struct live *live, int side, struct error *err)
{
    const struct subject *subject = live->subject[side];
    bool as_asked = true;
    int rc = peer_binding(live->peer[side], &as_asked, err);

    live->strayed[side] = !as_asked;
    if (rc == 0 && live->verify)
        rc = live->verify(live->verify_ctx, subject,
                          (int)peer_pid(live->peer[side]), err);
    return rc;
}

static int start_side(struct live *live, int side, struct error *err)
{
    const struct subject *subject = live->subject[side];
    char seed[40];
    SCOPED(free_scoped) char **extra = NULL;
    struct peer_options options = {
        .name = subject->program,
        .argv = subject->argv,
        .env = environ,
        .cwd = subject->cwd,
        .seed = random_next(&live->random),
    };
    struct watch watch = watch_for(live);
    size_t n = 0;
    int rc;

    /* Input made from the seed is the same for all processes and both sides;
     * only the layout differs from one to the next. */
    snprintf(seed, sizeof seed, "TARE_SEED=%llu",
             (unsigned long long)live->seed);
    while (subject->env && subject->env[n])
        n++;
    options.extra = extra = calloc(n + 2, sizeof *extra);
    if (!extra)
        return ERROR(err, ERR_NOMEM, "no memory for an environment");
    extra[0] = seed;
    if (n)
        memcpy(extra + 1, subject->env, n * sizeof *extra);
    live->slot[side]->options.n_cpus = cpus_for(live, subject);
    live->around.n_cpus = live->slot[side]->options.n_cpus;
    rc = peer_start(live->guardian, live->slot[side], live->stage, &options,
                    &watch, &live->peer[side], err);

    return rc < 0 ? rc : check_started(live, side, err);
}

static int open_case(struct live *live, int side, enum side_state *state,
                     struct error *err)
{
    struct watch watch = watch_for(live);
    struct peer_opened opened;
    int rc = peer_open(live->peer[side], live->subject[side]->name, side,
                       &watch, &opened, err);

    if (rc < 0 || opened.outcome == PEER_DONE)
        return rc;
    if (opened.outcome == PEER_SKIPPED)
        *state = SIDE_SKIPPED;
    return ERROR(err, ERR_PEER, "%s", opened.message);
}

/* Bring one side to the start of its loop; *state says how it failed. */
static int open_side(struct live *live, int side, enum side_state *state,
                     struct error *err)
{
    int rc;

    *state = SIDE_FAILED;
    if (live->peer[side])
        return open_case(live, side, state, err);
    if (cpus_for(live, live->subject[side]) > live->n_cpus) {
        *state = SIDE_SKIPPED;
        return ERROR(err, ERR_PEER,
                     "its %zu threads need a core each, and there are %zu to "
                     "measure on",
                     live->subject[side]->threads, live->n_cpus / live->each);
    }
    rc = start_side(live, side, err);
    return rc < 0 ? rc : open_case(live, side, state, err);
}

static int live_open_sides(void *ctx, const struct subject *const *sides, int n,
                           struct side_failure *bad, struct error *err)
{
    struct live *live = ctx;
    /* Which side is started first must favour neither. */
    int first = n == 2 ? (int)(random_next(&live->random) >> 63) : 0;
    struct peer *staying = live->staying;

    if (staying && n == 1 && sides[0]->argv == live->staying_for)
        live->staying = NULL;
    else
        staying = NULL;
    live_drop(live);
    live->peer[0] = staying;
    for (int i = 0; i < n; i++)
        live->subject[i] = sides[i];
    live->n = n;
    live->during = (struct disturbance){0};
    for (int i = 0; i < n; i++) {
        int side = (first + i) % n;
        enum side_state state;
        int rc = open_side(live, side, &state, err);

        if (rc < 0)
            return give_up(live, side, state, bad, rc);
    }
    return 0;
}

static size_t pids_of(const struct live *live, pid_t pid[WIRE_SIDES])
{
    for (int i = 0; i < live->n; i++)
        pid[i] = peer_pid(live->peer[i]);
    return (size_t)live->n;
}

/* Reading the kernel's counters takes a millisecond that others can use. */
static void look_around(struct live *live, const pid_t *pid, size_t n)
{
    baton_pass(live->baton);
    around_begin(&live->around, pid, n, watch_now_ns());
    baton_take(live->baton);
}

static void look_back(struct live *live, const pid_t *pid, size_t n)
{
    baton_pass(live->baton);
    live->during = around_end(&live->around, pid, n, watch_now_ns());
    baton_take(live->baton);
}

static void mark_strays(struct live *live, const struct stage_slice *slice,
                        size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice_is_astray(&slice[i], live->around.cpu, live->around.n_cpus))
            live->strayed[slice[i].order.side] = true;
}

static int live_run(void *ctx, const struct stage_order *order, size_t n,
                    struct stage_slice *out, struct side_failure *bad,
                    struct error *err)
{
    struct live *live = ctx;
    struct watch watch = watch_for(live);
    pid_t pid[WIRE_SIDES];
    size_t n_pids = pids_of(live, pid);
    int culprit = -1;
    struct error why = {0};
    const char *said;
    int rc;

    look_around(live, pid, n_pids);
    rc = peer_run(live->peer, (size_t)live->n, live->stage, order, n, &watch,
                  out, &culprit, &why);
    if (rc == 0) {
        look_back(live, pid, n_pids);
        mark_strays(live, out, n);
        return 0;
    }
    culprit = culprit > 0 ? culprit : 0;
    said = peer_said(live->peer[culprit]);
    if (said) /* as from open and close: the case's own words */
        ERROR(err, ERR_PEER, "%s", said);
    else if (err)
        *err = why;
    return give_up(live, culprit, SIDE_FAILED, bad, rc);
}

/* Counters whose direction is not a word we know are shown, never judged. */
static void take_counters(struct live *live, const struct peer_closed *closed,
                          struct side_report *report)
{
    for (size_t i = 0; i < closed->n_counters; i++) {
        const struct peer_counter *from = &closed->counter[i];
        struct user_counter *to = &report->counter[report->n_counters];

        if (report->n_counters == USER_COUNTERS_MAX)
            return;
        *to = (struct user_counter){
            .name = arena_strdup(&live->said, from->name),
            .unit = arena_strdup(&live->said, from->unit),
            .value = from->value,
        };
        if (better_parse(from->better, &to->better) < 0)
            to->better = BETTER_NONE;
        if (to->name && to->unit)
            report->n_counters++;
    }
}

/* A quantile that too few samples lie beyond is the largest samples' alone
 * (stats/harrell_davis.h): it is not told. */
static void take_latency(const struct peer_latency *latency,
                         struct side_report *report)
{
    static const char *const name[PEER_QUANTILES] = {"p50", "p90", "p99",
                                                     "p99.9"};

    for (int i = 0; i < PEER_QUANTILES; i++) {
        if (report->n_counters == USER_COUNTERS_MAX ||
            (uint64_t)latency->count < stats_quantile_needs(peer_quantile[i]))
            return;
        report->counter[report->n_counters++] = (struct user_counter){
            .name = name[i],
            .unit = "ns",
            .better = BETTER_LOWER,
            .value = latency->ns[i],
        };
    }
}

static int close_side(struct live *live, int side, struct side_report *report,
                      struct error *err)
{
    struct watch watch = watch_for(live);
    struct peer_closed closed;
    int rc = peer_close(live->peer[side], &watch, &closed, err);

    if (rc < 0)
        return rc;
    if (closed.outcome == PEER_FAILED)
        return ERROR(err, ERR_PEER, "%s", closed.message);
    *report = (struct side_report){
        .items = closed.items,
        .bytes = closed.bytes,
        .max_rss = closed.max_rss < 0 ? NAN : (double)closed.max_rss,
        .result = arena_strdup(&live->said, closed.result),
        .during = live->during,
        .strayed = live->strayed[side],
    };
    if (!report->result)
        report->result = "";
    take_latency(&closed.latency, report);
    take_counters(live, &closed, report);
    if (!live->subject[side]->stays || live->n > 1)
        return peer_end(live->peer[side], &watch, NULL, err);
    live->staying = live->peer[side];
    live->staying_for = live->subject[side]->argv;
    live->peer[side] = NULL;
    return 0;
}

static int live_close_sides(void *ctx, struct side_report *report,
                            struct side_failure *bad, struct error *err)
{
    struct live *live = ctx;

    arena_clear(&live->said);
    for (int i = 0; i < live->n; i++) {
        int rc = close_side(live, i, &report[i], err);

        if (rc < 0)
            return give_up(live, i, SIDE_FAILED, bad, rc);
    }
    end_sides(live);
    return 0;
}

static int64_t live_now(void *ctx)
{
    (void)ctx;
    return watch_now_ns();
}

/* No two workers draw the same environments. */
static uint64_t own_random(const struct live_options *options)
{
    uint64_t seed = options->layout ? options->layout : options->seed;
    uint64_t state = seed + options->worker;

    return options->worker ? random_next(&state) : seed;
}

static int open_slots(struct live *live, const struct live_options *options,
                      struct error *err)
{
    char worker[24];
    int rc = 0;

    snprintf(worker, sizeof worker, "w%zu", options->worker);
    for (int i = 0; i < WIRE_SIDES && rc == 0; i++) {
        struct slot_options slot = {
            .worker = worker,
            .workers = options->workers ? options->workers : 1,
            .side = i,
            .cpus = options->cpus,
            .n_cpus = options->n_cpus,
            .nodes = options->nodes,
            .n_nodes = options->n_nodes,
            .nice = measured_nice,
            .port_base = guardian_ports(options->guardian,
                                        ports_of_worker(options->worker, i)),
            .tmpdir = options->tmpdir,
        };

        rc = slot_open(options->guardian, &slot, &live->slot[i], err);
    }
    return rc;
}

int live_open(const struct live_options *options, struct live **out,
              struct executor *executor, struct error *err)
{
    struct live *live = calloc(1, sizeof *live);
    int rc;

    if (!live)
        return ERROR(err, ERR_NOMEM, "no memory for an executor");
    live->guardian = options->guardian;
    live->stop_fd = options->stop_fd;
    live->baton = options->baton;
    live->seed = options->seed;
    live->random = own_random(options);
    rc = open_slots(live, options, err);
    if (rc == 0)
        rc = stage_open(&live->stage, err);
    if (rc < 0) {
        live_close(live);
        return rc;
    }
    live->around = (struct around){
        .sysroot = "",
        .cpu = live->slot[0]->options.cpus,
        .n_cpus = options->n_cpus,
    };
    live->n_cpus = options->n_cpus;
    live->each = options->each;
    *executor = (struct executor){
        .ctx = live,
        .open = live_open_sides,
        .run = live_run,
        .close = live_close_sides,
        .drop = live_drop,
        .now = live_now,
    };
    *out = live;
    return 0;
}

void live_close(struct live *live)
{
    if (!live)
        return;
    live_drop(live);
    for (int i = 0; i < WIRE_SIDES; i++)
        slot_close(live->slot[i]);
    stage_close(live->stage);
    arena_clear(&live->said);
    free(live);
}

void live_set_verify(struct live *live, live_verify *verify, void *ctx)
{
    live->verify = verify;
    live->verify_ctx = ctx;
}
