/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filling a run: invocations, facts of cases, and the points that sum them up
 * for the history. */
#include <config.h>

#include "store/runs.h"

#include <math.h>
#include <string.h>

#include "base/strbuf.h"
#include "store/points.h"
#include "store/samples.h"
#include "store/sql.h"

/* Suite and history flag of a run. */
static int find_run(struct store *store, int64_t run, char **suite,
                    bool *no_history, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc =
        sql_begin(store, &stmt, err,
                  "SELECT suite, no_history FROM run WHERE id = ?1", "i", run);

    if (rc == 0)
        rc = sql_step(store, stmt, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return ERROR_AT(err, ERR_EMPTY, store->path, 0, 0,
                        "there is no run %lld", (long long)run);
    *suite = strdup((const char *)sqlite3_column_text(stmt, 0));
    *no_history = sqlite3_column_int(stmt, 1) != 0;
    return *suite ? 0 : ERROR(err, ERR_NOMEM, "no memory for a run");
}

/* The result row of a case in a run, added when missing. */
static int need_result(struct store *store, int64_t run, enum run_side side,
                       const char *id, struct result_row *out,
                       struct error *err)
{
    SCOPED(free_scoped) char *suite = NULL;
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    bool no_history = false;
    int rc = find_run(store, run, &suite, &no_history, err);

    *out = (struct result_row){.run = run};
    if (rc == 0)
        rc = intern_case(store, suite, id, &out->case_id, err);
    if (rc < 0)
        return rc;
    out->has_points = side == SIDE_NEW && !no_history;
    rc = sql_begin(store, &stmt, err,
                   "SELECT id, version, status FROM result"
                   " WHERE run_id = ?1 AND side = ?2 AND case_id = ?3",
                   "iii", run, (int64_t)side, out->case_id);
    if (rc == 0)
        rc = sql_step(store, stmt, err);
    if (rc == 1) {
        out->id = sqlite3_column_int64(stmt, 0);
        out->version = sqlite3_column_int64(stmt, 1);
        out->has_points &= sqlite3_column_int(stmt, 2) == CASE_MEASURED;
        return 0;
    }
    if (rc == 0)
        rc = sql_run(store, err,
                     "INSERT INTO result(run_id, side, case_id)"
                     " VALUES (?1, ?2, ?3)",
                     "iii", run, (int64_t)side, out->case_id);
    out->id = sqlite3_last_insert_rowid(store->db);
    return rc;
}

static int add_sections(struct store *store, const struct result_row *row,
                        const struct measured *m, struct strbuf *data,
                        struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < m->n_metrics && rc == 0; i++) {
        const struct measured_metric *x = &m->metric[i];
        int64_t metric = 0;

        rc = intern_metric(store, x->name, x->unit, (int)x->better, &metric,
                           err);
        if (rc < 0)
            break;
        section_put(data, (uint64_t)metric, x->sample, x->n, m->iterations);
        if (row->has_points)
            rc = points_add(store, row, metric, x->sample, x->n, m->iterations,
                            err);
    }
    if (rc == 0 && data->failed)
        rc = ERROR(err, ERR_NOMEM, "no memory for an invocation");
    return rc;
}

static int add_invocation(struct store *store, const struct result_row *row,
                          const struct measured *m, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf data = {0};
    int rc = add_sections(store, row, m, &data, err);

    if (rc < 0)
        return rc;
    return sql_run(store, err,
                   "INSERT INTO invocation VALUES (?1, (SELECT"
                   " ifnull(max(number) + 1, 0) FROM invocation"
                   " WHERE result_id = ?1), ?2)",
                   "ib", row->id, (const void *)strbuf_text(&data), data.size);
}

int runs_add(struct store *store, int64_t run, const struct measured *m,
             struct error *err)
{
    struct result_row row;
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    rc = need_result(store, run, m->side, m->id, &row, err);
    if (rc == 0)
        rc = add_invocation(store, &row, m, err);
    return tx_end(store, rc, err);
}

/* The empty string is stored as null: most messages and results are empty. */
static int intern_optional(struct store *store, const char *value, int64_t *id,
                           struct error *err)
{
    *id = 0;
    return value[0] ? intern_text(store, value, id, err) : 0;
}

