/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of a run: begun, finished, found, listed. */
#include <config.h>

#include "store/runs.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/hash.h"
#include "base/strbuf.h"
#include "base/units.h"
#include "store/points.h"
#include "store/sql.h"

enum {
    UUID_TEXT = 37,
    UUID_PREFIX = 8,
    ABANDONED_EXIT = 130, /* as for one that was interrupted */
};

/* RFC 9562, section 5.4. */
static int make_uuid(char out[UUID_TEXT], struct error *err)
{
    uint8_t b[16];
    int at = 0;

    if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b)
        return ERROR(err, ERR_SYS, "cannot get random bytes");
    b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
    b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out[at++] = '-';
        at += snprintf(out + at, (size_t)(UUID_TEXT - at), "%02x", b[i]);
    }
    return 0;
}

static void facts_digest(const struct facts *facts, char hex[HASH_HEX])
{
    struct hash hash;

    hash_init(&hash);
    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *f = &facts->fact[i];

        hash_add(&hash, f->name, strlen(f->name) + 1);
        hash_add(&hash, f->value, strlen(f->value) + 1);
    }
    hash_end(&hash, hex);
}

/* Machines and plans repeat from run to run: equal sets are stored once. */
static int intern_facts(struct store *store, const struct facts *facts,
                        int64_t *id, struct error *err)
{
    char digest[HASH_HEX];
    int rc;

    facts_digest(facts, digest);
    rc = sql_get(store, id, err, "SELECT id FROM fact_set WHERE digest = ?1",
                 "t", digest);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    rc = sql_run(store, err, "INSERT INTO fact_set(digest) VALUES (?1)", "t",
                 digest);
    *id = sqlite3_last_insert_rowid(store->db);
    for (size_t i = 0; i < facts->n && rc == 0; i++)
        rc = sql_run(store, err, "INSERT INTO fact VALUES (?1, ?2, ?3)", "itt",
                     *id, facts->fact[i].name, facts->fact[i].value);
    return rc;
}

static int put_arguments(struct store *store, int64_t run,
                         const struct run_plan *plan, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < plan->argc && rc == 0; i++)
        rc = sql_run(store, err, "INSERT INTO argument VALUES (?1, ?2, ?3)",
                     "iit", run, (int64_t)i, plan->argv[i]);
    return rc;
}

static int put_anchors(struct store *store, int64_t run,
                       const struct anchor *anchor, size_t n, struct error *err)
{
    int rc =
        sql_run(store, err, "DELETE FROM anchor WHERE run_id = ?1", "i", run);

    for (size_t i = 0; i < n && rc == 0; i++)
        rc = sql_run(store, err, "INSERT INTO anchor VALUES (?1, ?2, ?3, ?4)",
                     "iitd", run, (int64_t)i, anchor[i].name, anchor[i].value);
    return rc;
}

static int insert_run(struct store *store, const struct run_plan *plan,
                      const char *uuid, int64_t *run, struct error *err)
{
    const struct occasion *o = plan->occasion;
    int64_t machine = 0, build = 0, how = 0;
    int rc = intern_facts(store, &o->machine, &machine, err);

    if (rc == 0)
        rc = intern_facts(store, &o->build, &build, err);
    if (rc == 0)
        rc = intern_facts(store, &o->plan, &how, err);
    if (rc < 0)
        return rc;
    rc = sql_run(
        store, err,
        "INSERT INTO run(uuid, kind, status, suite, created, finished,"
        " revision, revision_time, dirty, branch, machine_key, machine_facts,"
        " build_facts, plan_facts, seed, exit_status, no_history,"
        " history_time)"
        " VALUES (?1, ?2, 0, ?3, ?4, '', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
        " ?13, -1, ?14, CASE WHEN ?6 THEN ?6"
        " ELSE ifnull(strftime('%s', ?4) + 0, 0) END)",
        "titttiittiiiii", uuid, (int64_t)plan->kind, plan->suite, o->created,
        o->revision, plan->revision_time, (int64_t)o->dirty, o->branch,
        o->machine_key, machine, build, how, (int64_t)o->seed,
        (int64_t)plan->no_history);
    *run = sqlite3_last_insert_rowid(store->db);
    if (rc == 0)
        rc = put_arguments(store, *run, plan, err);
    if (rc == 0)
        rc = put_anchors(store, *run, o->anchor, o->n_anchors, err);
    return rc;
}

