/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run for people. */
#include <config.h>

#include "report/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "report/expected.h"
#include "report/parts.h"
#include "report/run_tags.h"
#include "report/table.h"

enum {
    MESSAGE_MAX = 400,  /* bytes of a failure's message in the table */
    FIGURES_A_LINE = 4, /* of the metrics below a case */
};

/* What the table shows besides case and time, found out beforehand: a column
 * that says the same everywhere is a waste of a line's room. */
struct layout {
    const char *confidence; /* all intervals have this one; NULL when not */
    bool throughput;
    char text[SHARE_TEXT];
};

static void look(const struct run_report *report, struct layout *layout)
{
    *layout = (struct layout){.confidence = NULL};
    for (size_t i = 0; i < report->n_cases; i++) {
        const struct run_case *c = &report->cases[i];
        char text[SHARE_TEXT];
        const char *unit;
        double rate;

        layout->throughput |= run_throughput(c, &rate, &unit);
        if (!c->time || c->time->estimate.open)
            continue;
        text_share(text, c->time->estimate.confidence);
        if (layout->text[0] == '\0') {
            memcpy(layout->text, text, sizeof text);
            layout->confidence = layout->text;
        } else if (strcmp(layout->text, text) != 0) {
            layout->confidence = NULL;
        }
    }
}

static void add_columns(struct table *table, const struct layout *layout)
{
    char heading[40] = "interval";

    if (layout->confidence)
        snprintf(heading, sizeof heading, "at %s", layout->confidence);
    table_column(table, "case", COLUMN_NAME);
    table_column(table, "time", COLUMN_NUMBER);
    table_column(table, heading, COLUMN_NUMBER);
    table_column(table, "spread", COLUMN_NUMBER);
    table_column(table, "disturbed", COLUMN_NUMBER);
    if (layout->throughput)
        table_column(table, "throughput", COLUMN_NUMBER);
}

static void interval_cell(struct table *table, const struct estimate *e,
                          const struct layout *layout, enum paint paint)
{
    char text[SHARE_TEXT], at[SHARE_TEXT];

    if (e->open)
        table_cell(table, paint, "open");
    else if (layout->confidence)
        table_cellf(table, paint, "\xc2\xb1%s",
                    text_share(text, e->half_width));
    else
        table_cellf(table, paint, "\xc2\xb1%s at %s",
                    text_share(text, e->half_width),
                    text_share(at, e->confidence));
}

/* Between and within invocations, "0.30/0.22 %". */
static void spread_cell(struct table *table, const struct estimate *e)
{
    char between[SHARE_TEXT], within[SHARE_TEXT];
    char *unit;

    text_share(between, e->between);
    unit = strstr(between, " %");
    if (unit)
        *unit = '\0';
    table_cellf(table, PAINT_NONE, "%s/%s", between,
                text_share(within, e->within));
}

static void measured_cells(struct table *table, const struct run_case *c,
                           const struct layout *layout)
{
    const struct estimate *e = &c->time->estimate;
    char text[QUANTITY_TEXT];
    enum paint paint = run_doubt(c) == DOUBT_NONE ? PAINT_NONE : PAINT_WARN;
    const char *unit;
    double rate;

    table_cell(table, PAINT_STRONG,
               format_quantity(text, e->value, c->time->metric->unit));
    interval_cell(table, e, layout, paint);
    spread_cell(table, e);
    if (c->oversubscribed)
        table_cell(table, PAINT_WARN, "shared core");
    else
        disturbed_cell(table, c->result->disturbed);
    if (run_throughput(c, &rate, &unit))
        table_cell(table, PAINT_NONE,
                   format_quantity(text, rate,
                                   strcmp(unit, "1/s") == 0 ? "/s" : unit));
}

static void status_note(struct table *table, const struct case_results *r)
{
    SCOPED(strbuf_scoped) struct strbuf message = {0};

    if (r->status == CASE_MEASURED)
        return;
    text_escape(&message, *r->message ? r->message : "no reason given",
                MESSAGE_MAX);
    table->failed |= message.failed;
    table_note(table, r->status == CASE_FAILED ? PAINT_BAD : PAINT_DIM,
               "%s: %s", case_status_name(r->status), strbuf_text(&message));
}

