/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comments for pull requests: what is to be known fits a screen, the rest is
 * folded, and all of it fits what a comment may hold. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "report/gate.h"
#include "report/parts.h"
#include "report/run.h"
#include "report/tests.h"

enum {
    ROWS_MAX = 15, /* that are not folded */
    ID_MAX = 200,  /* bytes of a name */
    MESSAGE_MAX = 300,
    /* GitHub takes 65536 characters; the last row and what follows need room */
    COMMENT_MAX = 60000,
};

/* A table that is written row by row. */
struct rows {
    struct strbuf *out;
    const char *head; /* its first two lines */
    const char *of;   /* words for what is folded or left out */
    bool full;
    size_t shown;         /* rows before the fold */
    size_t n, total;      /* rows so far, and in all */
    bool started, folded; /* a head was written; a fold is open */
};

/* Make room for the next row; false when the comment is full. */
static bool next_row(struct rows *rows)
{
    if (!rows->full && rows->out->size > COMMENT_MAX)
        return false;
    if (rows->n == rows->shown && rows->total > rows->shown &&
        (!rows->full || rows->shown == 0)) {
        strbuf_printf(rows->out, "\n<details><summary>%zu %s%s</summary>\n",
                      rows->total - rows->n, rows->n ? "more " : "", rows->of);
        rows->folded = true;
        rows->started = false;
    }
    if (!rows->started)
        strbuf_printf(rows->out, "\n%s", rows->head);
    rows->started = true;
    rows->n++;
    return true;
}

static void end_rows(struct rows *rows)
{
    if (rows->n < rows->total)
        strbuf_printf(rows->out,
                      "\n%zu %s would not fit; `tare report --format csv` has "
                      "all.\n",
                      rows->total - rows->n, rows->of);
    if (rows->folded)
        strbuf_puts(rows->out, "\n</details>\n");
}

/* A line of small print: where it was measured, and as what it is kept. */
static void put_foot(struct strbuf *out, const struct occasion *occasion,
                     const char *place, double wall_s, int64_t run)
{
    const struct text_style style = {.columns = 0};
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    char text[QUANTITY_TEXT];

    put_machine_line(&line, &style, occasion, place);
    if (line.size)
        line.text[--line.size] = '\0'; /* its newline */
    if (wall_s > 0)
        strbuf_printf(&line, "; took %s",
                      format_duration(text, (int64_t)(wall_s * 1e9)));
    if (run)
        strbuf_printf(&line, "; run:%lld", (long long)run);
    strbuf_puts(out, "\n<sub>");
    markdown_code(out, strbuf_text(&line), 0);
    strbuf_puts(out, "</sub>\n");
    out->failed |= line.failed;
}

/* --- comparisons */

static const char gate_head[] =
    "| case | verdict | change | interval | reason |\n"
    "|:--|:--|--:|:--|:--|\n";

static void gate_row(struct strbuf *out, const struct gate_case *c)
{
    const struct comparison *m = &c->comparison;
    SCOPED(strbuf_scoped) struct strbuf reason = {0};
    char ratio[QUANTITY_TEXT], low[QUANTITY_TEXT], high[QUANTITY_TEXT];
    char share[SHARE_TEXT];

    strbuf_puts(out, "| ");
    markdown_code(out, c->id, ID_MAX);
    if (strcmp(c->metric, "time") != 0) {
        strbuf_putc(out, ' ');
        markdown_code(out, c->metric, ID_MAX / 2);
    }
    strbuf_printf(out, " | %s | %s | ", verdict_name(m->verdict),
                  isnan(m->ratio) ? "" : format_change(ratio, m->ratio));
    if (m->low > 0 && isfinite(m->high)) {
        format_changes(low, high, m->low, m->high);
        strbuf_printf(out, "%s to %s at %s", low, high,
                      text_share(share, m->confidence));
    }
    strbuf_puts(out, " | ");
    gate_reason(c, &reason);
    markdown_code(out, strbuf_text(&reason), MESSAGE_MAX);
    strbuf_puts(out, " |\n");
    out->failed |= reason.failed;
}

