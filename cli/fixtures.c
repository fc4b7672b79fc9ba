/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/fixtures.h"

#include <stdlib.h>
#include <string.h>

#include "adapt/fixture_crew.h"
#include "adapt/fixture_executor.h"
#include "base/scope.h"
#include "cli/command_cases.h"
#include "cli/foreign_cases.h"
#include "cli/test_suite.h"
#include "config/policy.h"
#include "runner/process/watch.h"

extern char **environ;

enum {
    REHEARSALS = 100,
    REHEARSALS_MIN = 6, /* an interval at 95 % takes as many */
};
static const char id_prefix[] = "fixture:";

bool is_fixture_id(const char *id)
{
    return strncmp(id, id_prefix, sizeof id_prefix - 1) == 0;
}

/* Each command is a program of its own; those that are the cases of another
 * harness's program are one. */
static long program_of(const struct session *session,
                       const struct command_case *command,
                       const struct catalog_case *c)
{
    size_t n = session->n_programs;

    for (size_t i = 0; command->program && i < session->n_foreign; i++)
        if (session->foreign[i].config == command->program)
            return (long)(n + session->catalog.n + i);
    return (long)(n + (size_t)(c - session->catalog.item));
}

/* The fixtures of a case; NULL and 0 when it has none.
 *
 * program  receives its index for scope `program`; may be NULL */
static const char *const *session_fixture_names(const struct session *session,
                                                const struct catalog_case *c,
                                                size_t *n, long *program)
{
    const struct command_case *command = command_case_of(session, c);
    const struct program *config = session->config[c->program];
    const struct words *words = command  ? &command->command->fixtures
                                : config ? &config->fixtures
                                         : NULL;

    if (program)
        *program = command ? program_of(session, command, c) : (long)c->program;
    *n = words ? words->n : 0;
    return words ? words->word : NULL;
}

static bool names_of(void *ctx, const char *id, const char *const **name,
                     size_t *n, long *program)
{
    const struct session *session = ctx;
    const struct catalog_case *c = catalog_find(&session->catalog, id);

    if (!c)
        return false;
    *name = session_fixture_names(session, c, n, program);
    return *n > 0;
}

void session_fixture_timed(struct session *session, const char *name,
                           bool setup, int64_t ns)
{
    struct fixture_time *all =
        arena_grow(&session->arena, session->fixture_time,
                   session->n_fixture_times, sizeof *all);

    if (!all)
        return;
    session->fixture_time = all;
    all[session->n_fixture_times++] =
        (struct fixture_time){.name = name, .setup = setup, .ns = ns};
}

static void on_timed(void *ctx, const struct fixture *fixture, bool setup,
                     int64_t ns)
{
    session_fixture_timed(ctx, fixture->name, setup, ns);
}

static size_t n_places(const struct session *session)
{
    return session->lanes.n ? session->lanes.n : 1;
}

/* Servers run where nothing is measured, if there is such a place. */
static struct fixture_place *measuring_places(struct session *session)
{
    size_t n = n_places(session);
    struct fixture_place *place =
        arena_alloc(&session->arena, n, sizeof *place);
    int reserved = session->placement.reserved;

    for (size_t i = 0; place && i < n; i++) {
        place[i] = (struct fixture_place){
            .worker = arena_printf(&session->arena, "w%zu", i),
            .port_base =
                guardian_ports(session->cli->guardian, ports_of_worker(i, 0)),
        };
        if (!place[i].worker)
            return NULL;
        if (reserved >= 0) {
            place[i].cpus = session->topology->unit[reserved].pu;
            place[i].n_cpus = session->topology->unit[reserved].n_pus;
        }
    }
    return place;
}

static int open_fixtures(struct session *session,
                         const struct fixture_place *place, size_t n,
                         struct error *err)
{
    struct fixtures_options options = {
        .guardian = session->cli->guardian,
        .suite = session->suite,
        .place = place,
        .n_places = n,
        .env = environ,
        .tmpdir = getenv("TMPDIR"),
        .seed = session->seed,
        .timed = on_timed,
        .ctx = session,
    };

    return place ? fixtures_open(&options, &session->fixtures, err)
                 : ERROR(err, ERR_NOMEM, "no memory for fixtures");
}

/* Each lane has the fixtures of its place. */
static int stage_lanes(struct session *session, struct error *err)
{
    size_t n = session->lanes.n;
    int rc = 0;

    if (n == 0)
        return 0;
    session->lane_staged =
        arena_alloc(&session->arena, n, sizeof(*session->lane_staged));
    session->lane_bare =
        arena_alloc(&session->arena, n, sizeof *session->lane_bare);
    if (!session->lane_staged || !session->lane_bare)
        return ERROR(err, ERR_NOMEM, "no memory for fixtures");
    for (size_t i = 0; i < n && rc == 0; i++) {
        session->lane_bare[i] = session->lanes.executor[i];
        rc = fixture_executor_open(&session->lane_bare[i], session->fixtures, i,
                                   session->stop_fd, names_of, session,
                                   &session->lane_staged[i],
                                   &session->lanes.executor[i], err);
    }
    return rc;
}

