/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running tests, and keeping what became of them. */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>

#include "adapt/fixture_crew.h"
#include "base/scope.h"
#include "cli/fixtures.h"
#include "cli/occasion.h"
#include "cli/revision.h"
#include "cli/test_suite.h"
#include "store/outcomes.h"

extern char **environ;

/* So many outcomes, or those of so long, go into the store at once. */
enum { BATCH_MAX = 256 };
static const int64_t batch_ns = 100000000;

DEFINE_SCOPED(struct results *, results_free)

struct pending_outcome {
    struct stored_outcome stored;
    char worker[24];
};

/* ---- the store */

static void give_up_store(struct test_suite *tests, const struct error *why)
{
    cli_progress_hide(&tests->progress);
    fprintf(stderr, "warning: this run is not stored: %s\n", why->text);
    store_close(tests->record.store);
    tests->record.store = NULL;
}

/* Runs of one plan can be joined. */
static int note_shard(struct test_suite *tests, struct occasion *occasion,
                      struct error *err)
{
    const struct shard *shard = &tests->session->cli->options.shard;
    struct arena *arena = &tests->session->arena;
    char text[32];
    int rc;

    snprintf(text, sizeof text, "%d/%d", shard->index, shard->count);
    rc = facts_set(arena, &occasion->plan, "shard", text, err);
    return rc < 0 ? rc
                  : facts_set(arena, &occasion->plan, "shard_plan",
                              tests->shard_plan, err);
}

/* Begin the run in the store, where that was not done. */
static void begin_record(struct test_suite *tests)
{
    struct session *session = tests->session;
    struct occasion occasion = {0};
    struct error why = {0};
    int64_t revision_time;
    int rc;

    if (tests->record.session)
        return;
    rc = occasion_fill(session, &session->arena, &occasion, &revision_time,
                       &why);
    if (rc == 0 && tests->shard_plan)
        rc = note_shard(tests, &occasion, &why);
    if (rc == 0)
        rc = record_begin(&tests->record, session, RUN_KIND_TEST, &occasion,
                          revision_time, &why);
    tests->record.session = session;
    if (rc < 0)
        give_up_store(tests, &why);
}

static void flush_outcomes(struct test_suite *tests)
{
    struct store *store;
    struct error why = {0};
    int rc = 0;

    begin_record(tests);
    store = tests->record.store;
    if (store && tests->n_pending) {
        rc = store_hold(store, &why);
        for (size_t i = 0; i < tests->n_pending && rc == 0; i++)
            rc = outcomes_add(store, tests->record.run,
                              &tests->pending[i].stored, &why);
        if (rc == 0)
            rc = store_release(store, &why);
        if (rc < 0)
            give_up_store(tests, &why);
    }
    tests->n_pending = 0;
    tests->flushed_ns = watch_now_ns();
    arena_clear(&tests->batch);
}

/* Tests do not wait for git to say of which sources they are. */
static void flush_in_time(struct test_suite *tests)
{
    if (tests->n_pending == BATCH_MAX ||
        (watch_now_ns() - tests->flushed_ns > batch_ns &&
         revision_known(tests->session)))
        flush_outcomes(tests);
}

static int64_t nanoseconds(double s)
{
    return s < 0 ? -1 : (int64_t)(s * 1e9);
}

/* Text is borrowed from the result, which lives longer. */
static void keep_outcome(struct test_suite *tests, const struct conducted *what,
                         const struct test_result *r)
{
    const struct catalog_case *c = tests->c[what->test];
    struct pending_outcome *p = &tests->pending[tests->n_pending++];

    snprintf(p->worker, sizeof p->worker, "w%zu", what->worker);
    p->stored = (struct stored_outcome){
        .id = c->id,
        .outcome = test_outcome_name(what->outcome),
        .attempt = what->attempt,
        .item = (int64_t)what->test,
        .started_ns = what->started_ns,
        .setup_ns = nanoseconds(what->tested.setup_s),
        .call_ns = nanoseconds(what->tested.call_s),
        .teardown_ns = nanoseconds(what->tested.teardown_s),
        .duration_ns = what->duration_ns,
        .worker = p->worker,
        .cpu = what->tested.cpu,
        .tags = c->tags,
        .file = r->file,
        .line = r->line,
        .message = r->message,
        .output = r->output,
        .note = r->note,
        .usage = {.user_s = what->tested.user_s,
                  .system_s = what->tested.system_s,
                  .max_rss = what->tested.max_rss,
                  .read_bytes = what->tested.read_bytes,
                  .write_bytes = what->tested.write_bytes,
                  .ctx_switches = what->tested.switches,
                  .page_faults = what->tested.faults},
    };
}

