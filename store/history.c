/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Series: the points of one case and metric, one per revision and machine. */
#include <config.h>

#include "store/history.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "store/samples.h"
#include "store/sql.h"

/* One row on its way into a point. */
struct row {
    struct series_occasion occasion;
    const char *revision, *branch, *machine_key;
    bool dirty;
    int64_t metric;
    int64_t time; /* what orders it: of the commit or of the run */
};

struct rows {
    struct row *row;
    size_t n;
};

/* A metric of the name that is asked for. */
struct meaning {
    int64_t id;
    const char *unit;
    enum better better;
};

struct meanings {
    struct meaning *of;
    size_t n;
};

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a series");
}

/* What a name of a metric stands for with this case: more than one thing when
 * its unit or direction was changed. */
static int read_meanings(struct store *store, int64_t case_id, const char *name,
                         struct arena *arena, struct meanings *out,
                         struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(store, &stmt, err,
                       "SELECT m.id, m.unit, m.better FROM metric m"
                       " JOIN series s ON s.metric_id = m.id"
                       " WHERE s.case_id = ?1 AND m.name = ?2",
                       "it", case_id, name);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        out->of = arena_grow(arena, out->of, out->n, sizeof *out->of);
        if (!out->of)
            return no_memory(err);
        out->of[out->n] = (struct meaning){
            .id = sqlite3_column_int64(stmt, 0),
            .unit = sql_text(stmt, 1, arena),
            .better = (enum better)sqlite3_column_int(stmt, 2),
        };
        if (!out->of[out->n++].unit)
            return no_memory(err);
        rc = 0;
    }
    return rc;
}

static const struct meaning *find_meaning(const struct meanings *meanings,
                                          int64_t id)
{
    for (size_t i = 0; i < meanings->n; i++)
        if (meanings->of[i].id == id)
            return &meanings->of[i];
    return NULL;
}

/* 1: the point has the metric; 0: it has not. */
static int find_section(struct store *store, sqlite3_stmt *stmt,
                        const struct meanings *meanings, struct section *out,
                        struct error *err)
{
    const uint8_t *bytes = sqlite3_column_blob(stmt, 2);
    size_t size = (size_t)sqlite3_column_bytes(stmt, 2);
    int rc;

    while ((rc = section_next(store->path, &bytes, &size, out, err)) == 1)
        if (find_meaning(meanings, (int64_t)out->metric))
            return 1;
    return rc;
}

/* Column text; the one of the row before where it is the same. */
static const char *repeated_text(sqlite3_stmt *stmt, int column,
                                 const char *before, struct arena *arena)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);

    return before && text && strcmp(before, text) == 0
               ? before
               : sql_text(stmt, column, arena);
}

/* `row` comes as the row before, or zeroed. */
static int read_row(struct store *store, sqlite3_stmt *stmt,
                    const struct section *section, struct arena *arena,
                    struct row *row, struct error *err)
{
    double *median, *sorted;
    size_t used;
    int rc = samples_decode(store->path, section->bytes, section->size, arena,
                            &median, &row->occasion.n, &used, err);

    if (rc < 0)
        return rc;
    sorted = arena_alloc(arena, row->occasion.n, sizeof *sorted);
    row->occasion.run = sqlite3_column_int64(stmt, 0);
    row->occasion.version = sqlite3_column_int64(stmt, 1);
    row->occasion.median = median;
    row->occasion.created = sql_text(stmt, 3, arena);
    row->revision = sql_text(stmt, 4, arena);
    row->branch = repeated_text(stmt, 5, row->branch, arena);
    row->machine_key = repeated_text(stmt, 6, row->machine_key, arena);
    row->dirty = sqlite3_column_int(stmt, 7) != 0;
    row->time = sqlite3_column_int64(stmt, 8);
    row->metric = (int64_t)section->metric;
    if (!sorted || !row->occasion.created || !row->revision || !row->branch ||
        !row->machine_key)
        return no_memory(err);
    memcpy(sorted, median, row->occasion.n * sizeof *sorted);
    row->occasion.value = median_of(sorted, row->occasion.n);
    return 0;
}

