/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests for people, and as JSON. */
#include <config.h>

#include "report/tests.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/scope.h"
#include "base/units.h"
#include "report/parts.h"
#include "report/table.h"

enum {
    OUTPUT_LINES = 60, /* of a failed test's output */
    MESSAGE_LINES = 20,
};

static const enum paint outcome_paint[TEST_OUTCOMES] = {
    [TEST_PASSED] = PAINT_GOOD,  [TEST_FAILED] = PAINT_BAD,
    [TEST_SKIPPED] = PAINT_WARN, [TEST_CRASHED] = PAINT_BAD,
    [TEST_TIMEOUT] = PAINT_BAD,  [TEST_LEAKED] = PAINT_BAD,
    [TEST_XFAILED] = PAINT_WARN, [TEST_FLAKY] = PAINT_WARN,
};

struct test_summary test_summarise(const struct test_report *report)
{
    struct test_summary s = {.efficiency = NAN};
    double longest = 0;

    for (size_t i = 0; i < report->n; i++) {
        double seconds = (double)report->test[i].duration_ns / 1e9;
        enum test_verdict verdict = test_verdict(report->test[i].outcome);

        s.count[report->test[i].outcome]++;
        s.passed += verdict == TEST_VERDICT_PASSED;
        s.failed += verdict == TEST_VERDICT_FAILED;
        s.skipped += verdict == TEST_VERDICT_SKIPPED;
        s.sequential_s += seconds;
        longest = seconds > longest ? seconds : longest;
    }
    s.makespan_s = (double)report->makespan_ns / 1e9;
    s.lower_bound_s = fmax(longest, s.sequential_s / (double)report->workers);
    if (s.makespan_s > 0)
        s.efficiency =
            s.sequential_s / ((double)report->workers * s.makespan_s);
    return s;
}

static void put_failure(struct strbuf *out, const struct text_style *style,
                        const struct test_result *test)
{
    SCOPED(strbuf_scoped) struct strbuf name = {0};

    text_escape(&name, test->id, 0);
    text_paint(out, style, outcome_paint[test->outcome],
               test_outcome_name(test->outcome));
    strbuf_putc(out, ' ');
    text_paint(out, style, PAINT_STRONG, strbuf_text(&name));
    if (*test->file) {
        strbuf_puts(out, " at ");
        text_escape(out, test->file, 0);
        if (test->line)
            strbuf_printf(out, ":%" PRIu32, test->line);
    }
    strbuf_putc(out, '\n');
    text_block(out, test->message, 4, MESSAGE_LINES);
    text_block(out, test->note, 4, 1);
    if (*test->output) {
        text_paint(out, style, PAINT_DIM, "    output:\n");
        text_block_end(out, test->output, 6, OUTPUT_LINES);
    }
    out->failed |= name.failed;
}

static void put_used(struct table *table, const struct test_usage *used)
{
    char text[QUANTITY_TEXT];
    bool known = used->user_s >= 0 && used->system_s >= 0;

    table_cell(table, PAINT_DIM,
               known
                   ? format_duration(
                         text, (int64_t)((used->user_s + used->system_s) * 1e9))
                   : "unknown");
    table_cell(table, PAINT_DIM,
               used->max_rss >= 0
                   ? format_quantity(text, (double)used->max_rss, "B")
                   : "unknown");
}

static void list_tests(const struct test_report *report,
                       const struct text_style *style, struct strbuf *out)
{
    struct table table = {0};
    char text[QUANTITY_TEXT];

    table_column(&table, "test", COLUMN_NAME);
    table_column(&table, "outcome", COLUMN_TEXT);
    table_column(&table, "time", COLUMN_NUMBER);
    table_column(&table, "CPU", COLUMN_NUMBER);
    table_column(&table, "memory", COLUMN_NUMBER);
    table_column(&table, "worker", COLUMN_TEXT);
    for (size_t i = 0; i < report->n; i++) {
        const struct test_result *t = &report->test[i];

        table_row(&table);
        table_cell(&table, PAINT_NONE, t->id);
        table_cell(&table, outcome_paint[t->outcome],
                   test_outcome_name(t->outcome));
        table_cell(&table, PAINT_NONE, format_duration(text, t->duration_ns));
        put_used(&table, &t->usage);
        if (t->worker >= 0)
            table_cellf(&table, PAINT_DIM, "w%d", t->worker);
        if (test_verdict(t->outcome) != TEST_VERDICT_FAILED && *t->message)
            table_note(&table, PAINT_DIM, "%s", t->message);
    }
    table_print(&table, style, out);
    table_clear(&table);
    strbuf_putc(out, '\n');
}