static void unstage_lanes(struct session *session)
{
    for (size_t i = 0; session->lane_staged && i < session->lanes.n; i++) {
        fixture_executor_close(session->lane_staged[i]);
        session->lanes.executor[i] = session->lane_bare[i];
    }
    session->lane_staged = NULL;
}

static int make_fixtures(struct session *session, struct error *err)
{
    int rc = open_fixtures(session, measuring_places(session),
                           n_places(session), err);

    if (rc < 0)
        return rc;
    session->bare = session->executor;
    session->bare_counting = session->counting;
    rc = fixture_executor_open(&session->bare, session->fixtures, 0,
                               session->stop_fd, names_of, session,
                               &session->staged, &session->executor, err);
    if (rc == 0)
        fixture_executor_counting(session->staged, &session->bare_counting,
                                  &session->counting);
    return rc < 0 ? rc : stage_lanes(session, err);
}

/* Of the fixtures of a case those that outlive it. */
static size_t pick_lasting(const struct suite *suite, const char *const *name,
                           size_t n, const char **out)
{
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        enum fixture_scope scope = suite_fixture(suite, name[i])->scope;

        if (scope != FIXTURE_CASE && scope != FIXTURE_BATCH)
            out[m++] = name[i];
    }
    return m;
}

static int bring_up(struct session *session, const struct catalog_case *c,
                    struct error *err)
{
    const char **lasting;
    size_t n, m;
    long program;
    const char *const *name = session_fixture_names(session, c, &n, &program);
    int rc = 0;

    if (n == 0)
        return 0;
    lasting = arena_alloc(&session->arena, n, sizeof *lasting);
    if (!lasting)
        return ERROR(err, ERR_NOMEM, "no memory for fixtures");
    m = pick_lasting(session->suite, name, n, lasting);
    for (size_t i = 0; i < n_places(session) && rc == 0; i++) {
        struct fixture_set *set = NULL;

        rc =
            fixtures_want(session->fixtures, i, program, lasting, m, &set, err);
        if (rc == 0)
            rc = fixtures_wait(session->fixtures, set, session->stop_fd, err);
        fixture_set_leave(set);
    }
    return rc;
}

static bool any_wanted(const struct session *session)
{
    for (size_t k = 0; k < session->n_selected; k++) {
        size_t n;

        session_fixture_names(
            session, &session->catalog.item[session->selected[k]], &n, NULL);
        if (n)
            return true;
    }
    return false;
}

int session_fixtures_begin(struct session *session, struct error *err)
{
    int rc;

    if (session->fixtures || !any_wanted(session))
        return 0;
    rc = make_fixtures(session, err);
    for (size_t k = 0; k < session->n_selected && rc == 0; k++)
        rc = bring_up(session, &session->catalog.item[session->selected[k]],
                      err);
    return rc;
}

int session_fixtures_enter(struct session *session,
                           const struct catalog_case *c,
                           struct fixture_set **set, struct error *err)
{
    size_t n;
    long program;
    const char *const *name = session_fixture_names(session, c, &n, &program);
    int rc;

    *set = NULL;
    if (n == 0)
        return 0;
    rc = open_fixtures(session, measuring_places(session), 1, err);
    if (rc == 0)
        rc = fixtures_want(session->fixtures, 0, program, name, n, set, err);
    if (rc == 0)
        rc = fixtures_wait(session->fixtures, *set, session->stop_fd, err);
    if (rc == 0 && fixture_set_state(*set) != FIXTURE_READY)
        rc = ERROR(err, ERR_PEER, "%s", fixture_set_message(*set));
    return rc;
}

static void warn(const struct strbuf *complaints)
{
    for (const char *line = strbuf_text(complaints); *line;) {
        size_t n = strcspn(line, "\n");

        fprintf(stderr, "warning: %.*s\n", (int)n, line);
        line += n + (line[n] == '\n');
    }
}

void session_fixtures_end(struct session *session, struct strbuf *complaints)
{
    SCOPED(strbuf_scoped) struct strbuf mine = {0};

    if (!session->fixtures)
        return;
    unstage_lanes(session);
    if (session->staged) {
        fixture_executor_close(session->staged);
        session->executor = session->bare;
        session->counting = session->bare_counting;
        session->staged = NULL;
    }
    fixtures_close(session->fixtures, complaints ? complaints : &mine);
    session->fixtures = NULL;
    warn(&mine);
}

/* ---- what set-ups and tear-downs take, for a gate */

static bool is_gated(struct session *session, const char *name)
{
    const struct gate *gate = &session->suite->gate;
    const char *up =
        arena_printf(&session->arena, "%s%s/setup", id_prefix, name);
    const char *down =
        arena_printf(&session->arena, "%s%s/teardown", id_prefix, name);

    return up && down &&
           (gate_judges_fixture(gate, up) || gate_judges_fixture(gate, down));
}

static bool is_used(const struct session *session, const char *fixture)
{
    for (size_t k = 0; k < session->n_selected; k++) {
        size_t n;
        const char *const *name = session_fixture_names(
            session, &session->catalog.item[session->selected[k]], &n, NULL);

        for (size_t i = 0; i < n; i++)
            if (strcmp(name[i], fixture) == 0)
                return true;
    }
    return false;
}