static bool is_news(const struct gate_case *c)
{
    return c->comparison.verdict != VERDICT_UNCHANGED;
}

/* Rows of those that are news, or of those that are not. */
static void gate_rows(struct strbuf *out, const struct gate_report *report,
                      const size_t *order, bool news, bool full)
{
    struct rows rows = {.out = out,
                        .head = gate_head,
                        .of = news ? "to look at" : "unchanged",
                        .full = full,
                        .shown = news ? ROWS_MAX : 0};

    for (size_t i = 0; i < report->n_cases; i++)
        rows.total += is_news(&report->cases[i]) == news;
    for (size_t i = 0; i < report->n_cases; i++) {
        const struct gate_case *c = &report->cases[order[i]];

        if (is_news(c) != news)
            continue;
        if (next_row(&rows))
            gate_row(out, c);
    }
    end_rows(&rows);
}

static void gate_machine(struct strbuf *out, const struct gate_report *report)
{
    char text[QUANTITY_TEXT];

    if (report->n_differences) {
        strbuf_puts(out, "\nThe machine differs from the baseline's:");
        for (size_t i = 0; i < report->n_differences; i++) {
            strbuf_puts(out, i ? ", " : " ");
            markdown_code(out, report->difference[i].name, ID_MAX / 2);
        }
        strbuf_puts(out, ".\n");
    }
    if (!isnan(report->moved))
        strbuf_printf(out,
                      "\nMost cases and the anchors moved together by %s: the "
                      "machine changed, not only the code.\n",
                      format_change(text, report->moved));
}

/* The outcome at a glance. */
static void gate_mark(struct strbuf *out, const struct gate_report *report)
{
    static const char *const mark[VERDICT_COUNT] = {
        [VERDICT_REGRESSED] = "\xe2\x9d\x8c",
        [VERDICT_FAILED] = "\xe2\x9d\x8c",
        [VERDICT_INCOMPARABLE] = "\xe2\x9a\xa0\xef\xb8\x8f",
        [VERDICT_INCONCLUSIVE] = "\xe2\x9a\xa0\xef\xb8\x8f",
        [VERDICT_IMPROVED] = "\xe2\x9c\x85",
        [VERDICT_UNCHANGED] = "\xe2\x9c\x85",
    };
    enum verdict verdict = gate_verdict(report);
    SCOPED(strbuf_scoped) struct strbuf line = {0};

    gate_conclusion(report, &line);
    if (mark[verdict])
        strbuf_printf(out, "%s **%s** ", mark[verdict], verdict_name(verdict));
    markdown_code(out, strbuf_text(&line), 1000);
    strbuf_putc(out, '\n');
    out->failed |= line.failed;
}

static void gate_sides(struct strbuf *out, const struct gate_report *report)
{
    if (!*report->old_name)
        return;
    strbuf_puts(out, "\nagainst ");
    markdown_code(out, report->old_name, ID_MAX);
    if (*report->new_name) {
        strbuf_puts(out, ": ");
        markdown_code(out, report->new_name, ID_MAX);
    }
    strbuf_putc(out, '\n');
}

void gate_markdown(const struct gate_report *report, bool full,
                   struct strbuf *out)
{
    SCOPED(free_scoped)
    size_t *order = malloc((report->n_cases + 1) * sizeof *order);

    if (!order) {
        out->failed = true;
        return;
    }
    gate_sort(report, order);
    gate_mark(out, report);
    gate_sides(out, report);
    gate_rows(out, report, order, true, full);
    gate_machine(out, report);
    gate_rows(out, report, order, false, full);
    put_foot(out, report->now, report->place, report->wall_s, report->run);
}

/* --- runs */

static const char run_head[] =
    "| case | time | interval | at | between processes | throughput |\n"
    "|:--|--:|--:|--:|--:|--:|\n";