static int add_row(struct store *store, sqlite3_stmt *stmt,
                   const struct meanings *meanings, struct arena *arena,
                   struct rows *rows, struct error *err)
{
    struct section section;
    int rc = find_section(store, stmt, meanings, &section, err);

    if (rc <= 0)
        return rc;
    rows->row = arena_grow(arena, rows->row, rows->n, sizeof *rows->row);
    if (!rows->row)
        return no_memory(err);
    rows->row[rows->n] = rows->n ? rows->row[rows->n - 1] : (struct row){0};
    return read_row(store, stmt, &section, arena, &rows->row[rows->n++], err);
}

static int read_rows(struct store *store, const struct series_filter *f,
                     int64_t case_id, const struct meanings *meanings,
                     struct arena *arena, struct rows *rows, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(store, &stmt, err,
                       "SELECT p.run_id, p.version, p.data, r.created,"
                       " r.revision, r.branch, r.machine_key, r.dirty,"
                       " r.history_time FROM point p"
                       " CROSS JOIN run r ON r.id = p.run_id"
                       " WHERE p.case_id = ?1"
                       " AND (?2 IS NULL OR r.branch = ?2)"
                       " AND (?3 IS NULL OR r.machine_key = ?3)"
                       " AND (?4 IS NULL OR r.created >= ?4)"
                       " AND (?5 IS NULL OR r.created <= ?5)"
                       " AND (?6 = 0 OR r.dirty = 0)",
                       "itttti", case_id, f->branch, f->machine_key, f->since,
                       f->until, (int64_t)f->clean);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1)
        rc = add_row(store, stmt, meanings, arena, rows, err);
    return rc;
}

static int by_age(const struct row *x, const struct row *y)
{
    int order = strcmp(x->occasion.created, y->occasion.created);

    return order ? order
                 : (x->occasion.run > y->occasion.run) -
                       (x->occasion.run < y->occasion.run);
}

/* A name that means several things stands for the one used last: a changed
 * unit begins another series. */
static void keep_last_meaning(struct rows *rows,
                              const struct meanings *meanings,
                              struct series *out)
{
    const struct row *newest = rows->row;
    const struct meaning *last;
    size_t n = 0;

    for (size_t i = 1; i < rows->n; i++)
        if (by_age(&rows->row[i], newest) > 0)
            newest = &rows->row[i];
    if (!newest)
        return;
    last = find_meaning(meanings, newest->metric);
    assert(last); /* no other rows were taken */
    for (size_t i = 0; i < rows->n; i++)
        if (rows->row[i].metric == last->id)
            rows->row[n++] = rows->row[i];
    rows->n = n;
    out->unit = last->unit;
    out->better = last->better;
}

static int by_place(const struct row *x, const struct row *y)
{
    int order = strcmp(x->revision, y->revision);

    if (order == 0)
        order = strcmp(x->machine_key, y->machine_key);
    if (order == 0)
        order = (int)x->dirty - (int)y->dirty;
    return order;
}

/* Rows of one point become neighbours, oldest first. */
static int by_point(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = by_place(x, y);

    return order ? order : by_age(x, y);
}

static bool same_point(const struct row *x, const struct row *y)
{
    return x->revision[0] && by_place(x, y) == 0;
}

/* What a point is sorted by; kept beside the point while sorting. */
struct ordered {
    struct series_point point;
    int64_t time;
};

static int by_time(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    int64_t a_run = x->point.occasion[0].run, b_run = y->point.occasion[0].run;
    int order = (x->time > y->time) - (x->time < y->time);

    return order ? order : (a_run > b_run) - (a_run < b_run);
}

static int make_point(const struct row *row, size_t n, struct arena *arena,
                      struct ordered *out, struct error *err)
{
    struct series_occasion *occasion = arena_alloc(arena, n, sizeof *occasion);
    double *value = arena_alloc(arena, n, sizeof *value);

