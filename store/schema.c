/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schema, as the list of steps that led to it.  docs/formats-store.md says
 * what each column means.  A step that was released is never edited. */
#include <config.h>

#include "store/sql.h"

#include <stdio.h>

/* "Tare": lets file(1) and other programs know whose database this is. */
#define APPLICATION_ID "1415672421"

static const char schema_1[] =
    "PRAGMA application_id = " APPLICATION_ID ";"
    /* --- names, each stored once */
    "CREATE TABLE text("
    " id INTEGER PRIMARY KEY,"
    " value TEXT NOT NULL UNIQUE);"
    "CREATE TABLE case_name("
    " id INTEGER PRIMARY KEY,"
    " suite TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " UNIQUE(suite, name));"
    "CREATE TABLE metric("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL,"
    " unit TEXT NOT NULL,"
    " better INTEGER NOT NULL,"
    " UNIQUE(name, unit, better));"
    "CREATE TABLE fact_set("
    " id INTEGER PRIMARY KEY,"
    " digest TEXT NOT NULL UNIQUE);"
    "CREATE TABLE fact("
    " set_id INTEGER NOT NULL REFERENCES fact_set ON DELETE CASCADE,"
    " name TEXT NOT NULL,"
    " value TEXT NOT NULL,"
    " PRIMARY KEY(set_id, name)) WITHOUT ROWID;"
    /* --- runs */
    "CREATE TABLE run("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " uuid TEXT NOT NULL UNIQUE,"
    " kind INTEGER NOT NULL,"
    " status INTEGER NOT NULL,"
    " suite TEXT NOT NULL,"
    " created TEXT NOT NULL,"
    " finished TEXT NOT NULL,"
    " revision TEXT NOT NULL,"
    " revision_time INTEGER NOT NULL,"
    " history_time INTEGER NOT NULL,"
    " dirty INTEGER NOT NULL,"
    " branch TEXT NOT NULL,"
    " machine_key TEXT NOT NULL,"
    " machine_facts INTEGER NOT NULL REFERENCES fact_set,"
    " build_facts INTEGER NOT NULL REFERENCES fact_set,"
    " plan_facts INTEGER NOT NULL REFERENCES fact_set,"
    " seed INTEGER NOT NULL,"
    " exit_status INTEGER NOT NULL,"
    " no_history INTEGER NOT NULL);"
    "CREATE INDEX run_by_time ON run(created, id);"
    "CREATE INDEX run_unfinished ON run(created) WHERE status = 0;"
    "CREATE TABLE argument("
    " run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,"
    " position INTEGER NOT NULL,"
    " value TEXT NOT NULL,"
    " PRIMARY KEY(run_id, position)) WITHOUT ROWID;"
    "CREATE TABLE anchor("
    " run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,"
    " position INTEGER NOT NULL,"
    " name TEXT NOT NULL,"
    " value REAL,"
    " PRIMARY KEY(run_id, position)) WITHOUT ROWID;"
    /* --- what was measured: by run, so that a run is read in one sweep */
    "CREATE TABLE result("
    " id INTEGER PRIMARY KEY,"
    " run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,"
    " side INTEGER NOT NULL,"
    " case_id INTEGER NOT NULL REFERENCES case_name,"
    " version INTEGER NOT NULL DEFAULT 0,"
    " program INTEGER REFERENCES text,"
    " hash INTEGER REFERENCES text,"
    " tags INTEGER REFERENCES text,"
    " result INTEGER REFERENCES text,"
    " baseline INTEGER REFERENCES text,"
    " status INTEGER NOT NULL DEFAULT 0,"
    " message INTEGER REFERENCES text,"
    " iterations INTEGER NOT NULL DEFAULT 0,"
    " warmup INTEGER NOT NULL DEFAULT -1,"
    " items REAL NOT NULL DEFAULT 0,"
    " bytes REAL NOT NULL DEFAULT 0,"
    " empty_ns REAL NOT NULL DEFAULT 0,"
    " disturbed REAL NOT NULL DEFAULT -1,"
    " stopped_by INTEGER NOT NULL DEFAULT 0,"
    " UNIQUE(run_id, side, case_id));"
    "CREATE TABLE invocation("
    " result_id INTEGER NOT NULL REFERENCES result ON DELETE CASCADE,"
    " number INTEGER NOT NULL,"
    " data BLOB NOT NULL,"
    " PRIMARY KEY(result_id, number)) WITHOUT ROWID;"
    /* --- the same summed up: by case, so that a series is read in one sweep.
     * No reference to run: finding its children would need an index of the
     * size of the table; runs_remove() looks them up by their key instead. */
    "CREATE TABLE point("
    " case_id INTEGER NOT NULL REFERENCES case_name,"
    " run_id INTEGER NOT NULL,"
    " version INTEGER NOT NULL,"
    " data BLOB NOT NULL,"
    " PRIMARY KEY(case_id, run_id)) WITHOUT ROWID;"
    "CREATE TABLE series("
    " case_id INTEGER NOT NULL REFERENCES case_name,"
    " metric_id INTEGER NOT NULL REFERENCES metric,"
    " PRIMARY KEY(case_id, metric_id)) WITHOUT ROWID;"
    /* --- tests */
    "CREATE TABLE outcome("
    " run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,"
    " position INTEGER NOT NULL,"
    " case_id INTEGER NOT NULL REFERENCES case_name,"
    " outcome TEXT NOT NULL,"
    " attempt INTEGER NOT NULL,"
    " started_ns INTEGER NOT NULL,"
    " setup_ns INTEGER NOT NULL,"
    " call_ns INTEGER NOT NULL,"
    " teardown_ns INTEGER NOT NULL,"
    " worker TEXT NOT NULL,"
    " cpu INTEGER NOT NULL,"
    " tags INTEGER REFERENCES text,"
    " message TEXT NOT NULL,"
    " output TEXT NOT NULL,"
    " user_s REAL NOT NULL,"
    " system_s REAL NOT NULL,"
    " max_rss INTEGER NOT NULL,"
    " read_bytes INTEGER NOT NULL,"
    " write_bytes INTEGER NOT NULL,"
    " ctx_switches INTEGER NOT NULL,"
    " page_faults INTEGER NOT NULL,"
    " PRIMARY KEY(run_id, position)) WITHOUT ROWID;"
    "CREATE TABLE last_outcome("
    " case_id INTEGER PRIMARY KEY REFERENCES case_name,"
    " outcome TEXT NOT NULL,"
    " duration_ns INTEGER NOT NULL,"
    " created TEXT NOT NULL);"
    /* --- comparisons */
    "CREATE TABLE verdict("
    " run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,"
    " position INTEGER NOT NULL,"
    " case_id INTEGER NOT NULL REFERENCES case_name,"
    " metric TEXT NOT NULL,"
    " unit TEXT NOT NULL,"
    " verdict TEXT NOT NULL,"
    " reason TEXT NOT NULL,"
    " mode TEXT NOT NULL,"
    " ratio REAL,"
    " low REAL,"
    " high REAL,"
    " confidence REAL,"
    " p REAL,"
    " p_adjusted REAL,"
    " mde REAL,"
    " margin REAL,"
    " pairs INTEGER NOT NULL,"
    " old_value REAL,"
    " old_invocations INTEGER NOT NULL,"
    " old_samples INTEGER NOT NULL,"
    " new_value REAL,"
    " new_invocations INTEGER NOT NULL,"
    " new_samples INTEGER NOT NULL,"
    " detail TEXT NOT NULL,"
    " PRIMARY KEY(run_id, position)) WITHOUT ROWID;"
    "CREATE INDEX verdict_by_case ON verdict(case_id, run_id);"
    /* --- what people and alerts said about changes */
    "CREATE TABLE change_ack("
    " suite TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " metric TEXT NOT NULL,"
    " machine_key TEXT NOT NULL,"
    " branch TEXT NOT NULL,"
    " revision TEXT NOT NULL,"
    " ratio REAL,"
    " reason TEXT NOT NULL,"
    " author TEXT NOT NULL,"
    " created TEXT NOT NULL,"
    " PRIMARY KEY(suite, name, metric, machine_key, branch, revision))"
    " WITHOUT ROWID;"
    "CREATE TABLE alert("
    " suite TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " metric TEXT NOT NULL,"
    " machine_key TEXT NOT NULL,"
    " branch TEXT NOT NULL,"
    " revision TEXT NOT NULL,"
    " rule TEXT NOT NULL,"
    " created TEXT NOT NULL,"
    " closed TEXT NOT NULL,"
    " ratio REAL,"
    " run_id INTEGER REFERENCES run ON DELETE SET NULL,"
    " command_status INTEGER NOT NULL,"
    " PRIMARY KEY(suite, name, metric, machine_key, branch, revision, rule,"
    " created)) WITHOUT ROWID;"
    "CREATE INDEX alert_by_run ON alert(run_id);";

