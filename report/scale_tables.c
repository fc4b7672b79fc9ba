/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison of worker counts for spreadsheets and for pages. */
#include <config.h>

#include <math.h>

#include "base/scope.h"
#include "base/units.h"
#include "report/parts.h"
#include "report/scale.h"

/* ---- CSV */

static double end_of(const struct rank_interval *i, double end)
{
    return i->open ? NAN : end;
}

static void csv_change(struct strbuf *out, const struct scale_case *c, size_t i)
{
    const struct scale_change *change =
        c->compared ? &c->against.change[i] : NULL;

    if (!change || change->n == 0) {
        strbuf_puts(out, ",,,,");
        return;
    }
    strbuf_putc(out, ',');
    csv_double(out, change->ratio.centre);
    strbuf_putc(out, ',');
    csv_double(out, end_of(&change->ratio, change->ratio.low));
    strbuf_putc(out, ',');
    csv_double(out, end_of(&change->ratio, change->ratio.high));
    strbuf_printf(out, ",%s", scale_verdict_name(change->verdict));
}

static void csv_point(struct strbuf *out, const struct scale_report *report,
                      const struct scale_case *c, size_t i)
{
    const struct scale_figure *f = &c->analysis.figure[i];
    SCOPED(strbuf_scoped) struct strbuf marks = {0};
    const double value[] = {
        f->seconds.centre,
        end_of(&f->seconds, f->seconds.low),
        end_of(&f->seconds, f->seconds.high),
        f->speedup.centre,
        end_of(&f->speedup, f->speedup.low),
        end_of(&f->speedup, f->speedup.high),
        f->efficiency,
        f->steal,
        f->foreign,
    };

    csv_text(out, c->id);
    strbuf_printf(out, ",%s,%d", scale_kind_name(c->kind), f->count);
    for (size_t k = 0; k < sizeof value / sizeof *value; k++) {
        strbuf_putc(out, ',');
        csv_double(out, value[k]);
    }
    strbuf_printf(out, ",%zu,%d,", f->n, c->analysis.recommended == (int)i);
    scale_count_marks(&report->count[i], &marks);
    csv_text(out, strbuf_text(&marks));
    out->failed |= marks.failed;
    csv_change(out, c, i);
    strbuf_putc(out, '\n');
}

void scale_csv(const struct scale_report *report, struct strbuf *out)
{
    strbuf_puts(out, "id,kind,workers,seconds,seconds_low,seconds_high,speedup,"
                     "speedup_low,speedup_high,efficiency,steal,foreign,rounds,"
                     "recommended,marks,ratio,ratio_low,ratio_high,verdict\n");
    for (size_t i = 0; i < report->n_cases; i++) {
        const struct scale_case *c = &report->cases[i];

        for (size_t k = 0; c->measured && k < c->analysis.n_counts; k++)
            if (c->analysis.figure[k].n)
                csv_point(out, report, c, k);
    }
}

/* ---- Markdown */

static void markdown_row(struct strbuf *out, const struct scale_report *report,
                         const struct scale_case *c, size_t i)
{
    const struct scale_figure *f = &c->analysis.figure[i];
    bool here = c->analysis.recommended == (int)i;
    char time[QUANTITY_TEXT], share[SHARE_TEXT];

    strbuf_printf(out, "| %s%d%s | %s | %.2f", here ? "**" : "", f->count,
                  here ? "**" : "",
                  format_quantity(time, f->seconds.centre * 1e9, "ns"),
                  f->speedup.centre);
    if (!f->speedup.open && i != c->analysis.base)
        strbuf_printf(out, " (%.2f to %.2f)", f->speedup.low, f->speedup.high);
    strbuf_printf(out, " | %s | ", text_share(share, f->efficiency));
    scale_count_marks(&report->count[i], out);
    if (c->compared)
        strbuf_printf(out, " | %s %s",
                      format_change(time, c->against.change[i].ratio.centre),
                      scale_verdict_name(c->against.change[i].verdict));
    strbuf_puts(out, " |\n");
}

static void markdown_case(struct strbuf *out, const struct scale_report *report,
                          const struct scale_case *c)
{
    strbuf_puts(out, "### ");
    markdown_code(out, c->id, 200);
    strbuf_puts(out, "\n\n");
    if (!c->measured) {
        strbuf_puts(out, "Not measured: ");
        markdown_code(out,
                      *c->series->message ? c->series->message
                                          : "no round is complete",
                      400);
        strbuf_puts(out, "\n\n");
        return;
    }
    strbuf_printf(out,
                  "| workers | time | speed-up | efficiency | |%s\n"
                  "|---:|---:|---:|---:|---|%s\n",
                  c->compared ? " new |" : "", c->compared ? "---|" : "");
    for (size_t i = 0; i < c->analysis.n_counts; i++)
        if (c->analysis.figure[i].n)
            markdown_row(out, report, c, i);
    strbuf_putc(out, '\n');
    if (c->analysis.recommended >= 0)
        strbuf_printf(out, "Recommended: %d%s; limit: %s.\n\n",
                      c->analysis.figure[c->analysis.recommended].count,
                      c->analysis.certain ? "" : " (not certain)",
                      scale_limit_name(c->loss.limit));
}

void scale_markdown(const struct scale_report *report, struct strbuf *out)
{
    for (size_t i = 0; i < report->n_cases; i++)
        markdown_case(out, report, &report->cases[i]);
}
