/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SQLite kernel: look-ups by key in a small database in memory
 * (runner/measure/kernels.h says what a kernel is). */
#include <config.h>

#include "store/kernel.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "bench/tare.h"

enum { ROWS = 10000, UNITS_PER_LOOK_UP = 5 };

struct table {
    sqlite3 *db;
    sqlite3_stmt *find;
    int key;
};

void *store_kernel_open(void)
{
    static const char fill[] =
        "CREATE TABLE t (k INTEGER PRIMARY KEY, v TEXT);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
        "WHERE i < 10000) INSERT INTO t SELECT i, 'value ' || i FROM n;";
    struct table *t = calloc(1, sizeof *t);

    if (!t)
        return NULL;
    if (sqlite3_open(":memory:", &t->db) == SQLITE_OK &&
        sqlite3_exec(t->db, fill, NULL, NULL, NULL) == SQLITE_OK)
        sqlite3_prepare_v2(t->db, "SELECT v FROM t WHERE k = ?", -1, &t->find,
                           NULL);
    if (t->find)
        return t;
    store_kernel_close(t);
    return NULL;
}

void store_kernel_close(void *state)
{
    struct table *t = state;

    if (!t)
        return;
    sqlite3_finalize(t->find);
    sqlite3_close(t->db);
    free(t);
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

void store_kernel_run(void *state, size_t units)
{
    struct table *t = state;

    for (size_t i = 0; i < units / UNITS_PER_LOOK_UP; i++) {
        t->key = (t->key * 31 + 7) % ROWS;
        TARE_USE(look_up(t->find, t->key + 1));
    }
}
