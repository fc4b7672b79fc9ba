/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Baselines for people and programs. */
#include <config.h>

#include "report/baseline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/units.h"
#include "report/parts.h"
#include "report/table.h"

enum { OCCASIONS_SHOWN = 6 }; /* columns of values; the newest */

static const struct occasion *newest(const struct results *results)
{
    return results->n_occasions ? &results->occasion[results->n_occasions - 1]
                                : NULL;
}

/* The day of "2026-11-22T22:53:14Z". */
static void day_cell(struct table *table, const struct occasion *o)
{
    if (o && *o->created)
        table_cellf(table, PAINT_NONE, "%.10s", o->created);
    else
        table_cell(table, PAINT_DIM, "unknown");
}

static void revision_cell(struct table *table, const struct occasion *o)
{
    if (!o || !*o->revision)
        table_cell(table, PAINT_DIM, "unknown");
    else
        table_cellf(table, PAINT_NONE, "%.10s%s", o->revision,
                    o->dirty ? " and changes" : "");
}

void baselines_text(const struct baseline_item *item, size_t n,
                    const struct text_style *style, struct strbuf *out)
{
    struct table table = {0};

    table_column(&table, "baseline", COLUMN_NAME);
    table_column(&table, "cases", COLUMN_NUMBER);
    table_column(&table, "occasions", COLUMN_NUMBER);
    table_column(&table, "newest", COLUMN_TEXT);
    table_column(&table, "revision", COLUMN_TEXT);
    table_column(&table, "machine", COLUMN_TEXT);
    for (size_t i = 0; i < n; i++) {
        const struct occasion *o = newest(item[i].results);

        table_row(&table);
        table_cell(&table, PAINT_NONE, item[i].name);
        table_cellf(&table, PAINT_NONE, "%zu", item[i].results->n_cases);
        table_cellf(&table, PAINT_NONE, "%zu", item[i].results->n_occasions);
        day_cell(&table, o);
        revision_cell(&table, o);
        table_cell(&table, item[i].here ? PAINT_NONE : PAINT_WARN,
                   item[i].here ? "this one" : "another");
    }
    table_print(&table, style, out);
    table_clear(&table);
}

/* NaN figures where the metric was not measured or not estimable. */
static int estimate_at(const struct metric *metric, size_t occasion,
                       const struct estimate_policy *policy,
                       struct estimate *out, struct error *err)
{
    const struct invocations *all = &metric->occasion[occasion];
    struct error why = {0};

    *out = (struct estimate){
        .value = NAN, .low = NAN, .high = NAN, .confidence = NAN};
    if (all->n == 0 ||
        estimate(all->invocation, all->n, policy, out, &why) == 0)
        return 0;
    *out = (struct estimate){
        .value = NAN, .low = NAN, .high = NAN, .confidence = NAN};
    return why.code == ERR_NOMEM ? ERROR(err, ERR_NOMEM, "%s", why.text) : 0;
}

static size_t first_shown(const struct results *results)
{
    return results->n_occasions > OCCASIONS_SHOWN
               ? results->n_occasions - OCCASIONS_SHOWN
               : 0;
}

static int add_metric(struct table *table, const struct results *results,
                      const struct case_results *c, const struct metric *m,
                      const struct estimate_policy *policy, struct error *err)
{
    table_row(table);
    table_cell(table, PAINT_NONE, c->id);
    table_cell(table, PAINT_NONE, m->name);
    for (size_t o = first_shown(results); o < results->n_occasions; o++) {
        char text[QUANTITY_TEXT];
        struct estimate e;
        int rc = estimate_at(m, o, policy, &e, err);

        if (rc < 0)
            return rc;
        table_cell(table, PAINT_NONE,
                   m->occasion[o].n ? format_quantity(text, e.value, m->unit)
                                    : "-");
    }
    return 0;
}

static bool is_shown(const struct case_results *c, size_t metric,
                     const struct text_style *style)
{
    return style->verbose || c->n_metrics == 1 ||
           strcmp(c->metric[metric].name, "time") == 0;
}

static void add_columns(struct table *table, const struct results *results)
{
    table_column(table, "case", COLUMN_NAME);
    table_column(table, "metric", COLUMN_TEXT);
    for (size_t o = first_shown(results); o < results->n_occasions; o++) {
        char day[16] = "unknown";

        if (*results->occasion[o].created)
            snprintf(day, sizeof day, "%.10s", results->occasion[o].created);
        table_column(table, day, COLUMN_NUMBER);
    }
}