    if (!occasion || !value)
        return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        occasion[i] = row[i].occasion;
        value[i] = row[i].occasion.value;
    }
    *out = (struct ordered){
        .point = {.revision = row->revision,
                  .branch = row->branch,
                  .machine_key = row->machine_key,
                  .dirty = row->dirty,
                  .created = row->occasion.created,
                  .value = median_of(value, n),
                  .occasion = occasion,
                  .n_occasions = n},
        .time = row->time,
    };
    return 0;
}

static int make_points(struct rows *rows, size_t last, struct arena *arena,
                       struct series *out, struct error *err)
{
    struct ordered *all = arena_alloc(arena, rows->n, sizeof *all);
    size_t n = 0, from = 0;

    if (!all)
        return no_memory(err);
    qsort(rows->row, rows->n, sizeof *rows->row, by_point);
    for (size_t i = 0, next; i < rows->n; i = next) {
        int rc;

        for (next = i + 1; next < rows->n; next++)
            if (!same_point(&rows->row[i], &rows->row[next]))
                break;
        rc = make_point(&rows->row[i], next - i, arena, &all[n++], err);
        if (rc < 0)
            return rc;
    }
    qsort(all, n, sizeof *all, by_time);
    if (last && n > last)
        from = n - last;
    out->n = n - from;
    out->point = arena_alloc(arena, out->n, sizeof *out->point);
    if (!out->point)
        return no_memory(err);
    for (size_t i = 0; i < out->n; i++)
        out->point[i] = all[from + i].point;
    return 0;
}

int history_series(struct store *store, const struct series_filter *filter,
                   struct arena *arena, struct series *out, struct error *err)
{
    struct series series = {
        .id = arena_strdup(arena, filter->id),
        .metric = arena_strdup(arena, filter->metric),
        .unit = "",
    };
    struct meanings meanings = {0};
    struct rows rows = {0};
    int64_t case_id = 0;
    int rc = sql_get(store, &case_id, err,
                     "SELECT id FROM case_name WHERE suite = ?1 AND name = ?2",
                     "tt", filter->suite, filter->id);

    if (!series.id || !series.metric)
        return no_memory(err);
    if (rc == 1)
        rc =
            read_meanings(store, case_id, series.metric, arena, &meanings, err);
    if (rc == 0 && meanings.n)
        rc = read_rows(store, filter, case_id, &meanings, arena, &rows, err);
    if (rc < 0)
        return rc;
    keep_last_meaning(&rows, &meanings, &series);
    rc = rows.n ? make_points(&rows, filter->last, arena, &series, err) : 0;
    if (rc == 0)
        *out = series;
    return rc;
}

int history_names(struct store *store, const char *suite, struct arena *arena,
                  struct history_name **out, size_t *n, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    struct history_name *all = NULL;
    size_t count = 0;
    int rc = sql_begin(
        store, &stmt, err,
        "SELECT c.suite, c.name, m.name, m.unit, m.better, (SELECT max(run_id)"
        "  FROM point p WHERE p.case_id = c.id) AS last FROM series s"
        " JOIN case_name c ON c.id = s.case_id"
        " JOIN metric m ON m.id = s.metric_id WHERE last NOT NULL"
        " AND (?1 IS NULL OR c.suite = ?1)"
        " ORDER BY c.suite, c.name, m.name, m.unit",
        "t", suite);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        all = arena_grow(arena, all, count, sizeof *all);
        if (!all)
            return no_memory(err);
        all[count] = (struct history_name){
            .suite = sql_text(stmt, 0, arena),
            .id = sql_text(stmt, 1, arena),
            .metric = sql_text(stmt, 2, arena),
            .unit = sql_text(stmt, 3, arena),
            .better = (enum better)sqlite3_column_int(stmt, 4),
            .last_run = sqlite3_column_int64(stmt, 5),
        };
        if (!all[count].suite || !all[count].id || !all[count].metric ||
            !all[count].unit)
            return no_memory(err);
        count++;
        rc = 0;
    }
    if (rc < 0)
        return rc;
    *out = all;
    *n = count;
    return 0;
}