static void place_note(struct table *table, const struct case_results *r)
{
    if (r->excluded)
        table_note(table, PAINT_WARN,
                   "%zu invocation%s left out: the process did not stay on "
                   "its CPU",
                   r->excluded, r->excluded == 1 ? "" : "s");
}

static bool is_once(const struct run_case *c)
{
    return c->result->stopped_by == STOPPED_FIXED &&
           strncmp(c->result->id, "fixture:", 8) == 0;
}

static void doubt_note(struct table *table, const struct run_case *c)
{
    const struct estimate *e = c->time ? &c->time->estimate : NULL;
    char text[QUANTITY_TEXT];

    if (c->like_empty)
        table_note(table, PAINT_WARN,
                   "cannot be told from an empty loop (%s); was the work "
                   "optimised away?",
                   format_quantity(text, c->result->empty_ns, "ns"));
    if (e && (e->modes > 1 || e->between_modes > 1))
        table_note(table, PAINT_WARN,
                   "%s have %zu modes: the figure may stand for none of them",
                   e->between_modes > 1 ? "its processes" : "its samples",
                   e->between_modes > 1 ? e->between_modes : e->modes);
    /* A set-up that is done once has no interval, which is no flaw. */
    if (e && e->open && e->invocations_needed && !is_once(c))
        table_note(table, PAINT_WARN,
                   "interval open: %zu invocation%s, %zu needed",
                   e->invocations, e->invocations == 1 ? "" : "s",
                   e->invocations_needed);
}

static void ratio_note(struct table *table, const struct run_ratio *ratio)
{
    char share[SHARE_TEXT];

    if (!ratio->against)
        return;
    if (ratio->open)
        table_note(table, PAINT_NONE, "%.3fx the time of %s, interval open",
                   ratio->value, ratio->against);
    else
        table_note(table, PAINT_NONE,
                   "%.3fx the time of %s, %.3f to %.3f at %s", ratio->value,
                   ratio->against, ratio->low, ratio->high,
                   text_share(share, ratio->confidence));
}

static bool is_quantile(const char *name)
{
    return name[0] == 'p' && name[1] >= '0' && name[1] <= '9';
}

/* Counters of the user, latencies and what tare.yaml asks for always, what Tare
 * measures by the way when asked. */
static bool is_shown(const struct run_case *c, const struct run_metric *m,
                     bool verbose)
{
    const char *name = m->metric->name;
    const char *unit;
    enum better better;

    return m != c->time && !isnan(m->estimate.value) &&
           (verbose || metric_is_counted(name) || is_quantile(name) ||
            !metric_known(name, &unit, &better));
}

/* "p99 41.20 us Â±1.40 %" */
static void put_figure(struct strbuf *out, const struct run_metric *m)
{
    char value[QUANTITY_TEXT], width[SHARE_TEXT];
    const char *unit = m->metric->unit;

    strbuf_printf(out, "%s %s", m->metric->name,
                  format_quantity(value, m->estimate.value,
                                  strcmp(unit, "1/s") ? unit : "/s"));
    if (!m->estimate.open && m->estimate.half_width != 0)
        strbuf_printf(out, " \xc2\xb1%s",
                      text_share(width, m->estimate.half_width));
}

static void metric_notes(struct table *table, const struct run_case *c,
                         bool verbose)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    size_t n = 0;

    for (size_t i = 0; i < c->n_metrics; i++) {
        if (!is_shown(c, &c->metric[i], verbose))
            continue;
        if (n && n % FIGURES_A_LINE == 0) {
            table_note(table, PAINT_NONE, "%s", strbuf_text(&line));
            strbuf_clear(&line);
        }
        if (n++ % FIGURES_A_LINE)
            strbuf_puts(&line, ", ");
        put_figure(&line, &c->metric[i]);
    }
    if (n)
        table_note(table, PAINT_NONE, "%s", strbuf_text(&line));
    table->failed |= line.failed;
}

