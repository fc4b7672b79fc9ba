/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"
#include "tests/unit/store/fixture.h"

#include <math.h>

#include "store/outcomes.h"
#include "store/verdicts.h"

static const double ms[] = {1.001, 1.002, 1.0035};

TARE_TEST(a_run_comes_back_as_it_was_measured)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("whole.db");
    SCOPED(results_free_scoped) struct results *r = NULL;
    struct fact facts[] = {{"cpu", "X"}, {"cores", "2"}};
    struct anchor anchors[] = {{"integer", 1.5}, {"syscall", 88}};
    const char *const argv[] = {"tare", "run", "-k", "a b"};
    const struct occasion occasion = {
        .created = "2026-11-22T10:00:00Z",
        .revision = "abc",
        .dirty = true,
        .branch = "main",
        .machine_key = "m1",
        .machine = {facts, 1},
        .plan = {facts, 2},
        .seed = UINT64_MAX,
        .anchor = anchors,
        .n_anchors = 2,
    };
    const struct run_plan plan = {
        .suite = "s",
        .occasion = &occasion,
        .argv = argv,
        .argc = 4,
    };
    const struct case_results c = {
        .id = "p/b",
        .version = 3,
        .program = "build/p",
        .hash = "ff00",
        .tags = "unit,slow",
        .result = "1234",
        .baseline = "p/a",
        .message = "",
        .iterations = 1000,
        .warmup = 3,
        .items = 7,
        .bytes = 8,
        .empty_ns = 0.25,
        .disturbed = 0.07,
        .stopped_by = STOPPED_PRECISE,
    };
    const struct occasion *o;
    const struct metric *m;
    int64_t run = 0;

    TARE_REQUIRE(store);
    TARE_REQUIRE_INT(runs_begin(store, &plan, &run, NULL), 0);
    TARE_REQUIRE_INT(add_times(store, run, "p/b", ms, 3), 0);
    TARE_REQUIRE_INT(add_times(store, run, "p/b", ms, 2), 0);
    TARE_REQUIRE_INT(add_times(store, run, "p/a", ms, 1), 0);
    TARE_REQUIRE_INT(runs_set_case(store, run, SIDE_NEW, &c, NULL), 0);
    TARE_REQUIRE_INT(runs_load(store, run, SIDE_NEW, &r, NULL), 0);

    TARE_CHECK_STR(r->name, "s");
    TARE_CHECK_STR(r->file, "run:1");
    TARE_REQUIRE_INT(r->n_occasions, 1);
    o = &r->occasion[0];
    TARE_CHECK_STR(o->revision, "abc");
    TARE_CHECK(o->dirty);
    TARE_CHECK(o->seed == UINT64_MAX);
    TARE_CHECK_STR(facts_get(&o->plan, "cores"), "2");
    TARE_CHECK_INT(o->machine.n, 1);
    TARE_CHECK_INT(o->build.n, 0);
    TARE_REQUIRE_INT(o->n_anchors, 2);
    TARE_CHECK_STR(o->anchor[1].name, "syscall");
    TARE_CHECK_REL(o->anchor[1].value, 88, 0);

    TARE_REQUIRE_INT(r->n_cases, 2);
    TARE_CHECK_STR(r->cases[0].id, "p/a");
    TARE_CHECK_STR(r->cases[1].id, "p/b");
    TARE_CHECK_INT(r->cases[1].version, 3);
    TARE_CHECK_STR(r->cases[1].program, "build/p");
    TARE_CHECK_STR(r->cases[1].hash, "ff00");
    TARE_CHECK_STR(r->cases[1].tags, "unit,slow");
    TARE_CHECK_STR(r->cases[1].result, "1234");
    TARE_CHECK_STR(r->cases[1].baseline, "p/a");
    TARE_CHECK_INT(r->cases[1].iterations, 1000);
    TARE_CHECK_INT(r->cases[1].warmup, 3);
    TARE_CHECK_REL(r->cases[1].empty_ns, 0.25, 0);
    TARE_CHECK_REL(r->cases[1].disturbed, 0.07, 0);
    TARE_CHECK_INT(r->cases[1].stopped_by, STOPPED_PRECISE);
    m = results_metric(&r->cases[1], "time");
    TARE_REQUIRE(m);
    TARE_CHECK_STR(m->unit, "ns");
    TARE_CHECK_INT(m->better, BETTER_LOWER);
    TARE_REQUIRE_INT(m->occasion[0].n, 2);
    TARE_REQUIRE_INT(m->occasion[0].invocation[0].n, 3);
    TARE_CHECK(m->occasion[0].invocation[0].sample[2] == 1.0035);
    TARE_CHECK_INT(m->occasion[0].invocation[1].n, 2);
}

