/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acknowledged changes and alerts. */
#include <config.h>

#include "store/history.h"
#include "store/sql.h"

#define KEY_MATCHES                                                  \
    " suite = ?1 AND name = ?2 AND metric = ?3 AND machine_key = ?4" \
    " AND branch = ?5 AND revision = ?6"

#define KEY_VALUES(k)                                                \
    (k)->suite, (k)->id, (k)->metric, (k)->machine_key, (k)->branch, \
        (k)->revision

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for changes");
}

static int read_key(sqlite3_stmt *stmt, struct arena *arena,
                    struct change_key *key, struct error *err)
{
    *key = (struct change_key){
        .suite = sql_text(stmt, 0, arena),
        .id = sql_text(stmt, 1, arena),
        .metric = sql_text(stmt, 2, arena),
        .machine_key = sql_text(stmt, 3, arena),
        .branch = sql_text(stmt, 4, arena),
        .revision = sql_text(stmt, 5, arena),
    };
    if (!key->suite || !key->id || !key->metric || !key->machine_key ||
        !key->branch || !key->revision)
        return no_memory(err);
    return 0;
}

int history_ack(struct store *store, const struct change_ack *ack,
                struct error *err)
{
    if (ack->reason[0] == '\0') {
        ERROR(err, ERR_USAGE, "an acknowledgement needs a reason");
        error_help(err, "add --reason 'why this change is wanted'");
        return ERR_USAGE;
    }
    return sql_run(store, err,
                   "INSERT OR REPLACE INTO change_ack(suite, name, metric,"
                   " machine_key, branch, revision, ratio, reason, author,"
                   " created)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                   "ttttttdttt", KEY_VALUES(&ack->key), ack->ratio, ack->reason,
                   ack->author, ack->created);
}

int history_unack(struct store *store, const struct change_key *key,
                  struct error *err)
{
    int rc = sql_run(store, err, "DELETE FROM change_ack WHERE" KEY_MATCHES,
                     "tttttt", KEY_VALUES(key));

    if (rc == 0 && sqlite3_changes(store->db) == 0)
        rc = ERROR(err, ERR_EMPTY, "no change of '%s' at '%s' is acknowledged",
                   key->id, key->revision);
    return rc;
}

int history_acks(struct store *store, const char *suite, struct arena *arena,
                 struct change_ack **out, size_t *n, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    struct change_ack *all = NULL;
    size_t count = 0;
    int rc = sql_begin(store, &stmt, err,
                       "SELECT suite, name, metric, machine_key, branch,"
                       " revision, ratio, reason, author, created"
                       " FROM change_ack WHERE ?1 IS NULL OR suite = ?1"
                       " ORDER BY 1, 2, 3, 4, 5, 6",
                       "t", suite);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        all = arena_grow(arena, all, count, sizeof *all);
        if (!all)
            return no_memory(err);
        all[count] = (struct change_ack){
            .ratio = sql_double(stmt, 6),
            .reason = sql_text(stmt, 7, arena),
            .author = sql_text(stmt, 8, arena),
            .created = sql_text(stmt, 9, arena),
        };
        if (!all[count].reason || !all[count].author || !all[count].created)
            return no_memory(err);
        rc = read_key(stmt, arena, &all[count++].key, err);
    }
    if (rc < 0)
        return rc;
    *out = all;
    *n = count;
    return 0;
}

static int put_alert(struct store *store, const struct stored_alert *a,
                     bool *fresh, struct error *err)
{
    int rc = sql_run(store, err,
                     "UPDATE alert SET ratio = ?8 WHERE" KEY_MATCHES
                     " AND rule = ?7 AND closed = ''",
                     "tttttttd", KEY_VALUES(&a->key), a->rule, a->ratio);

    if (rc < 0)
        return rc;
    *fresh = sqlite3_changes(store->db) == 0;
    if (!*fresh)
        return 0;
    return sql_run(store, err,
                   "INSERT OR REPLACE INTO alert(suite, name, metric,"
                   " machine_key, branch, revision, rule, created, closed,"
                   " ratio, run_id, command_status) VALUES (?1, ?2, ?3, ?4,"
                   " ?5, ?6, ?7, ?8, '', ?9, nullif(?10, 0), -1)",
                   "ttttttttdi", KEY_VALUES(&a->key), a->rule, a->created,
                   a->ratio, a->run);
}

int history_alert(struct store *store, const struct stored_alert *alert,
                  bool *fresh, struct error *err)
{
    bool is_new = false;
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    rc = tx_end(store, put_alert(store, alert, &is_new, err), err);
    if (rc == 0)
        *fresh = is_new;
    return rc;
}

int history_alert_update(struct store *store, const struct stored_alert *a,
                         struct error *err)
{
    int rc = sql_run(store, err,
                     "UPDATE alert SET command_status ="
                     " CASE WHEN ?8 < 0 THEN command_status ELSE ?8 END,"
                     " closed = ?9 WHERE" KEY_MATCHES
                     " AND rule = ?7 AND closed = ''",
                     "tttttttit", KEY_VALUES(&a->key), a->rule,
                     (int64_t)a->command_status, a->closed);

    if (rc == 0 && sqlite3_changes(store->db) == 0)
        rc = ERROR(err, ERR_EMPTY, "no alert of '%s' at '%s' is open",
                   a->key.id, a->key.revision);
    return rc;
}

int history_alerts(struct store *store, const char *suite, bool open_only,
                   struct arena *arena, struct stored_alert **out, size_t *n,
                   struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    struct stored_alert *all = NULL;
    size_t count = 0;
    int rc = sql_begin(store, &stmt, err,
                       "SELECT suite, name, metric, machine_key, branch,"
                       " revision, ratio, run_id, rule, created, closed,"
                       " command_status FROM alert"
                       " WHERE (?1 IS NULL OR suite = ?1)"
                       " AND (?2 = 0 OR closed = '')"
                       " ORDER BY created DESC, 1, 2, 3, 4, 5, 6, rule",
                       "ti", suite, (int64_t)open_only);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        all = arena_grow(arena, all, count, sizeof *all);
        if (!all)
            return no_memory(err);
        all[count] = (struct stored_alert){
            .ratio = sql_double(stmt, 6),
            .run = sqlite3_column_int64(stmt, 7),
            .rule = sql_text(stmt, 8, arena),
            .created = sql_text(stmt, 9, arena),
            .closed = sql_text(stmt, 10, arena),
            .command_status = sqlite3_column_int(stmt, 11),
        };
        if (!all[count].rule || !all[count].created || !all[count].closed)
            return no_memory(err);
        rc = read_key(stmt, arena, &all[count++].key, err);
    }
    if (rc < 0)
        return rc;
    *out = all;
    *n = count;
    return 0;
}