static int no_such_run(struct store *store, int64_t run, struct error *err)
{
    ERROR_AT(err, ERR_EMPTY, store->path, 0, 0, "there is no run %lld",
             (long long)run);
    error_help(err, "'tare history' lists what is stored");
    return ERR_EMPTY;
}

static int finish(struct store *store, int64_t run, enum run_status status,
                  const char *finished, int exit_status, struct error *err)
{
    int rc =
        sql_run(store, err,
                "UPDATE run SET status = ?2, finished = ?3,"
                " exit_status = ?4 WHERE id = ?1",
                "iiti", run, (int64_t)status, finished, (int64_t)exit_status);

    sql_forget(store);
    if (rc == 0 && sqlite3_changes(store->db) == 0)
        return no_such_run(store, run, err);
    return rc < 0 ? rc : points_make(store, run, err);
}

/* Runs whose process has been gone for long become part of the history as far
 * as they came.  They can still be reopened. */
static int finish_abandoned(struct store *store, const char *now,
                            struct error *err)
{
    int64_t run = 0;
    int rc;

    while ((rc = sql_get(store, &run, err,
                         "SELECT id FROM run WHERE status = 0"
                         " AND julianday(created) < julianday(?1) - 1",
                         "t", now)) == 1) {
        rc = finish(store, run, RUN_INTERRUPTED, now, ABANDONED_EXIT, err);
        if (rc < 0)
            return rc;
    }
    return rc;
}

int runs_begin(struct store *store, const struct run_plan *plan, int64_t *run,
               struct error *err)
{
    char fresh[UUID_TEXT];
    int64_t id = 0;
    int rc = plan->uuid ? 0 : make_uuid(fresh, err);

    if (rc == 0)
        rc = tx_begin(store, err);
    if (rc < 0)
        return rc;
    rc = finish_abandoned(store, plan->occasion->created, err);
    if (rc == 0)
        rc = insert_run(store, plan, plan->uuid ? plan->uuid : fresh, &id, err);
    rc = tx_end(store, rc, err);
    if (rc == 0)
        *run = id;
    return rc;
}

/* The transaction that ends a run is synced to the disk, and with it all that
 * came before. */
static int run_synced(struct store *store, bool synced, struct error *err)
{
    if (store->depth > 0) /* cannot be changed within a transaction */
        return 0;
    return synced ? sql_run(store, err, "PRAGMA synchronous = FULL", "")
                  : sql_run(store, err, "PRAGMA synchronous = NORMAL", "");
}

int runs_finish(struct store *store, int64_t run, enum run_status status,
                const char *finished, int exit_status, struct error *err)
{
    int rc = run_synced(store, true, err);

    if (rc == 0)
        rc = tx_begin(store, err);
    if (rc == 0)
        rc = tx_end(
            store, finish(store, run, status, finished, exit_status, err), err);
    run_synced(store, false, NULL);
    return rc;
}

static int reopen(struct store *store, int64_t run, struct error *err)
{
    int rc = sql_run(store, err,
                     "UPDATE run SET status = 0, finished = '',"
                     " exit_status = -1 WHERE id = ?1",
                     "i", run);

    sql_forget(store);
    if (rc == 0 && sqlite3_changes(store->db) == 0)
        return no_such_run(store, run, err);
    return rc < 0 ? rc : points_remove(store, run, err);
}

int runs_reopen(struct store *store, int64_t run, struct error *err)
{
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    return tx_end(store, reopen(store, run, err), err);
}

