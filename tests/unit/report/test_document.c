/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was written as JSON is read back and comes out the same. */
#include <config.h>

#include "report/document.h"

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "report/gate_stored.h"
#include "report/run.h"
#include "report/tests_stored.h"
#include "tests/unit/report/golden.h"
#include "tests/unit/report/made_up.h"

DEFINE_SCOPED(struct results *, results_free)

static void document_scoped(struct document *document)
{
    document_clear(document);
}

static int read_golden(const char *name, struct document *out)
{
    const char *srcdir = getenv("srcdir");
    SCOPED(free_scoped) char *text = NULL;
    struct error err = {0};
    char path[512];
    size_t size;
    int rc;

    snprintf(path, sizeof path, "%s/tests/golden/%s", srcdir ? srcdir : ".",
             name);
    *out = (struct document){.wall_s = NAN};
    rc = file_read(path, 1 << 24, &text, &size, &err);
    if (rc == 0)
        rc = document_read(name, text, size, out, &err);
    if (rc < 0)
        error_print(&err, stdout);
    return rc;
}

TARE_TEST(a_comparison_comes_back_as_it_was)
{
    SCOPED(document_scoped) struct document document;
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    TARE_REQUIRE_INT(read_golden("gate.json", &document), 0);
    TARE_CHECK_INT(document.kind, DOCUMENT_GATE);
    gate_json(&document.gate, &out);
    CHECK_GOLDEN("gate.json", &out);
}

TARE_TEST(a_comparison_comes_back_from_the_rows_of_the_store)
{
    SCOPED(document_scoped) struct document document;
    SCOPED(document_scoped) struct document again = {.wall_s = NAN};
    SCOPED(arena_scoped) struct arena arena = {0};
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct stored_verdict *row;
    size_t n;

    TARE_REQUIRE_INT(read_golden("gate.json", &document), 0);
    TARE_REQUIRE_INT(gate_to_stored(&document.gate, &arena, &row, &n, NULL), 0);
    TARE_CHECK_INT(n, document.gate.n_cases + 1);
    TARE_REQUIRE_INT(gate_from_stored("rows", row, n, &again, NULL), 0);
    gate_json(&again.gate, &out);
    CHECK_GOLDEN("gate.json", &out);
}

TARE_TEST(rows_without_details_are_a_comparison_too)
{
    const struct stored_verdict row = {.id = "a/b",
                                       .metric = "time",
                                       .unit = "ns",
                                       .verdict = "regressed",
                                       .reason = "",
                                       .mode = "interleaved",
                                       .ratio = 1.5,
                                       .detail = ""};
    struct stored_verdict damaged = row;
    SCOPED(document_scoped) struct document document = {.wall_s = NAN};
    SCOPED(document_scoped) struct document other = {.wall_s = NAN};
    struct error err = {0};

    TARE_REQUIRE_INT(gate_from_stored("rows", &row, 1, &document, NULL), 0);
    TARE_REQUIRE_INT(document.gate.n_cases, 1);
    TARE_CHECK_INT(gate_verdict(&document.gate), VERDICT_REGRESSED);
    damaged.detail = "{\"stage\": \"x\"}";
    TARE_CHECK_INT(gate_from_stored("rows", &damaged, 1, &other, &err),
                   ERR_PARSE);
}

