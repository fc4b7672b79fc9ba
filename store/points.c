/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeping the points of the history in step with the invocations. */
#include <config.h>

#include "store/points.h"

#include <string.h>

#include "base/strbuf.h"
#include "store/samples.h"
#include "store/sql.h"

/* The medians so far with room for one more; n is 0 when there is no point. */
static int read_medians(struct store *store, const struct result_row *row,
                        int64_t metric, struct arena *arena, double **medians,
                        size_t *n, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    double *old = NULL;
    size_t used;
    int rc = sql_begin(store, &stmt, err,
                       "SELECT medians FROM point WHERE case_id = ?1"
                       " AND metric_id = ?2 AND run_id = ?3",
                       "iii", row->case_id, metric, row->run);

    *n = 0;
    if (rc == 0)
        rc = sql_step(store, stmt, err);
    if (rc == 1)
        rc = samples_decode(store->path, sqlite3_column_blob(stmt, 0),
                            (size_t)sqlite3_column_bytes(stmt, 0), arena, &old,
                            n, &used, err);
    if (rc < 0)
        return rc;
    *medians = arena_alloc(arena, *n + 1, sizeof **medians);
    if (!*medians)
        return ERROR(err, ERR_NOMEM, "no memory for a point");
    if (*n)
        memcpy(*medians, old, *n * sizeof **medians);
    return 0;
}

static int write_point(struct store *store, const struct result_row *row,
                       int64_t metric, double *medians, size_t n,
                       uint64_t divisor, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf bytes = {0};

    /* the median of an even number of samples is a half of whole numbers */
    samples_encode(&bytes, medians, n, 2 * divisor);
    if (bytes.failed)
        return ERROR(err, ERR_NOMEM, "no memory for a point");
    return sql_run(store, err,
                   "INSERT OR REPLACE INTO point VALUES"
                   " (?1, ?2, ?3, ?4, ?5, ?6)",
                   "iiiidb", row->case_id, metric, row->run, row->version,
                   median_of(medians, n), (const void *)strbuf_text(&bytes),
                   bytes.size);
}

int points_add(struct store *store, const struct result_row *row,
               int64_t metric, const double *sample, size_t n, uint64_t divisor,
               struct error *err)
{
    SCOPED(arena_end_scoped) struct arena arena = {0};
    double *copy, *medians;
    size_t count;
    int rc;

    if (n == 0)
        return 0;
    rc = read_medians(store, row, metric, &arena, &medians, &count, err);
    if (rc < 0)
        return rc;
    copy = arena_alloc(&arena, n, sizeof *copy);
    if (!copy)
        return ERROR(err, ERR_NOMEM, "no memory for a point");
    memcpy(copy, sample, n * sizeof *copy);
    medians[count] = median_of(copy, n);
    return write_point(store, row, metric, medians, count + 1, divisor, err);
}

/* The medians of one metric, gathered over the invocations of a result. */
struct gathered {
    int64_t metric;
    double *median;
    size_t n;
};

struct gathering {
    struct arena arena;
    struct gathered *of;
    size_t n;
};

static struct gathered *gathered_of(struct gathering *g, int64_t metric)
{
    struct gathered *all;

    for (size_t i = 0; i < g->n; i++)
        if (g->of[i].metric == metric)
            return &g->of[i];
    all = arena_grow(&g->arena, g->of, g->n, sizeof *all);
    if (!all)
        return NULL;
    g->of = all;
    all[g->n] = (struct gathered){.metric = metric};
    return &all[g->n++];
}

static int gather_section(struct store *store, struct gathering *g,
                          const struct section *section, struct error *err)
{
    struct gathered *to = gathered_of(g, (int64_t)section->metric);
    double *samples, *all;
    size_t n, used;
    int rc = samples_decode(store->path, section->bytes, section->size,
                            &g->arena, &samples, &n, &used, err);

    if (rc < 0 || n == 0)
        return rc;
    all = to ? arena_grow(&g->arena, to->median, to->n, sizeof *all) : NULL;
    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for a point");
    to->median = all;
    all[to->n++] = median_of(samples, n);
    return 0;
}

static int gather(struct store *store, const struct result_row *row,
                  struct gathering *g, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(store, &stmt, err,
                       "SELECT data FROM invocation WHERE result_id = ?1"
                       " ORDER BY number",
                       "i", row->id);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        const uint8_t *bytes = sqlite3_column_blob(stmt, 0);
        size_t size = (size_t)sqlite3_column_bytes(stmt, 0);
        struct section section;

        while ((rc = section_next(store->path, &bytes, &size, &section, err)) ==
               1) {
            rc = gather_section(store, g, &section, err);
            if (rc < 0)
                return rc;
        }
    }
    return rc;
}

static int write_gathered(struct store *store, const struct result_row *row,
                          const struct gathering *g, struct error *err)
{
    int64_t iterations = 0;
    int rc =
        sql_get(store, &iterations, err,
                "SELECT iterations FROM result WHERE id = ?1", "i", row->id);

    for (size_t i = 0; i < g->n && rc >= 0; i++)
        rc = write_point(store, row, g->of[i].metric, g->of[i].median,
                         g->of[i].n, (uint64_t)iterations, err);
    return rc < 0 ? rc : 0;
}

int points_rebuild(struct store *store, const struct result_row *row,
                   struct error *err)
{
    struct gathering g = {0};
    int rc = sql_run(store, err,
                     "DELETE FROM point WHERE case_id = ?1 AND run_id = ?2"
                     " AND metric_id IN (SELECT id FROM metric)",
                     "ii", row->case_id, row->run);

    if (rc == 0 && row->has_points)
        rc = gather(store, row, &g, err);
    if (rc == 0 && row->has_points)
        rc = write_gathered(store, row, &g, err);
    arena_clear(&g.arena);
    return rc;
}

int points_remove_run(struct store *store, int64_t run, struct error *err)
{
    return sql_run(store, err,
                   "DELETE FROM point WHERE run_id = ?1"
                   " AND case_id IN (SELECT case_id FROM result"
                   "  WHERE run_id = ?1 UNION SELECT case_id FROM outcome"
                   "  WHERE run_id = ?1)"
                   " AND metric_id IN (SELECT id FROM metric)",
                   "i", run);
}
