/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SQLite kernel of `tare selftest`: look-ups by key in a small database in
 * memory (runner/measure/kernels.h says what a kernel is). */
#include <config.h>

#include "bench/tare.h"

#include <sqlite3.h>

#include "store/kernel.h"

enum { ROWS = 10000, LOOK_UPS = 200 };

void store_kernel_link(void)
{
}

static sqlite3_stmt *open_table(sqlite3 **db)
{
    static const char fill[] =
        "CREATE TABLE t (k INTEGER PRIMARY KEY, v TEXT);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
        "WHERE i < 10000) INSERT INTO t SELECT i, 'value ' || i FROM n;";
    sqlite3_stmt *find = NULL;

    if (sqlite3_open(":memory:", db) == SQLITE_OK &&
        sqlite3_exec(*db, fill, NULL, NULL, NULL) == SQLITE_OK)
        sqlite3_prepare_v2(*db, "SELECT v FROM t WHERE k = ?", -1, &find, NULL);
    return find;
}

static int look_up(sqlite3_stmt *find, int key)
{
    int bytes = -1;

    sqlite3_bind_int(find, 1, key);
    if (sqlite3_step(find) == SQLITE_ROW)
        bytes = sqlite3_column_bytes(find, 0);
    sqlite3_reset(find);
    return bytes;
}

TARE_BENCH(k_sqlite, .args = "extra=0,10,20,50", .tags = "kernel")
{
    size_t n = LOOK_UPS * (1000 + (size_t)tare_int(b, "extra")) / 1000;
    sqlite3 *db = NULL;
    sqlite3_stmt *find = open_table(&db);
    int key = 0;

    if (!find)
        tare_fail(b, "SQLite cannot make a table: %s", sqlite3_errmsg(db));
    TARE_LOOP(b) {
        for (size_t i = 0; i < n; i++) {
            key = (key * 31 + 7) % ROWS;
            TARE_USE(look_up(find, key + 1));
        }
    }
    sqlite3_finalize(find);
    sqlite3_close(db);
}