static void put_times(const struct test_report *report,
                      const struct test_summary *s, struct strbuf *out)
{
    char took[QUANTITY_TEXT], alone[QUANTITY_TEXT];

    text_count(out, report->n, "test");
    strbuf_printf(out, " in %s", format_duration(took, report->makespan_ns));
    if (report->workers > 1)
        strbuf_printf(out, " on %zu workers, %s one after the other",
                      report->workers,
                      format_duration(alone, (int64_t)(s->sequential_s * 1e9)));
    strbuf_printf(out, "; seed %" PRIu64, report->seed);
    if (report->run)
        strbuf_printf(out, "; stored as run:%" PRId64, report->run);
    strbuf_puts(out, report->interrupted ? "; interrupted\n" : "\n");
    if (report->workers > 1 && isfinite(s->efficiency))
        strbuf_printf(out,
                      "workers %.0f %% busy; no order of these tests takes "
                      "less than %s\n",
                      100 * s->efficiency,
                      format_duration(took, (int64_t)(s->lower_bound_s * 1e9)));
}

/* They pass, but nobody shall think that all is well. */
static void put_flaky(const struct test_report *report,
                      const struct text_style *style, struct strbuf *out)
{
    for (size_t i = 0; i < report->n; i++) {
        const struct test_result *t = &report->test[i];

        if (t->outcome != TEST_FLAKY)
            continue;
        text_paint(out, style, PAINT_WARN, "flaky");
        strbuf_putc(out, ' ');
        text_escape(out, t->id, 0);
        strbuf_printf(out, ": passed at attempt %" PRId64 "\n", t->attempts);
        text_block(out, t->message, 4, MESSAGE_LINES);
    }
}

/* What did not fail a test, but is not as it should be. */
static void put_notes(const struct test_report *report,
                      const struct text_style *style, struct strbuf *out)
{
    size_t n = 0;

    for (size_t i = 0; i < report->n; i++) {
        const struct test_result *t = &report->test[i];

        if (!*t->note || test_verdict(t->outcome) == TEST_VERDICT_FAILED)
            continue;
        n++;
        if (!style->verbose)
            continue;
        strbuf_puts(out, "note: ");
        text_escape(out, t->id, 0);
        strbuf_puts(out, ": ");
        text_escape(out, t->note, 0);
        strbuf_putc(out, '\n');
    }
    if (n == 0 || style->verbose)
        return;
    text_count(out, n, "test");
    strbuf_puts(out, " left files or descriptors behind; -v names them\n");
}

/* No test failed by them, but the run did. */
static void put_problems(const struct test_report *report,
                         const struct text_style *style, struct strbuf *out)
{
    for (size_t i = 0; i < report->n_problems; i++) {
        text_paint(out, style, PAINT_BAD, "error");
        strbuf_putc(out, ' ');
        text_escape(out, report->problem[i], 0);
        strbuf_putc(out, '\n');
    }
}

void tests_text(const struct test_report *report,
                const struct text_style *style, struct strbuf *out)
{
    struct test_summary s = test_summarise(report);

    if (style->verbose && !style->quiet) {
        list_tests(report, style, out);
        tests_sums(report, style, out);
        tests_timeline(report, out);
    }
    for (size_t i = 0; !style->quiet && i < report->n; i++)
        if (test_verdict(report->test[i].outcome) == TEST_VERDICT_FAILED)
            put_failure(out, style, &report->test[i]);
    if (!style->quiet) {
        put_flaky(report, style, out);
        put_notes(report, style, out);
        put_problems(report, style, out);
        put_times(report, &s, out);
    }
    strbuf_printf(out, "%zu passed, %zu failed, %zu skipped\n", s.passed,
                  s.failed, s.skipped);
}

static void set_known(struct json *json, const char *key, int64_t value)
{
    json_key(json, key);
    if (value < 0)
        json_null(json);
    else
        json_int(json, value);
}

