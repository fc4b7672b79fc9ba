/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of code that keeps its data in SQLite, isolated from each other:
 *
 *     template    once in a run: a database with the tables, made slowly
 *     database    one for each worker: a copy of its file
 *     db          one for each test: a transaction that is rolled back
 *
 * So tests run in parallel and in any order, none sees rows of another, and the
 * tables are made once.  A fixture of scope session or worker hands on a path
 * and not a connection: every test is a process of its own, and SQLite's
 * connections cannot be carried over a fork (sqlite.org/howtocorrupt.html). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include <tare.h>

static void execute(struct tare *t, sqlite3 *db, const char *sql)
{
    char *problem = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &problem) != SQLITE_OK)
        tare_fail(t, "%s: %s", sql, problem);
}

static sqlite3 *open_database(struct tare *t, const char *path)
{
    sqlite3 *db;

    if (sqlite3_open(path, &db) != SQLITE_OK)
        tare_fail(t, "cannot open %s: %s", path, sqlite3_errmsg(db));
    return db;
}

static char *path_in(struct tare *f, const char *name)
{
    size_t size = strlen(tare_tmpdir(f)) + strlen(name) + 2;
    char *path = malloc(size);

    if (!path)
        tare_fail(f, "no memory");
    snprintf(path, size, "%s/%s", tare_tmpdir(f), name);
    return path;
}

TARE_FIXTURE(template, TARE_SESSION)
{
    char *path = path_in(f, "template.db");
    sqlite3 *db = open_database(f, path);

    execute(f, db, "create table item (name text primary key, price integer)");
    execute(f, db, "insert into item values ('apple', 3), ('pear', 4)");
    sqlite3_close(db);
    return path;
}

TARE_TEARDOWN(template)
{
    free(value); /* the folder with the file goes by itself */
}

static int copy(const char *from, const char *to)
{
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    char bytes[4096];
    size_t n;
    int rc = in && out ? 0 : -1;

    while (rc == 0 && (n = fread(bytes, 1, sizeof bytes, in)) > 0)
        if (fwrite(bytes, 1, n, out) != n)
            rc = -1;
    if (in)
        fclose(in);
    if (out && fclose(out) != 0)
        rc = -1;
    return rc;
}

TARE_FIXTURE(database, TARE_WORKER, .needs = "template")
{
    char *path = path_in(f, "shop.db");

    if (copy(tare_fixture(f, "template"), path) < 0)
        tare_fail(f, "cannot write %s", path);
    return path;
}

TARE_TEARDOWN(database)
{
    free(value);
}

TARE_FIXTURE(db, TARE_CASE, .needs = "database")
{
    sqlite3 *db = open_database(f, tare_fixture(f, "database"));

    execute(f, db, "begin");
    return db;
}

TARE_TEARDOWN(db)
{
    sqlite3_exec(value, "rollback", NULL, NULL, NULL);
    sqlite3_close(value);
}

static int64_t ask(struct tare *t, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *query;
    int64_t answer;

    if (sqlite3_prepare_v2(db, sql, -1, &query, NULL) != SQLITE_OK)
        tare_fail(t, "%s: %s", sql, sqlite3_errmsg(db));
    TARE_REQUIRE_INT(sqlite3_step(query), SQLITE_ROW);
    answer = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    return answer;
}

TARE_TEST(has_what_the_template_has, .tags = "integration", .fixtures = "db")
{
    TARE_CHECK_INT(ask(t, tare_fixture(t, "db"), "select count(*) from item"),
                   2);
}

/* Whatever one of these does to the table, the others do not see. */
TARE_TEST(adds, .tags = "integration", .fixtures = "db", .args = "n=1..5")
{
    sqlite3 *db = tare_fixture(t, "db");

    execute(t, db, "insert into item values ('plum', 5)");
    TARE_CHECK_INT(ask(t, db, "select count(*) from item"), 3);
}

TARE_TEST(removes, .tags = "integration", .fixtures = "db")
{
    sqlite3 *db = tare_fixture(t, "db");

    execute(t, db, "delete from item where price > 3");
    TARE_CHECK_INT(ask(t, db, "select sum(price) from item"), 3);
}

TARE_TEST(refuses_two_of_a_name, .tags = "integration", .fixtures = "db")
{
    TARE_CHECK_INT(sqlite3_exec(tare_fixture(t, "db"),
                                "insert into item values ('apple', 1)", NULL,
                                NULL, NULL),
                   SQLITE_CONSTRAINT);
}
