/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a store: every way in which that can go wrong has its own words. */
#include <config.h>

#include "store/sql.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/strbuf.h"

enum {
    APPLICATION = 0x54617265, /* "Tare", as in schema.c */
    CHECKPOINT_PAGES = 8192,  /* of the log: 32 MB */
};

/* Ten thousand runs and a few series of theirs. */
#define CACHE_KB "16000"

DEFINE_SCOPED(struct store *, store_close)

static int check_path(const char *path, enum store_mode mode, struct error *err)
{
    struct stat st;

    if (stat(path, &st) < 0) {
        if (mode == STORE_WRITE)
            return 0;
        if (errno == ENOENT)
            return ERROR_AT(err, ERR_EMPTY, path, 0, 0,
                            "no runs are stored here"),
                   error_help(err, "'tare run' stores them"), (int)ERR_EMPTY;
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot open");
    }
    if (S_ISREG(st.st_mode))
        return 0;
    ERROR_AT(err, ERR_PARSE, path, 0, 0, "is %s, not a store of runs",
             S_ISDIR(st.st_mode) ? "a folder" : "no regular file");
    error_help(err, "name another file with --db");
    return ERR_PARSE;
}

static int make_folder(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    SCOPED(free_scoped) char *folder = NULL;

    if (!slash || slash == path)
        return 0;
    folder = strndup(path, (size_t)(slash - path));
    if (!folder)
        return ERROR(err, ERR_NOMEM, "no memory for a file name");
    return file_make_folders(folder, err);
}

void sql_address(struct strbuf *out, const char *path, const char *tail)
{
    strbuf_puts(out, path[0] == '/' ? "file:" : "file:./");
    for (const char *p = path; *p; p++) {
        if (strchr("?#%", *p))
            strbuf_printf(out, "%%%02x", (unsigned)(unsigned char)*p);
        else
            strbuf_putc(out, *p);
    }
    strbuf_puts(out, tail);
}

static int open_address(struct store *store, const char *tail, int flags,
                        struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf address = {0};
    int code;

    sql_address(&address, store->path, tail);
    if (address.failed)
        return ERROR(err, ERR_NOMEM, "no memory for a file name");
    /* one thread at a time is the contract: no lock for each call */
    code = sqlite3_open_v2(strbuf_text(&address), &store->db,
                           flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK)
        return sql_error(store, code, "open", err);
    sqlite3_busy_timeout(store->db, STORE_BUSY_MS);
    return 0;
}

static void drop_connection(struct store *store)
{
    for (size_t i = 0; i < SQL_STATEMENTS; i++) {
        sqlite3_finalize(store->prepared[i].stmt);
        store->prepared[i].stmt = NULL;
        store->prepared[i].sql = NULL;
    }
    store->n_prepared = 0;
    sqlite3_close(store->db);
    store->db = NULL;
}

/* 1: the log holds changes that are not in the file yet. */
static bool has_log(const char *path)
{
    SCOPED(free_scoped) char *log = NULL;
    struct stat st;

    if (asprintf(&log, "%s-wal", path) < 0) {
        log = NULL;
        return true;
    }
    return stat(log, &st) == 0 && st.st_size > 0;
}

static int read_version(struct store *store, int64_t *version,
                        struct error *err)
{
    int64_t application = 0, tables = 0;
    int rc = sql_get(store, version, err, "PRAGMA user_version", "");

    if (rc >= 0)
        rc = sql_get(store, &application, err, "PRAGMA application_id", "");
    if (rc >= 0)
        rc = sql_get(store, &tables, err, "SELECT count(*) FROM sqlite_master",
                     "");
    if (rc < 0)
        return rc;
    if (application != APPLICATION && (*version != 0 || tables != 0)) {
        ERROR_AT(err, ERR_PARSE, store->path, 0, 0,
                 "is a database of another program");
        error_help(err, "name another file with --db");
        return ERR_PARSE;
    }
    if (*version <= STORE_SCHEMA)
        return 0;
    ERROR_AT(err, ERR_PARSE, store->path, 0, 0,
             "was written by a newer tare (schema %d, this one knows %d)",
             (int)*version, STORE_SCHEMA);
    error_help(err, "use that newer tare, or another file with --db");
    return ERR_PARSE;
}

