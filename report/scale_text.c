/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison of worker counts for people. */
#include <config.h>

#include "report/scale_parts.h"

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "report/parts.h"
#include "report/table.h"

enum {
    MESSAGE_MAX = 400, /* bytes of a failure's message */
    BAR_MAX = 48,      /* columns of the chart */
};

const char *scale_kind_name(enum scale_kind kind)
{
    static const char *const names[] = {
        [SCALE_TESTS] = "tests",
        [SCALE_COPIES] = "copies",
        [SCALE_THREADS] = "threads",
        [SCALE_COMMAND] = "command",
    };

    return names[kind];
}

size_t scale_chosen(const struct scale_case *c)
{
    const struct scale_analysis *a = &c->analysis;

    return a->recommended >= 0 ? (size_t)a->recommended : a->best;
}

/* ---- the table */

static void add_columns(struct table *table, const struct scale_case *c)
{
    char heading[40], share[SHARE_TEXT];
    const struct rank_interval *i =
        &c->analysis.figure[c->analysis.base].seconds;

    snprintf(heading, sizeof heading, i->open ? "interval" : "at %s",
             text_share(share, i->confidence));
    table_column(table, scale_nouns(c->kind), COLUMN_NUMBER);
    table_column(table, "time", COLUMN_NUMBER);
    table_column(table, heading, COLUMN_NUMBER);
    table_column(table, "speed-up", COLUMN_NUMBER);
    table_column(table, heading, COLUMN_NUMBER);
    table_column(table, "efficient", COLUMN_NUMBER);
    table_column(table, *c->piece ? c->piece : "output", COLUMN_NUMBER);
    table_column(table, "others", COLUMN_NUMBER);
}

/* Half of an interval, relative. */
static void width_cell(struct table *table, const struct rank_interval *i)
{
    char text[SHARE_TEXT];

    if (i->open)
        table_cell(table, PAINT_WARN, "open");
    else
        table_cellf(table, PAINT_NONE, "\xc2\xb1%s",
                    text_share(text, (log(i->high) - log(i->low)) / 2));
}

static void speedup_cells(struct table *table, const struct scale_figure *f,
                          bool base)
{
    char share[SHARE_TEXT];

    table_cellf(table, PAINT_STRONG, "%.2f", f->speedup.centre);
    if (base)
        table_cell(table, PAINT_NONE, "");
    else
        width_cell(table, &f->speedup);
    table_cell(table, PAINT_NONE, text_share(share, f->efficiency));
}

static double known(double share)
{
    return isnan(share) ? 0 : share;
}

/* What the hypervisor and other processes took of the CPUs. */
static void others_cell(struct table *table, const struct scale_figure *f)
{
    double share = known(f->steal) + known(f->foreign);
    char text[SHARE_TEXT];

    if (isnan(f->steal) && isnan(f->foreign))
        table_cell(table, PAINT_DIM, "unknown");
    else
        table_cell(table, share > 0.05 ? PAINT_WARN : PAINT_NONE,
                   text_share(text, share));
}

/* Of one worker: what an iteration took beside the others. */
static double shown_seconds(const struct scale_case *c,
                            const struct scale_figure *f)
{
    bool each = c->kind == SCALE_COPIES || c->kind == SCALE_THREADS;

    return f->seconds.centre * (each ? f->count : 1);
}

static void add_notes(struct table *table, const struct scale_figure *f,
                      const struct scale_count *count, bool verbose)
{
    SCOPED(strbuf_scoped) struct strbuf marks = {0};
    char steal[SHARE_TEXT], foreign[SHARE_TEXT];

    scale_count_marks(count, &marks);
    table->failed |= marks.failed;
    if (marks.size)
        table_note(table, PAINT_WARN, "%s", strbuf_text(&marks));
    if (verbose)
        table_note(table, PAINT_DIM, "steal %s, foreign CPU %s",
                   text_share(steal, f->steal),
                   text_share(foreign, f->foreign));
}

static void add_row(struct table *table, const struct scale_report *report,
                    const struct scale_case *c, size_t i, bool verbose)
{
    const struct scale_figure *f = &c->analysis.figure[i];
    char text[QUANTITY_TEXT];
    double pieces = c->pieces > 0 ? c->pieces : 1;

    table_row(table);
    table_cellf(table, PAINT_NONE, "%d", f->count);
    table_cell(table, PAINT_NONE,
               format_quantity(text, shown_seconds(c, f) * 1e9, "ns"));
    width_cell(table, &f->seconds);
    speedup_cells(table, f, i == c->analysis.base);
    table_cell(table, PAINT_NONE,
               format_quantity(text, pieces / f->seconds.centre, "/s"));
    others_cell(table, f);
    add_notes(table, f, &report->count[i], verbose);
}

