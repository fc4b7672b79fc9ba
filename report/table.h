/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Aligned tables for people.
 *
 * A zeroed table is empty.  Columns first, then rows of cells; a row may have
 * fewer cells than there are columns.  Text of cells and notes is escaped, so
 * that names from programs may be passed as they are.  Out of memory is
 * remembered and shows in the `failed` of what table_print() writes to. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "report/text.h"

enum column_kind {
    COLUMN_TEXT = 0, /* left-aligned */
    COLUMN_NUMBER,   /* right-aligned */
    COLUMN_NAME,     /* left-aligned; shortened in the middle, down to 16
                      * columns, where the table is too wide otherwise */
};

enum { TABLE_COLUMNS = 16 };

struct table_row; /* of table.c */

struct table {
    struct arena arena;
    const char *heading[TABLE_COLUMNS]; /* escaped */
    enum column_kind kind[TABLE_COLUMNS];
    size_t n_columns;
    struct table_row *row;
    size_t n_rows;
    int indent; /* blanks before each line */
    bool failed;
};

/* Add a column; at most TABLE_COLUMNS.  A table whose headings are all "" has
 * no line of headings; a column in which no row has anything is left out. */
void table_column(struct table *table, const char *heading,
                  enum column_kind kind);

/* Begin a row. */
void table_row(struct table *table);

/* The next cell of the row. */
void table_cell(struct table *table, enum paint paint, const char *untrusted);
void table_cellf(struct table *table, enum paint paint, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* A line of its own below the row, indented and wrapped. */
void table_note(struct table *table, enum paint paint, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* Write the table.  No trailing blanks.  Cost: linear. */
void table_print(const struct table *table, const struct text_style *style,
                 struct strbuf *out);

void table_clear(struct table *table);

/* How much was disturbed: "calm", "7.00 %", "unknown" for a negative share or
 * NaN. */
void disturbed_cell(struct table *table, double share);

#endif
