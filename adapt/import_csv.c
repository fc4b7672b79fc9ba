/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comma-separated values, for what no other format fits (docs/importing.md).
 * The first line names the columns, in any order:
 *     name,metric,unit,invocation,value[,better]
 * Lines with one name, metric and invocation are samples of one process. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

enum column {
    COLUMN_NAME = 0,
    COLUMN_METRIC,
    COLUMN_UNIT,
    COLUMN_INVOCATION,
    COLUMN_VALUE,
    COLUMN_BETTER,
    COLUMN_COUNT,
    MAX_FIELDS = 32,
};

static const char *const column_names[] = {"name",       "metric", "unit",
                                           "invocation", "value",  "better"};

/* The fields of a line by column; NULL for one that is not there. */
struct row {
    const char *field[COLUMN_COUNT];
    struct import_place at;
};

static const struct import_unit sizes[] = {
    {"B", 0, 1},
    {"kB", 3, 1},
    {"MB", 6, 1},
    {"GB", 9, 1},
    {"KiB", 0, 1024},
    {"MiB", 0, 1024 * 1024},
    {"GiB", 0, 1024.0 * 1024 * 1024},
};

/* --- columns */

/* Where each column is; its field's index in `at`. */
static int read_heading(struct import *im, char *line, int at[COLUMN_COUNT])
{
    const char *field;

    for (int c = 0; c < COLUMN_COUNT; c++)
        at[c] = -1;
    for (int i = 0; i < MAX_FIELDS && (field = import_field(&line)); i++)
        for (int c = 0; c < COLUMN_COUNT; c++)
            if (strcmp(field, column_names[c]) == 0)
                at[c] = i;
    for (int c = 0; c <= COLUMN_VALUE; c++) {
        if (at[c] >= 0)
            continue;
        import_fail(im, (struct import_place){1, 1}, "there is no column '%s'",
                    column_names[c]);
        return error_help(im->err, "the first line must be "
                                   "name,metric,unit,invocation,value");
    }
    return 0;
}

static int cut_row(struct import *im, char *line, const int at[COLUMN_COUNT],
                   struct row *row)
{
    const char *field[MAX_FIELDS];
    int n = 0;

    while (n < MAX_FIELDS && (field[n] = import_field(&line)))
        n++;
    for (int c = 0; c < COLUMN_COUNT; c++) {
        row->field[c] = at[c] >= 0 && at[c] < n ? field[at[c]] : NULL;
        if (c <= COLUMN_VALUE && (!row->field[c] || !*row->field[c]))
            return import_fail(im, row->at, "the column '%s' is empty",
                               column_names[c]);
    }
    return 0;
}

/* --- one line */

/* "program/name[key=value,...]" is an id already: only its parts are escaped.
 */
static int find_case(struct import *im, const char *name, size_t *subject)
{
    SCOPED(strbuf_scoped) struct strbuf params = {0};
    size_t size = strcspn(name, "[");
    const char *slash = memchr(name, '/', size);
    const char *rest = slash ? slash + 1 : name;
    const char *at =
        name[size] && name[strlen(name) - 1] == ']' ? name + size + 1 : "";
    char *program = slash
                        ? arena_memdup(&im->arena, name, (size_t)(slash - name))
                        : arena_strdup(&im->arena, "csv");
    char *plain = arena_memdup(
        &im->arena, rest, *at ? (size_t)(name + size - rest) : strlen(rest));
    const char *id;
    bool is_new;
    int rc;

    while (*at) {
        size_t part = strcspn(at, ",]"), key = strcspn(at, "=");

        if (key < part)
            import_param(&params, at, key, at + key + 1, part - key - 1);
        at += part + 1;
    }
    if (!program || !plain)
        return import_no_memory(im);
    id = import_id(im, import_program(im, program), plain, &params);
    if (!id)
        return im->err->code;
    rc = import_case(im, id, subject, &is_new);
    return rc == 0 && is_new
               ? import_rename(im, *subject, id, import_program(im, program))
               : rc;
}

