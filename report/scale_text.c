/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison of worker counts for people. */
#include <config.h>

#include "report/scale.h"

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "report/parts.h"
#include "report/table.h"

enum {
    MESSAGE_MAX = 400, /* bytes of a failure's message */
    NAME_MAX_SHOWN = 80,
    BAR_MAX = 48, /* columns of the chart */
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

/* What the user gives a number of. */
static const char *noun_of(enum scale_kind kind)
{
    return kind == SCALE_COPIES    ? "copies"
           : kind == SCALE_THREADS ? "threads"
                                   : "workers";
}

static const char *noun_for(enum scale_kind kind, int n)
{
    if (n != 1)
        return noun_of(kind);
    return kind == SCALE_COPIES    ? "copy"
           : kind == SCALE_THREADS ? "thread"
                                   : "worker";
}

static void put_name(struct strbuf *out, const char *untrusted)
{
    text_escape(out, untrusted, NAME_MAX_SHOWN);
}

/* ---- the table */

static void add_columns(struct table *table, const struct scale_case *c)
{
    char heading[40], share[SHARE_TEXT];
    const struct rank_interval *i =
        &c->analysis.figure[c->analysis.base].seconds;

    snprintf(heading, sizeof heading, i->open ? "interval" : "at %s",
             text_share(share, i->confidence));
    table_column(table, noun_of(c->kind), COLUMN_NUMBER);
    table_column(table, "time", COLUMN_NUMBER);
    table_column(table, heading, COLUMN_NUMBER);
    table_column(table, "speed-up", COLUMN_NUMBER);
    table_column(table, "interval", COLUMN_NUMBER);
    table_column(table, "efficiency", COLUMN_NUMBER);
    table_column(table, *c->piece ? c->piece : "throughput", COLUMN_NUMBER);
    table_column(table, "steal", COLUMN_NUMBER);
    table_column(table, "foreign", COLUMN_NUMBER);
    table_column(table, "", COLUMN_TEXT);
}

static void share_cell(struct table *table, double share)
{
    char text[SHARE_TEXT];

    if (isnan(share))
        table_cell(table, PAINT_DIM, "unknown");
    else
        table_cell(table, share > 0.05 ? PAINT_WARN : PAINT_NONE,
                   text_share(text, share));
}

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
    else if (f->speedup.open)
        table_cell(table, PAINT_WARN, "open");
    else
        table_cellf(table, PAINT_NONE, "%.2f to %.2f", f->speedup.low,
                    f->speedup.high);
    table_cell(table, PAINT_NONE, text_share(share, f->efficiency));
}

/* Of one worker: what an iteration took beside the others. */
static double shown_seconds(const struct scale_case *c,
                            const struct scale_figure *f)
{
    bool each = c->kind == SCALE_COPIES || c->kind == SCALE_THREADS;

    return f->seconds.centre * (each ? f->count : 1);
}

static void add_row(struct table *table, const struct scale_report *report,
                    const struct scale_case *c, size_t i)
{
    const struct scale_figure *f = &c->analysis.figure[i];
    SCOPED(strbuf_scoped) struct strbuf marks = {0};
    char text[QUANTITY_TEXT];
    double pieces = c->pieces > 0 ? c->pieces : 1;

    scale_count_marks(&report->count[i], &marks);
    table->failed |= marks.failed;
    table_row(table);
    table_cellf(table, PAINT_NONE, "%d", f->count);
    table_cell(table, PAINT_NONE,
               format_quantity(text, shown_seconds(c, f) * 1e9, "ns"));
    width_cell(table, &f->seconds);
    speedup_cells(table, f, i == c->analysis.base);
    table_cell(table, PAINT_NONE,
               format_quantity(text, pieces / f->seconds.centre, "/s"));
    share_cell(table, f->steal);
    share_cell(table, f->foreign);
    table_cell(table, PAINT_WARN, strbuf_text(&marks));
}

