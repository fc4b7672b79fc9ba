/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A history for programs, spreadsheets and pages. */
#include <config.h>

#include "report/history.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/scope.h"
#include "base/units.h"
#include "report/history_parts.h"
#include "report/parts.h"

static void put_known(struct json *json, const char *key, const char *text)
{
    json_set_string(json, key, *text ? text : NULL);
}

static void put_point(struct json *json, const struct history_point *p)
{
    json_object(json);
    put_known(json, "revision", p->revision);
    json_set_bool(json, "dirty", p->dirty);
    json_set_string(json, "created", p->created);
    json_set_double(json, "value", p->value);
    json_set_double(json, "low", p->low);
    json_set_double(json, "high", p->high);
    json_set_double(json, "confidence", p->confidence);
    json_set_int(json, "occasions", (int64_t)p->occasions);
    json_set_int(json, "invocations", (int64_t)p->invocations);
    json_set_int(json, "run", p->run);
    json_object_end(json);
}

static void put_one_change(struct json *json, const struct history_line *line,
                           const struct history_change *c)
{
    json_object(json);
    json_set_string(json, "change", c->name);
    put_known(json, "before", line->point[c->at - 1].revision);
    put_known(json, "after", line->point[c->at].revision);
    json_set_int(json, "point", (int64_t)c->at);
    json_set_string(json, "created", line->point[c->at].created);
    json_set_double(json, "ratio", c->ratio);
    json_set_double(json, "low", c->low);
    json_set_double(json, "high", c->high);
    json_set_double(json, "confidence", c->confidence);
    json_set_double(json, "p", c->p);
    json_set_bool(json, "worse", history_is_worse(line, c));
    json_set_bool(json, "provisional", c->provisional);
    put_known(json, "acknowledged", c->ack);
    put_known(json, "acknowledged_by", c->ack_author);
    put_known(json, "acknowledged_on", c->ack_created);
    json_object_end(json);
}

static void put_line(struct json *json, const struct history_report *report,
                     const struct history_line *line)
{
    json_object(json);
    json_set_string(json, "id", line->id);
    json_set_string(json, "metric", line->metric);
    json_set_string(json, "unit", line->unit);
    json_set_string(json, "better", better_name(line->better));
    put_known(json, "machine", line->machine_key);
    put_known(json, "branch", line->branch);
    json_key(json, "points");
    json_list(json);
    for (size_t i = 0; i < line->n; i++)
        put_point(json, &line->point[i]);
    json_array_end(json);
    json_key(json, "changes");
    json_list(json);
    for (size_t i = 0; i < line->n_changes; i++)
        put_one_change(json, line, &line->change[i]);
    json_array_end(json);
    json_set_double(json, "drift", line->drift);
    json_set_double(json, "drift_p", line->drift_p);
    json_set_bool(json, "drifts", history_drifts(report, line));
    json_set_double(json, "baseline", line->baseline);
    put_known(json, "why_no_changes", line->why_none);
    json_object_end(json);
}

void history_json(const struct history_report *report, struct strbuf *out)
{
    struct history_counts n = history_count(report);
    struct json json = {.out = out};

    json_object(&json);
    json_set_string(&json, "schema", "tare/history/1");
    put_known(&json, "suite", report->suite);
    json_set_string(&json, "store", report->store);
    put_known(&json, "baseline", report->baseline);
    json_set_double(&json, "margin", report->margin);
    json_key(&json, "counts");
    json_object(&json);
    json_set_int(&json, "series", (int64_t)report->n);
    json_set_int(&json, "changes", (int64_t)n.changes);
    json_set_int(&json, "open", (int64_t)n.open);
    json_set_int(&json, "acknowledged", (int64_t)n.acknowledged);
    json_set_int(&json, "provisional", (int64_t)n.provisional);
    json_object_end(&json);
    json_key(&json, "series");
    json_list(&json);
    for (size_t i = 0; i < report->n; i++)
        put_line(&json, report, &report->line[i]);
    json_array_end(&json);
    json_object_end(&json);
}

static void csv_fields(struct strbuf *out, const char *const *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i)
            strbuf_putc(out, ',');
        csv_text(out, text[i]);
    }
}

static void csv_point(struct strbuf *out, const struct history_line *line,
                      size_t i)
{
    const struct history_point *p = &line->point[i];
    const struct history_change *c = history_change_at(line, i);
    const char *const text[] = {line->id,          line->metric, line->unit,
                                line->machine_key, line->branch, p->revision,
                                p->created};
    const double figures[] = {p->value, p->low, p->high, p->confidence};

    csv_fields(out, text, ARRAY_LEN(text));
    strbuf_printf(out, ",%d", p->dirty);
    for (size_t k = 0; k < ARRAY_LEN(figures); k++) {
        strbuf_putc(out, ',');
        csv_double(out, figures[k]);
    }
    strbuf_printf(out, ",%zu,%zu,%lld,", p->occasions, p->invocations,
                  (long long)p->run);
    if (c) {
        strbuf_printf(out, "%s,", c->name);
        csv_double(out, c->ratio);
        strbuf_printf(out, ",%d\n", *c->ack != '\0');
    } else {
        strbuf_puts(out, ",,\n");
    }
}

void history_csv(const struct history_report *report, struct strbuf *out)
{
    strbuf_puts(out, "id,metric,unit,machine,branch,revision,created,dirty,"
                     "value,low,high,confidence,occasions,invocations,run,"
                     "change,change_ratio,acknowledged\n");
    for (size_t i = 0; i < report->n; i++)
        for (size_t k = 0; k < report->line[i].n; k++)
            csv_point(out, &report->line[i], k);
}

static void markdown_change(struct strbuf *out, const struct history_line *line)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const struct history_change *c =
        line->n_changes ? &line->change[line->n_changes - 1] : NULL;

    if (c)
        put_change(&text, line, c);
    markdown_code(out, strbuf_text(&text), 400);
    out->failed |= text.failed;
}

static void markdown_line(struct strbuf *out, const struct history_line *line)
{
    const struct history_point *newest = &line->point[line->n - 1];
    char text[QUANTITY_TEXT];

    strbuf_puts(out, "| ");
    markdown_code(out, line->id, 200);
    strbuf_puts(out, " | ");
    markdown_code(out, line->metric, 100);
    strbuf_printf(out, " | %s | %zu | ",
                  format_quantity(text, newest->value, line->unit), line->n);
    markdown_change(out, line);
    strbuf_puts(out, " |\n");
}

void history_markdown(const struct history_report *report, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};

    history_conclusion(report, &line);
    markdown_code(out, strbuf_text(&line), 0);
    strbuf_puts(out, "\n\n| case | metric | newest | points | last change |\n"
                     "|:--|:--|--:|--:|:--|\n");
    for (size_t i = 0; i < report->n; i++)
        markdown_line(out, &report->line[i]);
    out->failed |= line.failed;
}
