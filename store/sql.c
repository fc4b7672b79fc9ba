/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements, transactions and errors of SQLite. */
#include <config.h>

#include "store/sql.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

/* What each class of failure means to the user. */
static const struct failure {
    int code;
    enum error_code as;
    int sys; /* errno where SQLite tells none */
    const char *text;
    const char *help;
} failures[] = {
    {SQLITE_FULL, ERR_SYS, ENOSPC, "cannot write",
     "free some room; what was stored before is kept, --resume continues"},
    {SQLITE_CORRUPT, ERR_PARSE, 0, "is damaged",
     "move it away, a new one is made; 'sqlite3 FILE .recover' may bring back "
     "what is in it"},
    {SQLITE_NOTADB, ERR_PARSE, 0, "is not a store of runs",
     "name another file with --db, or move this one away"},
    {SQLITE_BUSY, ERR_TIMEOUT, 0, "is in use by another process",
     "wait for that process to end, or use another file with --db"},
    {SQLITE_LOCKED, ERR_TIMEOUT, 0, "is in use by another process",
     "wait for that process to end, or use another file with --db"},
    {SQLITE_READONLY, ERR_SYS, EROFS, "cannot write",
     "make the file and its folder writable, or use another file with --db"},
    {SQLITE_PERM, ERR_SYS, EACCES, "cannot open",
     "make the file and its folder writable, or use another file with --db"},
    {SQLITE_AUTH, ERR_SYS, EACCES, "cannot open",
     "make the file and its folder writable, or use another file with --db"},
    {SQLITE_CANTOPEN, ERR_SYS, EACCES, "cannot open",
     "make the file and its folder writable, or use another file with --db"},
    {SQLITE_IOERR, ERR_SYS, EIO, "cannot be read or written",
     "look at the disk; what was stored before is kept"},
};

static const struct failure *find_failure(int code)
{
    for (size_t i = 0; i < ARRAY_LEN(failures); i++)
        if (failures[i].code == (code & 0xff))
            return &failures[i];
    return NULL;
}

int sql_error(struct store *store, int code, const char *doing,
              struct error *err)
{
    const struct failure *f = find_failure(code);
    bool from_system =
        (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
    int sys = from_system && store->db ? sqlite3_system_errno(store->db) : 0;

    if ((code & 0xff) == SQLITE_NOMEM)
        return ERROR(err, ERR_NOMEM, "no memory to %s '%s'", doing,
                     store->path);
    if (!f)
        return ERROR_AT(err, ERR_INVAL, store->path, 0, 0, "cannot %s: %s",
                        doing, sqlite3_errmsg(store->db));
    errno = sys ? sys : f->sys;
    ERROR_AT(err, f->as, store->path, 0, 0, "%s", f->text);
    return error_help(err, "%s", f->help), (int)f->as;
}

int sql_script(struct store *store, const char *sql, struct error *err)
{
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? 0 : sql_error(store, code, "write", err);
}

static size_t slot_of(const char *sql)
{
    return (size_t)((uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15) >> 40) &
           (SQL_STATEMENTS - 1);
}

static int prepare(struct store *store, const char *sql, sqlite3_stmt **out,
                   struct error *err)
{
    size_t at = slot_of(sql);
    int code;

    while (store->prepared[at].sql && store->prepared[at].sql != sql)
        at = (at + 1) & (SQL_STATEMENTS - 1);
    if (!store->prepared[at].sql) {
        code = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                  out, NULL);
        if (code != SQLITE_OK)
            return sql_error(store, code, "read", err);
        assert(store->n_prepared < SQL_STATEMENTS / 2);
        store->n_prepared++;
        store->prepared[at].sql = sql;
        store->prepared[at].stmt = *out;
    }
    *out = store->prepared[at].stmt;
    return 0;
}

static int bind_one(sqlite3_stmt *stmt, int at, char type, va_list *ap)
{
    const void *bytes;
    double number;

    switch (type) {
    case 'i':
        return sqlite3_bind_int64(stmt, at, va_arg(*ap, int64_t));
    case 'd':
        number = va_arg(*ap, double);
        return isnan(number) ? sqlite3_bind_null(stmt, at)
                             : sqlite3_bind_double(stmt, at, number);
    case 't':
        return sqlite3_bind_text(stmt, at, va_arg(*ap, const char *), -1,
                                 SQLITE_STATIC);
    case 'b':
        bytes = va_arg(*ap, const void *);
        return sqlite3_bind_blob64(stmt, at, bytes ? bytes : "",
                                   va_arg(*ap, size_t), SQLITE_STATIC);
    default:
        return SQLITE_MISUSE;
    }
}

static int begin(struct store *store, sqlite3_stmt **out, struct error *err,
                 const char *sql, const char *format, va_list *ap)
{
    sqlite3_stmt *stmt = NULL;
    int rc = prepare(store, sql, &stmt, err);
    int code = SQLITE_OK;

    if (rc < 0)
        return rc;
    sqlite3_reset(stmt);
    for (int i = 0; format[i] && code == SQLITE_OK; i++)
        code = bind_one(stmt, i + 1, format[i], ap);
    if (code != SQLITE_OK)
        return sql_error(store, code, "write", err);
    *out = stmt;
    return 0;
}

int sql_begin(struct store *store, sqlite3_stmt **out, struct error *err,
              const char *sql, const char *format, ...)
{
    va_list ap;
    int rc;

    va_start(ap, format);
    rc = begin(store, out, err, sql, format, &ap);
    va_end(ap);
    return rc;
}