/* Which unit of ours one of theirs is. */
static const char *choose_unit(const char *word, struct import_unit *unit)
{
    const struct import_unit *time = import_time_unit(word);

    *unit = time ? *time : import_as_is;
    if (time)
        return "ns";
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
        if (strcmp(word, sizes[i].word) == 0) {
            *unit = sizes[i];
            return "B";
        }
    return word;
}

static int choose_metric(struct import *im, const struct row *row,
                         struct import_metric *metric, struct import_unit *unit)
{
    const char *better = row->field[COLUMN_BETTER], *known;

    metric->name = row->field[COLUMN_METRIC];
    metric->unit = choose_unit(row->field[COLUMN_UNIT], unit);
    metric->better =
        strcmp(metric->unit, "ns") == 0 ? BETTER_LOWER : BETTER_NONE;
    if (metric_known(metric->name, &known, &metric->better)) {
        if (strcmp(known, metric->unit) == 0)
            return 0;
        return import_fail(im, row->at, "'%s' is measured in %s, not in %.40s",
                           metric->name, known, row->field[COLUMN_UNIT]);
    }
    if (better && *better && better_parse(better, &metric->better) < 0)
        return import_fail(
            im, row->at, "expected lower, higher or none, not '%.40s'", better);
    return 0;
}

/* Values of one metric have one unit and one direction. */
static int check_metric(struct import *im, const struct row *row,
                        size_t subject, const struct import_metric *metric)
{
    const struct metric *there =
        results_metric(&im->results->cases[subject], metric->name);

    if (there && (strcmp(there->unit, metric->unit) != 0 ||
                  there->better != metric->better))
        return import_fail(im, row->at,
                           "'%.100s' had another unit or direction before",
                           metric->name);
    return 0;
}

static int add_row(struct import *im, const struct row *row)
{
    const char *number = row->field[COLUMN_INVOCATION];
    struct import_metric metric;
    struct import_unit unit;
    double value;
    size_t subject;
    int rc = choose_metric(im, row, &metric, &unit);

    if (rc == 0 && (!import_is_count(number) || strlen(number) > 7))
        rc = import_fail(im, row->at,
                         "expected the number of a process, not '%.40s'",
                         number);
    if (rc == 0)
        rc = import_word_amount(im, row->at, row->field[COLUMN_VALUE], &unit,
                                &value);
    if (rc == 0)
        rc = find_case(im, row->field[COLUMN_NAME], &subject);
    if (rc == 0)
        rc = check_metric(im, row, subject, &metric);
    return rc < 0 ? rc
                  : import_add(im, subject, &metric,
                               (size_t)strtoul(number, NULL, 10), value);
}

static int read_text(struct import *im)
{
    struct import_lines lines = {.next = im->text};
    int at[COLUMN_COUNT], rc = 0;
    char *line = import_line(im, &lines, &rc);

    if (rc == 0)
        rc = read_heading(im, line ? line : (char[]){""}, at);
    while (rc == 0 && (line = import_line(im, &lines, &rc))) {
        struct row row = {.at = {lines.number, 1}};

        if (!*line)
            continue;
        rc = cut_row(im, line, at, &row);
        if (rc == 0)
            rc = add_row(im, &row);
    }
    return rc;
}

/* The first line names what a value needs. */
static bool recognise(const struct import *im)
{
    size_t size = im->root ? 0 : strcspn(im->text, "\n");
    bool name = false, invocation = false, value = false;

    for (const char *p = im->text; p < im->text + size;) {
        size_t n = strcspn(p, ",\r\n");

        name = name || (n == 4 && strncmp(p, "name", n) == 0);
        invocation =
            invocation || (n == 10 && strncmp(p, "invocation", n) == 0);
        value = value || (n == 5 && strncmp(p, "value", n) == 0);
        p += n + 1;
    }
    return name && invocation && value;
}

const struct import_format import_csv = {
    .name = "csv",
    .reads = "name,metric,unit,invocation,value",
    .recognise = recognise,
    .read_text = read_text,
};