/* --- reading */

#define RUN_COLUMNS                                                            \
    "SELECT id, uuid, kind, status, suite, created, finished, revision,"       \
    " branch, machine_key, revision_time, dirty, no_history, seed,"            \
    " exit_status,"                                                            \
    " (SELECT count(*) FROM result r JOIN case_name c ON c.id = r.case_id"     \
    "  WHERE r.run_id = run.id AND side = 0 AND substr(c.name, 1, 1) <> '@')," \
    " (SELECT count(*) FROM outcome o WHERE o.run_id = run.id) FROM run "

static int read_arguments(struct store *store, int64_t run, struct arena *arena,
                          struct run_info *out, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    const char **all = NULL;
    size_t n = 0;
    int rc = sql_begin(store, &stmt, err,
                       "SELECT value FROM argument WHERE run_id = ?1"
                       " ORDER BY position",
                       "i", run);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        all = arena_grow(arena, all, n, sizeof *all);
        if (!all || !(all[n] = sql_text(stmt, 0, arena)))
            return ERROR(err, ERR_NOMEM, "no memory for a run");
        n++;
        rc = 0;
    }
    out->argv = all;
    out->argc = n;
    return rc;
}

static int read_info(struct store *store, sqlite3_stmt *stmt,
                     struct arena *arena, struct run_info *out,
                     struct error *err)
{
    *out = (struct run_info){
        .run = sqlite3_column_int64(stmt, 0),
        .uuid = sql_text(stmt, 1, arena),
        .kind = (enum run_kind)sqlite3_column_int(stmt, 2),
        .status = (enum run_status)sqlite3_column_int(stmt, 3),
        .suite = sql_text(stmt, 4, arena),
        .created = sql_text(stmt, 5, arena),
        .finished = sql_text(stmt, 6, arena),
        .revision = sql_text(stmt, 7, arena),
        .branch = sql_text(stmt, 8, arena),
        .machine_key = sql_text(stmt, 9, arena),
        .revision_time = sqlite3_column_int64(stmt, 10),
        .dirty = sqlite3_column_int(stmt, 11) != 0,
        .no_history = sqlite3_column_int(stmt, 12) != 0,
        .seed = (uint64_t)sqlite3_column_int64(stmt, 13),
        .exit_status = sqlite3_column_int(stmt, 14),
        .n_results = (size_t)sqlite3_column_int64(stmt, 15),
        .n_outcomes = (size_t)sqlite3_column_int64(stmt, 16),
    };
    if (!out->uuid || !out->suite || !out->created || !out->finished ||
        !out->revision || !out->branch || !out->machine_key)
        return ERROR(err, ERR_NOMEM, "no memory for a run");
    if (out->kind > RUN_KIND_LAYOUT || out->status > RUN_FAILED)
        return ERROR_AT(err, ERR_PARSE, store->path, 0, 0,
                        "run %lld is damaged", (long long)out->run);
    return read_arguments(store, out->run, arena, out, err);
}

int runs_get(struct store *store, int64_t run, struct arena *arena,
             struct run_info *out, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc =
        sql_begin(store, &stmt, err, RUN_COLUMNS "WHERE id = ?1", "i", run);

    if (rc == 0)
        rc = sql_step(store, stmt, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return no_such_run(store, run, err);
    return read_info(store, stmt, arena, out, err);
}

int runs_list(struct store *store, const struct run_filter *f,
              struct arena *arena, struct run_info **out, size_t *n,
              struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    struct run_info *all = NULL;
    size_t count = 0;
    int rc = sql_begin(
        store, &stmt, err,
        RUN_COLUMNS
        "WHERE (?1 IS NULL OR suite = ?1) AND (?2 IS NULL OR branch = ?2)"
        " AND (?3 IS NULL OR machine_key = ?3)"
        " AND (?4 IS NULL OR revision = ?4)"
        " AND (?5 IS NULL OR created >= ?5)"
        " AND (?6 IS NULL OR created <= ?6)"
        " AND (?7 = 0 OR (?7 >> kind) & 1) AND (?8 = 0 OR status = 0)"
        " ORDER BY created DESC, id DESC LIMIT ?9",
        "ttttttiii", f->suite, f->branch, f->machine_key, f->revision, f->since,
        f->until, (int64_t)f->kinds, (int64_t)f->unfinished,
        f->last ? (int64_t)f->last : INT64_C(-1));

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        all = arena_grow(arena, all, count, sizeof *all);
        if (!all)
            return ERROR(err, ERR_NOMEM, "no memory for runs");
        rc = read_info(store, stmt, arena, &all[count++], err);
    }
    if (rc < 0)
        return rc;
    *out = all;
    *n = count;
    return 0;
}

