/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Summing up a finished run for the history. */
#include <config.h>

#include "store/points.h"

#include <string.h>

#include "base/results.h"
#include "base/strbuf.h"
#include "store/samples.h"
#include "store/sql.h"

/* The medians of one metric over the invocations of a case. */
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

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a point");
}

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

static int gather(struct gathering *g, int64_t metric, double median,
                  struct error *err)
{
    struct gathered *to = gathered_of(g, metric);
    double *all =
        to ? arena_grow(&g->arena, to->median, to->n, sizeof *all) : NULL;

    if (!all)
        return no_memory(err);
    to->median = all;
    all[to->n++] = median;
    return 0;
}

static int gather_section(struct store *store, struct gathering *g,
                          const struct section *section, struct error *err)
{
    double *samples;
    size_t n, used;
    int rc = samples_decode(store->path, section->bytes, section->size,
                            &g->arena, &samples, &n, &used, err);

    if (rc < 0 || n == 0)
        return rc;
    return gather(g, (int64_t)section->metric, median_of(samples, n), err);
}

static int gather_invocations(struct store *store, int64_t result,
                              struct gathering *g, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(store, &stmt, err,
                       "SELECT data FROM invocation WHERE result_id = ?1"
                       " ORDER BY number",
                       "i", result);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        const uint8_t *bytes = sqlite3_column_blob(stmt, 0);
        size_t size = (size_t)sqlite3_column_bytes(stmt, 0);
        struct section s;

        while ((rc = section_next(store->path, &bytes, &size, &s, err)) == 1)
            if ((rc = gather_section(store, g, &s, err)) < 0)
                return rc;
    }
    return rc;
}

/* A point of a run, about to be written. */
struct point {
    int64_t case_id, run, version;
    uint64_t iterations; /* per sample, as a guess for the encoding */
};

static int write_point(struct store *store, const struct point *p,
                       const struct gathering *g, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf data = {0};
    int rc = 0;

    /* the median of an even number of samples is a half of whole numbers */
    for (size_t i = 0; i < g->n; i++)
        section_put(&data, (uint64_t)g->of[i].metric, g->of[i].median,
                    g->of[i].n, 2 * p->iterations);
    if (data.failed)
        return no_memory(err);
    if (g->n)
        rc = sql_run(store, err,
                     "INSERT OR REPLACE INTO point VALUES (?1, ?2, ?3, ?4)",
                     "iiib", p->case_id, p->run, p->version,
                     (const void *)data.text, data.size);
    for (size_t i = 0; i < g->n && rc == 0; i++)
        rc = sql_run(store, err, "INSERT OR IGNORE INTO series VALUES (?1, ?2)",
                     "ii", p->case_id, g->of[i].metric);
    return rc;
}

static int make_measured(struct store *store, int64_t run, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(store, &stmt, err,
                       "SELECT id, case_id, version, iterations FROM result"
                       " WHERE run_id = ?1 AND side = 0 AND status = 0",
                       "i", run);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        struct gathering g = {0};
        const struct point point = {
            .case_id = sqlite3_column_int64(stmt, 1),
            .run = run,
            .version = sqlite3_column_int64(stmt, 2),
            .iterations = (uint64_t)sqlite3_column_int64(stmt, 3),
        };

        rc = gather_invocations(store, sqlite3_column_int64(stmt, 0), &g, err);
        if (rc == 0)
            rc = write_point(store, &point, &g, err);
        arena_clear(&g.arena);
    }
    return rc;
}

/* The duration of a test counts when it passed; attempts are invocations. */
static int make_durations(struct store *store, int64_t run, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    struct point point = {.run = run};
    struct gathering g = {0};
    int64_t metric = 0;
    int rc =
        sql_begin(store, &stmt, err,
                  "SELECT case_id, CASE WHEN duration_ns > 0 THEN duration_ns"
                  " ELSE max(setup_ns, 0) + max(call_ns, 0)"
                  " + max(teardown_ns, 0) END FROM outcome WHERE run_id = ?1"
                  " AND outcome = 'passed' ORDER BY case_id, position",
                  "i", run);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        int64_t case_id = sqlite3_column_int64(stmt, 0);

        rc = intern_metric(store, "duration", "ns", BETTER_LOWER, &metric, err);
        if (rc == 0 && case_id != point.case_id) {
            rc = write_point(store, &point, &g, err);
            arena_clear(&g.arena);
            g = (struct gathering){0};
        }
        point.case_id = case_id;
        if (rc == 0)
            rc = gather(&g, metric, sqlite3_column_double(stmt, 1), err);
    }
    if (rc == 0)
        rc = write_point(store, &point, &g, err);
    arena_clear(&g.arena);
    return rc;
}

int points_make(struct store *store, int64_t run, struct error *err)
{
    int64_t no_history = 0;
    int rc = sql_get(store, &no_history, err,
                     "SELECT no_history FROM run WHERE id = ?1", "i", run);

    if (rc < 0 || no_history)
        return rc < 0 ? rc : 0;
    rc = make_measured(store, run, err);
    return rc < 0 ? rc : make_durations(store, run, err);
}

int points_remove(struct store *store, int64_t run, struct error *err)
{
    return sql_run(store, err,
                   "DELETE FROM point WHERE run_id = ?1"
                   " AND case_id IN (SELECT case_id FROM result"
                   "  WHERE run_id = ?1 UNION SELECT case_id FROM outcome"
                   "  WHERE run_id = ?1)",
                   "i", run);
}
