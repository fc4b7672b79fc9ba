/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests as other tools read them: TAP, JUnit XML, Markdown. */
#include <config.h>

#include "report/tests.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "report/parts.h"

/* The directive of a test that is known to fail (TAP 14, "Directives"); in two
 * parts, as it is no mark here. */
static const char expected_failure[] = "TO"
                                       "DO";

/* A description ends at a "#", which is escaped like the backslash (TAP 14,
 * "Escaping"); the rest is made visible, since a line is a record. */
static void tap_text(struct strbuf *out, const char *untrusted)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};

    text_escape(&line, untrusted, 0);
    for (const char *p = strbuf_text(&line); *p; p++) {
        if (*p == '#' || *p == '\\')
            strbuf_putc(out, '\\');
        strbuf_putc(out, *p);
    }
    out->failed |= line.failed;
}

/* A literal block scalar: every line indented, none can end the block. */
static void tap_block(struct strbuf *out, const char *key,
                      const char *untrusted)
{
    if (*untrusted == '\0')
        return;
    /* the digit says the indentation, so that text may begin with blanks */
    strbuf_printf(out, "  %s: |2-\n", key);
    text_block(out, untrusted, 4, INT32_MAX);
}

static void tap_details(struct strbuf *out, const struct test_result *t)
{
    strbuf_puts(out, "  ---\n");
    strbuf_printf(out, "  outcome: %s\n", test_outcome_name(t->outcome));
    strbuf_printf(out, "  duration_ms: %.3f\n", (double)t->duration_ns / 1e6);
    tap_block(out, "message", t->message);
    tap_block(out, "note", t->note);
    tap_block(out, "output", t->output);
    strbuf_puts(out, "  ...\n");
}

static void tap_problems(const struct test_report *report, struct strbuf *out)
{
    for (size_t i = 0; i < report->n_problems; i++) {
        strbuf_printf(out, "not ok %zu - ", report->n + i + 1);
        tap_text(out, report->problem[i]);
        strbuf_putc(out, '\n');
    }
}

void tests_tap(const struct test_report *report, struct strbuf *out)
{
    strbuf_printf(out, "TAP version 14\n1..%zu\n",
                  report->n + report->n_problems);
    for (size_t i = 0; i < report->n; i++) {
        const struct test_result *t = &report->test[i];
        bool ok = test_verdict(t->outcome) != TEST_VERDICT_FAILED &&
                  t->outcome != TEST_XFAILED;

        strbuf_printf(out, "%sok %zu - ", ok ? "" : "not ", i + 1);
        tap_text(out, t->id);
        if (t->outcome == TEST_SKIPPED) {
            strbuf_puts(out, " # SKIP ");
            tap_text(out, t->message);
        }
        if (t->outcome == TEST_XFAILED) {
            strbuf_printf(out, " # %s ", expected_failure);
            tap_text(out, t->message);
        }
        strbuf_putc(out, '\n');
        if (!ok || t->outcome == TEST_FLAKY || *t->note)
            tap_details(out, t);
    }
    tap_problems(report, out);
}

/* Bytes of the program in an id, "program/name[key=value]"; 0 for a command,
 * whose id has no program. */
static size_t program_size(const char *id)
{
    size_t size = strcspn(id, "/[");

    return id[size] == '/' ? size : 0;
}

static int compare_programs(const char *a, const char *b)
{
    size_t n = program_size(a), m = program_size(b);
    int order = memcmp(a, b, n < m ? n : m);

    return order ? order : (n > m) - (n < m);
}

static void junit_problem(struct strbuf *out, const struct test_result *t)
{
    const char *element = t->outcome == TEST_FAILED ? "failure" : "error";

    if (test_verdict(t->outcome) == TEST_VERDICT_SKIPPED) {
        strbuf_puts(out, "      <skipped");
        xml_attribute(out, "message", t->message);
        strbuf_puts(out, "/>\n");
        return;
    }
    if (test_verdict(t->outcome) == TEST_VERDICT_PASSED)
        return;
    strbuf_printf(out, "      <%s type=\"%s\"", element,
                  test_outcome_name(t->outcome));
    xml_attribute(out, "message", t->message);
    strbuf_puts(out, "/>\n");
}

static void program_attribute(struct strbuf *out, const char *name,
                              const struct test_report *report, const char *id)
{
    SCOPED(strbuf_scoped) struct strbuf program = {0};

    strbuf_add(&program, id, program_size(id));
    if (program.size == 0)
        strbuf_puts(&program, *report->suite ? report->suite : "tare");
    xml_attribute(out, name, strbuf_text(&program));
    out->failed |= program.failed;
}

/* What fails nothing but is worth a look; readers show it beside the test. */
static void junit_remarks(struct strbuf *out, const struct test_result *t)
{
    bool flaky = t->outcome == TEST_FLAKY;

    if (!flaky && !*t->note)
        return;
    strbuf_puts(out, "      <system-err>");
    if (flaky) {
        strbuf_printf(out, "flaky: passed at attempt %" PRId64 "\n",
                      t->attempts);
        xml_text(out, t->message, "\n");
    }
    if (*t->note) {
        strbuf_puts(out, flaky ? "\n" : "");
        xml_text(out, t->note, "\n");
    }
    strbuf_puts(out, "</system-err>\n");
}

