/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Doing the work of a series once with a number of workers. */
#include <config.h>

#include "cli/scale.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/scope.h"
#include "cli/fixtures.h"
#include "runner/measure/abreast.h"
#include "runner/measure/script.h"

/* A measurement of something short lasts so long. */
static const int64_t span_ns = 200000000;

enum { EXECUTIONS_MAX = 64 }; /* of a command in one measurement */

/* The work of one measurement. */
struct cell {
    struct scaling *scaling;
    struct scaled *scaled;
    const struct scale_count *count;
    size_t c; /* its index */
    int side;
    const struct subject *subject; /* with its fixtures' environment */
    struct scale_sample *out;
};

/* Every process draws another layout, and all the same input. */
static struct live_options live_for(const struct cell *cell)
{
    const struct session *session = cell->scaling->session;
    uint64_t layout = session->seed + cell->scaling->cells;

    return (struct live_options){
        .guardian = session->cli->guardian,
        .stop_fd = session->stop_fd,
        .seed = session->seed,
        .layout = random_next(&layout) | 1,
        .tmpdir = getenv("TMPDIR"),
    };
}

/* ---- processors */

int *scale_cpus(const struct scale_count *count, struct arena *arena, size_t *n)
{
    const struct placement *plan = &count->placement;
    size_t room = 0;
    int *cpu;

    for (size_t w = 0; w < plan->n_workers; w++)
        room += plan->worker[w].n_pus;
    cpu = arena_alloc(arena, room, sizeof *cpu);
    *n = 0;
    for (size_t w = 0; cpu && w < plan->n_workers; w++)
        for (size_t k = 0; k < plan->worker[w].n_pus; k++) {
            size_t at = 0;

            while (at < *n && cpu[at] != plan->worker[w].pu[k])
                at++;
            if (at == *n)
                cpu[(*n)++] = plan->worker[w].pu[k];
        }
    return cpu;
}

/* CPU time of ours: what the guardian started and ended, and our own. */
static double own_seconds(const struct session *session)
{
    struct rusage self;

    getrusage(RUSAGE_SELF, &self);
    return disturbance_family_s("", guardian_pid(session->cli->guardian)) +
           (double)self.ru_utime.tv_sec + (double)self.ru_stime.tv_sec +
           1e-6 * (double)(self.ru_utime.tv_usec + self.ru_stime.tv_usec);
}

/* ---- tests */

/* Told of each end of a test. */
static int on_test(struct test_suite *tests, const struct conducted *what,
                   struct error *err)
{
    struct scaling *scaling = tests->trial_ctx;
    struct scale_timeline *line = &scaling->line;
    double seconds = (double)what->duration_ns / 1e9;

    /* The longest are started first, from the second run on. */
    tests->item[what->test].expected_ns = what->duration_ns;
    line->busy += seconds;
    if (what->tested.user_s >= 0 && what->tested.system_s >= 0)
        line->cpu += what->tested.user_s + what->tested.system_s;
    else
        line->cpu = NAN;
    if (!(line->longest >= seconds)) {
        line->longest = seconds;
        line->longest_name = tests->c[what->test]->id;
    }
    if (what->last && test_verdict(what->outcome) == TEST_VERDICT_FAILED)
        return ERROR(err, ERR_PEER, "test '%s' %s with %zu workers%s%s",
                     tests->c[what->test]->id, test_outcome_name(what->outcome),
                     tests->workers, *what->tested.message ? ": " : "",
                     what->tested.message);
    return 0;
}

static int check_tests(struct scaling *scaling, struct test_suite *tests,
                       int rc, struct error *err)
{
    if (tests->sum.interrupted)
        return ERROR(err, ERR_STOPPED, "interrupted");
    if (tests->sum.failed)
        scaling->tests_failed++;
    if (rc == 0 && tests->complaints.size)
        rc = ERROR(err, ERR_PEER, "%s", strbuf_text(&tests->complaints));
    strbuf_clear(&tests->complaints);
    return rc;
}

static int measure_tests(struct cell *cell, struct error *err)
{
    struct scaling *scaling = cell->scaling;
    struct session *session = scaling->session;
    struct test_suite *tests = &scaling->tests[cell->side];
    int64_t began = watch_now_ns();
    double wall;
    int rc;

    session->placement = cell->count->placement;
    tests->workers = tests->schedule.workers = (size_t)cell->count->n;
    tests->trial = on_test;
    tests->trial_ctx = scaling;
    tests->sum = (struct conduct_sum){0};
    scaling->line = (struct scale_timeline){.longest = NAN};
    rc = test_suite_execute(tests, err);
    wall = (double)(watch_now_ns() - began) / 1e9;
    rc = check_tests(scaling, tests, rc, err);
    cell->out->seconds = wall;
    cell->out->line = scaling->line;
    cell->out->line.fixtures =
        fmax(0, wall - (double)tests->sum.makespan_ns / 1e9);
    return rc;
}

