/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite in memory: rows inserted in a transaction, rows found by their key.
 *
 * Shown here: costly set-up stands before the loop and runs once per process,
 * however many samples are taken; tare_fail() ends a case that cannot go
 * on and says why. */
#include <sqlite3.h>

#include "examples/input.h"
#include <tare.h>

static sqlite3 *open_stock(void)
{
    sqlite3 *db = NULL;

    if (sqlite3_open(":memory:", &db) != SQLITE_OK ||
        sqlite3_exec(db,
                     "CREATE TABLE stock(id INTEGER PRIMARY KEY, name TEXT, "
                     "grams REAL)",
                     NULL, NULL, NULL) != SQLITE_OK) {
        sqlite3_close(db);
        return NULL;
    }
    return db;
}

/* Inserts rows 1..n in one transaction; 0 on success. */
static int fill(sqlite3 *db, int n)
{
    sqlite3_stmt *insert = NULL;
    int rc = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(db, "INSERT INTO stock VALUES(?1, ?2, ?3)", -1,
                                &insert, NULL);
    for (int i = 1; rc == SQLITE_OK && i <= n; i++) {
        sqlite3_bind_int(insert, 1, i);
        sqlite3_bind_text(insert, 2, "a brass weight", -1, SQLITE_STATIC);
        sqlite3_bind_double(insert, 3, i * 0.5);
        rc = sqlite3_step(insert) == SQLITE_DONE ? SQLITE_OK : SQLITE_ERROR;
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    return rc;
}

TARE_BENCH(insert, .args = "rows=1000", .tags = "database")
{
    int rows = (int)tare_int(b, "rows");
    sqlite3 *db = open_stock();
    uint64_t failures = 0;

    if (!db)
        tare_fail(b, "no database in memory");
    TARE_LOOP(b) {
        failures += fill(db, rows) != SQLITE_OK;
        sqlite3_exec(db, "DELETE FROM stock", NULL, NULL, NULL);
    }
    tare_items(b, (uint64_t)rows);
    tare_result(b, failures);
    sqlite3_close(db);
}

TARE_BENCH(select, .args = "rows=100,10000", .tags = "database")
{
    int rows = (int)tare_int(b, "rows");
    sqlite3 *db = open_stock();
    sqlite3_stmt *find = NULL;
    uint64_t state = 6, wrong = 0;

    if (!db || fill(db, rows) != SQLITE_OK)
        tare_fail(b, "cannot fill the table: %s", sqlite3_errmsg(db));
    sqlite3_prepare_v2(db, "SELECT grams FROM stock WHERE id = ?1", -1, &find,
                       NULL);
    TARE_LOOP(b) {
        int id = 1 + (int)(input_next(&state) % (uint64_t)rows);

        sqlite3_bind_int(find, 1, id);
        wrong += sqlite3_step(find) != SQLITE_ROW ||
                 sqlite3_column_double(find, 0) != id * 0.5;
        sqlite3_reset(find);
    }
    tare_items(b, 1);
    tare_result(b, wrong);
    sqlite3_finalize(find);
    sqlite3_close(db);
}