/* "20 invocations of 3 samples would halve the interval" */
static void advice_note(struct table *table, const struct estimate *e)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};

    if (e->halved_at == 0)
        return;
    strbuf_printf(&line, "%zu invocations", e->halved_at);
    if (e->best_samples)
        strbuf_printf(&line, " of %zu sample%s", e->best_samples,
                      e->best_samples == 1 ? "" : "s");
    strbuf_puts(&line, " would halve the interval");
    if (e->precise_at > e->invocations)
        strbuf_printf(&line, "; %zu as they are would make it precise enough",
                      e->precise_at);
    table->failed |= line.failed;
    table_note(table, PAINT_DIM, "%s", strbuf_text(&line));
}

/* "series: 8 flat, 2 warm-up" */
static void series_note(struct table *table, const struct run_series *series)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};

    for (int is = STEADY_FLAT; is < STEADY_CLASSES; is++)
        if (series->of[is])
            strbuf_printf(&line, "%s%zu %s", line.size ? ", " : "",
                          series->of[is], steady_name((enum steady_class)is));
    if (line.size)
        table_note(table, PAINT_DIM, "series: %s", strbuf_text(&line));
    table->failed |= line.failed;
}

static void detail_notes(struct table *table, const struct run_case *c)
{
    const struct estimate *e = &c->time->estimate;

    table_note(table, PAINT_DIM, "%zu invocation%s, %zu sample%s, stopped: %s",
               e->invocations, e->invocations == 1 ? "" : "s", e->samples,
               e->samples == 1 ? "" : "s",
               stopped_by_words(c->result->stopped_by));
    if (!isnan(e->icc) && !isnan(e->lag1))
        table_note(table, PAINT_DIM,
                   "intraclass correlation %.2f (design effect %.1f), lag-1 "
                   "autocorrelation %.2f (samples worth %.0f)",
                   e->icc, e->deff, e->lag1, e->ess);
    series_note(table, &c->series);
    advice_note(table, e);
}

static void add_case(struct table *table, const struct run_report *report,
                     const struct run_case *c, const struct layout *layout,
                     const struct text_style *style)
{
    table_row(table);
    table_cell(table, PAINT_NONE, c->result->id);
    if (c->time)
        measured_cells(table, c, layout);
    else
        table_cell(table,
                   c->result->status == CASE_FAILED ? PAINT_BAD : PAINT_DIM,
                   c->result->status == CASE_MEASURED
                       ? "unknown"
                       : case_status_name(c->result->status));
    status_note(table, c->result);
    place_note(table, c->result);
    beside_note(table, report->beside, (size_t)(c - report->cases));
    doubt_note(table, c);
    ratio_note(table, &c->ratio);
    metric_notes(table, c, style->verbose);
    if (style->verbose && c->time)
        detail_notes(table, c);
}

static void put_summary(const struct run_report *report, struct strbuf *out)
{
    char text[QUANTITY_TEXT];

    strbuf_printf(out, "%zu measured", report->n_measured);
    if (report->n_failed)
        strbuf_printf(out, ", %zu failed", report->n_failed);
    if (report->n_skipped)
        strbuf_printf(out, ", %zu skipped", report->n_skipped);
    if (report->wall_s > 0)
        strbuf_printf(out, " in %s",
                      format_duration(text, (int64_t)(report->wall_s * 1e9)));
    if (report->interrupted)
        strbuf_puts(out, report->resumes
                             ? "; interrupted, 'tare run --resume' goes on"
                             : "; interrupted");
    if (report->run)
        strbuf_printf(out, "; stored as run:%lld", (long long)report->run);
    strbuf_putc(out, '\n');
}

void run_text(const struct run_report *report, const struct text_style *style,
              struct strbuf *out)
{
    struct table table = {0};
    struct layout layout;

    if (!style->quiet) {
        put_machine_line(out, style, report->occasion, report->place);
        strbuf_putc(out, '\n');
    }
    look(report, &layout);
    add_columns(&table, &layout);
    for (size_t i = 0; i < report->n_cases; i++)
        add_case(&table, report, &report->cases[i], &layout, style);
    table_print(&table, style, out);
    table_clear(&table);
    if (style->quiet)
        return;
    strbuf_putc(out, '\n');
    if (run_tags_tell(report) || (report->n_tags && style->verbose)) {
        run_tags_text(report, style, out);
        strbuf_putc(out, '\n');
    }
    for (size_t i = 0; i < report->n_expected; i++)
        expected_text(&report->expected[i], style, out);
    beside_summary(report->beside, out);
    put_summary(report, out);
}