TARE_TEST(a_run_is_listed_and_found_by_its_names)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("names.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct run_info *info;
    struct error err = {0};
    int64_t first, second, found = 0;
    size_t n;

    TARE_REQUIRE(store);
    second = begin_run(store, "b", "2026-11-22T11:00:00Z");
    first = begin_run(store, "a", "2026-11-22T10:00:00Z");
    TARE_REQUIRE_INT(add_times(store, first, "p/b", ms, 3), 0);
    TARE_REQUIRE_INT(runs_add_figure(store, first, "@suite", "makespan", "ns",
                                     BETTER_LOWER, 5e9, NULL),
                     0);
    TARE_CHECK_INT(runs_finish(store, first, RUN_COMPLETE,
                               "2026-11-22T10:05:00Z", 0, NULL),
                   0);
    TARE_REQUIRE_INT(
        runs_list(store, &(struct run_filter){0}, &arena, &info, &n, NULL), 0);
    TARE_REQUIRE_INT(n, 2);
    TARE_CHECK_INT(info[0].run, second);
    TARE_CHECK_INT(info[0].status, RUN_UNFINISHED);
    TARE_CHECK_INT(info[0].exit_status, -1);
    TARE_CHECK_INT(info[1].run, first);
    TARE_CHECK_INT(info[1].status, RUN_COMPLETE);
    TARE_CHECK_INT(info[1].n_results, 1);
    TARE_CHECK_INT(strlen(info[1].uuid), 36);
    TARE_CHECK_INT(runs_find(store, "run:last", &found, NULL), 0);
    TARE_CHECK_INT(found, second);
    TARE_CHECK_INT(runs_find(store, "last~1", &found, NULL), 0);
    TARE_CHECK_INT(found, first);
    TARE_CHECK_INT(runs_find(store, "1", &found, NULL), 0);
    TARE_CHECK_INT(found, 1);
    TARE_CHECK_INT(runs_find(store, info[1].uuid, &found, NULL), 0);
    TARE_CHECK_INT(found, first);
    TARE_CHECK_INT(runs_find(store, "run:77", &found, &err), ERR_EMPTY);
    TARE_CHECK_STR(err.text, "there is no run 77");
    TARE_CHECK_INT(runs_find(store, "last~9", &found, NULL), ERR_EMPTY);
    TARE_CHECK_INT(runs_find(store, "00000000", &found, NULL), ERR_EMPTY);
    TARE_CHECK_INT(runs_find(store, "newest", &found, &err), ERR_USAGE);
    TARE_CHECK_INT(runs_find(store, "", &found, NULL), ERR_USAGE);
    TARE_CHECK_INT(found, first);
}

TARE_TEST(filters_choose_runs)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("filter.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct run_info *info;
    size_t n;
    const struct run_filter filters[] = {
        {.revision = "b"},
        {.since = "2026-11-22T11:00:00Z"},
        {.last = 1},
        {.kinds = 1u << RUN_KIND_GATE},
        {.suite = "other"},
        {.kinds = 1u << RUN_KIND_RUN, .unfinished = true, .branch = "main"},
    };
    static const size_t want[] = {1, 1, 1, 0, 0, 2};

    TARE_REQUIRE(store);
    begin_run(store, "a", "2026-11-22T10:00:00Z");
    begin_run(store, "b", "2026-11-22T11:00:00Z");
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        TARE_REQUIRE_INT(runs_list(store, &filters[i], &arena, &info, &n, NULL),
                         0);
        TARE_CHECK_INT(n, want[i]);
    }
}

