/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"
#include "tests/unit/store/fixture.h"

#include <math.h>

#include "store/history.h"
#include "store/merge.h"
#include "store/outcomes.h"
#include "store/verdicts.h"

/* A run of one invocation of s:p/x that took `ns`. */
static int64_t measure(struct store *store, const char *revision,
                       const char *created, double ns)
{
    int64_t run = begin_run(store, revision, created);

    add_times(store, run, "p/x", &ns, 1);
    runs_finish(store, run, RUN_COMPLETE, created, 0, NULL);
    return run;
}

static const struct series_filter all_of_x = {
    .suite = "s", .id = "p/x", .metric = "time"};

static struct series read_series(struct store *store,
                                 const struct series_filter *filter,
                                 struct arena *arena)
{
    struct series series = {.unit = "unread"};
    struct error err = {0};

    if (history_series(store, filter, arena, &series, &err) < 0)
        error_print(&err, stderr);
    return series;
}

TARE_TEST(a_point_is_the_median_over_the_occasions_of_a_revision)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("point.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct series s;

    TARE_REQUIRE(store);
    measure(store, "b", "2026-11-22T11:00:00Z", 20);
    measure(store, "a", "2026-11-22T10:00:00Z", 10);
    measure(store, "a", "2026-11-22T12:00:00Z", 12);
    measure(store, "a", "2026-11-22T13:00:00Z", 900);
    s = read_series(store, &all_of_x, &arena);
    TARE_CHECK_STR(s.unit, "ns");
    TARE_CHECK_INT(s.better, BETTER_LOWER);
    TARE_REQUIRE_INT(s.n, 2);
    TARE_CHECK_STR(s.point[0].revision, "a");
    TARE_CHECK_STR(s.point[0].created, "2026-11-22T10:00:00Z");
    TARE_CHECK_REL(s.point[0].value, 12, 0);
    TARE_REQUIRE_INT(s.point[0].n_occasions, 3);
    TARE_CHECK_REL(s.point[0].occasion[2].value, 900, 0);
    TARE_CHECK_INT(s.point[0].occasion[0].run, 2);
    TARE_CHECK_STR(s.point[1].revision, "b");
    TARE_CHECK_REL(s.point[1].value, 20, 0);
}

TARE_TEST(the_medians_of_the_invocations_come_along)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("medians.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    const double one[] = {3.25, 1, 2}, two[] = {5, 7.001, 6, 8};
    struct series s;
    int64_t run;

    TARE_REQUIRE(store);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    add_times(store, run, "p/x", one, 3);
    add_times(store, run, "p/x", two, 4);
    TARE_CHECK_INT(read_series(store, &all_of_x, &arena).n, 0);
    runs_finish(store, run, RUN_INTERRUPTED, "x", 130, NULL);
    s = read_series(store, &all_of_x, &arena);
    TARE_REQUIRE_INT(s.n, 1);
    TARE_REQUIRE_INT(s.point[0].occasion[0].n, 2);
    TARE_CHECK(s.point[0].occasion[0].median[0] == 2);
    TARE_CHECK(s.point[0].occasion[0].median[1] == (6 + 7.001) / 2);
    TARE_CHECK_REL(s.point[0].value, (2 + (6 + 7.001) / 2) / 2, 1e-15);
}

TARE_TEST(commit_dates_order_a_series_where_known)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("order.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct occasion o = {.created = "2026-11-22T10:00:00Z",
                         .revision = "new",
                         .branch = "main",
                         .machine_key = "m1"};
    struct run_plan plan = {
        .suite = "s", .occasion = &o, .revision_time = 2000};
    const double ns = 1;
    struct series s;
    int64_t run;

    TARE_REQUIRE(store);
    TARE_REQUIRE_INT(runs_begin(store, &plan, &run, NULL), 0);
    add_times(store, run, "p/x", &ns, 1);
    runs_finish(store, run, RUN_COMPLETE, "x", 0, NULL);
    o.revision = "old";
    o.created = "2026-11-23T10:00:00Z";
    plan.revision_time = 1000;
    TARE_REQUIRE_INT(runs_begin(store, &plan, &run, NULL), 0);
    add_times(store, run, "p/x", &ns, 1);
    runs_finish(store, run, RUN_COMPLETE, "x", 0, NULL);
    s = read_series(store, &all_of_x, &arena);
    TARE_REQUIRE_INT(s.n, 2);
    TARE_CHECK_STR(s.point[0].revision, "old");
    TARE_CHECK_STR(s.point[1].revision, "new");
}