/* ---- results */

static const char *keep_text(struct test_suite *tests, const char *text)
{
    return *text ? arena_strdup(&tests->session->arena, text) : "";
}

static int keep_result(struct test_suite *tests, const struct conducted *what,
                       struct error *err)
{
    struct test_result *r = &tests->result[what->test];

    r->outcome = what->outcome;
    r->attempts = what->attempt + 1;
    r->duration_ns = what->duration_ns;
    r->started_ns = what->started_ns;
    r->worker = (int)what->worker;
    r->cpu = what->tested.cpu;
    /* A flaky one keeps what it said when it failed. */
    if (what->outcome != TEST_FLAKY) {
        r->message = keep_text(tests, what->tested.message);
        r->output = keep_text(tests, what->tested.output);
    }
    r->note = keep_text(tests, what->tested.note);
    r->setup_ns = nanoseconds(what->tested.setup_s);
    r->call_ns = nanoseconds(what->tested.call_s);
    r->teardown_ns = nanoseconds(what->tested.teardown_s);
    r->usage = (struct test_usage){
        .user_s = what->tested.user_s,
        .system_s = what->tested.system_s,
        .max_rss = what->tested.max_rss,
        .read_bytes = what->tested.read_bytes,
        .write_bytes = what->tested.write_bytes,
        .ctx_switches = what->tested.switches,
        .page_faults = what->tested.faults,
    };
    return r->message && r->note && r->output
               ? 0
               : ERROR(err, ERR_NOMEM, "no memory for a result");
}

static int on_ended(void *ctx, const struct conducted *what, struct error *err)
{
    struct test_suite *tests = ctx;
    struct test_result *r = &tests->result[what->test];
    int rc;

    if (tests->trial)
        return tests->trial(tests, what, err);
    rc = keep_result(tests, what, err);
    if (rc < 0)
        return rc;
    keep_outcome(tests, what, r);
    tests->n_ended += what->last;
    flush_in_time(tests);
    cli_progress_step(&tests->progress,
                      (double)tests->n_ended / (double)tests->n,
                      tests->c[what->test]->id);
    return 0;
}

/* A trial is not stored, however long it takes. */
static void on_idle(void *ctx)
{
    struct test_suite *tests = ctx;

    if (!tests->trial)
        flush_in_time(tests);
}

/* ---- the run */

static int64_t max_time_of(const struct session *session)
{
    const struct options *o = &session->cli->options;

    return o->given[OPT_MAX_TIME] ? o->max_time_ns
                                  : session->suite->test.max_time;
}

static int conduct(struct test_suite *tests, const struct crew *crew,
                   struct error *err)
{
    struct conduct plan = {
        .crew = crew,
        .workers = tests->workers,
        .program = tests->program,
        .n_tests = tests->n,
        .n_programs = tests->n_hosts,
        .retries = tests->retries,
        .maxfail = tests->maxfail,
        .max_ns = max_time_of(tests->session),
        .own_process = tests->isolation != ISOLATION_WORKER,
        .ended = on_ended,
        .idle = on_idle,
        .ctx = tests,
    };
    int rc = schedule_new(&tests->schedule, tests->item, tests->n,
                          &plan.schedule, err);

    if (rc == 0)
        rc = conduct_all(&plan, &tests->sum, err);
    schedule_free(plan.schedule);
    if (rc == 0 && tests->sum.expired) {
        rc = ERROR(err, ERR_TIMEOUT,
                   "the tests took longer than their limit of %g s",
                   (double)plan.max_ns / 1e9);
        error_help(err, "those that ended by then are shown; raise "
                        "test.max_time or --max-time");
    }
    return rc;
}

