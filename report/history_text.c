/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A history for people. */
#include <config.h>

#include "report/history.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/scope.h"
#include "base/units.h"
#include "report/history_parts.h"
#include "report/table.h"

enum {
    WIDE = 100,      /* columns of a terminal with room for a longer trend */
    NOTES_SHOWN = 3, /* changes below a series, the newest */
    SHORT = 8,
    WORD_MAX = 24,
    DAY = 10,    /* letters of 2026-03-04T10:00:00Z up to the day's end */
    MINUTE = 16, /* and to the minute's */
};

/* --- words */

/* A revision, a machine key or the like, short enough to read: 8 digits of a
 * hash, anything else escaped and cut; "unknown" for "". */
static void put_short(struct strbuf *out, const char *untrusted)
{
    size_t n = strlen(untrusted);

    if (n == 0)
        strbuf_puts(out, "unknown");
    else if (n > SHORT && strspn(untrusted, "0123456789abcdef") == n)
        strbuf_add(out, untrusted, SHORT);
    else
        text_escape(out, untrusted, WORD_MAX);
}

static void put_start(struct strbuf *out, const char *untrusted, size_t size)
{
    char text[WORD_MAX];

    snprintf(text, size + 1, "%s", untrusted);
    text_escape(out, text, 0);
}

/* The revision, or where it is not known the time: "2026-03-04 10:00". */
static void put_when(struct strbuf *out, const struct history_point *point)
{
    if (*point->revision || !*point->created) {
        put_short(out, point->revision);
        return;
    }
    put_start(out, point->created, DAY);
    if (strlen(point->created) >= MINUTE) {
        strbuf_putc(out, ' ');
        put_start(out, point->created + DAY + 1, MINUTE - DAY - 1);
    }
}

static void put_range(struct strbuf *out, const struct history_change *c)
{
    char text[INTERVAL_TEXT], share[SHARE_TEXT];

    if (!isfinite(c->low) || !isfinite(c->high))
        return;
    format_interval(text, c->low, c->high);
    strbuf_printf(out, " (%s at %s)", text, text_share(share, c->confidence));
}

void put_change(struct strbuf *out, const struct history_line *line,
                const struct history_change *c)
{
    const struct history_point *after = &line->point[c->at];
    char text[QUANTITY_TEXT];

    strbuf_puts(out, format_change(text, c->ratio));
    put_range(out, c);
    strbuf_puts(out, " between ");
    put_when(out, &line->point[c->at - 1]);
    strbuf_puts(out, " and ");
    put_when(out, after);
    if (*after->revision) {
        strbuf_puts(out, ", ");
        put_start(out, after->created, DAY);
    }
    if (c->provisional)
        strbuf_puts(out, "; provisional");
    if (!*c->ack) {
        strbuf_printf(out, "; change %s", c->name);
        return;
    }
    strbuf_puts(out, "; acknowledged");
    if (*c->ack_author) {
        strbuf_puts(out, " by ");
        text_escape(out, c->ack_author, WORD_MAX);
    }
    strbuf_puts(out, ": ");
    text_escape(out, c->ack, 200);
}

void put_drift(struct strbuf *out, const struct history_line *line)
{
    size_t from = line->n_changes ? line->change[line->n_changes - 1].at : 0;
    char each[QUANTITY_TEXT], all[QUANTITY_TEXT];

    strbuf_printf(out, "drifts by %s a revision since ",
                  format_change(each, line->drift));
    put_when(out, &line->point[from]);
    strbuf_printf(
        out, ", %s in all (p %.2g)",
        format_change(all, pow(line->drift, (double)(line->n - 1 - from))),
        line->drift_p);
}

/* Half the width of a point's interval relative to its value; NaN when open. */
static double point_half_width(const struct history_point *p)
{
    return isfinite(p->low) && isfinite(p->high) && p->value != 0
               ? fmax(p->high - p->value, p->value - p->low) / fabs(p->value)
               : NAN;
}

/* Series in which nothing could be looked for. */
static size_t count_short(const struct history_report *report)
{
    size_t n = 0;

    for (size_t i = 0; i < report->n; i++)
        n += *report->line[i].why_none != '\0';
    return n;
}

