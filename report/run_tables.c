/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run for spreadsheets and for pages. */
#include <config.h>

#include "report/run.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "report/parts.h"

static void csv_metric(struct strbuf *out, const struct run_case *c,
                       const struct run_metric *m)
{
    const struct estimate *e = &m->estimate;
    const double figures[] = {e->value,      e->low,     e->high,
                              e->confidence, e->between, e->within};

    csv_text(out, c->result->id);
    strbuf_printf(out, ",%s,", case_status_name(c->result->status));
    csv_text(out, m->metric->name);
    strbuf_putc(out, ',');
    csv_text(out, m->metric->unit);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        strbuf_putc(out, ',');
        csv_double(out, figures[i]);
    }
    strbuf_printf(out, ",%zu,%zu,", e->invocations, e->samples);
    csv_double(out, c->result->disturbed < 0 ? NAN : c->result->disturbed);
    strbuf_printf(out, ",%s,%s\n", stopped_by_name(c->result->stopped_by),
                  c->oversubscribed ? "true" : "false");
}

void run_csv(const struct run_report *report, struct strbuf *out)
{
    strbuf_puts(
        out,
        "id,status,metric,unit,value,low,high,confidence,between,"
        "within,invocations,samples,disturbed,stopped_by,oversubscribed\n");
    for (size_t i = 0; i < report->n_cases; i++) {
        const struct run_case *c = &report->cases[i];

        for (size_t k = 0; k < c->n_metrics; k++)
            csv_metric(out, c, &c->metric[k]);
        if (c->n_metrics)
            continue;
        csv_text(out, c->result->id);
        strbuf_printf(out, ",%s,,,,,,,,,0,0,,%s,%s\n",
                      case_status_name(c->result->status),
                      stopped_by_name(c->result->stopped_by),
                      c->oversubscribed ? "true" : "false");
    }
}
