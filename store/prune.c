/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking after a store: removing runs, measuring, checking, compacting. */
#include <config.h>

#include <string.h>
#include <sys/stat.h>

#include "store/points.h"
#include "store/runs.h"
#include "store/sql.h"

static int remove_run(struct store *store, int64_t run, struct error *err)
{
    int rc = points_remove(store, run, err);

    sql_forget(store);
    if (rc == 0)
        rc = sql_run(store, err, "DELETE FROM run WHERE id = ?1", "i", run);
    if (rc == 0 && sqlite3_changes(store->db) == 0)
        rc = ERROR_AT(err, ERR_EMPTY, store->path, 0, 0, "there is no run %lld",
                      (long long)run);
    return rc;
}

int runs_remove(struct store *store, int64_t run, struct error *err)
{
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    return tx_end(store, remove_run(store, run, err), err);
}

/* The runs to prune, as numbers in the arena: they are removed one by one, and
 * SQLite may not look at a table while it is cut. */
static int choose(struct store *store, const struct prune *what,
                  const char *now, struct arena *arena, int64_t **out,
                  size_t *n, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int64_t *all = NULL;
    size_t count = 0;
    int rc = sql_begin(
        store, &stmt, err,
        "SELECT id FROM run r WHERE (?1 IS NULL OR created < ?1)"
        " AND (?2 IS NULL OR suite = ?2) AND (?3 IS NULL OR branch = ?3)"
        " AND (status <> 0"
        "  OR (?6 = 0 AND julianday(created) < julianday(?4) - 1))"
        " AND ?5 <= (SELECT count(*) FROM run n WHERE n.suite = r.suite"
        "  AND n.branch = r.branch AND n.machine_key = r.machine_key"
        "  AND n.kind = r.kind AND (n.created, n.id) > (r.created, r.id))",
        "ttttii", what->before, what->suite, what->branch, now,
        (int64_t)what->keep_last, (int64_t)what->samples_only);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        all = arena_grow(arena, all, count, sizeof *all);
        if (!all)
            return ERROR(err, ERR_NOMEM, "no memory for runs");
        all[count++] = sqlite3_column_int64(stmt, 0);
        rc = 0;
    }
    *out = all;
    *n = count;
    return rc;
}

static int prune_all(struct store *store, const struct prune *what,
                     const char *now, size_t *removed, struct error *err)
{
    SCOPED(arena_end_scoped) struct arena arena = {0};
    int64_t *run = NULL;
    size_t n = 0;
    int rc = choose(store, what, now, &arena, &run, &n, err);

    for (size_t i = 0; i < n && rc == 0; i++)
        rc = what->samples_only
                 ? sql_run(store, err,
                           "DELETE FROM invocation WHERE result_id IN"
                           " (SELECT id FROM result WHERE run_id = ?1)",
                           "i", run[i])
                 : remove_run(store, run[i], err);
    if (rc == 0)
        *removed = n;
    return rc;
}

int runs_prune(struct store *store, const struct prune *what, const char *now,
               size_t *removed, struct error *err)
{
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    return tx_end(store, prune_all(store, what, now, removed, err), err);
}

static int64_t bytes_of(const char *path, const char *tail)
{
    SCOPED(free_scoped) char *name = NULL;
    struct stat st;

    if (asprintf(&name, "%s%s", path, tail) < 0) {
        name = NULL;
        return 0;
    }
    return stat(name, &st) == 0 ? (int64_t)st.st_size : 0;
}

int store_measure(struct store *store, struct store_size *out,
                  struct error *err)
{
    struct store_size size = {.bytes = bytes_of(store->path, "") +
                                       bytes_of(store->path, "-wal")};
    int rc = sql_get(store, &size.runs, err, "SELECT count(*) FROM run", "");

