/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `tare test` writes. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "cli/figures.h"
#include "cli/forms.h"
#include "cli/test_suite.h"
#include "report/table.h"

/* ---- --durations */

static int by_duration(const void *a, const void *b)
{
    const struct test_result *x = *(const struct test_result *const *)a;
    const struct test_result *y = *(const struct test_result *const *)b;

    if (x->duration_ns != y->duration_ns)
        return x->duration_ns > y->duration_ns ? -1 : 1;
    return (x > y) - (x < y);
}

static void put_part(struct table *table, int64_t ns)
{
    char text[QUANTITY_TEXT];

    table_cell(table, PAINT_DIM,
               ns < 0 ? "unknown" : format_duration(text, ns));
}

static void put_durations(const struct test_report *report, size_t n,
                          const struct text_style *style, struct strbuf *out)
{
    SCOPED(free_scoped)
    const struct test_result **sorted = calloc(report->n + 1, sizeof(*sorted));
    struct table table = {0};
    char text[QUANTITY_TEXT];

    if (!sorted) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < report->n; i++)
        sorted[i] = &report->test[i];
    qsort(sorted, report->n, sizeof(*sorted), by_duration);
    strbuf_puts(out, "slowest tests\n");
    table_column(&table, "test", COLUMN_NAME);
    table_column(&table, "time", COLUMN_NUMBER);
    table_column(&table, "set-up", COLUMN_NUMBER);
    table_column(&table, "call", COLUMN_NUMBER);
    table_column(&table, "tear-down", COLUMN_NUMBER);
    for (size_t i = 0; i < report->n && (n == 0 || i < n); i++) {
        table_row(&table);
        table_cell(&table, PAINT_NONE, sorted[i]->id);
        table_cell(&table, PAINT_NONE,
                   format_duration(text, sorted[i]->duration_ns));
        put_part(&table, sorted[i]->setup_ns);
        put_part(&table, sorted[i]->call_ns);
        put_part(&table, sorted[i]->teardown_ns);
    }
    table_print(&table, style, out);
    table_clear(&table);
    strbuf_putc(out, '\n');
}

/* ---- -r */

static const struct {
    char letter;
    enum test_outcome outcome;
} letters[] = {
    {'f', TEST_FAILED},  {'s', TEST_SKIPPED}, {'c', TEST_CRASHED},
    {'t', TEST_TIMEOUT}, {'l', TEST_LEAKED},  {'F', TEST_FLAKY},
    {'x', TEST_XFAILED},
};

static bool wants(const char *summary, enum test_outcome outcome)
{
    for (size_t i = 0; i < ARRAY_LEN(letters); i++)
        if (letters[i].outcome == outcome)
            return strchr(summary, 'a') || strchr(summary, letters[i].letter);
    return false;
}

static void put_summary(const struct test_report *report, const char *summary,
                        struct strbuf *out)
{
    for (size_t i = 0; i < report->n; i++) {
        const struct test_result *t = &report->test[i];

        if (!wants(summary, t->outcome))
            continue;
        strbuf_printf(out, "%s ", test_outcome_name(t->outcome));
        text_escape(out, t->id, 0);
        if (*t->message) {
            strbuf_puts(out, ": ");
            text_escape(out, t->message, 200);
        }
        strbuf_putc(out, '\n');
    }
}

/* ---- all */

static int write_report(const struct cli *cli, const struct test_report *report,
                        struct strbuf *out, struct error *err)
{
    const struct text_style style = cli_style(cli);

    if (cli->options.format == FORMAT_TEXT && cli->options.given[OPT_DURATIONS])
        put_durations(report, (size_t)cli->options.durations, &style, out);
    if (cli->options.format == FORMAT_TEXT && cli->options.summary)
        put_summary(report, cli->options.summary, out);
    return forms_tests(cli, report, out, err);
}

/* Those that ran, in the order of definition. */
static size_t gather(const struct test_suite *tests, struct test_result *out)
{
    size_t n = 0;

    for (size_t i = 0; i < tests->n; i++)
        if (tests->result[i].outcome != TEST_UNSET)
            out[n++] = tests->result[i];
    return n;
}

static void say_shard(const struct test_suite *tests)
{
    const struct shard *shard = &tests->session->cli->options.shard;

    if (tests->shard_plan)
        fprintf(stderr, "part %d of %d: %zu of %zu tests, plan %s\n",
                shard->index, shard->count, tests->n, tests->choice.n,
                tests->shard_plan);
}

/* Where the report on standard output does not. */
static void say_problems(const struct cli *cli,
                         const struct test_report *report)
{
    const struct options *options = &cli->options;

    if (options->format == FORMAT_TEXT && !options->quiet && !options->output)
        return;
    for (size_t i = 0; i < report->n_problems; i++)
        fprintf(stderr, "error: %s\n", report->problem[i]);
}

/* Makespan and problems are known at the end only. */
static void keep_crew(struct test_suite *tests,
                      const struct test_report *report)
{
    const struct stored_crew crew = {.workers = (int64_t)report->workers,
                                     .makespan_ns = report->makespan_ns,
                                     .problems =
                                         strbuf_text(&tests->complaints)};
    struct error why = {0};

    if (tests->record.store &&
        crew_add(tests->record.store, tests->record.run, &crew, &why) < 0)
        fprintf(stderr, "warning: %s\n", why.text);
}

static void say_not_run(const struct test_suite *tests, size_t ran)
{
    if (ran == tests->n)
        return;
    fprintf(stderr, "%zu of %zu tests did not run: %s\n", tests->n - ran,
            tests->n,
            tests->sum.interrupted ? "interrupted"
            : tests->sum.stopped   ? "enough have failed"
                                   : "the run could not go on");
}

int test_suite_show(struct test_suite *tests, struct error *err)
{
    struct session *session = tests->session;
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct test_result *ran =
        arena_alloc(&session->arena, tests->n, sizeof *ran);
    struct test_report report = {
        .suite = session->suite->name,
        .test = ran,
        .workers = tests->workers,
        .makespan_ns = tests->sum.makespan_ns,
        .seed = session->seed,
        .run = tests->record.store ? tests->record.run : 0,
        .interrupted = tests->sum.interrupted,
    };
    const struct shard *shard = &session->cli->options.shard;
    int rc;

    if (!ran)
        return ERROR(err, ERR_NOMEM, "no memory for a report");
    if (text_split_lines(strbuf_text(&tests->complaints), &session->arena,
                         &report.problem, &report.n_problems, err) < 0)
        return ERR_NOMEM;
    if (tests->shard_plan)
        report.shard =
            (struct test_shard){shard->index, shard->count, tests->shard_plan};
    report.n = gather(tests, ran);
    if (report.n == tests->n)
        figures_of_tests(&tests->record, &report);
    keep_crew(tests, &report);
    say_problems(session->cli, &report);
    say_shard(tests);
    say_not_run(tests, report.n);
    rc = write_report(session->cli, &report, &text, err);
    return rc < 0 ? rc : cli_write(session->cli, &text, err);
}