/* ---- benchmarks: copies side by side, or one with threads */

/* Lane i on the processors of worker i; all of them for threads. */
static int lane_options(const struct cell *cell, struct live_options *lane,
                        size_t n, struct arena *arena, struct error *err)
{
    const struct placement *plan = &cell->count->placement;

    for (size_t i = 0; i < n; i++) {
        const struct placement_worker *w = &plan->worker[i];

        lane[i] = live_for(cell);
        lane[i].cpus = w->pu;
        lane[i].n_cpus = w->n_pus;
        if (w->node >= 0) {
            lane[i].nodes = &w->node;
            lane[i].n_nodes = 1;
        }
    }
    if (cell->scaled->kind == SCALE_THREADS)
        lane[0].cpus = scale_cpus(cell->count, arena, &lane[0].n_cpus);
    return lane[0].cpus ? 0 : ERROR(err, ERR_NOMEM, "no memory for lanes");
}

/* CPU time of an iteration, seconds; NaN unknown. */
static double cpu_of(const struct abreast_part *part, size_t n)
{
    double cpu = 0, iterations = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < part[i].n; k++) {
            const struct stage_slice *slice = &part[i].slice[k];

            if (slice->cpu_ns < 0)
                return NAN;
            cpu += (double)slice->cpu_ns;
            iterations += (double)slice->order.iterations;
        }
    return iterations > 0 ? cpu / iterations / 1e9 : NAN;
}

/* Iterations a second.  Who shares a core is not at work between two samples
 * either: then the time from the first to the last counts, not theirs. */
static double rate_of(const struct cell *cell, const struct abreast_part *part)
{
    const struct stage_slice *first = part->slice;
    const struct stage_slice *last = part->slice + part->n - 1;

    if (!cell->count->oversubscribed || part->n < 2)
        return part->rate;
    return 1e9 * (double)part->iterations * (double)part->n /
           (double)(last->begin_ns + last->elapsed_ns - first->begin_ns);
}

static int take_parts(struct cell *cell, const struct abreast_part *part,
                      size_t n, struct error *err)
{
    double rate = 0;
    bool threads = cell->scaled->kind == SCALE_THREADS;

    for (size_t i = 0; i < n; i++) {
        rate += rate_of(cell, &part[i]) * (threads ? cell->count->n : 1);
        cell->out->strayed |= part[i].strayed;
    }
    if (!(rate > 0))
        return ERROR(err, ERR_PEER, "no sample could be taken");
    cell->out->seconds = 1 / rate;
    cell->out->line = (struct scale_timeline){
        .longest = NAN,
        .busy = cell->count->n / rate,
        .cpu = cpu_of(part, n),
        .fixtures = NAN,
    };
    /* A team says the items of all its threads. */
    if (cell->side == SCALE_NEW && part[0].items > 0) {
        cell->scaled->pieces = part[0].items / (threads ? cell->count->n : 1);
        cell->scaled->piece = "items";
    }
    return 0;
}

static int measure_abreast(struct cell *cell, struct arena *arena,
                           struct error *err)
{
    size_t n = cell->scaled->kind == SCALE_THREADS ? 1 : (size_t)cell->count->n;
    struct live_options *lane = arena_alloc(arena, n, sizeof *lane);
    const struct subject **subject = arena_alloc(arena, n, sizeof *subject);
    struct abreast_part *part = arena_alloc(arena, n, sizeof *part);
    struct abreast_settings settings = {.span_ns = span_ns};
    struct side_failure bad = {0};
    struct lanes lanes = {.n = 0};
    int rc;

    if (!lane || !subject || !part)
        return ERROR(err, ERR_NOMEM, "no memory for lanes");
    for (size_t i = 0; i < n; i++)
        subject[i] = cell->subject;
    rc = lane_options(cell, lane, n, arena, err);
    if (rc == 0)
        rc = lanes_open(lane, n, &lanes, err);
    if (rc == 0)
        rc = abreast_measure(&lanes, subject, n, &settings, arena, part, &bad,
                             err);
    lanes_close(&lanes);
    return rc < 0 ? rc : take_parts(cell, part, n, err);
}