int sql_step(struct store *store, sqlite3_stmt *stmt, struct error *err)
{
    int code = sqlite3_step(stmt);

    if (code == SQLITE_ROW)
        return 1;
    if (code == SQLITE_DONE)
        return 0;
    return sql_error(store, code,
                     sqlite3_stmt_readonly(stmt) ? "read" : "write", err);
}

int sql_run(struct store *store, struct error *err, const char *sql,
            const char *format, ...)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    va_list ap;
    int rc;

    va_start(ap, format);
    rc = begin(store, &stmt, err, sql, format, &ap);
    va_end(ap);
    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1)
        rc = 0;
    return rc;
}

int sql_get(struct store *store, int64_t *out, struct error *err,
            const char *sql, const char *format, ...)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    va_list ap;
    int rc;

    va_start(ap, format);
    rc = begin(store, &stmt, err, sql, format, &ap);
    va_end(ap);
    if (rc == 0)
        rc = sql_step(store, stmt, err);
    if (rc == 1)
        *out = sqlite3_column_int64(stmt, 0);
    return rc;
}

const char *sql_text(sqlite3_stmt *stmt, int column, struct arena *arena)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);

    return arena_strdup(arena, text ? (const char *)text : "");
}

double sql_double(sqlite3_stmt *stmt, int column)
{
    return sqlite3_column_type(stmt, column) == SQLITE_NULL
               ? NAN
               : sqlite3_column_double(stmt, column);
}

int tx_begin(struct store *store, struct error *err)
{
    int rc;

    if (store->broken)
        return ERROR_AT(err, ERR_INVAL, store->path, 0, 0,
                        "an earlier write of this batch failed");
    rc = store->depth == 0 ? sql_run(store, err, "BEGIN IMMEDIATE", "")
                           : sql_run(store, err, "SAVEPOINT nested", "");
    if (rc == 0)
        store->depth++;
    return rc;
}

void sql_forget(struct store *store)
{
    memset(store->metric, 0, sizeof store->metric);
    free(store->run.suite);
    store->run.suite = NULL;
    store->run.id = 0;
}

static void undo(struct store *store)
{
    sql_forget(store);
    if (sqlite3_get_autocommit(store->db)) {
        store->broken = store->depth > 0;
        return;
    }
    if (store->depth == 0) {
        sql_run(store, NULL, "ROLLBACK", "");
        return;
    }
    sql_run(store, NULL, "ROLLBACK TO nested", "");
    sql_run(store, NULL, "RELEASE nested", "");
}

int tx_end(struct store *store, int rc, struct error *err)
{
    store->depth--;
    if (rc >= 0 && store->broken)
        rc = ERROR_AT(err, ERR_SYS, store->path, 0, 0,
                      "an earlier write of this batch failed");
    else if (rc >= 0)
        rc = store->depth == 0 ? sql_run(store, err, "COMMIT", "")
                               : sql_run(store, err, "RELEASE nested", "");
    if (rc < 0)
        undo(store);
    if (store->depth == 0)
        store->broken = false;
    return rc;
}

/* The row of a table of names: looked up, else inserted. */
#define INTERN(store, id, err, select, insert, format, ...)                 \
    do {                                                                    \
        int rc_ =                                                           \
            sql_get((store), (id), (err), (select), (format), __VA_ARGS__); \
        if (rc_ != 0)                                                       \
            return rc_ < 0 ? rc_ : 0;                                       \
        rc_ = sql_run((store), (err), (insert), (format), __VA_ARGS__);     \
        if (rc_ == 0)                                                       \
            *(id) = sqlite3_last_insert_rowid((store)->db);                 \
        return rc_;                                                         \
    } while (0)

int intern_text(struct store *store, const char *value, int64_t *id,
                struct error *err)
{
    INTERN(store, id, err, "SELECT id FROM text WHERE value = ?1",
           "INSERT INTO text(value) VALUES (?1)", "t", value);
}

int intern_case(struct store *store, const char *suite, const char *name,
                int64_t *id, struct error *err)
{
    INTERN(store, id, err,
           "SELECT id FROM case_name WHERE suite = ?1 AND name = ?2",
           "INSERT INTO case_name(suite, name) VALUES (?1, ?2)", "tt", suite,
           name);
}

static int find_metric(struct store *store, const char *name, const char *unit,
                       int better, int64_t *id, struct error *err)
{
    INTERN(store, id, err,
           "SELECT id FROM metric"
           " WHERE name = ?1 AND unit = ?2 AND better = ?3",
           "INSERT INTO metric(name, unit, better) VALUES (?1, ?2, ?3)", "tti",
           name, unit, (int64_t)better);
}

/* A run measures the same few metrics over and over. */
int intern_metric(struct store *store, const char *name, const char *unit,
                  int better, int64_t *id, struct error *err)
{
    size_t i = 0;
    int rc;

    for (; i < SQL_METRICS && store->metric[i].id; i++) {
        if (store->metric[i].better == better &&
            strcmp(store->metric[i].name, name) == 0 &&
            strcmp(store->metric[i].unit, unit) == 0) {
            *id = store->metric[i].id;
            return 0;
        }
    }
    rc = find_metric(store, name, unit, better, id, err);
    if (rc < 0 || i == SQL_METRICS ||
        strlen(name) >= sizeof store->metric[i].name ||
        strlen(unit) >= sizeof store->metric[i].unit)
        return rc;
    memcpy(store->metric[i].name, name, strlen(name) + 1);
    memcpy(store->metric[i].unit, unit, strlen(unit) + 1);
    store->metric[i].better = better;
    store->metric[i].id = *id;
    return 0;
}