TARE_TEST(machines_and_changed_sources_are_points_of_their_own)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("own.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct occasion o = {.created = "2026-11-22T10:00:00Z",
                         .revision = "a",
                         .branch = "main",
                         .machine_key = "m1"};
    struct run_plan plan = {.suite = "s", .occasion = &o};
    struct series_filter f = all_of_x;
    const double ns = 1;
    int64_t run;

    TARE_REQUIRE(store);
    for (int i = 0; i < 4; i++) {
        o.machine_key = i == 1 ? "m2" : "m1";
        o.dirty = i == 2;
        plan.no_history = i == 3;
        TARE_REQUIRE_INT(runs_begin(store, &plan, &run, NULL), 0);
        add_times(store, run, "p/x", &ns, 1);
        runs_finish(store, run, RUN_COMPLETE, "x", 0, NULL);
    }
    TARE_CHECK_INT(read_series(store, &f, &arena).n, 3);
    f.machine_key = "m1";
    TARE_CHECK_INT(read_series(store, &f, &arena).n, 2);
    f.clean = true;
    TARE_CHECK_INT(read_series(store, &f, &arena).n, 1);
    f.branch = "topic";
    TARE_CHECK_INT(read_series(store, &f, &arena).n, 0);
    f = all_of_x;
    f.last = 1;
    TARE_CHECK_INT(read_series(store, &f, &arena).n, 1);
    f.last = 0;
    f.since = "2027-01-01";
    TARE_CHECK_INT(read_series(store, &f, &arena).n, 0);
    f = all_of_x;
    f.metric = "nothing";
    TARE_CHECK_INT(read_series(store, &f, &arena).n, 0);
}

TARE_TEST(failed_cases_are_in_no_series_until_they_are_measured)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("failed.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct case_results c = {.id = "p/x",
                             .program = "",
                             .hash = "",
                             .tags = "",
                             .result = "",
                             .baseline = "",
                             .status = CASE_FAILED,
                             .message = "crashed"};
    const double ns = 1;
    struct series s;
    int64_t run;

    TARE_REQUIRE(store);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    add_times(store, run, "p/x", &ns, 1);
    TARE_REQUIRE_INT(runs_set_case(store, run, SIDE_NEW, &c, NULL), 0);
    runs_finish(store, run, RUN_FAILED, "x", 3, NULL);
    TARE_CHECK_INT(read_series(store, &all_of_x, &arena).n, 0);
    TARE_CHECK_INT(add_times(store, run, "p/x", &ns, 1), ERR_INVAL);
    TARE_REQUIRE_INT(runs_reopen(store, run, NULL), 0);
    TARE_CHECK_INT(add_times(store, run, "p/x", &ns, 1), 0);
    c.status = CASE_MEASURED;
    c.message = "";
    c.version = 4;
    TARE_REQUIRE_INT(runs_set_case(store, run, SIDE_NEW, &c, NULL), 0);
    runs_finish(store, run, RUN_COMPLETE, "x", 0, NULL);
    s = read_series(store, &all_of_x, &arena);
    TARE_REQUIRE_INT(s.n, 1);
    TARE_CHECK_INT(s.point[0].occasion[0].n, 2);
    TARE_CHECK_INT(s.point[0].occasion[0].version, 4);
    TARE_REQUIRE_INT(runs_reopen(store, run, NULL), 0);
    TARE_CHECK_INT(read_series(store, &all_of_x, &arena).n, 0);
}

TARE_TEST(a_run_that_was_abandoned_joins_the_history)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("left.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct run_info info;
    const double ns = 1;
    int64_t run;

    TARE_REQUIRE(store);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    add_times(store, run, "p/x", &ns, 1);
    begin_run(store, "b", "2026-11-23T09:00:00Z");
    TARE_CHECK_INT(read_series(store, &all_of_x, &arena).n, 0);
    begin_run(store, "c", "2026-11-23T11:00:00Z");
    TARE_CHECK_INT(read_series(store, &all_of_x, &arena).n, 1);
    TARE_REQUIRE_INT(runs_get(store, run, &arena, &info, NULL), 0);
    TARE_CHECK_INT(info.status, RUN_INTERRUPTED);
    TARE_CHECK_STR(info.finished, "2026-11-23T11:00:00Z");
    TARE_REQUIRE_INT(runs_reopen(store, run, NULL), 0);
    TARE_CHECK_INT(add_times(store, run, "p/x", &ns, 1), 0);
}