void history_conclusion(const struct history_report *report, struct strbuf *out)
{
    struct history_counts n = history_count(report);
    size_t shorts = count_short(report);

    strbuf_printf(out, "history: %zu series", report->n);
    if (shorts)
        strbuf_printf(out, " (%zu too short to tell)", shorts);
    if (n.changes == 0) {
        strbuf_puts(out, ", no change");
        return;
    }
    strbuf_puts(out, ", ");
    text_count(out, n.changes, "change");
    strbuf_printf(out, ": %zu to look at", n.open);
    if (n.acknowledged)
        strbuf_printf(out, ", %zu acknowledged", n.acknowledged);
    if (n.provisional)
        strbuf_printf(out, ", %zu provisional", n.provisional);
}

/* --- headings */

static bool same_place(const struct history_line *a,
                       const struct history_line *b)
{
    return strcmp(a->machine_key, b->machine_key) == 0 &&
           strcmp(a->branch, b->branch) == 0;
}

/* "machine 3f2a91c0 (this one), branch main" */
static void put_place(struct strbuf *out, const struct history_report *report,
                      const struct history_line *line)
{
    strbuf_puts(out, "machine ");
    put_short(out, line->machine_key);
    if (*report->here && strcmp(report->here, line->machine_key) == 0)
        strbuf_puts(out, " (this one)");
    if (*line->branch) {
        strbuf_puts(out, ", branch ");
        text_escape(out, line->branch, 60);
    }
}

static void put_others(struct strbuf *out, const struct history_report *report,
                       const struct text_style *style)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};

    if (report->n_others == 0)
        return;
    strbuf_puts(&line, "not shown:");
    for (size_t i = 0; i < report->n_others && i < 5; i++) {
        const struct history_other *o = &report->other[i];

        strbuf_puts(&line, i ? "; " : " ");
        strbuf_puts(&line, "machine ");
        put_short(&line, o->machine_key);
        if (*o->branch) {
            strbuf_puts(&line, ", branch ");
            text_escape(&line, o->branch, 60);
        }
        strbuf_puts(&line, " (");
        text_count(&line, o->runs, "run");
        strbuf_putc(&line, ')');
    }
    if (report->n_others > 5)
        strbuf_printf(&line, "; %zu more", report->n_others - 5);
    strbuf_puts(&line, "; --machine and --branch choose");
    text_wrap(out, style, PAINT_DIM, 0, 4, strbuf_text(&line));
    out->failed |= line.failed;
}

/* --- a row a series */

static enum paint paint_of(const struct history_line *line,
                           const struct history_change *c)
{
    if (*c->ack)
        return PAINT_DIM;
    if (!history_is_worse(line, c))
        return line->better == BETTER_NONE ? PAINT_NONE : PAINT_GOOD;
    return c->provisional ? PAINT_WARN : PAINT_BAD;
}

static void note_change(struct table *table, const struct history_line *line,
                        const struct history_change *c)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    put_change(&text, line, c);
    table_note(table, paint_of(line, c), "%s", strbuf_text(&text));
    table->failed |= text.failed;
}

static void note_rest(struct table *table, const struct history_report *report,
                      const struct history_line *line)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    if (history_drifts(report, line)) {
        put_drift(&text, line);
        table_note(table, PAINT_WARN, "%s", strbuf_text(&text));
    }
    table->failed |= text.failed;
}

static void add_notes(struct table *table, const struct history_report *report,
                      const struct history_line *line,
                      const struct text_style *style)
{
    size_t hidden = 0;
    size_t from = line->n_changes > NOTES_SHOWN && !style->verbose
                      ? line->n_changes - NOTES_SHOWN
                      : 0;

    for (size_t i = from; i < line->n_changes; i++) {
        if (*line->change[i].ack && !style->verbose)
            hidden++;
        else
            note_change(table, line, &line->change[i]);
    }
    hidden += from;
    if (hidden)
        table_note(table, PAINT_DIM, "%zu earlier or acknowledged: -v", hidden);
    note_rest(table, report, line);
}

static const char *spark_of(const struct history_report *report,
                            const struct history_line *line, size_t width,
                            struct strbuf *out, struct arena *arena)
{
    double *value = arena_alloc(arena, line->n, sizeof *value);

    if (!value) {
        out->failed = true;
        return "";
    }
    for (size_t i = 0; i < line->n; i++)
        value[i] = line->point[i].value;
    history_spark(out, value, line->n, width, 2 * report->margin);
    return strbuf_text(out);
}

/* Columns that say the same in every row are left out. */
struct layout {
    bool metrics, baseline;
    size_t width;
};