    if (rc >= 0)
        rc = sql_get(store, &size.cases, err, "SELECT count(*) FROM case_name",
                     "");
    if (rc >= 0)
        rc = sql_get(store, &size.results, err, "SELECT count(*) FROM result",
                     "");
    if (rc >= 0)
        rc = sql_get(store, &size.invocations, err,
                     "SELECT count(*) FROM invocation", "");
    if (rc >= 0)
        rc = sql_get(store, &size.outcomes, err, "SELECT count(*) FROM outcome",
                     "");
    if (rc < 0)
        return rc;
    *out = size;
    return 0;
}

static int damaged(struct store *store, const char *what, struct error *err)
{
    ERROR_AT(err, ERR_PARSE, store->path, 0, 0, "is damaged: %s", what);
    error_help(err, "move it away, a new one is made; 'sqlite3 FILE .recover' "
                    "may bring back what is in it");
    return ERR_PARSE;
}

static int check_structure(struct store *store, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(store, &stmt, err, "PRAGMA integrity_check(1)", "");
    const char *text;

    if (rc == 0)
        rc = sql_step(store, stmt, err);
    if (rc <= 0)
        return rc;
    text = (const char *)sqlite3_column_text(stmt, 0);
    return strcmp(text, "ok") == 0 ? 0 : damaged(store, text, err);
}

int store_check(struct store *store, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int64_t lost = 0;
    int rc = check_structure(store, err);

    if (rc == 0)
        rc = sql_begin(store, &stmt, err, "PRAGMA foreign_key_check", "");
    if (rc == 0)
        rc = sql_step(store, stmt, err);
    if (rc == 1)
        return damaged(store, "a row refers to one that is gone", err);
    if (rc == 0)
        rc = sql_get(store, &lost, err,
                     "SELECT count(*) FROM point p WHERE NOT EXISTS"
                     " (SELECT 1 FROM run r WHERE r.id = p.run_id)",
                     "");
    if (rc == 1 && lost)
        return damaged(store, "a point belongs to no run", err);
    return rc < 0 ? rc : 0;
}

/* Texts and facts that no run speaks of any more. */
static const char drop_unused[] =
    "BEGIN IMMEDIATE;"
    "DELETE FROM text WHERE id NOT IN ("
    " SELECT program FROM result WHERE program NOT NULL UNION"
    " SELECT hash FROM result WHERE hash NOT NULL UNION"
    " SELECT tags FROM result WHERE tags NOT NULL UNION"
    " SELECT result FROM result WHERE result NOT NULL UNION"
    " SELECT baseline FROM result WHERE baseline NOT NULL UNION"
    " SELECT message FROM result WHERE message NOT NULL UNION"
    " SELECT tags FROM outcome WHERE tags NOT NULL);"
    "DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM point p"
    " WHERE p.case_id = series.case_id);"
    "DELETE FROM fact WHERE set_id NOT IN ("
    " SELECT machine_facts FROM run UNION SELECT build_facts FROM run UNION"
    " SELECT plan_facts FROM run);"
    "DELETE FROM fact_set WHERE id NOT IN ("
    " SELECT machine_facts FROM run UNION SELECT build_facts FROM run UNION"
    " SELECT plan_facts FROM run);"
    "COMMIT;";

int store_compact(struct store *store, struct error *err)
{
    int rc;

    if (store->depth > 0)
        return ERROR_AT(err, ERR_INVAL, store->path, 0, 0,
                        "cannot be compacted within a batch");
    /* Looking for children of each deleted row would scan tables; the
     * statements delete only what has none. */
    rc = sql_script(store, "PRAGMA foreign_keys = OFF", err);
    if (rc == 0)
        rc = sql_script(store, drop_unused, err);
    if (!sqlite3_get_autocommit(store->db))
        sql_script(store, "ROLLBACK", NULL);
    if (rc == 0)
        rc = sql_script(store, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)", err);
    sql_script(store, "PRAGMA foreign_keys = ON", NULL);
    return rc;
}