static void put_table(const struct scale_report *report,
                      const struct text_style *style,
                      const struct scale_case *c, struct strbuf *out)
{
    struct table table = {.indent = 2};

    add_columns(&table, c);
    for (size_t i = 0; i < c->analysis.n_counts; i++)
        if (c->analysis.figure[i].n)
            add_row(&table, report, c, i);
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

/* ---- the law */

static void put_parameter(struct strbuf *out, const char *name, double value,
                          double se)
{
    if (isnan(se))
        strbuf_printf(out, ", %s %.3g", name, value);
    else
        strbuf_printf(out, ", %s %.3g \xc2\xb1 %.2g", name, value, se);
}

static const char *law_title(enum scaling_law law)
{
    return law == SCALING_USL      ? "Universal Scalability Law"
           : law == SCALING_AMDAHL ? "Amdahl's law"
                                   : "linear";
}

static void put_formula(struct strbuf *out, const struct scaling_fit *fit)
{
    strbuf_puts(out, law_title(fit->law));
    if (fit->law >= SCALING_AMDAHL)
        put_parameter(out, "contention \xcf\x83", fit->sigma, fit->sigma_se);
    if (fit->law >= SCALING_USL)
        put_parameter(out, "coherency \xce\xba", fit->kappa, fit->kappa_se);
}

static void say_contention(struct strbuf *out, const struct scaling_fit *fit)
{
    if (fit->sigma >= 1) {
        strbuf_puts(out, "; more workers do less");
        return;
    }
    if (fit->sigma < 0.0005) {
        strbuf_puts(out, "; next to nothing is done one at a time");
        return;
    }
    strbuf_printf(out, "; %.2g %% of the work is done one at a time",
                  fit->sigma * 100);
    if (fit->law == SCALING_AMDAHL)
        strbuf_printf(out,
                      ", which no number of workers makes more than %.3g "
                      "times as fast",
                      1 / fit->sigma);
}

static void say_coherency(struct strbuf *out, const struct scaling_fit *fit)
{
    strbuf_printf(out, "; workers hinder each other, %.2g %% a pair",
                  fit->kappa * 100);
    if (isfinite(fit->peak))
        strbuf_printf(out, ": beyond %.0f more of them make it slower",
                      floor(fit->peak));
}

static void put_law(const struct text_style *style,
                    const struct scale_analysis *a, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    const struct scaling_fit *fit = &a->fit[a->law];

    if (!fit->law)
        return;
    strbuf_puts(&line, "law: ");
    put_formula(&line, fit);
    if (fit->law == SCALING_LINEAR)
        strbuf_puts(&line, "; every worker adds the same");
    if (fit->law >= SCALING_AMDAHL)
        say_contention(&line, fit);
    if (fit->law == SCALING_USL)
        say_coherency(&line, fit);
    strbuf_puts(out, "  ");
    text_wrap(out, style, PAINT_NONE, 2, 4, strbuf_text(&line));
    out->failed |= line.failed;
}

static void put_all_laws(const struct scale_analysis *a, struct strbuf *out)
{
    for (int law = SCALING_LINEAR; law < SCALING_COUNT; law++) {
        if (!a->fit[law].law)
            continue;
        strbuf_puts(out, "    ");
        put_formula(out, &a->fit[law]);
        if (isfinite(a->fit[law].aicc))
            strbuf_printf(out, "; AICc %.1f", a->fit[law].aicc);
        strbuf_putc(out, '\n');
    }
}

/* ---- what limits */

static void say_growth(struct strbuf *line, const struct scale_loss *loss)
{
    if (isfinite(loss->growth))
        strbuf_printf(line, " (%.2f times)", loss->growth);
}

static void say_limit(struct strbuf *line, const struct scale_case *c)
{
    const struct scale_loss *loss = &c->loss;
    const struct scale_timeline *t = &c->analysis.figure[loss->at].line;
    char text[QUANTITY_TEXT];

    switch (loss->limit) {
    case SCALE_LIMIT_UNKNOWN:
        strbuf_puts(line, "cannot be told from its time");
        break;
    case SCALE_LIMIT_NONE:
        strbuf_puts(line, "nothing yet");
        break;
    case SCALE_LIMIT_LONGEST:
        strbuf_puts(line, "one long test, ");
        put_name(line, loss->name ? loss->name : "unknown");
        strbuf_printf(line, " (%s): nobody can help with it",
                      format_quantity(text, t->longest * 1e9, "ns"));
        break;
    case SCALE_LIMIT_FIXTURE:
        strbuf_printf(line,
                      "fixtures: everybody waits %s for set-up and "
                      "tear-down",
                      format_quantity(text, t->fixtures * 1e9, "ns"));
        break;
    case SCALE_LIMIT_IDLE:
        strbuf_puts(line, "workers have nothing to do: too few tests, or tests "
                          "that exclude each other");
        break;
    case SCALE_LIMIT_SERIAL:
        strbuf_puts(line, "it leaves its cores idle: part of it runs alone, or "
                          "waits");
        break;
    case SCALE_LIMIT_MEMORY:
        strbuf_puts(line, "the same work takes more CPU time");
        say_growth(line, loss);
        strbuf_puts(line, ": memory bandwidth, a shared cache, or a lock that "
                          "spins");
        break;
    case SCALE_LIMIT_WAITING:
        strbuf_puts(line, "the same work waits longer");
        say_growth(line, loss);
        strbuf_puts(line, ": a lock, or a device");
        break;
    case SCALE_LIMIT_OTHERS:
        strbuf_puts(line, "other processes or the hypervisor took the CPUs");
        break;
    }
}

static void put_limit(const struct text_style *style,
                      const struct scale_case *c, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    const struct scale_figure *f = &c->analysis.figure[c->loss.at];
    char lost[SHARE_TEXT], share[SHARE_TEXT];

    strbuf_printf(&line, "what limits %d %s: ", f->count,
                  noun_for(c->kind, f->count));
    say_limit(&line, c);
    if (isfinite(c->loss.share))
        strbuf_printf(&line, "; %s of the %s lost",
                      text_share(share, c->loss.share),
                      text_share(lost, c->loss.lost));
    strbuf_puts(out, "  ");
    text_wrap(out, style, PAINT_NONE, 2, 4, strbuf_text(&line));
    out->failed |= line.failed;
}

/* ---- what to do */

static void say_saved(struct strbuf *line, const struct scale_case *c)
{
    const struct scale_figure *from = &c->analysis.figure[c->analysis.base];
    const struct scale_figure *to = &c->analysis.figure[scale_chosen(c)];
    double ns = (from->seconds.centre - to->seconds.centre) * 1e9;
    char one[QUANTITY_TEXT], many[QUANTITY_TEXT], saved[QUANTITY_TEXT];
    char share[SHARE_TEXT];

    if (c->kind == SCALE_COPIES || c->kind == SCALE_THREADS) {
        strbuf_printf(line, "; %d %s do %.2f times the work of %d", to->count,
                      noun_of(c->kind), to->speedup.centre, from->count);
        return;
    }
    strbuf_printf(line, "; %s instead of %s with %d: ",
                  format_quantity(many, to->seconds.centre * 1e9, "ns"),
                  format_quantity(one, from->seconds.centre * 1e9, "ns"),
                  from->count);
    if (ns > 0)
        strbuf_printf(line, "%s (%s) saved per run",
                      format_quantity(saved, ns, "ns"),
                      text_share(share, 1 - 1 / to->speedup.centre));
    else
        strbuf_puts(line, "nothing is saved");
}

static void put_advice(const struct text_style *style,
                       const struct scale_case *c, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    const struct scale_analysis *a = &c->analysis;
    size_t chosen = scale_chosen(c);

    if (a->recommended < 0)
        strbuf_printf(&line,
                      "recommended: unknown, %zu of %zu rounds are "
                      "there; a longer --budget gives the rest",
                      a->rounds.used, a->figure[a->base].seconds.n_needed);
    else
        strbuf_printf(&line, "recommended: %d %s", a->figure[chosen].count,
                      noun_for(c->kind, a->figure[chosen].count));
    if (a->recommended >= 0 && !a->certain)
        strbuf_puts(&line, " (not certain: more rounds may say more)");
    if (chosen != a->base)
        say_saved(&line, c);
    strbuf_puts(out, "  ");
    text_wrap(out, style, PAINT_STRONG, 2, 4, strbuf_text(&line));
    out->failed |= line.failed;
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
    if (change->ratio.open)
        table_cell(table, PAINT_WARN, "open");
    else
        table_cellf(table, PAINT_NONE, "%s to %s",
                    format_change(low, change->ratio.low),
                    format_change(high, change->ratio.high));
}

static void put_changes(const struct scale_report *report,
                        const struct text_style *style,
                        const struct scale_case *c, struct strbuf *out)
{
    struct table table = {.indent = 2};

    table_column(&table, noun_of(c->kind), COLUMN_NUMBER);
    table_column(&table, "new", COLUMN_TEXT);
    table_column(&table, "change", COLUMN_NUMBER);
    table_column(&table, "interval", COLUMN_NUMBER);
    for (size_t i = 0; i < c->analysis.n_counts; i++)
        if (c->against.change[i].n)
            add_change(&table, report, c, i);
    table_print(&table, style, out);
    table_clear(&table);
}

static void say_from(const struct scale_report *report,
                     const struct scale_case *c, struct strbuf *line)
{
    char margin[SHARE_TEXT];
    const char *noun = noun_of(c->kind);

    text_share(margin, report->margin);
    if (c->against.from == (int)c->analysis.base && c->against.worse)
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

    put_name(out, c->id);
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
    else if (rounds->clean < rounds->complete)
        strbuf_printf(out, ", %zu of them disturbed: too many to leave out",
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

static void put_case(const struct scale_report *report,
                     const struct text_style *style, const struct scale_case *c,
                     struct strbuf *out)
{
    put_title(c, out);
    if (*c->series->message || !c->measured)
        put_message(style, c, out);
    if (!c->measured)
        return;
    if (!style->quiet) {
        put_table(report, style, c, out);
        strbuf_putc(out, '\n');
        put_chart(style, &c->analysis, out);
        strbuf_putc(out, '\n');
        put_law(style, &c->analysis, out);
        if (style->verbose)
            put_all_laws(&c->analysis, out);
        put_limit(style, c, out);
    }
    put_advice(style, c, out);
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