TARE_TEST(a_changed_unit_begins_another_series)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("unit.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    const char *const unit[] = {"ns", "ns", "us"};
    const char *const revision[] = {"a", "b", "c"};
    struct series s;

    TARE_REQUIRE(store);
    for (int i = 0; i < 3; i++) {
        int64_t run = begin_run(store, revision[i], "2026-11-22T10:00:00Z");

        runs_add_figure(store, run, "p/x", "time", unit[i], BETTER_LOWER, i,
                        NULL);
        runs_finish(store, run, RUN_COMPLETE, "x", 0, NULL);
    }
    s = read_series(store, &all_of_x, &arena);
    TARE_CHECK_STR(s.unit, "us");
    TARE_REQUIRE_INT(s.n, 1);
    TARE_CHECK_STR(s.point[0].revision, "c");
}

TARE_TEST(figures_of_a_run_and_durations_of_tests_have_series)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("figure.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    SCOPED(results_free_scoped) struct results *r = NULL;
    const struct stored_outcome o = {.id = "t/x",
                                     .outcome = "passed",
                                     .call_ns = 500,
                                     .worker = "",
                                     .tags = "",
                                     .message = "",
                                     .output = ""};
    struct history_name *name;
    struct series s;
    int64_t run;
    size_t n;

    TARE_REQUIRE(store);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    runs_add_figure(store, run, "@suite", "makespan", "ns", BETTER_LOWER, 7e9,
                    NULL);
    TARE_REQUIRE_INT(outcomes_add(store, run, &o, NULL), 0);
    runs_finish(store, run, RUN_COMPLETE, "x", 0, NULL);
    s = read_series(store,
                    &(struct series_filter){
                        .suite = "s", .id = "@suite", .metric = "makespan"},
                    &arena);
    TARE_REQUIRE_INT(s.n, 1);
    TARE_CHECK_REL(s.point[0].value, 7e9, 0);
    s = read_series(store,
                    &(struct series_filter){
                        .suite = "s", .id = "t/x", .metric = "duration"},
                    &arena);
    TARE_REQUIRE_INT(s.n, 1);
    TARE_CHECK_REL(s.point[0].value, 500, 0);
    TARE_REQUIRE_INT(history_names(store, NULL, &arena, &name, &n, NULL), 0);
    TARE_REQUIRE_INT(n, 2);
    TARE_CHECK_STR(name[0].id, "@suite");
    TARE_CHECK_STR(name[1].metric, "duration");
    TARE_CHECK_INT(name[1].last_run, run);
    TARE_REQUIRE_INT(runs_load(store, run, SIDE_NEW, &r, NULL), 0);
    TARE_CHECK_INT(r->n_cases, 0);
}

static const struct change_key key = {"s", "p/x", "time", "m1", "main", "b"};

TARE_TEST(changes_are_acknowledged_with_a_reason)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("ack.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct change_ack ack = {key, 1.05, "", "me", "2026-11-22T10:00:00Z"};
    struct change_ack *back;
    struct error err = {0};
    size_t n;

    TARE_REQUIRE(store);
    TARE_CHECK_INT(history_ack(store, &ack, &err), ERR_USAGE);
    TARE_CHECK_STR(err.text, "an acknowledgement needs a reason");
    ack.reason = "safer";
    TARE_REQUIRE_INT(history_ack(store, &ack, NULL), 0);
    ack.reason = "much safer";
    TARE_REQUIRE_INT(history_ack(store, &ack, NULL), 0);
    TARE_REQUIRE_INT(history_acks(store, "s", &arena, &back, &n, NULL), 0);
    TARE_REQUIRE_INT(n, 1);
    TARE_CHECK_STR(back[0].reason, "much safer");
    TARE_CHECK_STR(back[0].key.revision, "b");
    TARE_CHECK_REL(back[0].ratio, 1.05, 0);
    TARE_CHECK_INT(history_unack(store, &key, NULL), 0);
    TARE_CHECK_INT(history_unack(store, &key, NULL), ERR_EMPTY);
}