static void junit_test(struct strbuf *out, const struct test_report *report,
                       const struct test_result *t)
{
    size_t size = program_size(t->id);

    strbuf_puts(out, "    <testcase");
    program_attribute(out, "classname", report, t->id);
    xml_attribute(out, "name", size ? t->id + size + 1 : t->id);
    if (*t->file)
        xml_attribute(out, "file", t->file);
    if (*t->file && t->line)
        strbuf_printf(out, " line=\"%" PRIu32 "\"", t->line);
    strbuf_printf(out, " time=\"%.6f\">\n", (double)t->duration_ns / 1e9);
    junit_problem(out, t);
    if (*t->output) {
        strbuf_puts(out, "      <system-out>");
        xml_text(out, t->output, "\n");
        strbuf_puts(out, "</system-out>\n");
    }
    junit_remarks(out, t);
    strbuf_puts(out, "    </testcase>\n");
}

struct junit_counts {
    size_t tests, failures, errors, skipped;
    double seconds;
};

static void junit_count(struct junit_counts *counts,
                        const struct test_result *t)
{
    counts->tests++;
    counts->failures += t->outcome == TEST_FAILED;
    counts->errors += test_verdict(t->outcome) == TEST_VERDICT_FAILED &&
                      t->outcome != TEST_FAILED;
    counts->skipped += test_verdict(t->outcome) == TEST_VERDICT_SKIPPED;
    counts->seconds += (double)t->duration_ns / 1e9;
}

static void junit_put_counts(struct strbuf *out,
                             const struct junit_counts *counts)
{
    strbuf_printf(out,
                  " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
                  "skipped=\"%zu\" time=\"%.6f\"",
                  counts->tests, counts->failures, counts->errors,
                  counts->skipped, counts->seconds);
}

/* Tests by program, in the order of the report within one. */
static int by_program(const void *a, const void *b)
{
    const struct test_result *x = *(const struct test_result *const *)a;
    const struct test_result *y = *(const struct test_result *const *)b;
    int order = compare_programs(x->id, y->id);

    return order ? order : (x > y) - (x < y);
}

/* The tests of one program, which stand side by side. */
static void junit_program(struct strbuf *out, const struct test_report *report,
                          const struct test_result *const *test, size_t n)
{
    struct junit_counts counts = {0};

    for (size_t i = 0; i < n; i++)
        junit_count(&counts, test[i]);
    strbuf_puts(out, "  <testsuite");
    program_attribute(out, "name", report, test[0]->id);
    junit_put_counts(out, &counts);
    strbuf_puts(out, ">\n");
    for (size_t i = 0; i < n; i++)
        junit_test(out, report, test[i]);
    strbuf_puts(out, "  </testsuite>\n");
}

static void junit_programs(struct strbuf *out, const struct test_report *report)
{
    SCOPED(free_scoped)
    const struct test_result **test = malloc((report->n + 1) * sizeof *test);
    size_t from = 0;

    if (!test) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < report->n; i++)
        test[i] = &report->test[i];
    qsort(test, report->n, sizeof *test, by_program);
    for (size_t i = 1; i <= report->n; i++) {
        if (i < report->n && compare_programs(test[i]->id, test[from]->id) == 0)
            continue;
        junit_program(out, report, test + from, i - from);
        from = i;
    }
}

/* What did not end well, as tests that could not be: a CI server shows nothing
 * else. */
static void junit_problems(struct strbuf *out, const struct test_report *report)
{
    const struct junit_counts counts = {.tests = report->n_problems,
                                        .errors = report->n_problems};

    if (report->n_problems == 0)
        return;
    strbuf_puts(out, "  <testsuite name=\"fixtures\"");
    junit_put_counts(out, &counts);
    strbuf_puts(out, ">\n");
    for (size_t i = 0; i < report->n_problems; i++) {
        strbuf_printf(out,
                      "    <testcase classname=\"fixtures\" "
                      "name=\"end %zu\" time=\"0.000000\">\n"
                      "      <error type=\"fixture\"",
                      i + 1);
        xml_attribute(out, "message", report->problem[i]);
        strbuf_puts(out, "/>\n    </testcase>\n");
    }
    strbuf_puts(out, "  </testsuite>\n");
}

void tests_junit(const struct test_report *report, struct strbuf *out)
{
    struct junit_counts counts = {0};

    for (size_t i = 0; i < report->n; i++)
        junit_count(&counts, &report->test[i]);
    counts.tests += report->n_problems;
    counts.errors += report->n_problems;
    strbuf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    xml_attribute(out, "name", *report->suite ? report->suite : "tare");
    junit_put_counts(out, &counts);
    strbuf_puts(out, ">\n");
    junit_programs(out, report);
    junit_problems(out, report);
    strbuf_puts(out, "</testsuites>\n");
}

static void csv_seconds(struct strbuf *out, int64_t ns)
{
    strbuf_putc(out, ',');
    if (ns >= 0)
        strbuf_double(out, (double)ns / 1e9);
}

static void csv_known(struct strbuf *out, int64_t value)
{
    strbuf_putc(out, ',');
    if (value >= 0)
        strbuf_printf(out, "%" PRId64, value);
}

void tests_csv(const struct test_report *report, struct strbuf *out)
{
    strbuf_puts(out, "id,outcome,attempts,seconds,setup_s,call_s,teardown_s,"
                     "worker,cpu,max_rss,message\n");
    for (size_t i = 0; i < report->n; i++) {
        const struct test_result *t = &report->test[i];

        csv_text(out, t->id);
        strbuf_printf(out, ",%s", test_outcome_name(t->outcome));
        csv_known(out, t->attempts > 0 ? t->attempts : 1);
        csv_seconds(out, t->duration_ns);
        csv_seconds(out, t->setup_ns);
        csv_seconds(out, t->call_ns);
        csv_seconds(out, t->teardown_ns);
        csv_known(out, t->worker);
        csv_known(out, t->cpu);
        csv_known(out, t->usage.max_rss);
        strbuf_putc(out, ',');
        csv_text(out, t->message);
        strbuf_putc(out, '\n');
    }
}
