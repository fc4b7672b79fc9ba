/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Talking to SQLite; private to store/.
 *
 * Statements are prepared once and kept by the address of their text, so the
 * text must be a literal.  A statement that was stepped is reset by
 * SCOPED(sql_end_scoped) before it is used again. */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/scope.h"
#include "base/strbuf.h"
#include "store/db.h"

enum {
    SQL_STATEMENTS = 256, /* power of two, over twice what is in use */
    SQL_METRICS = 16,
};

struct store {
    sqlite3 *db;
    char *path;
    enum store_mode mode;
    bool immutable; /* opened as a file that nobody changes */
    int depth;      /* of nested transactions */
    bool broken;    /* SQLite undid the outermost transaction by itself */
    size_t n_prepared;
    struct {
        char name[64], unit[16];
        int better;
        int64_t id;
    } metric[SQL_METRICS]; /* found lately; id 0: free */
    struct {
        int64_t id; /* 0: none */
        char *suite;
        bool is_finished;
    } run; /* the one written last */
    struct {
        const char *sql;
        sqlite3_stmt *stmt;
    } prepared[SQL_STATEMENTS];
};

/* Turn SQLite's last failure into an error that names the file and the remedy.
 * `doing` is a verb phrase: "write", "read", "open". */
int sql_error(struct store *store, int code, const char *doing,
              struct error *err);

/* Run text that yields nothing; may hold several statements. */
int sql_script(struct store *store, const char *sql, struct error *err);

/* A statement with its parameters bound, ready to be stepped.
 *
 * format  one letter a parameter: i int64_t, d double (NaN binds null), t text
 *         (const char *, NULL binds null), b bytes (const void *, size_t);
 *         text and bytes must live until the statement ends */
int sql_begin(struct store *store, sqlite3_stmt **out, struct error *err,
              const char *sql, const char *format, ...);

/* 1: a row is there; 0: no more rows; or a negative error. */
int sql_step(struct store *store, sqlite3_stmt *stmt, struct error *err);

/* Begin, step to the end and reset. */
int sql_run(struct store *store, struct error *err, const char *sql,
            const char *format, ...);

/* The first column of the first row into *out.  1: found; 0: no row (*out is
 * untouched); or a negative error. */
int sql_get(struct store *store, int64_t *out, struct error *err,
            const char *sql, const char *format, ...);

/* Column text copied into the arena, "" for null; NULL: out of memory. */
const char *sql_text(sqlite3_stmt *stmt, int column, struct arena *arena);

/* Column as double, NaN for null. */
double sql_double(sqlite3_stmt *stmt, int column);

static inline void sql_end_scoped(sqlite3_stmt **stmt)
{
    if (*stmt)
        sqlite3_reset(*stmt);
}

static inline void arena_end_scoped(struct arena *arena)
{
    arena_clear(arena);
}

/* The path as a "file:" address; what means something there is escaped. */
void sql_address(struct strbuf *out, const char *path, const char *tail);

/* Begin a transaction or a savepoint within one; end it: committed when rc is
 * 0 or more, else undone.  tx_end() returns rc or the error of committing. */
int tx_begin(struct store *store, struct error *err);
int tx_end(struct store *store, int rc, struct error *err);

/* Forget what was remembered of rows: after an undone transaction they may be
 * gone. */
void sql_forget(struct store *store);

/* Remember a run that is about to be written: its suite is store->run.suite.
 * ERR_EMPTY: no such run; ERR_INVAL: it is finished. */
int sql_use_run(struct store *store, int64_t run, struct error *err);

/* The migrations, oldest first: migration i makes schema i + 1. */
extern const char *const store_migrations[STORE_SCHEMA];

/* Bring the open database from schema `from` to n, in one transaction that
 * first looks whether another process did it meanwhile. */
int schema_migrate(struct store *store, const char *const *migration, int n,
                   struct error *err);

/* The text with this value in table `text`, added when missing. */
int intern_text(struct store *store, const char *value, int64_t *id,
                struct error *err);

/* The same for names of cases and for metrics. */
int intern_case(struct store *store, const char *suite, const char *name,
                int64_t *id, struct error *err);
int intern_metric(struct store *store, const char *name, const char *unit,
                  int better, int64_t *id, struct error *err);

#endif