TARE_TEST(an_alert_is_fresh_once)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("alert.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct stored_alert a = {.key = key,
                             .ratio = 1.1,
                             .rule = "p/*",
                             .created = "2026-11-22T10:00:00Z",
                             .closed = "",
                             .command_status = -1};
    struct stored_alert *back;
    bool fresh = false;
    size_t n;

    TARE_REQUIRE(store);
    a.run = begin_run(store, "b", "2026-11-22T10:00:00Z");
    TARE_REQUIRE_INT(history_alert(store, &a, &fresh, NULL), 0);
    TARE_CHECK(fresh);
    a.ratio = 1.2;
    a.created = "2026-11-23T10:00:00Z";
    TARE_REQUIRE_INT(history_alert(store, &a, &fresh, NULL), 0);
    TARE_CHECK(!fresh);
    a.command_status = 3;
    TARE_REQUIRE_INT(history_alert_update(store, &a, NULL), 0);
    TARE_REQUIRE_INT(history_alerts(store, NULL, true, &arena, &back, &n, NULL),
                     0);
    TARE_REQUIRE_INT(n, 1);
    TARE_CHECK_REL(back[0].ratio, 1.2, 0);
    TARE_CHECK_STR(back[0].created, "2026-11-22T10:00:00Z");
    TARE_CHECK_INT(back[0].command_status, 3);
    TARE_CHECK_INT(back[0].run, a.run);
    a.closed = "2026-11-24T10:00:00Z";
    a.command_status = -1;
    TARE_REQUIRE_INT(history_alert_update(store, &a, NULL), 0);
    TARE_CHECK_INT(history_alert_update(store, &a, NULL), ERR_EMPTY);
    TARE_REQUIRE_INT(history_alerts(store, "s", true, &arena, &back, &n, NULL),
                     0);
    TARE_CHECK_INT(n, 0);
    TARE_REQUIRE_INT(history_alert(store, &a, &fresh, NULL), 0);
    TARE_CHECK(fresh);
    TARE_REQUIRE_INT(runs_remove(store, a.run, NULL), 0);
    TARE_REQUIRE_INT(history_alerts(store, "s", false, &arena, &back, &n, NULL),
                     0);
    TARE_REQUIRE_INT(n, 2);
    TARE_CHECK_INT(back[0].run, 0);
    TARE_CHECK_INT(back[1].command_status, 3);
}

/* Everything a run can have, under metric numbers of its own. */
static int64_t fill(struct store *store, const char *first_metric)
{
    const double ns[] = {1.5, 2.5, 3.5};
    int64_t run = begin_run(store, "b", "2026-11-22T10:00:00Z");
    struct case_results c = {.id = "p/x",
                             .program = "build/p",
                             .hash = "ff",
                             .tags = "unit",
                             .result = "",
                             .baseline = "",
                             .message = ""};
    const struct stored_outcome o = {.id = "t/x",
                                     .outcome = "passed",
                                     .call_ns = 5,
                                     .worker = "w0",
                                     .tags = "slow",
                                     .message = "",
                                     .output = ""};
    const struct stored_verdict v = {.id = "p/x",
                                     .metric = "time",
                                     .unit = "ns",
                                     .verdict = "unchanged",
                                     .reason = "",
                                     .mode = "stored",
                                     .ratio = 1,
                                     .detail = ""};

    runs_add_figure(store, run, "@suite", first_metric, "1", BETTER_NONE, 1,
                    NULL);
    add_times(store, run, "p/x", ns, 3);
    runs_set_case(store, run, SIDE_NEW, &c, NULL);
    outcomes_add(store, run, &o, NULL);
    verdicts_put(store, run, &v, 1, NULL);
    runs_finish(store, run, RUN_COMPLETE, "2026-11-22T10:01:00Z", 0, NULL);
    return run;
}

static void check_filled(struct tare *t, struct store *store, int64_t run)
{
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    SCOPED(results_free_scoped) struct results *r = NULL;
    struct stored_outcome *o;
    struct stored_verdict *v;
    struct metric *m;
    size_t n;

    TARE_REQUIRE_INT(runs_load(store, run, SIDE_NEW, &r, NULL), 0);
    TARE_REQUIRE_INT(r->n_cases, 1);
    TARE_CHECK_STR(r->cases[0].hash, "ff");
    TARE_CHECK_STR(r->cases[0].tags, "unit");
    m = results_metric(&r->cases[0], "time");
    TARE_REQUIRE(m);
    TARE_REQUIRE_INT(m->occasion[0].n, 1);
    TARE_CHECK(m->occasion[0].invocation[0].sample[2] == 3.5);
    TARE_CHECK(results_metric(&r->cases[0], "max_rss"));
    TARE_REQUIRE_INT(outcomes_load(store, run, &arena, &o, &n, NULL), 0);
    TARE_REQUIRE_INT(n, 1);
    TARE_CHECK_STR(o[0].tags, "slow");
    TARE_REQUIRE_INT(verdicts_load(store, run, &arena, &v, &n, NULL), 0);
    TARE_REQUIRE_INT(n, 1);
    TARE_CHECK_STR(v[0].verdict, "unchanged");
}

