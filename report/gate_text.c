/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison for people. */
#include <config.h>

#include "report/gate.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "report/parts.h"
#include "report/table.h"

static const enum paint paints[VERDICT_COUNT] = {
    [VERDICT_UNSET] = PAINT_DIM,         [VERDICT_REGRESSED] = PAINT_BAD,
    [VERDICT_IMPROVED] = PAINT_GOOD,     [VERDICT_UNCHANGED] = PAINT_NONE,
    [VERDICT_INCONCLUSIVE] = PAINT_WARN, [VERDICT_INCOMPARABLE] = PAINT_WARN,
    [VERDICT_FAILED] = PAINT_BAD,        [VERDICT_NEW] = PAINT_NONE,
    [VERDICT_GONE] = PAINT_BAD,
};

static bool is_open(const struct comparison *c)
{
    return !(c->low > 0) || !isfinite(c->high);
}

/* Which columns there are, found out beforehand. */
struct layout {
    bool metrics;     /* some case is not about time */
    bool confidences; /* the intervals have different ones */
    char confidence[SHARE_TEXT];
};

static void look(const struct gate_report *report, struct layout *layout)
{
    *layout = (struct layout){.metrics = false};
    for (size_t i = 0; i < report->n_cases; i++) {
        const struct comparison *m = &report->cases[i].comparison;
        char text[SHARE_TEXT];

        layout->metrics |= strcmp(report->cases[i].metric, "time") != 0;
        if (isnan(m->confidence) || is_open(m))
            continue;
        text_share(text, m->confidence);
        layout->confidences |= *layout->confidence != '\0' &&
                               strcmp(layout->confidence, text) != 0;
        memcpy(layout->confidence, text, sizeof text);
    }
}

static void add_columns(struct table *table, const struct layout *layout)
{
    char heading[40] = "interval";

    if (!layout->confidences && *layout->confidence)
        snprintf(heading, sizeof heading, "at %s", layout->confidence);
    table_column(table, "case", COLUMN_NAME);
    if (layout->metrics)
        table_column(table, "metric", COLUMN_TEXT);
    table_column(table, "verdict", COLUMN_TEXT);
    table_column(table, "change", COLUMN_NUMBER);
    table_column(table, heading, COLUMN_NUMBER);
    if (layout->confidences)
        table_column(table, "at", COLUMN_NUMBER);
    table_column(table, "pairs", COLUMN_NUMBER);
    table_column(table, "disturbed", COLUMN_NUMBER);
    table_column(table, "time", COLUMN_NUMBER);
}

/* "+4.81 to +5.42 %". */
static void interval_cell(struct table *table, const struct comparison *m)
{
    char text[INTERVAL_TEXT];

    if (isnan(m->low) || isnan(m->high)) {
        table_cell(table, PAINT_NONE, "");
        return;
    }
    if (is_open(m)) {
        table_cell(table, PAINT_WARN, "open");
        return;
    }
    format_interval(text, m->low, m->high);
    table_cell(table, PAINT_NONE, text);
}

static void figure_cells(struct table *table, const struct gate_case *c,
                         const struct layout *layout)
{
    const struct comparison *m = &c->comparison;
    char text[QUANTITY_TEXT], share[SHARE_TEXT];

    table_cell(table, PAINT_STRONG,
               isnan(m->ratio) ? "" : format_change(text, m->ratio));
    interval_cell(table, m);
    if (layout->confidences)
        table_cell(table, PAINT_NONE,
                   isnan(m->confidence) || is_open(m)
                       ? ""
                       : text_share(share, m->confidence));
    if (m->pairs)
        table_cellf(table, PAINT_NONE, "%zu", m->pairs);
    else
        table_cell(table, PAINT_NONE, "");
    if (m->blocks)
        disturbed_cell(table, (double)m->blocks_left_out / (double)m->blocks);
    else
        table_cell(table, PAINT_NONE, "");
    table_cell(table, PAINT_NONE,
               isnan(c->wall_s)
                   ? ""
                   : format_duration(text, (int64_t)(c->wall_s * 1e9)));
}

static void add_note(struct table *table, const struct gate_case *c)
{
    SCOPED(strbuf_scoped) struct strbuf reason = {0};

    gate_reason(c, &reason);
    table->failed |= reason.failed;
    if (reason.size)
        table_note(table, PAINT_DIM, "%s", strbuf_text(&reason));
    if (c->n_excluded)
        table_note(table, PAINT_WARN,
                   "%zu of %zu pairs left out: a process did not stay on its "
                   "CPU",
                   c->n_excluded, c->n_excluded + c->n_pairs);
    if (c->comparison.totals_differ) {
        char text[QUANTITY_TEXT];

        table_note(table, PAINT_WARN,
                   "the total times differ by %s: a minority of the slices "
                   "changed",
                   format_change(text, c->comparison.ratio_total));
    }
}