/* What a report of a run of tests says and the rows did not. */
static const char schema_2[] =
    "ALTER TABLE outcome ADD COLUMN item INTEGER NOT NULL DEFAULT -1;"
    "ALTER TABLE outcome ADD COLUMN duration_ns INTEGER NOT NULL DEFAULT -1;"
    "ALTER TABLE outcome ADD COLUMN file INTEGER REFERENCES text;"
    "ALTER TABLE outcome ADD COLUMN line INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE outcome ADD COLUMN note TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE crew("
    " run_id INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,"
    " workers INTEGER NOT NULL,"
    " makespan_ns INTEGER NOT NULL,"
    " problems TEXT NOT NULL);";

const char *const store_migrations[STORE_SCHEMA] = {schema_1, schema_2};

static int apply(struct store *store, const char *const *migration, int n,
                 struct error *err)
{
    SCOPED(free_scoped) char *stamp = NULL;
    int64_t from = 0;
    int rc = sql_get(store, &from, err, "PRAGMA user_version", "");

    if (rc < 0)
        return rc;
    for (int i = (int)from; i < n; i++) {
        rc = sql_script(store, migration[i], err);
        if (rc < 0)
            return error_wrap(err, "migrating to schema %d", i + 1);
    }
    if (asprintf(&stamp, "PRAGMA user_version = %d", n) < 0) {
        stamp = NULL;
        return ERROR(err, ERR_NOMEM, "no memory for a statement");
    }
    return from < n ? sql_script(store, stamp, err) : 0;
}

int schema_migrate(struct store *store, const char *const *migration, int n,
                   struct error *err)
{
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    return tx_end(store, apply(store, migration, n, err), err);
}