TARE_TEST(merging_twice_adds_once)
{
    SCOPED(store_close_scoped) struct store *here = fresh_store("here.db");
    SCOPED(store_close_scoped) struct store *there = fresh_store("there.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    const struct change_ack ack = {key, NAN, "ok", "me", "2026-11-22"};
    struct change_ack *acks;
    struct merged merged = {0};
    struct error err = {0};
    struct series s;
    size_t n;
    int64_t run = 0;

    TARE_REQUIRE(here && there);
    measure(here, "a", "2026-11-21T10:00:00Z", 4);
    fill(there, "zeal");
    TARE_REQUIRE_INT(history_ack(there, &ack, NULL), 0);
    for (int i = 0; i < 2; i++) {
        if (store_merge(here, "there.db", &merged, &err) < 0)
            error_print(&err, stderr);
        TARE_REQUIRE_INT(err.code, 0);
        TARE_CHECK_INT(merged.runs, 1 - i);
        TARE_CHECK_INT(merged.present, i);
    }
    TARE_REQUIRE_INT(runs_find(here, "last", &run, NULL), 0);
    check_filled(t, here, run);
    s = read_series(here, &all_of_x, &arena);
    TARE_REQUIRE_INT(s.n, 2);
    TARE_CHECK_REL(s.point[1].value, 2.5, 0);
    TARE_REQUIRE_INT(history_acks(here, NULL, &arena, &acks, &n, NULL), 0);
    TARE_CHECK_INT(n, 1);
    TARE_CHECK_INT(store_check(here, NULL), 0);
    TARE_CHECK_INT(store_merge(here, "./here.db", &merged, NULL), ERR_USAGE);
    TARE_CHECK_INT(store_merge(here, "none.db", &merged, NULL), ERR_EMPTY);
}

TARE_TEST(a_run_that_went_on_elsewhere_is_replaced)
{
    SCOPED(store_close_scoped) struct store *here = fresh_store("go.db");
    struct store *there = fresh_store("on.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct merged merged = {0};
    struct run_info *info;
    const double ns = 1;
    int64_t run;
    size_t n;

    TARE_REQUIRE(here && there);
    run = begin_run(there, "a", "2026-11-22T10:00:00Z");
    add_times(there, run, "p/x", &ns, 1);
    TARE_REQUIRE_INT(store_merge(here, "on.db", &merged, NULL), 0);
    add_times(there, run, "p/x", &ns, 1);
    runs_finish(there, run, RUN_COMPLETE, "2026-11-22T11:00:00Z", 0, NULL);
    store_close(there);
    TARE_REQUIRE_INT(store_merge(here, "on.db", &merged, NULL), 0);
    TARE_REQUIRE_INT(
        runs_list(here, &(struct run_filter){0}, &arena, &info, &n, NULL), 0);
    TARE_REQUIRE_INT(n, 1);
    TARE_CHECK_INT(info[0].status, RUN_COMPLETE);
    TARE_CHECK_INT(store_check(here, NULL), 0);
}

TARE_TEST(an_export_is_a_store_of_chosen_runs)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("from.db");
    SCOPED(store_close_scoped) struct store *copy = NULL;
    struct store_size size;
    struct error err = {0};
    size_t runs = 0;
    int64_t run = 0;

    TARE_REQUIRE(store);
    unlink("copy.db");
    measure(store, "a", "2026-11-21T10:00:00Z", 4);
    fill(store, "zeal");
    if (store_export(store, &(struct run_filter){.revision = "b"}, "copy.db",
                     &runs, &err) < 0)
        error_print(&err, stderr);
    TARE_REQUIRE_INT(err.code, 0);
    TARE_CHECK_INT(runs, 1);
    TARE_CHECK(!file_exists("copy.db-wal"));
    TARE_REQUIRE_INT(store_open("copy.db", STORE_READ, &copy, NULL), 0);
    TARE_REQUIRE_INT(runs_find(copy, "last", &run, NULL), 0);
    check_filled(t, copy, run);
    TARE_REQUIRE_INT(store_measure(copy, &size, NULL), 0);
    TARE_CHECK_INT(size.runs, 1);
    TARE_CHECK_INT(
        store_export(store, &(struct run_filter){0}, "copy.db", &runs, &err),
        ERR_USAGE);
    TARE_CHECK_STR(err.text, "exists already");
}
