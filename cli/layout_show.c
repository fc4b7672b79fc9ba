/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layout floors as text and JSON. */
#include <config.h>

#include <math.h>

#include "base/json.h"
#include "base/scope.h"
#include "base/units.h"
#include "cli/layout.h"
#include "report/table.h"

/* "33.4 %" of a ratio of 1.334. */
static void cell_size(struct table *table, enum paint paint, double ratio)
{
    if (isfinite(ratio))
        table_cellf(table, paint, "%.2f %%", 100 * (ratio - 1));
    else
        table_cell(table, PAINT_DIM, "-");
}

static void add_row(struct table *table, const struct layout *layout,
                    const struct layout_case *c, bool verbose)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    char text[QUANTITY_TEXT];

    table_row(table);
    table_cell(table, PAINT_NONE, c->id);
    cell_size(table, c->floor > 1 + layout->margin ? PAINT_WARN : PAINT_NONE,
              c->floor);
    cell_size(table, PAINT_DIM, c->noise);
    table_cellf(table, c->different ? PAINT_WARN : PAINT_NONE, "%zu of %zu",
                c->different, c->compared);
    for (size_t i = 0; i < layout->n_builds; i++)
        if (c->trial[i].failed[0])
            table_note(table, PAINT_BAD, "build %zu: %s", i,
                       c->trial[i].failed);
        else if (i)
            strbuf_printf(&line, " %s",
                          format_change(text, c->trial[i].comparison.ratio));
    if (verbose && line.size)
        table_note(table, PAINT_DIM, "builds:%s", strbuf_text(&line));
    table->failed |= line.failed;
}

static void put_conclusion(const struct layout *layout, struct strbuf *out)
{
    const struct layout_case *worst = NULL;
    size_t above = 0;

    for (size_t i = 0; i < layout->n_cases; i++) {
        const struct layout_case *c = &layout->cases[i];

        above += c->floor > 1 + layout->margin;
        if (isfinite(c->floor) && (!worst || c->floor > worst->floor))
            worst = c;
    }
    if (!worst) {
        strbuf_puts(out, "layout: nothing could be measured\n");
        return;
    }
    strbuf_printf(out,
                  "layout: relinking alone changes %zu of %zu cases by "
                  "more than the margin of %g %%; most, by %.2f %%, ",
                  above, layout->n_cases, 100 * layout->margin,
                  100 * (worst->floor - 1));
    text_escape(out, worst->id, 0);
    strbuf_putc(out, '\n');
}

void layout_text(const struct layout *layout, const struct text_style *style,
                 struct strbuf *out)
{
    struct table table = {0};
    char wall[QUANTITY_TEXT];

    if (!style->quiet) {
        strbuf_printf(out, "%zu builds of ", layout->n_builds);
        text_escape(out, layout->program, 0);
        strbuf_printf(out, " on %s; seed %llu\n\n",
                      layout->place ? layout->place : "",
                      (unsigned long long)layout->seed);
        table_column(&table, "case", COLUMN_NAME);
        table_column(&table, "layout floor", COLUMN_NUMBER);
        table_column(&table, "same build", COLUMN_NUMBER);
        table_column(&table, "called different", COLUMN_NUMBER);
        for (size_t i = 0; i < layout->n_cases; i++)
            add_row(&table, layout, &layout->cases[i], style->verbose);
        table_print(&table, style, out);
        table_clear(&table);
        strbuf_puts(
            out,
            "\nfloor: the largest ratio of two builds of the same objects; "
            "same build: what measuring adds to it\n");
        strbuf_printf(out, "took %s",
                      format_duration(wall, (int64_t)(layout->wall_s * 1e9)));
        if (layout->run)
            strbuf_printf(out, "; stored as run:%lld, for gate and compare",
                          (long long)layout->run);
        strbuf_puts(out, layout->interrupted ? "; interrupted\n" : "\n");
    }
    put_conclusion(layout, out);
}

static void json_trial(struct json *json, const struct layout *layout, size_t i,
                       const struct layout_trial *trial)
{
    const struct comparison *m = &trial->comparison;

    json_object(json);
    json_set_int(json, "seed", (int64_t)layout->build[i].seed);
    json_set_double(json, "ratio", m->ratio);
    json_set_double(json, "low", m->low);
    json_set_double(json, "high", m->high);
    json_set_double(json, "confidence", m->confidence);
    json_set_int(json, "pairs", (int64_t)m->pairs);
    json_set_string(json, "verdict",
                    trial->failed[0] ? "failed" : verdict_name(m->verdict));
    json_set_string(json, "message", trial->failed[0] ? trial->failed : NULL);
    json_object_end(json);
}

static void json_case(struct json *json, const struct layout *layout,
                      const struct layout_case *c)
{
    json_object(json);
    json_set_string(json, "id", c->id);
    json_set_double(json, "floor", c->floor - 1);
    json_set_double(json, "same_build", c->noise - 1);
    json_set_int(json, "different", (int64_t)c->different);
    json_set_int(json, "compared", (int64_t)c->compared);
    json_key(json, "builds");
    json_list(json);
    for (size_t i = 0; i < layout->n_builds; i++)
        json_trial(json, layout, i, &c->trial[i]);
    json_array_end(json);
    json_object_end(json);
}

void layout_json(const struct layout *layout, struct strbuf *out)
{
    struct json json = {.out = out};

    json_object(&json);
    json_set_string(&json, "schema", "tare/layout/1");
    json_set_string(&json, "program", layout->program);
    json_set_double(&json, "margin", layout->margin);
    json_set_double(&json, "alpha", layout->alpha);
    json_set_int(&json, "seed", (int64_t)layout->seed);
    json_set_int(&json, "run", layout->run);
    json_set_double(&json, "wall_s", layout->wall_s);
    json_set_bool(&json, "interrupted", layout->interrupted);
    json_key(&json, "cases");
    json_list(&json);
    for (size_t i = 0; i < layout->n_cases; i++)
        json_case(&json, layout, &layout->cases[i]);
    json_array_end(&json);
    json_object_end(&json);
}