static void put_table(const struct scale_report *report,
                      const struct text_style *style,
                      const struct scale_case *c, struct strbuf *out)
{
    struct table table = {.indent = 2};

    add_columns(&table, c);
    for (size_t i = 0; i < c->analysis.n_counts; i++)
        if (c->analysis.figure[i].n)
            add_row(&table, report, c, i, style->verbose);
    table_print(&table, style, out);
    table_clear(&table);
}

/* ---- the chart */

/* A bar of eighths of a column. */
static int put_bar(struct strbuf *out, double columns)
{
    static const char *const part[] = {"",
                                       "\xe2\x96\x8f",
                                       "\xe2\x96\x8e",
                                       "\xe2\x96\x8d",
                                       "\xe2\x96\x8c",
                                       "\xe2\x96\x8b",
                                       "\xe2\x96\x8a",
                                       "\xe2\x96\x89"};
    int eighths = (int)lround(columns * 8), full = eighths / 8;

    for (int i = 0; i < full; i++)
        strbuf_puts(out, "\xe2\x96\x88");
    strbuf_puts(out, part[eighths % 8]);
    return full + (eighths % 8 > 0);
}

static void put_blanks(struct strbuf *out, int n)
{
    for (int i = 0; i < n; i++)
        strbuf_putc(out, ' ');
}

static double chart_top(const struct scale_analysis *a)
{
    double top = 1;

    for (size_t i = 0; i < a->n_counts; i++)
        if (a->figure[i].n)
            top = fmax(top, fmax(a->figure[i].speedup.centre,
                                 (double)a->figure[i].count /
                                     a->figure[a->base].count));
    return top;
}

/* A bar a count; '|' stands where N workers would do N times the work. */
static void put_chart(const struct text_style *style,
                      const struct scale_analysis *a, struct strbuf *out)
{
    int room = style->columns > 0 && style->columns < BAR_MAX + 22
                   ? style->columns - 22
                   : BAR_MAX;
    double top = chart_top(a);

    for (size_t i = 0; i < a->n_counts; i++) {
        const struct scale_figure *f = &a->figure[i];
        int ideal, at;

        if (f->n == 0)
            continue;
        strbuf_printf(out, "  %5d ", f->count);
        at = put_bar(out, f->speedup.centre / top * room);
        ideal = (int)lround((double)f->count / a->figure[a->base].count / top *
                            room);
        if (ideal > at) {
            put_blanks(out, ideal - at - 1);
            strbuf_putc(out, '|');
            at = ideal;
        }
        put_blanks(out, room - at);
        strbuf_printf(out, " %.2f\n", f->speedup.centre);
    }
}

/* ---- old against new */

static enum paint verdict_paint(enum scale_verdict verdict)
{
    return verdict == SCALE_WORSE    ? PAINT_BAD
           : verdict == SCALE_BETTER ? PAINT_GOOD
                                     : PAINT_NONE;
}

static void add_change(struct table *table, const struct scale_report *report,
                       const struct scale_case *c, size_t i)
{
    const struct scale_change *change = &c->against.change[i];
    char low[QUANTITY_TEXT], high[QUANTITY_TEXT];

    table_row(table);
    table_cellf(table, PAINT_NONE, "%d", report->count[i].n);
    table_cell(table, verdict_paint(change->verdict),
               scale_verdict_name(change->verdict));
    table_cell(table, PAINT_STRONG, format_change(low, change->ratio.centre));
    format_changes(low, high, change->ratio.low, change->ratio.high);
    if (change->ratio.open)
        table_cell(table, PAINT_WARN, "open");
    else
        table_cellf(table, PAINT_NONE, "%s to %s", low, high);
}

static void put_changes(const struct scale_report *report,
                        const struct text_style *style,
                        const struct scale_case *c, struct strbuf *out)
{
    struct table table = {.indent = 2};

    table_column(&table, scale_nouns(c->kind), COLUMN_NUMBER);
    table_column(&table, "new", COLUMN_TEXT);
    table_column(&table, "change", COLUMN_NUMBER);
    table_column(&table, "interval", COLUMN_NUMBER);
    for (size_t i = 0; i < c->analysis.n_counts; i++)
        if (c->against.change[i].n)
            add_change(&table, report, c, i);
    table_print(&table, style, out);
    table_clear(&table);
}

/* One count alone, beside an old side, says nothing about counts. */
static bool has_several(const struct scale_analysis *a)
{
    size_t n = 0;

    for (size_t i = 0; i < a->n_counts; i++)
        n += a->figure[i].n > 0;
    return n > 1;
}