static char *const *extra_env(void *ctx, size_t worker, size_t program)
{
    const struct test_suite *tests = ctx;

    return tests->staged ? fixture_crew_env(tests->staged, worker, program)
                         : NULL;
}

/* Run them on a crew that sees to the fixtures of tare.yaml. */
static int conduct_staged(struct test_suite *tests, const struct crew *inner,
                          struct error *err)
{
    struct crew crew;
    int rc = session_fixtures_crew(tests, inner, &tests->staged, &crew, err);

    if (rc == 0)
        rc = conduct(tests, &crew, err);
    return rc;
}

/* Workers end before what they stand on. */
static int end_fixtures(struct test_suite *tests, struct error *err)
{
    SCOPED(results_free_scoped) struct results *times = results_new();

    fixture_crew_close(tests->staged);
    tests->staged = NULL;
    session_fixtures_end(tests->session, &tests->complaints);
    if (!times || !results_add_occasion(times))
        return ERROR(err, ERR_NOMEM, "no memory for results");
    if (!tests->trial)
        begin_record(tests);
    return session_fixture_times(tests->session, times,
                                 tests->trial ? NULL : &tests->record, err);
}

/* A fixture that a program keeps for the session. */
static void on_timed(void *ctx, const char *program, const char *fixture,
                     bool setup, int64_t ns)
{
    struct test_suite *tests = ctx;
    const char *name =
        arena_printf(&tests->session->arena, "%s/%s", program, fixture);

    if (name)
        session_fixture_timed(tests->session, name, setup, ns);
}

/* What a crashed test shows its stack with: TARE_DEBUGGER, empty for nothing,
 * else gdb where it is installed. */
static const char *find_debugger(struct arena *arena)
{
    const char *wish = getenv("TARE_DEBUGGER"), *found = NULL;
    struct error ignored = {0};

    if (wish)
        return wish[0] ? wish : NULL;
    spawn_search("gdb", getenv("PATH"), arena, &found, &ignored);
    return found;
}

static void warn_shared(struct test_suite *tests)
{
    cli_progress_hide(&tests->progress);
    fputs("warning: namespaces are not allowed here: each test had a process "
          "of its own, but no /tmp and no network\n",
          stderr);
}

int test_suite_execute(struct test_suite *tests, struct error *err)
{
    struct session *session = tests->session;
    const struct test_plan *plan = &session->suite->test;
    struct live_crew_options options = {
        .guardian = session->cli->guardian,
        .place = session->placement.worker,
        .n_workers = tests->workers,
        .program = tests->host,
        .n_programs = tests->n_hosts,
        .test = tests->test,
        .env = environ,
        .tmpdir = getenv("TMPDIR"),
        .seed = session->seed,
        .stop_fd = session->stop_fd,
        .extra = extra_env,
        .ctx = tests,
        .debugger = find_debugger(&session->arena),
        .grace_ns = plan->grace,
        .cpu_ns = plan->cpu_timeout > 0 ? plan->cpu_timeout : 0,
        .isolation = tests->isolation,
        .fresh = tests->fresh,
        .stream = session->cli->options.stream,
        .timed = on_timed,
    };
    struct live_crew *live = NULL;
    struct error late = {0};
    struct crew crew;
    int rc = live_crew_open(&options, &live, &crew, err);

    if (rc == 0)
        rc = conduct_staged(tests, &crew, err);
    if (live)
        live_crew_end(live, &tests->complaints);
    if (live && live_crew_shared(live) && !tests->trial)
        warn_shared(tests);
    live_crew_close(live);
    if (end_fixtures(tests, &late) < 0 && rc == 0) {
        rc = late.code;
        if (err)
            *err = late;
    }
    return rc;
}

int test_suite_run(struct test_suite *tests, struct error *err)
{
    int rc;

    tests->pending =
        arena_alloc(&tests->session->arena, BATCH_MAX, sizeof *tests->pending);
    if (!tests->pending)
        return ERROR(err, ERR_NOMEM, "no memory for outcomes");
    tests->flushed_ns = watch_now_ns();
    cli_progress_start(tests->session->cli, &tests->progress);
    rc = test_suite_execute(tests, err);
    flush_outcomes(tests);
    cli_progress_hide(&tests->progress);
    return rc;
}