static void put_usage(struct json *json, const struct test_usage *u)
{
    json_key(json, "usage");
    json_object(json);
    json_set_double(json, "user_s", u->user_s < 0 ? NAN : u->user_s);
    json_set_double(json, "system_s", u->system_s < 0 ? NAN : u->system_s);
    set_known(json, "max_rss", u->max_rss);
    set_known(json, "read_bytes", u->read_bytes);
    set_known(json, "write_bytes", u->write_bytes);
    set_known(json, "ctx_switches", u->ctx_switches);
    set_known(json, "page_faults", u->page_faults);
    json_object_end(json);
}

static void set_seconds(struct json *json, const char *key, int64_t ns)
{
    json_set_double(json, key, ns < 0 ? NAN : (double)ns / 1e9);
}

static void put_test(struct json *json, const struct test_result *t)
{
    json_object(json);
    json_set_string(json, "id", t->id);
    json_set_string(json, "outcome", test_outcome_name(t->outcome));
    json_set_int(json, "attempts", t->attempts > 0 ? t->attempts : 1);
    json_set_double(json, "seconds", (double)t->duration_ns / 1e9);
    set_seconds(json, "started_s", t->started_ns);
    set_seconds(json, "setup_s", t->setup_ns);
    set_seconds(json, "call_s", t->call_ns);
    set_seconds(json, "teardown_s", t->teardown_ns);
    json_key(json, "worker");
    if (t->worker < 0) {
        json_null(json);
    } else {
        char name[16];

        snprintf(name, sizeof name, "w%d", t->worker);
        json_string(json, name);
    }
    set_known(json, "cpu", t->cpu);
    json_words(json, "tags", t->tags);
    json_set_string(json, "file", *t->file ? t->file : NULL);
    set_known(json, "line", t->line ? (int64_t)t->line : -1);
    json_set_string(json, "message", *t->message ? t->message : NULL);
    json_set_string(json, "note", *t->note ? t->note : NULL);
    json_set_string(json, "output", *t->output ? t->output : NULL);
    put_usage(json, &t->usage);
    json_object_end(json);
}

static void put_summary(struct json *json, const struct test_report *report)
{
    struct test_summary s = test_summarise(report);

    json_key(json, "summary");
    json_object(json);
    json_set_int(json, "passed", (int64_t)s.passed);
    json_set_int(json, "failed", (int64_t)s.failed);
    json_set_int(json, "skipped", (int64_t)s.skipped);
    json_set_int(json, "crashed", (int64_t)s.count[TEST_CRASHED]);
    json_set_int(json, "timeout", (int64_t)s.count[TEST_TIMEOUT]);
    json_set_int(json, "leaked", (int64_t)s.count[TEST_LEAKED]);
    json_set_int(json, "xfailed", (int64_t)s.count[TEST_XFAILED]);
    json_set_int(json, "flaky", (int64_t)s.count[TEST_FLAKY]);
    json_set_int(json, "workers", (int64_t)report->workers);
    json_set_double(json, "makespan_s", s.makespan_s);
    json_set_double(json, "lower_bound_s", s.lower_bound_s);
    json_set_double(json, "sequential_s", s.sequential_s);
    json_set_double(json, "efficiency", s.efficiency);
    json_object_end(json);
}

static void put_shard(struct json *json, const struct test_shard *shard)
{
    json_key(json, "shard");
    if (!shard->index) {
        json_null(json);
        return;
    }
    json_object(json);
    json_set_int(json, "index", shard->index);
    json_set_int(json, "count", shard->count);
    json_set_string(json, "plan", shard->plan);
    json_object_end(json);
}

void tests_json(const struct test_report *report, struct strbuf *out)
{
    struct json json = {.out = out};

    json_object(&json);
    json_set_string(&json, "schema", "tare/test/1");
    json_set_string(&json, "suite", report->suite);
    set_known(&json, "run", report->run ? report->run : -1);
    json_seed(&json, report->seed);
    json_set_bool(&json, "interrupted", report->interrupted);
    put_shard(&json, &report->shard);
    json_texts(&json, "problems", report->problem, report->n_problems);
    put_summary(&json, report);
    json_key(&json, "cases");
    json_list(&json);
    for (size_t i = 0; i < report->n; i++)
        put_test(&json, &report->test[i]);
    json_array_end(&json);
    json_object_end(&json);
}