static void say_from(const struct scale_report *report,
                     const struct scale_case *c, struct strbuf *line)
{
    char margin[SHARE_TEXT];
    const char *noun = scale_nouns(c->kind);

    text_share(margin, report->margin);
    if (!has_several(&c->analysis))
        strbuf_printf(line, "the new one is %sworse",
                      c->against.worse ? "" : "not shown to be ");
    else if (c->against.from == (int)c->analysis.base && c->against.worse)
        strbuf_printf(line, "the new one is worse with every number of %s",
                      noun);
    else if (c->against.from >= 0)
        strbuf_printf(line, "the new one is worse from %d %s on",
                      report->count[c->against.from].n, noun);
    else if (c->against.worse)
        strbuf_printf(line,
                      "the new one is worse with some numbers of %s, "
                      "not with the most",
                      noun);
    else
        strbuf_printf(line,
                      "the new one is not shown to be worse with any "
                      "number of %s",
                      noun);
    strbuf_printf(line, " (margin %s)", margin);
}

static void put_from(const struct scale_report *report,
                     const struct text_style *style, const struct scale_case *c,
                     struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};

    say_from(report, c, &line);
    strbuf_puts(out, "  ");
    text_wrap(out, style, c->against.worse ? PAINT_BAD : PAINT_NONE, 2, 4,
              strbuf_text(&line));
    out->failed |= line.failed;
}

/* ---- one case */

static void put_title(const struct scale_case *c, struct strbuf *out)
{
    const struct scale_usable *rounds = &c->analysis.rounds;

    scale_put_name(out, c->id);
    if (c->kind == SCALE_TESTS)
        strbuf_printf(out, ": %.0f test%s", c->pieces,
                      c->pieces == 1 ? "" : "s");
    if (!c->measured) {
        strbuf_putc(out, '\n');
        return;
    }
    strbuf_puts(out, c->kind == SCALE_TESTS ? ", " : ": ");
    text_count(out, rounds->used, "round");
    if (rounds->used < rounds->complete)
        strbuf_printf(out, ", %zu disturbed and left out",
                      rounds->complete - rounds->used);
    else if (rounds->clean == 0)
        strbuf_puts(out, rounds->complete == 1 ? ", disturbed"
                                               : ", all of them disturbed");
    else if (rounds->clean < rounds->complete)
        strbuf_printf(out, ", %zu of them disturbed, too many to leave out",
                      rounds->complete - rounds->clean);
    strbuf_putc(out, '\n');
}

static void put_message(const struct text_style *style,
                        const struct scale_case *c, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};

    if (*c->series->message)
        text_escape(&line, c->series->message, MESSAGE_MAX);
    else
        strbuf_puts(&line, "no round is complete");
    strbuf_puts(out, "  ");
    text_wrap(out, style, PAINT_BAD, 2, 4, strbuf_text(&line));
    out->failed |= line.failed;
}

static void put_sweep(const struct text_style *style,
                      const struct scale_case *c, struct strbuf *out)
{
    if (!style->quiet) {
        strbuf_putc(out, '\n');
        put_chart(style, &c->analysis, out);
        strbuf_putc(out, '\n');
        scale_put_law(style, &c->analysis, out);
        if (style->verbose)
            scale_put_all_laws(&c->analysis, out);
        scale_put_limit(style, c, out);
    }
    scale_put_advice(style, c, out);
}

static void put_case(const struct scale_report *report,
                     const struct text_style *style, const struct scale_case *c,
                     struct strbuf *out)
{
    put_title(c, out);
    if (*c->series->message || !c->measured)
        put_message(style, c, out);
    if (!c->measured)
        return;
    if (!style->quiet)
        put_table(report, style, c, out);
    if (has_several(&c->analysis))
        put_sweep(style, c, out);
    if (!c->compared)
        return;
    if (!style->quiet) {
        strbuf_putc(out, '\n');
        put_changes(report, style, c, out);
    }
    put_from(report, style, c, out);
}

void scale_text(const struct scale_report *report,
                const struct text_style *style, struct strbuf *out)
{
    char text[QUANTITY_TEXT];

    if (!style->quiet) {
        put_machine_line(out, style, report->occasion, NULL);
        strbuf_putc(out, '\n');
    }
    for (size_t i = 0; i < report->n_cases; i++) {
        put_case(report, style, &report->cases[i], out);
        if (!style->quiet)
            strbuf_putc(out, '\n');
    }
    strbuf_printf(out, "took %s%s",
                  format_duration(text, (int64_t)(report->wall_s * 1e9)),
                  report->interrupted ? "; interrupted" : "");
    if (report->run)
        strbuf_printf(out, "; stored as run:%lld", (long long)report->run);
    strbuf_putc(out, '\n');
}
