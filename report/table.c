/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables: collect first, measure, then write. */
#include <config.h>

#include "report/table.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/utf8.h"

enum { GAP = 2, NAME_COLUMNS_MIN = 16, NOTE_INDENT = 4 };

struct table_cell {
    const char *text; /* escaped, in the arena */
    size_t columns;
    enum paint paint;
};

struct table_note {
    const char *text;
    enum paint paint;
};

struct table_row {
    struct table_cell cell[TABLE_COLUMNS];
    size_t n;
    struct table_note *note;
    size_t n_notes;
};

static const char *keep_escaped(struct table *table, const char *untrusted)
{
    struct strbuf text = {0};
    const char *kept;

    text_escape(&text, untrusted, 0);
    kept = text.failed
               ? NULL
               : arena_memdup(&table->arena, strbuf_text(&text), text.size);
    strbuf_clear(&text);
    if (!kept)
        table->failed = true;
    return kept ? kept : "";
}

void table_column(struct table *table, const char *heading,
                  enum column_kind kind)
{
    assert(table->n_columns < TABLE_COLUMNS);
    table->heading[table->n_columns] = keep_escaped(table, heading);
    table->kind[table->n_columns++] = kind;
}

void table_row(struct table *table)
{
    struct table_row *row =
        arena_grow(&table->arena, table->row, table->n_rows, sizeof *row);

    if (!row) {
        table->failed = true;
        return;
    }
    table->row = row;
    table->row[table->n_rows++] = (struct table_row){.n = 0};
}

void table_cell(struct table *table, enum paint paint, const char *untrusted)
{
    struct table_row *row;
    const char *text;

    if (table->failed)
        return;
    row = &table->row[table->n_rows - 1];
    assert(row->n < table->n_columns);
    text = keep_escaped(table, untrusted);
    row->cell[row->n++] = (struct table_cell){
        .text = text, .columns = utf8_columns(text), .paint = paint};
}

void table_cellf(struct table *table, enum paint paint, const char *fmt, ...)
{
    struct strbuf text = {0};
    va_list ap;

    va_start(ap, fmt);
    strbuf_vprintf(&text, fmt, ap);
    va_end(ap);
    table->failed |= text.failed;
    table_cell(table, paint, strbuf_text(&text));
    strbuf_clear(&text);
}

static void add_note(struct table *table, enum paint paint, const char *text)
{
    struct table_row *row;
    struct table_note *note;

    if (table->failed)
        return;
    row = &table->row[table->n_rows - 1];
    note = arena_grow(&table->arena, row->note, row->n_notes, sizeof *note);
    if (!note) {
        table->failed = true;
        return;
    }
    row->note = note;
    row->note[row->n_notes++] =
        (struct table_note){keep_escaped(table, text), paint};
}

void table_note(struct table *table, enum paint paint, const char *fmt, ...)
{
    struct strbuf text = {0};
    va_list ap;

    va_start(ap, fmt);
    strbuf_vprintf(&text, fmt, ap);
    va_end(ap);
    table->failed |= text.failed;
    add_note(table, paint, strbuf_text(&text));
    strbuf_clear(&text);
}

/* 0 for a column in which no row has anything. */
static void measure(const struct table *table, size_t width[TABLE_COLUMNS])
{
    for (size_t r = 0; r < table->n_rows; r++)
        for (size_t c = 0; c < table->row[r].n; c++)
            if (table->row[r].cell[c].columns > width[c])
                width[c] = table->row[r].cell[c].columns;
    for (size_t c = 0; c < table->n_columns; c++) {
        size_t heading = utf8_columns(table->heading[c]);

        if ((width[c] || table->n_rows == 0) && width[c] < heading)
            width[c] = heading;
    }
}

/* Take what is too much from the columns of names, the widest first. */
static void squeeze(const struct table *table, size_t limit,
                    size_t width[TABLE_COLUMNS])
{
    size_t total = (size_t)table->indent;

    for (size_t c = 0; c < table->n_columns; c++)
        total += width[c] ? width[c] + (c ? GAP : 0) : 0;
    while (total > limit) {
        size_t widest = table->n_columns;

        for (size_t c = 0; c < table->n_columns; c++)
            if (table->kind[c] == COLUMN_NAME && width[c] > NAME_COLUMNS_MIN &&
                (widest == table->n_columns || width[c] > width[widest]))
                widest = c;
        if (widest == table->n_columns)
            return;
        width[widest]--;
        total--;
    }
}

static void put_cell(const struct text_style *style, enum column_kind kind,
                     const struct table_cell *cell, size_t width, bool last,
                     struct strbuf *out)
{
    struct strbuf text = {0};
    size_t pad = cell->columns < width ? width - cell->columns : 0;

    text_shorten(&text, cell->text, width < 3 ? 3 : width);
    if (kind == COLUMN_NUMBER)
        strbuf_printf(out, "%*s", (int)pad, "");
    text_paint(out, style, cell->paint, strbuf_text(&text));
    if (kind != COLUMN_NUMBER && !last)
        strbuf_printf(out, "%*s", (int)pad, "");
    out->failed |= text.failed;
    strbuf_clear(&text);
}

static void put_row(const struct table *table, const struct text_style *style,
                    const struct table_row *row,
                    const size_t width[TABLE_COLUMNS], struct strbuf *out)
{
    size_t n = row->n;
    bool began = false;

    while (n && (row->cell[n - 1].columns == 0 || width[n - 1] == 0))
        n--;
    if (n)
        strbuf_printf(out, "%*s", table->indent, "");
    for (size_t c = 0; c < n; c++) {
        if (width[c] == 0)
            continue;
        if (began)
            strbuf_printf(out, "%*s", GAP, "");
        began = true;
        put_cell(style, table->kind[c], &row->cell[c], width[c], c + 1 == n,
                 out);
    }
    strbuf_putc(out, '\n');
    for (size_t i = 0; i < row->n_notes; i++) {
        int indent = table->indent + NOTE_INDENT;

        strbuf_printf(out, "%*s", indent, "");
        text_wrap(out, style, row->note[i].paint, (size_t)indent, indent,
                  row->note[i].text);
    }
}

static void put_headings(const struct table *table,
                         const struct text_style *style,
                         const size_t width[TABLE_COLUMNS], struct strbuf *out)
{
    struct table_row row = {.n = table->n_columns};
    bool any = false;

    for (size_t c = 0; c < table->n_columns; c++) {
        any |= *table->heading[c] != '\0';
        row.cell[c] = (struct table_cell){
            table->heading[c], utf8_columns(table->heading[c]), PAINT_DIM};
    }
    if (any)
        put_row(table, style, &row, width, out);
}

void table_print(const struct table *table, const struct text_style *style,
                 struct strbuf *out)
{
    size_t width[TABLE_COLUMNS] = {0};

    if (table->failed) {
        out->failed = true;
        return;
    }
    measure(table, width);
    if (style->columns)
        squeeze(table, (size_t)style->columns, width);
    put_headings(table, style, width, out);
    for (size_t r = 0; r < table->n_rows; r++)
        put_row(table, style, &table->row[r], width, out);
}

void table_clear(struct table *table)
{
    arena_clear(&table->arena);
    *table = (struct table){0};
}

void disturbed_cell(struct table *table, double share)
{
    char text[SHARE_TEXT];

    if (share < 0 || isnan(share))
        table_cell(table, PAINT_DIM, "unknown");
    else if (share < 0.005)
        table_cell(table, PAINT_NONE, "calm");
    else
        table_cell(table, share > 0.1 ? PAINT_WARN : PAINT_NONE,
                   text_share(text, share));
}
