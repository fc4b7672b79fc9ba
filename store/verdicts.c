/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts as rows. */
#include <config.h>

#include "store/verdicts.h"

#include "store/sql.h"

static int insert(struct store *store, int64_t run, const char *suite, size_t i,
                  const struct stored_verdict *v, struct error *err)
{
    int64_t case_id = 0;
    int rc = intern_case(store, suite, v->id, &case_id, err);

    if (rc < 0)
        return rc;
    return sql_run(
        store, err,
        "INSERT INTO verdict VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
        " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,"
        " ?24)",
        "iiitttttddddddddidiidiit", run, (int64_t)i, case_id, v->metric,
        v->unit, v->verdict, v->reason, v->mode, v->ratio, v->low, v->high,
        v->confidence, v->p, v->p_adjusted, v->mde, v->margin, v->pairs,
        v->old_side.value, v->old_side.invocations, v->old_side.samples,
        v->new_side.value, v->new_side.invocations, v->new_side.samples,
        v->detail);
}

static int put(struct store *store, int64_t run,
               const struct stored_verdict *verdict, size_t n,
               struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(store, &stmt, err, "SELECT suite FROM run WHERE id = ?1",
                       "i", run);

    if (rc == 0)
        rc = sql_step(store, stmt, err);
    if (rc == 0)
        rc = ERROR_AT(err, ERR_EMPTY, store->path, 0, 0, "there is no run %lld",
                      (long long)run);
    if (rc == 1)
        rc = sql_run(store, err, "DELETE FROM verdict WHERE run_id = ?1", "i",
                     run);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = insert(store, run, (const char *)sqlite3_column_text(stmt, 0), i,
                    &verdict[i], err);
    return rc;
}

int verdicts_put(struct store *store, int64_t run,
                 const struct stored_verdict *verdict, size_t n,
                 struct error *err)
{
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    return tx_end(store, put(store, run, verdict, n, err), err);
}

static int read_verdict(sqlite3_stmt *s, struct arena *arena,
                        struct stored_verdict *v, struct error *err)
{
    *v = (struct stored_verdict){
        .id = sql_text(s, 0, arena),
        .metric = sql_text(s, 1, arena),
        .unit = sql_text(s, 2, arena),
        .verdict = sql_text(s, 3, arena),
        .reason = sql_text(s, 4, arena),
        .mode = sql_text(s, 5, arena),
        .ratio = sql_double(s, 6),
        .low = sql_double(s, 7),
        .high = sql_double(s, 8),
        .confidence = sql_double(s, 9),
        .p = sql_double(s, 10),
        .p_adjusted = sql_double(s, 11),
        .mde = sql_double(s, 12),
        .margin = sql_double(s, 13),
        .pairs = sqlite3_column_int64(s, 14),
        .old_side = {sql_double(s, 15), sqlite3_column_int64(s, 16),
                     sqlite3_column_int64(s, 17)},
        .new_side = {sql_double(s, 18), sqlite3_column_int64(s, 19),
                     sqlite3_column_int64(s, 20)},
        .detail = sql_text(s, 21, arena),
    };
    if (!v->id || !v->metric || !v->unit || !v->verdict || !v->reason ||
        !v->mode || !v->detail)
        return ERROR(err, ERR_NOMEM, "no memory for verdicts");
    return 0;
}

int verdicts_load(struct store *store, int64_t run, struct arena *arena,
                  struct stored_verdict **out, size_t *n, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    struct stored_verdict *all = NULL;
    size_t count = 0;
    int rc = sql_begin(
        store, &stmt, err,
        "SELECT c.name, metric, unit, verdict, reason, mode, ratio, low, high,"
        " confidence, p, p_adjusted, mde, margin, pairs, old_value,"
        " old_invocations, old_samples, new_value, new_invocations,"
        " new_samples, detail FROM verdict v"
        " JOIN case_name c ON c.id = v.case_id WHERE run_id = ?1"
        " ORDER BY position",
        "i", run);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        all = arena_grow(arena, all, count, sizeof *all);
        if (!all)
            return ERROR(err, ERR_NOMEM, "no memory for verdicts");
        rc = read_verdict(stmt, arena, &all[count++], err);
    }
    if (rc < 0)
        return rc;
    *out = all;
    *n = count;
    return 0;
}

int verdicts_past(struct store *store, const char *suite, const char *id,
                  const char *metric, const char *machine_key, const char *mode,
                  const char *verdict, size_t max, struct arena *arena,
                  double **ratio, size_t *n, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    double *all = arena_alloc(arena, 1, sizeof *all);
    size_t count = 0;
    int rc = sql_begin(
        store, &stmt, err,
        "SELECT v.ratio FROM case_name c JOIN verdict v ON v.case_id = c.id"
        " JOIN run r ON r.id = v.run_id WHERE c.suite = ?1 AND c.name = ?2"
        " AND v.metric = ?3 AND r.machine_key = ?4 AND v.verdict = ?5"
        " AND v.mode = ?7 AND v.ratio NOT NULL"
        " ORDER BY r.created DESC, r.id DESC LIMIT ?6",
        "tttttit", suite, id, metric, machine_key, verdict, (int64_t)max, mode);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        all = all ? arena_grow(arena, all, count, sizeof *all) : NULL;
        if (!all)
            return ERROR(err, ERR_NOMEM, "no memory for verdicts");
        all[count++] = sqlite3_column_double(stmt, 0);
        rc = 0;
    }
    if (rc < 0)
        return rc;
    *ratio = all;
    *n = count;
    return 0;
}