TARE_TEST(what_an_unfinished_run_has_is_known)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("resume.db");
    SCOPED(results_free_scoped) struct results *r = NULL;
    int64_t run;

    TARE_REQUIRE(store);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    add_times(store, run, "p/b", ms, 3);
    add_times(store, run, "p/a", ms, 3);
    add_times(store, run, "p/b", ms, 3);
    TARE_REQUIRE_INT(runs_load(store, run, SIDE_NEW, &r, NULL), 0);
    TARE_REQUIRE_INT(r->n_cases, 2);
    TARE_CHECK_STR(r->cases[0].id, "p/a");
    TARE_CHECK_INT(r->cases[0].metric[0].occasion[0].n, 1);
    TARE_CHECK_INT(r->cases[1].metric[0].occasion[0].n, 2);
    TARE_CHECK_INT(runs_finish(store, run, RUN_INTERRUPTED, "x", 130, NULL), 0);
    TARE_CHECK_INT(runs_reopen(store, run, NULL), 0);
    TARE_CHECK_INT(runs_reopen(store, 99, NULL), ERR_EMPTY);
    TARE_CHECK_INT(runs_finish(store, 99, RUN_COMPLETE, "x", 0, NULL),
                   ERR_EMPTY);
    TARE_CHECK_INT(add_times(store, 99, "p/b", ms, 3), ERR_EMPTY);
}

TARE_TEST(the_sides_of_a_comparison_are_apart)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("sides.db");
    SCOPED(results_free_scoped) struct results *old = NULL, *new_ = NULL;
    const double slow = 2, fast = 1;
    struct measured_metric metric = {"time", "ns", BETTER_LOWER, &slow, 1};
    struct measured m = {
        .id = "p/b", .side = SIDE_OLD, .metric = &metric, .n_metrics = 1};
    int64_t run;

    TARE_REQUIRE(store);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    TARE_REQUIRE_INT(runs_add(store, run, &m, NULL), 0);
    m.side = SIDE_NEW;
    metric.sample = &fast;
    TARE_REQUIRE_INT(runs_add(store, run, &m, NULL), 0);
    TARE_REQUIRE_INT(runs_load(store, run, SIDE_OLD, &old, NULL), 0);
    TARE_REQUIRE_INT(runs_load(store, run, SIDE_NEW, &new_, NULL), 0);
    TARE_CHECK_REL(old->cases[0].metric[0].occasion[0].invocation[0].sample[0],
                   2, 0);
    TARE_CHECK_REL(new_->cases[0].metric[0].occasion[0].invocation[0].sample[0],
                   1, 0);
}

TARE_TEST(results_of_elsewhere_are_added_whole)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("import.db");
    SCOPED(results_free_scoped) struct results *r = results_new(), *back = NULL;
    struct case_results *c;
    struct metric *m;
    int64_t run;

    TARE_REQUIRE(store && r);
    results_add_occasion(r);
    c = results_add_case(r, "g/BM_x");
    m = results_need_metric(r, c, "time", "ns", BETTER_LOWER);
    for (int i = 0; i < 4; i++)
        results_add_invocation(r, m, 0, ms, 3, NULL);
    m = results_need_metric(r, c, "hits", "1", BETTER_HIGHER);
    results_add_invocation(r, m, 0, ms, 1, NULL);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    TARE_REQUIRE_INT(runs_add_results(store, run, SIDE_NEW, r, 0, NULL), 0);
    TARE_REQUIRE_INT(runs_load(store, run, SIDE_NEW, &back, NULL), 0);
    TARE_CHECK_INT(results_metric(&back->cases[0], "time")->occasion[0].n, 4);
    m = results_metric(&back->cases[0], "hits");
    TARE_CHECK_INT(m->occasion[0].n, 1);
    TARE_CHECK_INT(m->better, BETTER_HIGHER);
}