TARE_TEST(tests_come_back_from_the_rows_of_the_store)
{
    const struct outcome_usage unknown = {-1, -1, -1, -1, -1, -1, -1};
#define ROW(id_, outcome_, begin, took, worker_, message_)                     \
    {                                                                          \
        .id = id_, .outcome = outcome_, .started_ns = begin,                   \
        .duration_ns = took, .setup_ns = -1, .call_ns = -1, .teardown_ns = -1, \
        .worker = worker_, .cpu = -1, .item = -1, .tags = "", .file = "",      \
        .message = message_, .output = "", .note = "", .usage = unknown        \
    }
    struct stored_outcome row[] = {
        ROW("a/slow", "failed", 100, 50, "w1", "no"),
        ROW("a/fast", "passed", 200, 6, "w0", ""),
        ROW("a/slow", "flaky", 300, 60, "w1", ""),
        ROW("a/new", "exploded", 310, 1, "main", ""),
    };
#undef ROW
    const struct stored_crew none = {.problems = ""};
    const struct stored_crew crew = {.workers = 4,
                                     .makespan_ns = 1000,
                                     .problems = "it broke\nso did this\n"};
    SCOPED(arena_scoped) struct arena arena = {0};
    struct test_report report = {.suite = ""};

    TARE_REQUIRE_INT(
        tests_from_stored(row, ARRAY_LEN(row), &none, &arena, &report, NULL),
        0);
    TARE_REQUIRE_INT(report.n, 3);
    TARE_CHECK_INT(report.workers, 2);
    TARE_CHECK_INT(report.makespan_ns, 360);
    TARE_CHECK_STR(report.test[0].id, "a/slow");
    TARE_CHECK_INT(report.test[0].outcome, TEST_FLAKY);
    TARE_CHECK_INT(report.test[0].attempts, 2);
    TARE_CHECK_INT(report.test[0].duration_ns, 60);
    TARE_CHECK_INT(report.test[1].duration_ns, 6);
    TARE_CHECK_INT(report.test[2].outcome, TEST_FAILED);
    TARE_CHECK_INT(report.test[2].worker, -1);

    /* a run that says where each stands, how long it took and what broke */
    row[0].item = row[2].item = 7;
    row[1].item = 3;
    row[3].item = 5;
    row[1].duration_ns = 9;
    row[1].file = "a.c";
    row[1].line = 12;
    row[1].note = "it left a file";
    TARE_REQUIRE_INT(
        tests_from_stored(row, ARRAY_LEN(row), &crew, &arena, &report, NULL),
        0);
    TARE_CHECK_INT(report.workers, 4);
    TARE_CHECK_INT(report.makespan_ns, 1000);
    TARE_REQUIRE_INT(report.n_problems, 2);
    TARE_CHECK_STR(report.problem[1], "so did this");
    TARE_CHECK_STR(report.test[0].id, "a/fast");
    TARE_CHECK_INT(report.test[0].duration_ns, 9);
    TARE_CHECK_STR(report.test[0].file, "a.c");
    TARE_CHECK_INT(report.test[0].line, 12);
    TARE_CHECK_STR(report.test[0].note, "it left a file");
    TARE_CHECK_STR(report.test[1].id, "a/new");

    /* repeated, not tried again */
    row[2].item = 8;
    TARE_REQUIRE_INT(
        tests_from_stored(row, ARRAY_LEN(row), &crew, &arena, &report, NULL),
        0);
    TARE_REQUIRE_INT(report.n, 4);
    TARE_CHECK_INT(report.test[3].attempts, 1);
}

TARE_TEST(tests_come_back_as_they_were)
{
    SCOPED(document_scoped) struct document document;
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    TARE_REQUIRE_INT(read_golden("test.json", &document), 0);
    TARE_CHECK_INT(document.kind, DOCUMENT_TESTS);
    tests_json(&document.tests, &out);
    CHECK_GOLDEN("test.json", &out);
}

static void write_run(const struct results *results, struct strbuf *out)
{
    const struct estimate_policy policy = estimate_defaults();
    struct run_report report;

    if (run_report_make(results, 0, &policy, &report, NULL) < 0)
        abort();
    report.run = 12;
    run_json(&report, out);
    run_report_clear(&report);
}

TARE_TEST(a_run_comes_back_as_it_was)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    SCOPED(strbuf_scoped) struct strbuf first = {0}, again = {0};
    SCOPED(document_scoped) struct document document = {.wall_s = NAN};
    struct error err = {0};

    write_run(results, &first);
    TARE_REQUIRE_INT(
        document_read("run", strbuf_text(&first), first.size, &document, &err),
        0);
    TARE_CHECK_INT(document.kind, DOCUMENT_RUN);
    TARE_CHECK_INT(document.run, 12);
    write_run(document.results, &again);
    TARE_CHECK_STR(strbuf_text(&again), strbuf_text(&first));
}