static void add_ratios(struct table *table, const char *what,
                       const double *ratio, size_t n)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    double most = 0;
    const char *unit = "";

    for (size_t i = 0; i < n; i++)
        most = fmax(most, ratio[i]);
    for (size_t i = 0; i < n; i++) {
        char text[QUANTITY_TEXT], largest[QUANTITY_TEXT];
        char *end;

        format_changes(text, largest, ratio[i], most);
        end = strrchr(text, ' ');
        if (end)
            *end = '\0';
        strbuf_printf(&line, " %s", text);
        unit = strrchr(largest, ' ');
        unit = unit && unit[1] == 'x' ? "x" : "%";
    }
    table->failed |= line.failed;
    if (n > 0)
        table_note(table, PAINT_DIM, "%s:%s %s", what, strbuf_text(&line),
                   unit);
}

static void add_pairs(struct table *table, const struct gate_case *c)
{
    size_t explored = gate_explored(c);

    add_ratios(table, "explored", c->pair, explored);
    if (c->n_pairs)
        add_ratios(table, "pairs", c->pair + explored, c->n_pairs - explored);
}

static bool is_folded(const struct gate_case *c, const struct text_style *style)
{
    return !style->verbose && c->comparison.verdict == VERDICT_UNCHANGED &&
           c->comparison.reason != REASON_SLOWER_WITHIN &&
           c->comparison.reason != REASON_LAYOUT_SUSPECT &&
           c->comparison.reason != REASON_MACHINE_MOVED &&
           !c->comparison.totals_differ && c->n_excluded == 0;
}

static void add_case(struct table *table, const struct gate_case *c,
                     const struct layout *layout,
                     const struct text_style *style)
{
    bool waived = c->comparison.reason == REASON_WAIVED;

    table_row(table);
    table_cell(table, PAINT_NONE, c->id);
    if (layout->metrics)
        table_cell(table, PAINT_NONE, c->metric);
    table_cell(table, waived ? PAINT_WARN : paints[c->comparison.verdict],
               verdict_name(c->comparison.verdict));
    figure_cells(table, c, layout);
    add_note(table, c);
    if (style->verbose)
        add_pairs(table, c);
}

/* What the table leaves out, and what of that was not even measured. */
struct folded {
    size_t n, identical;
};

static void put_folded(struct strbuf *out, const struct folded *folded,
                       bool more)
{
    if (folded->n == 0)
        return;
    strbuf_printf(out, "%zu %sunchanged", folded->n, more ? "more " : "");
    if (folded->identical == folded->n)
        strbuf_puts(out, ": the same program and libraries, not measured");
    else if (folded->identical)
        strbuf_printf(out,
                      ", %zu of them the same program and libraries, not "
                      "measured",
                      folded->identical);
    strbuf_putc(out, '\n');
}

static void put_cases(const struct gate_report *report,
                      const struct text_style *style, struct strbuf *out)
{
    SCOPED(free_scoped)
    size_t *order = malloc((report->n_cases + 1) * sizeof *order);
    struct table table = {0};
    struct folded folded = {0};
    struct layout layout;

    if (!order) {
        out->failed = true;
        return;
    }
    gate_sort(report, order);
    look(report, &layout);
    add_columns(&table, &layout);
    for (size_t i = 0; i < report->n_cases; i++) {
        const struct gate_case *c = &report->cases[order[i]];

        if (!is_folded(c, style)) {
            add_case(&table, c, &layout, style);
            continue;
        }
        folded.n++;
        folded.identical += c->comparison.reason == REASON_IDENTICAL;
    }
    if (table.n_rows)
        table_print(&table, style, out);
    put_folded(out, &folded, table.n_rows > 0);
    table_clear(&table);
    strbuf_putc(out, '\n');
}

static bool is_range(double low, double high)
{
    return low > 0 && isfinite(high);
}

static void put_range(struct strbuf *out, const char *before, double low,
                      double high)
{
    char from[QUANTITY_TEXT], to[QUANTITY_TEXT];

    if (!is_range(low, high))
        return;
    format_changes(from, to, low, high);
    strbuf_printf(out, "%s%s to %s", before, from, to);
}