static void look(const struct history_report *report,
                 const struct text_style *style, struct layout *layout)
{
    *layout = (struct layout){
        .width = style->columns && style->columns < WIDE ? 16 : 32};
    for (size_t i = 0; i < report->n; i++) {
        const struct history_line *l = &report->line[i];

        layout->metrics |= strcmp(l->metric, report->line[0].metric) != 0;
        layout->baseline |= isfinite(l->baseline);
    }
}

static void add_columns(struct table *table,
                        const struct history_report *report,
                        const struct layout *layout)
{
    char heading[40];

    snprintf(heading, sizeof heading, "since %.20s", report->baseline);
    table_column(table, "case", COLUMN_NAME);
    if (layout->metrics)
        table_column(table, "metric", COLUMN_TEXT);
    table_column(table, "newest", COLUMN_NUMBER);
    table_column(table, "interval", COLUMN_NUMBER);
    if (layout->baseline)
        table_column(table, heading, COLUMN_NUMBER);
    table_column(table, "points", COLUMN_NUMBER);
    table_column(table, "trend", COLUMN_TEXT);
}

static void add_line(struct table *table, const struct history_report *report,
                     const struct history_line *line,
                     const struct layout *layout)
{
    SCOPED(strbuf_scoped) struct strbuf trend = {0};
    SCOPED(arena_scoped) struct arena arena = {0};
    const struct history_point *newest = &line->point[line->n - 1];
    char text[QUANTITY_TEXT], share[SHARE_TEXT];
    double half = point_half_width(newest);

    table_row(table);
    table_cell(table, PAINT_NONE, line->id);
    if (layout->metrics)
        table_cell(table, PAINT_NONE, line->metric);
    table_cell(table, PAINT_STRONG,
               format_quantity(text, newest->value, line->unit));
    if (isnan(half))
        table_cell(table, PAINT_DIM, "open");
    else
        table_cellf(table, PAINT_NONE, "\xc2\xb1%s", text_share(share, half));
    if (layout->baseline)
        table_cell(table, PAINT_NONE,
                   isfinite(line->baseline)
                       ? format_change(text, newest->value / line->baseline)
                       : "");
    table_cellf(table, PAINT_NONE, "%zu", line->n);
    table_cell(table, PAINT_NONE,
               spark_of(report, line, layout->width, &trend, &arena));
    table->failed |= trend.failed;
}

/* The series of one machine and branch; returns how many. */
static size_t put_group(const struct history_report *report, size_t from,
                        const struct layout *layout,
                        const struct text_style *style, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf heading = {0};
    struct table table = {0};
    size_t i = from;

    put_place(&heading, report, &report->line[from]);
    text_wrap(out, style, PAINT_DIM, 0, 4, strbuf_text(&heading));
    strbuf_putc(out, '\n');
    add_columns(&table, report, layout);
    for (; i < report->n && same_place(&report->line[i], &report->line[from]);
         i++) {
        add_line(&table, report, &report->line[i], layout);
        add_notes(&table, report, &report->line[i], style);
    }
    table_print(&table, style, out);
    table_clear(&table);
    strbuf_putc(out, '\n');
    out->failed |= heading.failed;
    return i - from;
}

static void put_end(const struct history_report *report,
                    const struct text_style *style, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};

    if (!style->quiet)
        put_others(out, report, style);
    history_conclusion(report, &line);
    text_paint(out, style,
               history_count(report).open ? PAINT_BAD : PAINT_STRONG,
               strbuf_text(&line));
    strbuf_putc(out, '\n');
    out->failed |= line.failed;
}

void history_text(const struct history_report *report,
                  const struct text_style *style, struct strbuf *out)
{
    struct layout layout;

    look(report, style, &layout);
    for (size_t i = 0; i < report->n && !style->quiet;)
        i += put_group(report, i, &layout, style, out);
    put_end(report, style, out);
}

/* --- point by point */

/* The newest, and both sides of a change. */
static bool is_shown(const struct history_line *line, size_t i,
                     const struct text_style *style)
{
    return style->verbose || i + HISTORY_SHOWN >= line->n || i == 0 ||
           history_change_at(line, i) || history_change_at(line, i + 1);
}

/* What tells a point from others: without a revision each run is one, and the
 * day alone would not do. */