TARE_TEST(parts_are_joined)
{
    SCOPED(document_scoped) struct document one, two, gate, other;
    struct error err = {0};
    size_t n;

    TARE_REQUIRE_INT(read_golden("test.json", &one), 0);
    TARE_REQUIRE_INT(read_golden("test.json", &two), 0);
    TARE_REQUIRE_INT(read_golden("gate.json", &gate), 0);
    TARE_REQUIRE_INT(read_golden("gate.json", &other), 0);
    n = one.tests.n;
    two.tests.makespan_ns *= 2;
    TARE_CHECK_INT(document_join(&one, &two, &err), 0);
    TARE_CHECK_INT(one.tests.n, 2 * n);
    TARE_CHECK_INT(one.tests.workers, 4);
    TARE_CHECK_INT(one.tests.makespan_ns, two.tests.makespan_ns);
    TARE_CHECK_STR(one.tests.test[n].id, one.tests.test[0].id);
    n = gate.gate.n_cases;
    TARE_CHECK_INT(document_join(&gate, &other, &err), 0);
    TARE_CHECK_INT(gate.gate.n_cases, 2 * n);
    TARE_CHECK_INT(document_join(&gate, &one, &err), ERR_USAGE);
}

TARE_TEST(runs_are_joined)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    SCOPED(document_scoped) struct document one = {.wall_s = NAN};
    SCOPED(document_scoped) struct document two = {.wall_s = NAN};
    size_t n;

    write_run(results, &text);
    TARE_REQUIRE_INT(
        document_read("a", strbuf_text(&text), text.size, &one, NULL), 0);
    TARE_REQUIRE_INT(
        document_read("b", strbuf_text(&text), text.size, &two, NULL), 0);
    n = one.results->n_cases;
    TARE_REQUIRE_INT(document_join(&one, &two, NULL), 0);
    TARE_CHECK_INT(one.results->n_cases, 2 * n);
    TARE_CHECK_STR(one.results->cases[n].id, one.results->cases[0].id);
}

static const struct {
    const char *text, *message;
    unsigned line, column;
} bad[] = {
    {"[]", "this is no document of Tare's: it has no schema", 1, 1},
    {"{\"schema\": \"tare/run/9\"}",
     "a document of schema 'tare/run/9' cannot be reported", 1, 12},
    {"{\"schema\": \"tare/gate/1\", \"cases\": 3}", "expected a list for cases",
     1, 36},
    {"{\"schema\": \"tare/gate/1\",\n \"cases\": [{\"id\": \"a\"}]}",
     "expected a known verdict", 2, 12},
    {"{\"schema\": \"tare/run/1\", \"cases\": [{\"id\": 7}]}",
     "expected a text for id", 1, 43},
    {"{\"schema\": \"tare/test/1\", \"cases\": [{\"id\": \"a\", \"cpu\": "
     "-1}]}",
     "expected a whole number, 0 or more, for cpu", 1, 56},
    {"{\"schema\": \"tare/test/1\", \"cases\": [4]}", "expected an object", 1,
     37},
    {"{\"schema\": \"tare/test/1\",", "expected a key in quotes", 1, 26},
};

TARE_TEST(what_is_no_report_is_refused_with_its_place)
{
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        SCOPED(document_scoped) struct document document = {.wall_s = NAN};
        struct error err = {0};

        TARE_CHECK_INT(document_read("t", bad[i].text, strlen(bad[i].text),
                                     &document, &err),
                       ERR_PARSE);
        TARE_CHECK_STR(err.text, bad[i].message);
        TARE_CHECK_INT(err.line, bad[i].line);
        TARE_CHECK_INT(err.column, bad[i].column);
    }
}