/* What these cases did; and what is judged, cases like them. */
static void put_mean(struct strbuf *out, const struct text_style *style,
                     const struct gate_mean *m)
{
    bool judged = m->verdict != VERDICT_UNSET;
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    char text[QUANTITY_TEXT], share[SHARE_TEXT];

    if (*m->name) {
        strbuf_puts(&line, "tag ");
        text_escape(&line, m->name, 0);
    } else {
        strbuf_puts(&line, "suite");
    }
    strbuf_puts(&line, ": geometric mean of ");
    text_count(&line, m->cases, "case");
    strbuf_printf(&line, " %s", format_change(text, m->ratio));
    put_range(&line, ", ", m->measured_low, m->measured_high);
    if (judged || style->verbose ||
        !is_range(m->measured_low, m->measured_high))
        put_range(&line, "; of cases like them ", m->low, m->high);
    if (is_range(m->low, m->high) ||
        is_range(m->measured_low, m->measured_high))
        strbuf_printf(&line, " at %s", text_share(share, m->confidence));
    out->failed |= line.failed;
    strbuf_puts(out, strbuf_text(&line));
    if (judged) {
        strbuf_puts(out, ": ");
        text_paint(out, style, paints[m->verdict], verdict_name(m->verdict));
        strbuf_printf(out, " (margin %s)", text_share(share, m->margin));
    }
    strbuf_putc(out, '\n');
}

static const struct anchor *find_anchor(const struct occasion *occasion,
                                        const char *name)
{
    for (size_t i = 0; i < occasion->n_anchors; i++)
        if (strcmp(occasion->anchor[i].name, name) == 0)
            return &occasion->anchor[i];
    return NULL;
}

static void put_anchors(const struct gate_report *report, struct strbuf *out)
{
    const char *gap = "machine: since the baseline ";
    char text[QUANTITY_TEXT];

    if (!report->then)
        return;
    for (size_t i = 0; i < report->now->n_anchors; i++) {
        const struct anchor *now = &report->now->anchor[i];
        const struct anchor *then = find_anchor(report->then, now->name);

        if (!then || !(then->value > 0))
            continue;
        strbuf_puts(out, gap);
        text_escape(out, now->name, 0);
        strbuf_printf(out, " %s",
                      format_change(text, now->value / then->value));
        gap = ", ";
    }
    if (gap[0] == ',')
        strbuf_putc(out, '\n');
}

static void put_differences(const struct gate_report *report,
                            struct strbuf *out)
{
    for (size_t i = 0; i < report->n_differences; i++) {
        const struct gate_difference *d = &report->difference[i];

        strbuf_puts(out, i ? ", " : "machine: ");
        text_escape(out, d->name, 0);
        strbuf_puts(out, " was ");
        text_escape(out, d->old_value ? d->old_value : "unknown", 100);
        strbuf_puts(out, ", is ");
        text_escape(out, d->new_value ? d->new_value : "unknown", 100);
    }
    if (report->n_differences)
        strbuf_putc(out, '\n');
}

static void put_machine(const struct gate_report *report,
                        const struct text_style *style, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    char text[QUANTITY_TEXT];

    put_anchors(report, out);
    put_differences(report, out);
    if (isnan(report->moved))
        return;
    strbuf_printf(&line,
                  "machine: most cases and the anchors moved together by %s: "
                  "the machine changed, not only the code",
                  format_change(text, report->moved));
    out->failed |= line.failed;
    text_wrap(out, style, PAINT_WARN, 0, 4, strbuf_text(&line));
}

static void put_header(const struct gate_report *report,
                       const struct text_style *style, struct strbuf *out)
{
    strbuf_puts(out, "old: ");
    text_escape(out, report->old_name, 0);
    if (*report->new_name) {
        strbuf_puts(out, "\nnew: ");
        text_escape(out, report->new_name, 0);
    }
    strbuf_putc(out, '\n');
    put_machine_line(out, style, report->now, report->place);
    strbuf_putc(out, '\n');
}

static void put_conclusion(const struct gate_report *report,
                           const struct text_style *style, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};

    gate_conclusion(report, &line);
    text_paint(out, style, paints[gate_verdict(report)], strbuf_text(&line));
    strbuf_putc(out, '\n');
    out->failed |= line.failed;
}

static void put_end(const struct gate_report *report, struct strbuf *out)
{
    char text[QUANTITY_TEXT];

    if (report->wall_s > 0)
        strbuf_printf(out, "took %s",
                      format_duration(text, (int64_t)(report->wall_s * 1e9)));
    if (report->run)
        strbuf_printf(out, "%sstored as run:%" PRId64,
                      report->wall_s > 0 ? "; " : "", report->run);
    if (report->wall_s > 0 || report->run)
        strbuf_putc(out, '\n');
}

void gate_text(const struct gate_report *report, const struct text_style *style,
               struct strbuf *out)
{
    if (!style->quiet) {
        put_header(report, style, out);
        put_cases(report, style, out);
        for (size_t i = 0; i < report->n_means; i++)
            put_mean(out, style, &report->mean[i]);
        put_machine(report, style, out);
        put_end(report, out);
    }
    put_conclusion(report, style, out);
}
