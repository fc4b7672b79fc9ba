/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases of a suite, for people and programs. */
#include <config.h>

#include "report/list.h"

#include <inttypes.h>

#include "base/json.h"
#include "report/parts.h"
#include "report/table.h"

/* Which columns say something. */
struct layout {
    bool tags, fixtures;
};

static struct layout look(const struct list_case *list, size_t n)
{
    struct layout layout = {.tags = false};

    for (size_t i = 0; i < n; i++) {
        layout.tags |= *list[i].tags != '\0';
        layout.fixtures |= *list[i].fixtures != '\0';
    }
    return layout;
}

static void add_case(struct table *table, const struct list_case *c,
                     const struct layout *layout)
{
    table_row(table);
    table_cell(table, PAINT_NONE, c->id);
    table_cell(table, PAINT_NONE, c->is_test ? "test" : "benchmark");
    if (layout->tags)
        table_cell(table, PAINT_NONE, c->tags);
    if (layout->fixtures)
        table_cell(table, PAINT_NONE, c->fixtures);
    if (*c->file && c->line)
        table_cellf(table, PAINT_DIM, "%s:%" PRIu32, c->file, c->line);
    else
        table_cell(table, PAINT_DIM, c->file);
}

static void put_table(const struct list_case *list, size_t n,
                      const struct text_style *style, struct strbuf *out)
{
    struct layout layout = look(list, n);
    struct table table = {0};

    table_column(&table, "case", COLUMN_NAME);
    table_column(&table, "kind", COLUMN_TEXT);
    if (layout.tags)
        table_column(&table, "tags", COLUMN_TEXT);
    if (layout.fixtures)
        table_column(&table, "fixtures", COLUMN_TEXT);
    table_column(&table, "source", COLUMN_NAME);
    for (size_t i = 0; i < n; i++)
        add_case(&table, &list[i], &layout);
    table_print(&table, style, out);
    table_clear(&table);
}

static void put_counts(const struct list_case *list, size_t n,
                       struct strbuf *out)
{
    size_t tests = 0;

    for (size_t i = 0; i < n; i++)
        tests += list[i].is_test;
    strbuf_putc(out, '\n');
    text_count(out, n - tests, "benchmark");
    strbuf_puts(out, ", ");
    text_count(out, tests, "test");
    strbuf_putc(out, '\n');
}

void list_text(const struct list_case *list, size_t n,
               const struct text_style *style, struct strbuf *out)
{
    if (!style->quiet) {
        put_table(list, n, style, out);
        put_counts(list, n, out);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        text_escape(out, list[i].id, 0);
        strbuf_putc(out, '\n');
    }
}

static void set_known(struct json *json, const char *key, const char *text)
{
    json_set_string(json, key, *text ? text : NULL);
}

static void put_case(struct json *json, const struct list_case *c)
{
    json_object(json);
    json_set_string(json, "id", c->id);
    json_set_string(json, "kind", c->is_test ? "test" : "benchmark");
    set_known(json, "program", c->program);
    json_words(json, "tags", c->tags);
    json_words(json, "fixtures", c->fixtures);
    set_known(json, "baseline", c->baseline);
    json_set_int(json, "version", c->version);
    set_known(json, "file", c->file);
    json_key(json, "line");
    if (c->line)
        json_int(json, c->line);
    else
        json_null(json);
    json_object_end(json);
}

void list_json(const char *suite, const struct list_case *list, size_t n,
               struct strbuf *out)
{
    struct json json = {.out = out};

    json_object(&json);
    json_set_string(&json, "schema", "tare/list/1");
    set_known(&json, "suite", suite);
    json_key(&json, "cases");
    json_list(&json);
    for (size_t i = 0; i < n; i++)
        put_case(&json, &list[i]);
    json_array_end(&json);
    json_object_end(&json);
}
