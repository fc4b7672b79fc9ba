/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filling a run: invocations and facts of cases. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "store/runs.h"
#include "store/samples.h"
#include "store/sql.h"

static int read_run(struct store *store, int64_t run, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(store, &stmt, err,
                       "SELECT suite, status FROM run WHERE id = ?1", "i", run);

    if (rc == 0)
        rc = sql_step(store, stmt, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return ERROR_AT(err, ERR_EMPTY, store->path, 0, 0,
                        "there is no run %lld", (long long)run);
    free(store->run.suite);
    store->run.id = 0;
    store->run.suite = strdup((const char *)sqlite3_column_text(stmt, 0));
    if (!store->run.suite)
        return ERROR(err, ERR_NOMEM, "no memory for a run");
    store->run.id = run;
    store->run.is_finished = sqlite3_column_int(stmt, 1) != RUN_UNFINISHED;
    return 0;
}

int sql_use_run(struct store *store, int64_t run, struct error *err)
{
    int rc = store->run.id == run ? 0 : read_run(store, run, err);

    if (rc == 0 && store->run.is_finished)
        rc = ERROR_AT(err, ERR_INVAL, store->path, 0, 0, "run %lld is finished",
                      (long long)run);
    return rc;
}

/* The result row of a case in a run, added when missing. */
static int need_result(struct store *store, int64_t run, enum run_side side,
                       const char *id, int64_t *result, struct error *err)
{
    int64_t case_id = 0;
    int rc = sql_use_run(store, run, err);

    if (rc == 0)
        rc = intern_case(store, store->run.suite, id, &case_id, err);
    if (rc == 0)
        rc = sql_get(store, result, err,
                     "SELECT id FROM result"
                     " WHERE run_id = ?1 AND side = ?2 AND case_id = ?3",
                     "iii", run, (int64_t)side, case_id);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    rc = sql_run(store, err,
                 "INSERT INTO result(run_id, side, case_id)"
                 " VALUES (?1, ?2, ?3)",
                 "iii", run, (int64_t)side, case_id);
    *result = sqlite3_last_insert_rowid(store->db);
    return rc;
}

static int add_invocation(struct store *store, int64_t result,
                          const struct measured *m, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf data = {0};

    for (size_t i = 0; i < m->n_metrics; i++) {
        const struct measured_metric *x = &m->metric[i];
        int64_t metric = 0;
        int rc = intern_metric(store, x->name, x->unit, (int)x->better, &metric,
                               err);

        if (rc < 0)
            return rc;
        section_put(&data, (uint64_t)metric, x->sample, x->n, m->iterations);
    }
    if (data.failed)
        return ERROR(err, ERR_NOMEM, "no memory for an invocation");
    return sql_run(store, err,
                   "INSERT INTO invocation VALUES (?1, (SELECT"
                   " ifnull(max(number) + 1, 0) FROM invocation"
                   " WHERE result_id = ?1), ?2)",
                   "ib", result, (const void *)strbuf_text(&data), data.size);
}

int runs_add(struct store *store, int64_t run, const struct measured *m,
             struct error *err)
{
    int64_t result = 0;
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    rc = need_result(store, run, m->side, m->id, &result, err);
    if (rc == 0)
        rc = add_invocation(store, result, m, err);
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

int runs_set_case(struct store *store, int64_t run, enum run_side side,
                  const struct case_results *facts, struct error *err)
{
    int64_t result = 0;
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    rc = need_result(store, run, side, facts->id, &result, err);
    if (rc == 0)
        rc = update_result(store, result, facts, err);
    return tx_end(store, rc, err);
}

/* Invocation i of a case on occasion o, as far as each metric has one. */
static int add_nth(struct store *store, int64_t result,
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
    return m.n_metrics ? add_invocation(store, result, &m, err) : 0;
}

static int add_case(struct store *store, int64_t run, enum run_side side,
                    const struct case_results *c, size_t o, struct error *err)
{
    size_t longest = 0;
    int64_t result = 0;
    int rc = need_result(store, run, side, c->id, &result, err);

    if (rc == 0)
        rc = update_result(store, result, c, err);
    for (size_t k = 0; k < c->n_metrics; k++)
        if (c->metric[k].occasion[o].n > longest)
            longest = c->metric[k].occasion[o].n;
    for (size_t i = 0; i < longest && rc == 0; i++)
        rc = add_nth(store, result, c, o, i, err);
    return rc;
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