static void put_head(const struct baseline_item *item,
                     const struct text_style *style, struct strbuf *out)
{
    const struct occasion *o = newest(item->results);

    text_escape(out, item->path, 0);
    strbuf_puts(out, ": ");
    text_count(out, item->results->n_cases, "case");
    strbuf_puts(out, ", ");
    text_count(out, item->results->n_occasions, "occasion");
    if (o && *o->revision) {
        strbuf_puts(out, ", newest of ");
        text_escape(out, o->revision, 0);
        strbuf_puts(out, o->dirty ? " and changes" : "");
    }
    strbuf_putc(out, '\n');
    if (o)
        put_machine_line(out, style, o,
                         item->here ? "this machine" : "another machine");
    strbuf_putc(out, '\n');
}

int baseline_text(const struct baseline_item *item,
                  const struct estimate_policy *policy,
                  const struct text_style *style, struct strbuf *out,
                  struct error *err)
{
    const struct results *results = item->results;
    struct table table = {0};
    int rc = 0;

    put_head(item, style, out);
    add_columns(&table, results);
    for (size_t i = 0; rc == 0 && i < results->n_cases; i++) {
        const struct case_results *c = &results->cases[i];

        for (size_t k = 0; rc == 0 && k < c->n_metrics; k++)
            if (is_shown(c, k, style))
                rc = add_metric(&table, results, c, &c->metric[k], policy, err);
    }
    if (rc == 0)
        table_print(&table, style, out);
    table_clear(&table);
    return rc;
}

static size_t count_samples(const struct invocations *all)
{
    size_t n = 0;

    for (size_t i = 0; i < all->n; i++)
        n += all->invocation[i].n;
    return n;
}

static int put_metric(struct json *json, const struct results *results,
                      const struct metric *m,
                      const struct estimate_policy *policy, struct error *err)
{
    json_key(json, m->name);
    json_object(json);
    json_set_string(json, "unit", m->unit);
    json_set_string(json, "better", better_name(m->better));
    json_key(json, "occasions");
    json_list(json);
    for (size_t o = 0; o < results->n_occasions; o++) {
        struct estimate e;
        int rc = estimate_at(m, o, policy, &e, err);

        if (rc < 0)
            return rc;
        json_object(json);
        json_set_double(json, "value", e.value);
        json_set_double(json, "low", e.low);
        json_set_double(json, "high", e.high);
        json_set_double(json, "confidence", e.confidence);
        json_set_int(json, "invocations", (int64_t)m->occasion[o].n);
        json_set_int(json, "samples", (int64_t)count_samples(&m->occasion[o]));
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
    return 0;
}

static int put_case(struct json *json, const struct results *results,
                    const struct case_results *c,
                    const struct estimate_policy *policy, struct error *err)
{
    int rc = 0;

    json_object(json);
    json_set_string(json, "id", c->id);
    json_set_int(json, "version", c->version);
    json_set_string(json, "program", *c->program ? c->program : NULL);
    json_set_string(json, "hash", *c->hash ? c->hash : NULL);
    json_words(json, "tags", c->tags);
    json_key(json, "metrics");
    json_object(json);
    for (size_t i = 0; rc == 0 && i < c->n_metrics; i++)
        rc = put_metric(json, results, &c->metric[i], policy, err);
    json_object_end(json);
    json_object_end(json);
    return rc;
}

static void put_occasions(struct json *json, const struct results *results)
{
    json_key(json, "occasions");
    json_list(json);
    for (size_t o = 0; o < results->n_occasions; o++) {
        json_object(json);
        json_occasion(json, &results->occasion[o]);
        json_object_end(json);
    }
    json_array_end(json);
}

static int put_baseline(struct json *json, const struct baseline_item *item,
                        bool cases, const struct estimate_policy *policy,
                        struct error *err)
{
    const struct results *results = item->results;
    int rc = 0;

    json_object(json);
    json_set_string(json, "name", item->name);
    json_set_string(json, "file", item->path);
    json_set_bool(json, "this_machine", item->here);
    json_set_int(json, "n_cases", (int64_t)results->n_cases);
    put_occasions(json, results);
    if (cases) {
        json_key(json, "cases");
        json_list(json);
        for (size_t i = 0; rc == 0 && i < results->n_cases; i++)
            rc = put_case(json, results, &results->cases[i], policy, err);
        json_array_end(json);
    }
    json_object_end(json);
    return rc;
}

int baselines_json(const struct baseline_item *item, size_t n, bool cases,
                   const struct estimate_policy *policy, struct strbuf *out,
                   struct error *err)
{
    struct json json = {.out = out};
    int rc = 0;

    json_object(&json);
    json_set_string(&json, "schema", "tare/baseline/1");
    json_key(&json, "baselines");
    json_list(&json);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = put_baseline(&json, &item[i], cases, policy, err);
    json_array_end(&json);
    json_object_end(&json);
    return rc;
}