static int update_result(struct store *store, int64_t id,
                         const struct case_results *c, struct error *err)
{
    const char *const text[] = {c->program, c->hash,     c->tags,
                                c->result,  c->baseline, c->message};
    int64_t t[ARRAY_LEN(text)];
    int rc = 0;

    for (size_t i = 0; i < ARRAY_LEN(text) && rc == 0; i++)
        rc = intern_optional(store, text[i], &t[i], err);
    if (rc < 0)
        return rc;
    return sql_run(
        store, err,
        "UPDATE result SET version = ?2, program = nullif(?3, 0),"
        " hash = nullif(?4, 0), tags = nullif(?5, 0), result = nullif(?6, 0),"
        " baseline = nullif(?7, 0), message = nullif(?8, 0), status = ?9,"
        " iterations = ?10, warmup = ?11, items = ?12, bytes = ?13,"
        " empty_ns = ?14, disturbed = ?15, stopped_by = ?16 WHERE id = ?1",
        "iiiiiiiiiiiddddi", id, c->version, t[0], t[1], t[2], t[3], t[4], t[5],
        (int64_t)c->status, (int64_t)c->iterations, c->warmup, c->items,
        c->bytes, c->empty_ns, c->disturbed, (int64_t)c->stopped_by);
}

/* A case that failed is in no series; one that was measured after all is. */
static int set_case(struct store *store, int64_t run, enum run_side side,
                    const struct case_results *c, struct error *err)
{
    struct result_row row;
    int rc = need_result(store, run, side, c->id, &row, err);
    bool had_points = row.has_points;
    int64_t version = row.version;

    if (rc == 0)
        rc = update_result(store, row.id, c, err);
    if (rc == 0)
        rc = need_result(store, run, side, c->id, &row, err);
    if (rc < 0 || (had_points == row.has_points && version == row.version))
        return rc;
    return points_rebuild(store, &row, err);
}

int runs_set_case(struct store *store, int64_t run, enum run_side side,
                  const struct case_results *facts, struct error *err)
{
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    return tx_end(store, set_case(store, run, side, facts, err), err);
}

/* Invocation i of a case on occasion o, as far as each metric has one. */
static int add_case_invocation(struct store *store,
                               const struct result_row *row,
                               const struct case_results *c, size_t o, size_t i,
                               struct error *err)
{
    SCOPED(free_scoped)
    struct measured_metric *metric = calloc(c->n_metrics + 1, sizeof *metric);
    struct measured m = {
        .id = c->id, .iterations = c->iterations, .metric = metric};

    if (!metric)
        return ERROR(err, ERR_NOMEM, "no memory for an invocation");
    for (size_t k = 0; k < c->n_metrics; k++) {
        const struct metric *from = &c->metric[k];

        if (i >= from->occasion[o].n)
            continue;
        metric[m.n_metrics++] = (struct measured_metric){
            .name = from->name,
            .unit = from->unit,
            .better = from->better,
            .sample = from->occasion[o].invocation[i].sample,
            .n = from->occasion[o].invocation[i].n,
        };
    }
    return m.n_metrics ? add_invocation(store, row, &m, err) : 0;
}

static int add_case(struct store *store, int64_t run, enum run_side side,
                    const struct case_results *c, size_t o, struct error *err)
{
    struct result_row row = {0}, silent;
    size_t longest = 0;
    int rc = set_case(store, run, side, c, err);

    if (rc == 0)
        rc = need_result(store, run, side, c->id, &row, err);
    silent = row;
    silent.has_points = false; /* one write at the end, not one a step */
    for (size_t k = 0; k < c->n_metrics; k++)
        if (c->metric[k].occasion[o].n > longest)
            longest = c->metric[k].occasion[o].n;
    for (size_t i = 0; i < longest && rc == 0; i++)
        rc = add_case_invocation(store, &silent, c, o, i, err);
    return rc < 0 || !row.has_points ? rc : points_rebuild(store, &row, err);
}

int runs_add_results(struct store *store, int64_t run, enum run_side side,
                     const struct results *results, size_t occasion,
                     struct error *err)
{
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < results->n_cases && rc == 0; i++)
        rc = add_case(store, run, side, &results->cases[i], occasion, err);
    return tx_end(store, rc, err);
}

int runs_add_figure(struct store *store, int64_t run, const char *id,
                    const char *metric, const char *unit, enum better better,
                    double value, struct error *err)
{
    const struct measured_metric m = {metric, unit, better, &value, 1};

    return runs_add(store, run,
                    &(struct measured){.id = id, .metric = &m, .n_metrics = 1},
                    err);
}