TARE_TEST(verdicts_come_back_with_their_unknowns)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("verdict.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct stored_verdict v[] = {
        {.id = "p/b",
         .metric = "time",
         .unit = "ns",
         .verdict = "regressed",
         .reason = "layout-suspect",
         .mode = "interleaved",
         .ratio = 1.05,
         .low = 1.04,
         .high = INFINITY,
         .confidence = 0.961,
         .p = 0.001,
         .p_adjusted = 0.002,
         .mde = NAN,
         .margin = 0.02,
         .pairs = 12,
         .old_side = {10, 12, 480},
         .new_side = {10.5, 12, 480},
         .detail = "{\"x\":1}"},
        {.id = "p/a",
         .metric = "time",
         .unit = "ns",
         .verdict = "unchanged",
         .reason = "identical",
         .mode = "stored",
         .ratio = 1,
         .old_side = {NAN, 0, 0},
         .detail = ""},
    };
    struct stored_verdict *back;
    double *past;
    int64_t run;
    size_t n;

    TARE_REQUIRE(store);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    TARE_REQUIRE_INT(verdicts_put(store, run, v, 2, NULL), 0);
    TARE_REQUIRE_INT(verdicts_put(store, run, v, 2, NULL), 0);
    TARE_REQUIRE_INT(verdicts_load(store, run, &arena, &back, &n, NULL), 0);
    TARE_REQUIRE_INT(n, 2);
    TARE_CHECK_STR(back[0].id, "p/b");
    TARE_CHECK_STR(back[0].verdict, "regressed");
    TARE_CHECK_STR(back[0].reason, "layout-suspect");
    TARE_CHECK(isinf(back[0].high));
    TARE_CHECK(isnan(back[0].mde));
    TARE_CHECK_REL(back[0].margin, 0.02, 0);
    TARE_CHECK_INT(back[0].pairs, 12);
    TARE_CHECK_INT(back[0].new_side.samples, 480);
    TARE_CHECK_STR(back[0].detail, "{\"x\":1}");
    TARE_CHECK(isnan(back[1].old_side.value));
    TARE_CHECK_INT(verdicts_put(store, 9, v, 2, NULL), ERR_EMPTY);
    TARE_REQUIRE_INT(verdicts_past(store, "s", "p/a", "time", "m1", "stored",
                                   "unchanged", 10, &arena, &past, &n, NULL),
                     0);
    TARE_REQUIRE_INT(n, 1);
    TARE_CHECK_REL(past[0], 1, 0);
    TARE_REQUIRE_INT(verdicts_past(store, "s", "p/a", "time", "m2", "stored",
                                   "unchanged", 10, &arena, &past, &n, NULL),
                     0);
    TARE_CHECK_INT(n, 0);
}