/* ---- commands */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *x, size_t n)
{
    qsort(x, n, sizeof *x, by_value);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* One execution after another until they have lasted long enough. */
static int execute(struct cell *cell, const struct executor *executor,
                   struct side_failure *bad, struct error *err)
{
    const struct stage_order once = {.iterations = 1};
    struct stage_slice slice;
    double seconds[EXECUTIONS_MAX], total = 0;
    size_t n = 0;
    int rc = 0;

    while (rc == 0 && n < EXECUTIONS_MAX && total < (double)span_ns / 1e9) {
        rc = executor->run(executor->ctx, &once, 1, &slice, bad, err);
        if (rc < 0)
            return rc;
        seconds[n] = (double)slice.elapsed_ns / 1e9;
        total += seconds[n++];
    }
    cell->out->seconds = median(seconds, n);
    cell->out->line = (struct scale_timeline){
        .longest = NAN, .busy = NAN, .cpu = NAN, .fixtures = NAN};
    return rc;
}

static int run_command(struct cell *cell, const struct executor *executor,
                       struct error *err)
{
    struct side_report *report = calloc(1, sizeof *report);
    struct side_failure bad = {0};
    int rc = report
                 ? executor->open(executor->ctx, &cell->subject, 1, &bad, err)
                 : ERROR(err, ERR_NOMEM, "no memory for a report");

    if (rc == 0)
        rc = execute(cell, executor, &bad, err);
    if (rc == 0)
        rc = executor->close(executor->ctx, report, &bad, err);
    if (rc == 0)
        for (size_t i = 0; i < report->n_counters; i++)
            if (strcmp(report->counter[i].name, "cpu_time") == 0)
                cell->out->line.cpu = report->counter[i].value / 1e9;
    free(report);
    return rc;
}

static int measure_command(struct cell *cell, struct arena *arena,
                           struct error *err)
{
    struct live_options options = live_for(cell);
    struct executor executor;
    struct live *live = NULL;
    int rc;

    options.cpus = scale_cpus(cell->count, arena, &options.n_cpus);
    if (!options.cpus)
        return ERROR(err, ERR_NOMEM, "no memory for a command");
    rc = live_open(&options, &live, &executor, err);
    if (rc == 0)
        rc = run_command(cell, &executor, err);
    live_close(live);
    return rc;
}

/* ---- any */

/* The fixtures of a benchmark stand around each of its measurements. */
static int measure_staged(struct cell *cell, struct arena *arena,
                          struct error *err)
{
    struct session *session = cell->scaling->session;
    struct fixture_set *set = NULL;
    struct subject subject = *cell->scaled->subject[cell->side][cell->c];
    int rc;

    session->placement = cell->count->placement;
    rc = session_fixtures_enter(session, cell->scaled->c[cell->c], &set, err);
    if (rc == 0 && set) {
        subject.env =
            environment_join(subject.env, fixture_set_env(set), arena);
        rc = subject.env ? 0 : ERROR(err, ERR_NOMEM, "no memory for fixtures");
    }
    cell->subject = &subject;
    if (rc == 0)
        rc = cell->scaled->kind == SCALE_COMMAND
                 ? measure_command(cell, arena, err)
                 : measure_abreast(cell, arena, err);
    fixture_set_leave(set);
    session_fixtures_end(session, NULL);
    return rc;
}

static int measure(void *ctx, size_t series, int side, size_t count, bool warm,
                   struct scale_sample *out, struct error *err)
{
    struct scaling *scaling = ctx;
    struct cell cell = {
        .scaling = scaling,
        .scaled = &scaling->scaled[series],
        .count = &scaling->count[count],
        .c = count,
        .side = side,
        .out = out,
    };
    struct arena arena = {0};
    struct disturbance_snapshot before, after;
    double own = own_seconds(scaling->session);
    size_t n;
    int *cpu = scale_cpus(cell.count, &arena, &n), rc;

    (void)warm;
    if (!cpu)
        return ERROR(err, ERR_NOMEM, "no memory for a measurement");
    *out = (struct scale_sample){.seconds = NAN};
    scaling->cells++;
    before = disturbance_read("", cpu, n, watch_now_ns());
    rc = cell.scaled->kind == SCALE_TESTS ? measure_tests(&cell, err)
                                          : measure_staged(&cell, &arena, err);
    after = disturbance_read("", cpu, n, watch_now_ns());
    out->during = disturbance_between(&before, &after,
                                      own_seconds(scaling->session) - own);
    arena_clear(&arena);
    return rc;
}

static int64_t now(void *ctx)
{
    (void)ctx;
    return watch_now_ns();
}

const struct scale_executor scale_live = {.measure = measure, .now = now};