/* A folder that cannot be written has no room for the files by which readers
 * and writers of a log agree.  Without a log there is nothing to agree on. */
static int open_unchanging(struct store *store, int64_t *version,
                           struct error *err)
{
    int rc;

    drop_connection(store);
    store->immutable = true;
    rc = open_address(store, "?immutable=1", SQLITE_OPEN_READONLY, err);
    return rc < 0 ? rc : read_version(store, version, err);
}

static int open_read(struct store *store, struct error *err)
{
    struct error first = {0};
    int64_t version = 0;
    int rc = open_address(store, "", SQLITE_OPEN_READONLY, err);

    if (rc < 0)
        return rc;
    rc = read_version(store, &version, &first);
    if (rc == ERR_SYS && !has_log(store->path))
        rc = open_unchanging(store, &version, &first);
    if (rc < 0) {
        if (err)
            *err = first;
        return rc;
    }
    if (version == STORE_SCHEMA)
        return 0;
    if (version == 0)
        return ERROR_AT(err, ERR_EMPTY, store->path, 0, 0,
                        "no runs are stored here"),
               error_help(err, "'tare run' stores them"), (int)ERR_EMPTY;
    ERROR_AT(err, ERR_PARSE, store->path, 0, 0,
             "has the older schema %d and cannot be read before it is migrated",
             (int)version);
    error_help(err, "any command that stores a run in it migrates it");
    return ERR_PARSE;
}

/* Switching to a log needs the file alone for a moment, and SQLite does not
 * wait for that by itself. */
static int use_log(struct store *store, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(store, &stmt, err, "PRAGMA journal_mode = WAL", "");

    for (int waited = 0; rc == 0; waited += 10) {
        int code = sqlite3_step(stmt);

        if (code == SQLITE_ROW || code == SQLITE_DONE)
            break;
        sqlite3_reset(stmt);
        if ((code & 0xff) != SQLITE_BUSY || waited >= STORE_BUSY_MS)
            return sql_error(store, code, "open", err);
        sqlite3_sleep(10);
    }
    return rc;
}

static int open_write(struct store *store, struct error *err)
{
    int64_t version = 0;
    int rc = make_folder(store->path, err);

    if (rc == 0)
        rc = open_address(store, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                          err);
    if (rc == 0)
        rc = read_version(store, &version, err);
    if (rc == 0 && sqlite3_db_readonly(store->db, "main") == 1)
        rc = sql_error(store, SQLITE_READONLY, "open", err);
    if (rc == 0)
        rc = use_log(store, err);
    if (rc == 0)
        rc = sql_script(store,
                        "PRAGMA foreign_keys = ON;"
                        "PRAGMA synchronous = NORMAL;",
                        err);
    if (rc == 0)
        sqlite3_wal_autocheckpoint(store->db, CHECKPOINT_PAGES);
    if (rc == 0 && version < STORE_SCHEMA)
        rc = schema_migrate(store, store_migrations, STORE_SCHEMA, err);
    return rc;
}

int store_open(const char *path, enum store_mode mode, struct store **out,
               struct error *err)
{
    SCOPED(store_close_scoped) struct store *store = NULL;
    int rc = check_path(path, mode, err);

    if (rc < 0)
        return rc;
    store = calloc(1, sizeof *store);
    if (!store || !(store->path = strdup(path)))
        return ERROR(err, ERR_NOMEM, "no memory for a store");
    store->mode = mode;
    rc = mode == STORE_WRITE ? open_write(store, err) : open_read(store, err);
    if (rc == 0)
        rc = sql_script(store, "PRAGMA cache_size = -" CACHE_KB, err);
    if (rc == 0)
        *out = TAKE(store);
    return rc;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    if (store->depth > 0)
        store_undo(store);
    drop_connection(store);
    sql_forget(store);
    free(store->path);
    free(store);
}

const char *store_path(const struct store *store)
{
    return store->path;
}

int store_hold(struct store *store, struct error *err)
{
    return tx_begin(store, err);
}

int store_release(struct store *store, struct error *err)
{
    assert(store->depth > 0);
    return tx_end(store, 0, err);
}

void store_undo(struct store *store)
{
    if (!sqlite3_get_autocommit(store->db))
        sql_run(store, NULL, "ROLLBACK", "");
    sql_forget(store);
    store->depth = 0;
    store->broken = false;
}