/* --- finding a run by what a user calls it */

static int bad_name(const char *name, struct error *err)
{
    ERROR(err, ERR_USAGE, "'%s' is not the name of a run", name);
    return error_help(err, "write run:12, run:last, run:last~1 or the first 8 "
                           "digits of its UUID"),
           (int)ERR_USAGE;
}

static int find_from_last(struct store *store, const char *name, int64_t back,
                          int64_t *run, struct error *err)
{
    int rc = sql_get(store, run, err,
                     "SELECT id FROM run ORDER BY created DESC, id DESC"
                     " LIMIT 1 OFFSET ?1",
                     "i", back);

    if (rc != 0)
        return rc < 0 ? rc : 0;
    ERROR_AT(err, ERR_EMPTY, store->path, 0, 0, "there is no run '%s'", name);
    return error_help(err, "'tare run' stores runs"), (int)ERR_EMPTY;
}

static int find_uuid(struct store *store, const char *name, int64_t *run,
                     struct error *err)
{
    int64_t count = 0, id = 0;
    int rc = sql_get(store, &count, err,
                     "SELECT count(*) FROM run WHERE"
                     " substr(uuid, 1, length(?1)) = lower(?1)",
                     "t", name);

    if (rc >= 0)
        rc = sql_get(store, &id, err,
                     "SELECT id FROM run WHERE"
                     " substr(uuid, 1, length(?1)) = lower(?1)",
                     "t", name);
    if (rc < 0)
        return rc;
    if (count == 0)
        return ERROR_AT(err, ERR_EMPTY, store->path, 0, 0,
                        "there is no run '%s'", name);
    if (count > 1) {
        ERROR(err, ERR_USAGE, "'%s' is the beginning of %lld runs", name,
              (long long)count);
        return error_help(err, "write more digits"), (int)ERR_USAGE;
    }
    *run = id;
    return 0;
}

static bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

int runs_find(struct store *store, const char *name, int64_t *run,
              struct error *err)
{
    const char *all = name;
    int64_t number = 0, found;
    int rc;

    if (strncmp(name, "run:", 4) == 0)
        name += 4;
    if (strcmp(name, "last") == 0)
        return find_from_last(store, all, 0, run, err);
    if (strncmp(name, "last~", 5) == 0 && is_number(name + 5)) {
        rc = parse_int(name + 5, 0, INT32_MAX, &number, err);
        return rc < 0 ? rc : find_from_last(store, all, number, run, err);
    }
    if (is_number(name) && strlen(name) < UUID_PREFIX) {
        number = strtoll(name, NULL, 10);
        rc = sql_get(store, &found, err, "SELECT id FROM run WHERE id = ?1",
                     "i", number);
        if (rc == 0)
            return no_such_run(store, number, err);
        if (rc == 1)
            *run = found;
        return rc < 0 ? rc : 0;
    }
    if (strlen(name) < UUID_PREFIX || strlen(name) >= UUID_TEXT ||
        name[strspn(name, "0123456789abcdefABCDEF-")] != '\0')
        return bad_name(all, err);
    return find_uuid(store, name, run, err);
}