static void run_row(struct strbuf *out, const struct run_case *c)
{
    char text[QUANTITY_TEXT], share[SHARE_TEXT];
    double rate;
    const char *unit;

    strbuf_puts(out, "| ");
    markdown_code(out, c->result->id, ID_MAX);
    if (!c->time) {
        strbuf_printf(out, " | %s | | | | |\n",
                      case_status_name(c->result->status));
        return;
    }
    strbuf_puts(out, " | ");
    strbuf_puts(out, format_quantity(text, c->time->estimate.value,
                                     c->time->metric->unit));
    if (c->time->estimate.open)
        strbuf_puts(out, " | open |");
    else
        strbuf_printf(out, " | \xc2\xb1%s |",
                      text_share(share, c->time->estimate.half_width));
    strbuf_printf(out, " %s |",
                  c->time->estimate.open
                      ? ""
                      : text_share(share, c->time->estimate.confidence));
    strbuf_printf(out, " %s |", text_share(share, c->time->estimate.between));
    if (run_throughput(c, &rate, &unit))
        strbuf_printf(
            out, " %s",
            format_quantity(text, rate, strcmp(unit, "1/s") ? unit : "/s"));
    strbuf_puts(out, " |\n");
}

static void run_messages(struct strbuf *out, const struct run_report *report)
{
    const char *before = "\n";

    for (size_t i = 0; i < report->n_cases; i++) {
        const struct case_results *r = report->cases[i].result;

        if (r->status == CASE_MEASURED || out->size > COMMENT_MAX)
            continue;
        strbuf_printf(out, "%s- ", before);
        markdown_code(out, r->id, ID_MAX);
        strbuf_printf(out, " %s: ", case_status_name(r->status));
        markdown_code(out, r->message, MESSAGE_MAX);
        strbuf_putc(out, '\n');
        before = "";
    }
}

void run_markdown(const struct run_report *report, bool full,
                  struct strbuf *out)
{
    struct rows rows = {.out = out,
                        .head = run_head,
                        .of = "cases",
                        .full = full,
                        .shown = ROWS_MAX,
                        .total = report->n_cases};

    strbuf_printf(out, "**%zu measured, %zu failed, %zu skipped**\n",
                  report->n_measured, report->n_failed, report->n_skipped);
    run_messages(out, report);
    for (size_t i = 0; i < report->n_cases; i++)
        if (next_row(&rows))
            run_row(out, &report->cases[i]);
    end_rows(&rows);
    put_foot(out, report->occasion, report->place, report->wall_s, report->run);
}

/* --- tests */

static const char tests_head[] =
    "| test | outcome | message |\n|:--|:--|:--|\n";

static bool is_told(const struct test_result *t)
{
    return test_verdict(t->outcome) == TEST_VERDICT_FAILED ||
           t->outcome == TEST_FLAKY;
}

static void tests_row(struct strbuf *out, const struct test_result *t)
{
    strbuf_puts(out, "| ");
    markdown_code(out, t->id, ID_MAX);
    strbuf_printf(out, " | %s | ", test_outcome_name(t->outcome));
    markdown_code(out, t->message, MESSAGE_MAX);
    strbuf_puts(out, " |\n");
}

static void tests_problems(struct strbuf *out, const struct test_report *report)
{
    for (size_t i = 0; i < report->n_problems; i++) {
        strbuf_puts(out, i ? "- " : "\n- ");
        markdown_code(out, report->problem[i], MESSAGE_MAX);
        strbuf_putc(out, '\n');
    }
}

void tests_markdown(const struct test_report *report, bool full,
                    struct strbuf *out)
{
    struct test_summary s = test_summarise(report);
    struct rows rows = {.out = out,
                        .head = tests_head,
                        .of = "to look at",
                        .full = full,
                        .shown = ROWS_MAX};
    char text[QUANTITY_TEXT];

    strbuf_printf(out, "%s **%zu passed, %zu failed, %zu skipped** in %s\n",
                  s.failed || report->n_problems ? "\xe2\x9d\x8c"
                                                 : "\xe2\x9c\x85",
                  s.passed, s.failed, s.skipped,
                  format_duration(text, report->makespan_ns));
    for (size_t i = 0; i < report->n; i++)
        rows.total += is_told(&report->test[i]);
    for (size_t i = 0; i < report->n; i++)
        if (is_told(&report->test[i]) && next_row(&rows))
            tests_row(out, &report->test[i]);
    end_rows(&rows);
    tests_problems(out, report);
}
