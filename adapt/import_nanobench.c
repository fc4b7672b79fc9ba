/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table that nanobench prints, a row a benchmark: the median over its
 * epochs, in one process.  Columns are known by their heading, so that tables
 * without counters, and those whose unit is not "op", are read as well. */
#include <config.h>

#include <string.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

enum { MAX_COLUMNS = 16 };

/* A heading is UNIT_OF_MEASURE/op; op is the user's word. */
static const struct {
    const char *heading;
    struct import_metric metric;
} counters[] = {
    {"ins", {"instructions", "1", BETTER_LOWER}},
    {"cyc", {"cycles", "1", BETTER_LOWER}},
    {"bra", {"branches", "1", BETTER_LOWER}},
};

/* What a table has in each column. */
struct table {
    size_t n;
    const struct import_metric *metric[MAX_COLUMNS]; /* NULL: passed over */
    const struct import_unit *unit[MAX_COLUMNS];
    const char *title; /* of the benchmarks; NULL before the first heading */
};

/* The next cell without the blanks around it; NULL behind the last. */
static char *next_cell(char **at)
{
    char *cell = *at, *end;

    if (*cell != '|')
        return NULL;
    cell++;
    end = strchr(cell, '|');
    if (!end)
        end = cell + strlen(cell);
    *at = end;
    cell += strspn(cell, " ");
    return cell;
}

static size_t cell_size(const char *cell)
{
    size_t n = strcspn(cell, "|");

    while (n && cell[n - 1] == ' ')
        n--;
    return n;
}

/* "ns/op", "us/call": a time for each. */
static const struct import_unit *time_heading(const char *cell)
{
    char word[8] = "";
    size_t n = strcspn(cell, "/");

    if (n < sizeof word && cell[n] == '/')
        memcpy(word, cell, n);
    return import_time_unit(word);
}

/* The heading of the names is the title, "benchmark" where none was given. */
static int read_heading(struct import *im, struct table *table, char *line)
{
    const char *title = strrchr(line, '|') + 1;
    size_t size;
    char *cell;

    title += strspn(title, " ");
    size = cell_size(title);
    *table =
        (struct table){.title = strncmp(title, "benchmark", size) == 0
                                    ? "nanobench"
                                    : arena_memdup(&im->arena, title, size)};
    if (!table->title)
        return import_no_memory(im);
    while (table->n < MAX_COLUMNS && (cell = next_cell(&line))) {
        size_t i = table->n++;

        table->unit[i] = time_heading(cell);
        if (table->unit[i])
            table->metric[i] = &import_time;
        for (size_t k = 0; k < ARRAY_LEN(counters); k++)
            if (strncmp(cell, counters[k].heading, 3) == 0 && cell[3] == '/') {
                table->metric[i] = &counters[k].metric;
                table->unit[i] = &import_as_is;
            }
    }
    return 0;
}

/* Thousands are set apart by commas. */
static int read_number(const struct import *im, struct import_place at,
                       const char *cell, const struct import_unit *unit,
                       double *out)
{
    char word[64];
    size_t n = 0, size = cell_size(cell);

    for (size_t i = 0; i < size && n + 1 < sizeof word; i++)
        if (cell[i] != ',')
            word[n++] = cell[i];
    word[n] = '\0';
    return import_word_amount(im, at, word, unit, out);
}

/* The name stands in backquotes in the last cell, in which nanobench also says
 * what was unstable. */
static int find_case(struct import *im, const struct table *table,
                     const char *line, struct import_place at, size_t *subject)
{
    const char *open = strchr(line, '`');
    const char *close = open ? strchr(open + 1, '`') : NULL;
    const char *name =
        close ? arena_memdup(&im->arena, open + 1, (size_t)(close - open - 1))
              : NULL;

    if (!close)
        return import_fail(im, at, "no name in backquotes at the end");
    if (!name)
        return import_no_memory(im);
    return import_new(im, at, import_program(im, table->title), name, NULL,
                      subject);
}

static int read_row(struct import *im, const struct table *table, char *line,
                    uint32_t number)
{
    struct import_place at = {number, 1};
    char *rest = line, *cell;
    size_t subject;
    int rc = find_case(im, table, line, at, &subject);

    for (size_t i = 0; rc == 0 && i < table->n && (cell = next_cell(&rest));
         i++) {
        double value;

        if (!table->metric[i])
            continue;
        at.column = (uint32_t)(cell - line) + 1;
        rc = read_number(im, at, cell, table->unit[i], &value);
        if (rc == 0)
            rc = import_add_summary(im, subject, table->metric[i], 0, value,
                                    "median");
    }
    return rc;
}

static bool is_heading(const char *line)
{
    return *line == '|' && strstr(line, "err%") && strchr(line, '/');
}

static int read_text(struct import *im)
{
    struct import_lines lines = {.next = im->text};
    struct table table = {.title = NULL};
    char *line;
    int rc = 0;

    while (rc == 0 && (line = import_line(im, &lines, &rc))) {
        if (is_heading(line))
            rc = read_heading(im, &table, line);
        else if (table.title && *line == '|' && strncmp(line, "|--", 3) != 0 &&
                 strncmp(line, "|:-", 3) != 0)
            rc = read_row(im, &table, line, lines.number);
    }
    return rc;
}

static bool recognise(const struct import *im)
{
    for (const char *p = im->root ? NULL : im->text; p; p = strchr(p, '\n')) {
        const char *end;

        p += *p == '\n';
        end = strstr(p, "err%");
        if (*p == '|' && end && end < p + strcspn(p, "\n"))
            return true;
    }
    return false;
}

const struct import_format import_nanobench = {
    .name = "nanobench",
    .reads = "the table that it prints",
    .recognise = recognise,
    .read_text = read_text,
};