/* Up and down once, with what it needs.  One that does not come up is no error
 * here: its cases will tell. */
static int rehearse_once(struct session *session, const char *name, bool *up,
                         struct error *err)
{
    struct fixture_set *set = NULL;
    int rc = open_fixtures(session, measuring_places(session), 1, err);

    if (rc == 0)
        rc = fixtures_want(session->fixtures, 0, 0, &name, 1, &set, err);
    if (rc == 0)
        rc = fixtures_wait(session->fixtures, set, session->stop_fd, err);
    *up = rc == 0 && fixture_set_state(set) == FIXTURE_READY;
    fixture_set_leave(set);
    session_fixtures_end(session, NULL);
    return rc;
}

int session_fixtures_rehearse(struct session *session, struct error *err)
{
    int64_t budget = session_budget_ns(session);
    int rc = 0;

    for (size_t i = 0; i < session->suite->n_fixtures && rc == 0; i++) {
        const char *name = session->suite->fixture[i].name;
        int64_t until = watch_now_ns() + budget;
        bool up = is_gated(session, name) && is_used(session, name);

        for (int k = 0; k < REHEARSALS && up && rc == 0 &&
                        (k < REHEARSALS_MIN || watch_now_ns() < until);
             k++)
            rc = rehearse_once(session, name, &up, err);
    }
    return rc;
}

/* ---- tests */

static void names_of_test(void *ctx, size_t test, const char *const **name,
                          size_t *n, long *program)
{
    const struct test_suite *tests = ctx;

    *name = session_fixture_names(tests->session, tests->c[test], n, program);
}

static struct fixture_place *places_of(struct test_suite *tests)
{
    struct session *session = tests->session;
    struct fixture_place *place =
        arena_alloc(&session->arena, tests->workers, sizeof *place);

    for (size_t w = 0; place && w < tests->workers; w++) {
        place[w] = (struct fixture_place){
            .worker = arena_printf(&session->arena, "w%zu", w),
            .port_base =
                guardian_ports(session->cli->guardian, ports_of_worker(w, 0)),
            .cpus = session->placement.worker[w].pu,
            .n_cpus = session->placement.worker[w].n_pus,
        };
        if (!place[w].worker)
            return NULL;
    }
    return place;
}

static bool any_test_wants(const struct test_suite *tests)
{
    for (size_t i = 0; i < tests->n; i++) {
        size_t n;

        session_fixture_names(tests->session, tests->c[i], &n, NULL);
        if (n)
            return true;
    }
    return false;
}

int session_fixtures_crew(struct test_suite *tests, const struct crew *inner,
                          struct fixture_crew **owner, struct crew *crew,
                          struct error *err)
{
    struct session *session = tests->session;
    struct fixture_crew_options options = {
        .inner = inner,
        .n_workers = tests->workers,
        .n_programs = tests->n_hosts,
        .program = tests->program,
        .stop_fd = session->stop_fd,
        .names = names_of_test,
        .ctx = tests,
    };
    int rc;

    *owner = NULL;
    *crew = *inner;
    if (!any_test_wants(tests))
        return 0;
    rc = open_fixtures(session, places_of(tests), tests->workers, err);
    options.fixtures = session->fixtures;
    return rc < 0 ? rc : fixture_crew_open(&options, owner, crew, err);
}

/* ---- results */

static int add_time(struct session *session, struct results *results,
                    struct record *record, const struct fixture_time *t,
                    struct error *err)
{
    const char *id = arena_printf(&session->arena, "%s%s/%s", id_prefix,
                                  t->name, t->setup ? "setup" : "teardown");
    struct case_results *c = id ? results_find(results, id) : NULL;
    double ns = (double)t->ns;
    struct metric *metric;
    size_t i;
    int rc;

    if (id && !c)
        c = results_add_case(results, id);
    metric =
        c ? results_need_metric(results, c, "time", "ns", BETTER_LOWER) : NULL;
    if (!metric)
        return ERROR(err, ERR_NOMEM, "no memory for fixtures");
    c->iterations = 1;
    c->warmup = 0;
    c->disturbed = -1;
    c->stopped_by = STOPPED_FIXED;
    rc = results_add_invocation(results, metric, results->n_occasions - 1, &ns,
                                1, err);
    if (rc < 0 || !record)
        return rc;
    i = (size_t)(c - results->cases);
    rc = record_invocation_of(record, SIDE_NEW, results, i,
                              metric->occasion[results->n_occasions - 1].n - 1,
                              err);
    return rc < 0 ? rc : record_case(record, SIDE_NEW, results, i, err);
}

int session_fixture_times(struct session *session, struct results *results,
                          struct record *record, struct error *err)
{
    int rc = 0;

    for (size_t k = 0; k < session->n_fixture_times && rc == 0; k++)
        rc = add_time(session, results, record, &session->fixture_time[k], err);
    session->n_fixture_times = 0;
    session->fixture_time = NULL;
    return rc;
}