TARE_TEST(outcomes_and_last_durations)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("tests.db");
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct stored_outcome o = {
        .id = "p/t1",
        .outcome = "passed",
        .started_ns = 5,
        .setup_ns = 100,
        .call_ns = 1000,
        .teardown_ns = -1,
        .worker = "w1",
        .cpu = 3,
        .tags = "unit",
        .message = "",
        .output = "hello\n",
        .usage = {0.5, 0.25, 4096, 1, 2, 3, -1},
    };
    struct stored_outcome *back;
    struct last_outcome *last;
    int64_t run;
    size_t n;

    TARE_REQUIRE(store);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    TARE_REQUIRE_INT(store_hold(store, NULL), 0);
    TARE_REQUIRE_INT(outcomes_add(store, run, &o, NULL), 0);
    o.id = "p/t0";
    o.outcome = "crashed";
    o.message = "SIGSEGV";
    TARE_REQUIRE_INT(outcomes_add(store, run, &o, NULL), 0);
    o.id = "p/t1";
    o.call_ns = 1;
    TARE_REQUIRE_INT(outcomes_add(store, run, &o, NULL), 0);
    TARE_REQUIRE_INT(store_release(store, NULL), 0);
    TARE_REQUIRE_INT(outcomes_load(store, run, &arena, &back, &n, NULL), 0);
    TARE_REQUIRE_INT(n, 3);
    TARE_CHECK_STR(back[0].id, "p/t1");
    TARE_CHECK_STR(back[0].worker, "w1");
    TARE_CHECK_STR(back[0].tags, "unit");
    TARE_CHECK_STR(back[0].output, "hello\n");
    TARE_CHECK_INT(back[0].cpu, 3);
    TARE_CHECK_INT(back[0].teardown_ns, -1);
    TARE_CHECK_REL(back[0].usage.system_s, 0.25, 0);
    TARE_CHECK_INT(back[0].usage.page_faults, -1);
    TARE_CHECK_STR(back[1].message, "SIGSEGV");
    TARE_REQUIRE_INT(outcomes_last(store, "s", &arena, &last, &n, NULL), 0);
    TARE_REQUIRE_INT(n, 2);
    TARE_CHECK_STR(last[0].id, "p/t0");
    TARE_CHECK_INT(last[0].duration_ns, -1);
    TARE_CHECK_STR(last[1].outcome, "crashed");
    TARE_CHECK_INT(last[1].duration_ns, 1100);
}

TARE_TEST(removing_a_run_leaves_nothing_of_it)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("prune.db");
    struct store_size size;
    struct error err = {0};
    size_t removed = 0;
    int64_t run;

    TARE_REQUIRE(store);
    for (int i = 0; i < 5; i++) {
        char created[] = "2026-11-2xT10:00:00Z";

        created[9] = (char)('0' + i);
        run = begin_run(store, "a", created);
        add_times(store, run, "p/x", ms, 3);
        runs_finish(store, run, RUN_COMPLETE, created, 0, NULL);
    }
    TARE_CHECK_INT(runs_remove(store, 2, NULL), 0);
    TARE_CHECK_INT(runs_remove(store, 2, &err), ERR_EMPTY);
    TARE_REQUIRE_INT(
        runs_prune(
            store,
            &(struct prune){.before = "2026-11-24T00:00:00Z", .keep_last = 2},
            "2026-12-01T00:00:00Z", &removed, NULL),
        0);
    TARE_CHECK_INT(removed, 2);
    TARE_REQUIRE_INT(store_check(store, &err), 0);
    TARE_REQUIRE_INT(store_measure(store, &size, NULL), 0);
    TARE_CHECK_INT(size.runs, 2);
    TARE_CHECK_INT(size.invocations, 2);
    TARE_REQUIRE_INT(runs_prune(store, &(struct prune){.samples_only = true},
                                "2026-12-01T00:00:00Z", &removed, NULL),
                     0);
    TARE_REQUIRE_INT(store_measure(store, &size, NULL), 0);
    TARE_CHECK_INT(size.invocations, 0);
    TARE_CHECK_INT(size.results, 2);
    TARE_CHECK_INT(store_compact(store, NULL), 0);
    TARE_CHECK_INT(store_check(store, NULL), 0);
    /* numbers are not given twice */
    TARE_CHECK_INT(begin_run(store, "z", "2026-12-02T10:00:00Z"), 6);
}

TARE_TEST(a_young_unfinished_run_is_not_pruned)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("young.db");
    size_t removed = 9;

    TARE_REQUIRE(store);
    begin_run(store, "a", "2026-11-22T10:00:00Z");
    TARE_REQUIRE_INT(runs_prune(store, &(struct prune){0},
                                "2026-11-22T20:00:00Z", &removed, NULL),
                     0);
    TARE_CHECK_INT(removed, 0);
    TARE_REQUIRE_INT(runs_prune(store, &(struct prune){0},
                                "2026-11-23T20:00:00Z", &removed, NULL),
                     0);
    TARE_CHECK_INT(removed, 1);
}