static void origin_cells(struct table *table, const struct history_point *p)
{
    SCOPED(strbuf_scoped) struct strbuf revision = {0}, when = {0};

    if (*p->revision)
        put_short(&revision, p->revision);
    if (p->dirty)
        strbuf_putc(&revision, '*');
    table_cell(table, PAINT_NONE, strbuf_text(&revision));
    if (*p->revision)
        put_start(&when, p->created, DAY);
    else
        put_when(&when, p);
    table_cell(table, PAINT_NONE, strbuf_text(&when));
    table->failed |= revision.failed || when.failed;
}

static void point_row(struct table *table, const struct history_line *line,
                      size_t i)
{
    const struct history_point *p = &line->point[i];
    char value[QUANTITY_TEXT], high[QUANTITY_TEXT], share[SHARE_TEXT];
    double half = point_half_width(p);

    table_row(table);
    origin_cells(table, p);
    table_cell(table, PAINT_STRONG,
               format_quantity(value, p->value, line->unit));
    if (isnan(half))
        table_cell(table, PAINT_DIM, "open");
    else
        table_cellf(table, PAINT_NONE, "%s to %s",
                    format_quantity(value, p->low, line->unit),
                    format_quantity(high, p->high, line->unit));
    table_cell(table, PAINT_NONE,
               isnan(half) ? "" : text_share(share, p->confidence));
    table_cellf(table, PAINT_NONE, "%zu", p->occasions);
    table_cellf(table, PAINT_NONE, "%lld", (long long)p->run);
}

static void put_points(const struct history_line *line,
                       const struct text_style *style, struct strbuf *out)
{
    struct table table = {0};
    size_t hidden = 0;

    table_column(&table, "revision", COLUMN_TEXT);
    table_column(&table, "date", COLUMN_TEXT);
    table_column(&table, "value", COLUMN_NUMBER);
    table_column(&table, "interval", COLUMN_NUMBER);
    table_column(&table, "at", COLUMN_NUMBER);
    table_column(&table, "runs", COLUMN_NUMBER);
    table_column(&table, "newest run", COLUMN_NUMBER);
    for (size_t i = 0; i < line->n; i++) {
        const struct history_change *c = history_change_at(line, i);

        if (!is_shown(line, i, style)) {
            hidden++;
            continue;
        }
        point_row(&table, line, i);
        if (c)
            note_change(&table, line, c);
    }
    table_print(&table, style, out);
    table_clear(&table);
    if (hidden) {
        strbuf_puts(out, "(");
        text_count(out, hidden, "point");
        strbuf_puts(out, " in between: -v)\n");
    }
}

static void put_baseline(const struct history_report *report,
                         const struct history_line *line,
                         const struct text_style *style, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    char value[QUANTITY_TEXT], change[QUANTITY_TEXT];

    if (history_drifts(report, line)) {
        put_drift(&text, line);
        text_wrap(out, style, PAINT_WARN, 0, 4, strbuf_text(&text));
        strbuf_clear(&text);
    }
    if (isfinite(line->baseline)) {
        strbuf_puts(&text, "since baseline ");
        text_escape(&text, report->baseline, 60);
        strbuf_printf(&text, " (%s): %s",
                      format_quantity(value, line->baseline, line->unit),
                      format_change(change, line->point[line->n - 1].value /
                                                line->baseline));
        text_wrap(out, style, PAINT_NONE, 0, 4, strbuf_text(&text));
    }
    out->failed |= text.failed;
}

static void put_detail(const struct history_report *report,
                       const struct history_line *line,
                       const struct text_style *style, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    SCOPED(arena_scoped) struct arena arena = {0};
    struct strbuf trend = {0};

    text_escape(&text, line->id, 0);
    strbuf_puts(&text, ", ");
    text_escape(&text, line->metric, 60);
    text_paint(out, style, PAINT_STRONG, strbuf_text(&text));
    strbuf_clear(&text);
    strbuf_puts(out, "; ");
    put_place(&text, report, line);
    text_paint(out, style, PAINT_DIM, strbuf_text(&text));
    strbuf_printf(out, "\n%s\n", spark_of(report, line, 72, &trend, &arena));
    put_points(line, style, out);
    put_baseline(report, line, style, out);
    if (*line->why_none)
        text_wrap(out, style, PAINT_DIM, 0, 4, line->why_none);
    strbuf_putc(out, '\n');
    out->failed |= text.failed || trend.failed;
    strbuf_clear(&trend);
}

void history_details(const struct history_report *report,
                     const struct text_style *style, struct strbuf *out)
{
    for (size_t i = 0; i < report->n && !style->quiet; i++)
        put_detail(report, &report->line[i], style, out);
    put_end(report, style, out);
}
