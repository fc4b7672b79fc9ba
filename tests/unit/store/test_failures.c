/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can go wrong with the file, and that nothing is lost by it. */
#include <config.h>

#include "bench/tare.h"
#include "tests/unit/store/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "store/outcomes.h"
#include "store/sql.h"

static const double ms[] = {1.001, 1.002, 1.0035};

/* Open for writing and get the error. */
static int open_write(const char *path, struct error *err)
{
    SCOPED(store_close_scoped) struct store *store = NULL;

    return store_open(path, STORE_WRITE, &store, err);
}

static int open_read(const char *path, struct error *err)
{
    SCOPED(store_close_scoped) struct store *store = NULL;

    return store_open(path, STORE_READ, &store, err);
}

/* Run SQL on a file directly, as another program would. */
static void touch_up(const char *path, const char *sql)
{
    sqlite3 *db;

    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(db));
    sqlite3_close(db);
}

TARE_TEST(a_missing_file_is_empty_to_readers_and_made_by_writers)
{
    struct error err = {0};

    file_remove_tree("new", NULL);
    TARE_CHECK_INT(open_read("new/folder/tare.db", &err), ERR_EMPTY);
    TARE_CHECK_STR(err.file, "new/folder/tare.db");
    TARE_CHECK_STR(err.help, "'tare run' stores them");
    TARE_CHECK(!file_exists("new"));
    TARE_CHECK_INT(open_write("new/folder/tare.db", NULL), 0);
    TARE_CHECK_INT(open_read("new/folder/tare.db", NULL), 0);
    TARE_REQUIRE_INT(file_write_atomic("empty.db", "", 0, NULL), 0);
    TARE_CHECK_INT(open_read("empty.db", NULL), ERR_EMPTY);
    TARE_CHECK_INT(open_write("empty.db", NULL), 0);
    TARE_CHECK_INT(open_write("odd ?name#%20.db", NULL), 0);
    TARE_CHECK(file_exists("odd ?name#%20.db"));
}

TARE_TEST(what_is_no_store_is_refused_and_not_touched)
{
    static const char text[] = "this is a text file of some length, and no "
                               "database at all, as anyone can see who looks";
    SCOPED(free_scoped) char *after = NULL;
    struct error err = {0};
    size_t size;

    TARE_CHECK_INT(open_write(".", &err), ERR_PARSE);
    TARE_CHECK_STR(err.text, "is a folder, not a store of runs");
    TARE_CHECK_INT(open_write("/dev/null", &err), ERR_PARSE);
    TARE_CHECK_STR(err.text, "is no regular file, not a store of runs");
    TARE_REQUIRE_INT(file_write_atomic("text.db", text, sizeof text, NULL), 0);
    TARE_CHECK_INT(open_read("text.db", &err), ERR_PARSE);
    TARE_CHECK_STR(err.text, "is not a store of runs");
    err = (struct error){0};
    TARE_CHECK_INT(open_write("text.db", &err), ERR_PARSE);
    TARE_CHECK(err.help[0]);
    TARE_REQUIRE_INT(file_read("text.db", 4096, &after, &size, NULL), 0);
    TARE_CHECK_STR(after, text);
    unlink("other.db");
    touch_up("other.db", "CREATE TABLE shop(x); PRAGMA user_version = 1");
    TARE_CHECK_INT(open_write("other.db", &err), ERR_PARSE);
    TARE_CHECK_STR(err.text, "is a database of another program");
}

TARE_TEST(a_newer_schema_is_refused_and_not_touched)
{
    struct error err = {0};
    struct store *store = fresh_store("newer.db");

    TARE_REQUIRE(store);
    store_close(store);
    touch_up("newer.db", "PRAGMA user_version = 99");
    TARE_CHECK_INT(open_write("newer.db", &err), ERR_PARSE);
    TARE_CHECK_STR(err.text, "was written by a newer tare (schema 99, this "
                             "one knows 2)");
    TARE_CHECK_INT(open_read("newer.db", NULL), ERR_PARSE);
    touch_up("newer.db", "PRAGMA user_version = 2");
    TARE_CHECK_INT(open_read("newer.db", NULL), 0);
}

TARE_TEST(migrations_run_once_and_whole)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("steps.db");
    const char *const steps[] = {"", "", "CREATE TABLE two(x)",
                                 "CREATE TABLE three(x)"};
    const char *const broken[] = {"", "", "", "",
                                  "CREATE TABLE four(x); nonsense"};
    int64_t version = 0, tables = 0;

    TARE_REQUIRE(store);
    TARE_CHECK_INT(schema_migrate(store, steps, 4, NULL), 0);
    TARE_CHECK_INT(schema_migrate(store, steps, 4, NULL), 0);
    TARE_CHECK(schema_migrate(store, broken, 5, NULL) < 0);
    sql_get(store, &version, NULL, "PRAGMA user_version", "");
    TARE_CHECK_INT(version, 4);
    sql_get(store, &tables, NULL,
            "SELECT count(*) FROM sqlite_master"
            " WHERE name IN ('two', 'three', 'four')",
            "");
    TARE_CHECK_INT(tables, 2);
}

/* What a store of the first schema has can be read, and more be added. */
TARE_TEST(the_first_schema_is_migrated)
{
    SCOPED(store_close_scoped) struct store *store = NULL;
    SCOPED(arena_scoped) struct arena arena = {0};
    struct stored_outcome *row;
    struct stored_crew crew;
    size_t n = 0;

    touch_up("first.db", store_migrations[0]);
    touch_up("first.db",
             "PRAGMA user_version = 1;"
             "INSERT INTO fact_set VALUES (1, 'd');"
             "INSERT INTO run VALUES (1, 'u', 4, 1, 's', '2026', '2026', '', 0,"
             " 0, 0, '', 'm', 1, 1, 1, 5, 0, 0);"
             "INSERT INTO case_name VALUES (1, 's', 'a/b');"
             "INSERT INTO outcome VALUES (1, 0, 1, 'passed', 0, 5, 10, 200, -1,"
             " 'w0', 2, NULL, '', '', 0, 0, 1, 1, 1, 1, 1)");
    TARE_REQUIRE_INT(store_open("first.db", STORE_WRITE, &store, NULL), 0);
    TARE_REQUIRE_INT(outcomes_load(store, 1, &arena, &row, &n, NULL), 0);
    TARE_REQUIRE_INT(n, 1);
    TARE_CHECK_STR(row->id, "a/b");
    TARE_CHECK_INT(row->duration_ns, 210);
    TARE_CHECK_INT(row->item, -1);
    TARE_CHECK_STR(row->note, "");
    TARE_CHECK_STR(row->file, "");
    TARE_REQUIRE_INT(crew_load(store, 1, &arena, &crew, NULL), 0);
    TARE_CHECK_INT(crew.workers, 0);
    crew = (struct stored_crew){
        .workers = 2, .makespan_ns = 30, .problems = "it broke\n"};
    TARE_REQUIRE_INT(crew_add(store, 1, &crew, NULL), 0);
    TARE_REQUIRE_INT(crew_load(store, 1, &arena, &crew, NULL), 0);
    TARE_CHECK_INT(crew.makespan_ns, 30);
    TARE_CHECK_STR(crew.problems, "it broke\n");
}

/* Every table and column stands in the normative page. */
TARE_TEST(the_format_document_names_every_column)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("doc.db");
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    SCOPED(free_scoped) char *page = NULL;
    const char *srcdir = getenv("srcdir");
    char path[1024];
    size_t size, columns = 0;

    TARE_REQUIRE(store);
    snprintf(path, sizeof path, "%s/docs/formats-store.md",
             srcdir ? srcdir : ".");
    TARE_REQUIRE_INT(file_read(path, 1 << 20, &page, &size, NULL), 0);
    TARE_REQUIRE_INT(sql_begin(store, &stmt, NULL,
                               "SELECT t.name, c.name FROM sqlite_master t,"
                               " pragma_table_info(t.name) c"
                               " WHERE t.type = 'table'"
                               " AND t.name NOT LIKE 'sqlite_%'",
                               ""),
                     0);
    for (; sql_step(store, stmt, NULL) == 1; columns++) {
        for (int i = 0; i < 2; i++) {
            char word[80];

            snprintf(word, sizeof word, "`%s`",
                     (const char *)sqlite3_column_text(stmt, i));
            if (!strstr(page, word))
                fprintf(stderr, "missing: %s\n", word);
            TARE_CHECK(strstr(page, word));
        }
    }
    TARE_CHECK(columns > 100);
}

TARE_TEST(an_older_schema_needs_a_writer_first)
{
    struct error err = {0};
    struct store *store = fresh_store("older.db");

    TARE_REQUIRE(store);
    store_close(store);
    touch_up("older.db", "PRAGMA user_version = -1");
    TARE_CHECK_INT(open_read("older.db", &err), ERR_PARSE);
    TARE_CHECK(strstr(err.text, "older schema -1"));
}

/* Overwrite the middle of a file. */
static void damage(const char *path, long at, size_t n)
{
    FILE *f = fopen(path, "r+e");

    if (!f)
        return;
    fseek(f, at, SEEK_SET);
    while (n--)
        putc(0x5a, f);
    fclose(f);
}

TARE_TEST(a_damaged_file_is_an_error_with_a_remedy)
{
    struct store *store = fresh_store("damaged.db");
    struct results *r = NULL;
    struct error err = {0};
    double many[300];
    int64_t run;
    int rc;

    TARE_REQUIRE(store);
    for (int i = 0; i < 300; i++)
        many[i] = 1.0 / (i + 1);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    for (int i = 0; i < 200; i++)
        add_times(store, run, "p/x", many, 300);
    store_close(store);
    damage("damaged.db", 300 * 1000, 100 * 1000);
    TARE_REQUIRE_INT(store_open("damaged.db", STORE_READ, &store, NULL), 0);
    rc = runs_load(store, run, SIDE_NEW, &r, &err);
    TARE_CHECK_INT(rc, ERR_PARSE);
    TARE_CHECK_STR(err.file, "damaged.db");
    TARE_CHECK(strstr(err.text, "damaged"));
    TARE_CHECK(strstr(err.help, ".recover"));
    TARE_CHECK_INT(store_check(store, NULL), ERR_PARSE);
    store_close(store);
    /* cut off: the same */
    TARE_REQUIRE_INT(truncate("damaged.db", 5000), 0);
    TARE_CHECK_INT(open_write("damaged.db", &err), ERR_PARSE);
}

TARE_TEST(samples_damaged_within_a_sound_file_are_found)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("blob.db");
    SCOPED(results_free_scoped) struct results *r = NULL;
    struct error err = {0};
    int64_t run;

    TARE_REQUIRE(store);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    add_times(store, run, "p/x", ms, 3);
    TARE_REQUIRE_INT(
        sql_run(store, NULL, "UPDATE invocation SET data = x'01ff00'", ""), 0);
    TARE_CHECK_INT(runs_load(store, run, SIDE_NEW, &r, &err), ERR_PARSE);
    TARE_CHECK_STR(err.text, "damaged samples: a metric ends too early");
}

/* In a child: run body as a user whom permissions bind; root is one without
 * its capabilities. */
static int as_user(int (*body)(const char *), const char *path)
{
    struct __user_cap_header_struct header = {.version =
                                                  _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[2] = {{0}};
    pid_t pid = fork();
    int status = -1;

    if (pid == 0) {
        if (syscall(SYS_capset, &header, none) < 0)
            _exit(99);
        _exit(body(path));
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int read_one(const char *path)
{
    SCOPED(store_close_scoped) struct store *store = NULL;
    SCOPED(results_free_scoped) struct results *r = NULL;
    struct error err = {0};

    if (store_open(path, STORE_READ, &store, &err) < 0 ||
        runs_load(store, 1, SIDE_NEW, &r, &err) < 0) {
        error_print(&err, stderr);
        return 1;
    }
    return r->n_cases == 1 ? 0 : 2;
}

static int fail_to_write(const char *path)
{
    struct error err = {0};
    int rc = open_write(path, &err);

    if (rc != ERR_SYS)
        error_print(&err, stderr);
    return rc == ERR_SYS && strstr(err.help, "writable") ? 0 : 1;
}

TARE_TEST(a_folder_that_cannot_be_written_can_be_read)
{
    struct store *store;
    int64_t run;

    TARE_REQUIRE_INT(file_make_folders("locked", NULL), 0);
    chmod("locked", 0755);
    store = fresh_store("locked/tare.db");
    TARE_REQUIRE(store);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    add_times(store, run, "p/x", ms, 3);
    /* while the writer lives its log is read, afterwards the file alone */
    chmod("locked", 0555);
    TARE_CHECK_INT(as_user(read_one, "locked/tare.db"), 0);
    chmod("locked", 0755);
    store_close(store);
    chmod("locked", 0555);
    TARE_CHECK_INT(as_user(read_one, "locked/tare.db"), 0);
    TARE_CHECK_INT(as_user(fail_to_write, "locked/tare.db"), 0);
    TARE_CHECK_INT(as_user(fail_to_write, "locked/new.db"), 0);
    chmod("locked", 0755);
}

/* Add invocations until one fails; then all that were added are there. */
static int fill_up(const char *path)
{
    struct store *store = fresh_store(path);
    SCOPED(results_free_scoped) struct results *r = NULL;
    struct error err = {0};
    size_t added = 0;
    double many[500];
    int64_t run;

    if (!store)
        return 1;
    for (int i = 0; i < 500; i++)
        many[i] = 1.0 / (i + 1);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    while (added < 100000) {
        struct measured_metric m = {"time", "ns", BETTER_LOWER, many, 500};
        struct measured one = {.id = "p/x", .metric = &m, .n_metrics = 1};

        if (runs_add(store, run, &one, &err) < 0)
            break;
        added++;
    }
    if (err.code != ERR_SYS || !err.help[0] || !added) {
        error_print(&err, stderr);
        return 2;
    }
    store_close(store);
    if (store_open(path, STORE_READ, &store, &err) < 0 ||
        runs_load(store, run, SIDE_NEW, &r, &err) < 0) {
        error_print(&err, stderr);
        return 3;
    }
    store_close(store);
    return r->n_cases == 1 && r->cases[0].metric[0].occasion[0].n == added ? 0
                                                                           : 4;
}

/* The system's limit on the size of a file stands for a disk that takes no
 * more; a real full one follows where it can be made. */
static int fill_up_to_limit(const char *path)
{
    const struct rlimit limit = {1 << 20, 1 << 20};

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    return fill_up(path);
}

static int fill_up_disk(const char *path)
{
    char file[256];

    if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("tare", path, "tmpfs", 0, "size=1m") < 0)
        return 77;
    snprintf(file, sizeof file, "%s/tare.db", path);
    return fill_up(file);
}

static int in_child(int (*body)(const char *), const char *path)
{
    pid_t pid = fork();
    int status = -1;

    if (pid == 0)
        _exit(body(path));
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TARE_TEST(a_file_that_can_grow_no_more_keeps_what_it_has)
{
    TARE_CHECK_INT(in_child(fill_up_to_limit, "limit.db"), 0);
}

TARE_TEST(a_full_disk_keeps_what_it_has)
{
    int status;

    TARE_REQUIRE_INT(file_make_folders("disk", NULL), 0);
    status = in_child(fill_up_disk, "disk");
    if (status == 77)
        TARE_SKIP("no small disk can be made here");
    TARE_CHECK_INT(status, 0);
}

enum { WRITERS = 3, ADDS = 40 };

static int write_some(const char *path)
{
    struct store *store = NULL;
    int64_t run;
    int failed = 0;

    if (store_open(path, STORE_WRITE, &store, NULL) < 0)
        return 1;
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    for (int i = 0; i < ADDS; i++)
        failed |= add_times(store, run, "p/x", ms, 3) < 0;
    failed |= runs_finish(store, run, RUN_COMPLETE, "x", 0, NULL) < 0;
    store_close(store);
    return failed;
}

TARE_TEST(processes_write_at_once)
{
    SCOPED(store_close_scoped) struct store *store = NULL;
    struct store_size size;
    pid_t pid[WRITERS];
    int status;

    unlink("shared.db");
    for (int i = 0; i < WRITERS; i++) {
        pid[i] = fork();
        if (pid[i] == 0)
            _exit(write_some("shared.db"));
    }
    for (int i = 0; i < WRITERS; i++) {
        waitpid(pid[i], &status, 0);
        TARE_CHECK_INT(status, 0);
    }
    TARE_REQUIRE_INT(store_open("shared.db", STORE_READ, &store, NULL), 0);
    TARE_REQUIRE_INT(store_measure(store, &size, NULL), 0);
    TARE_CHECK_INT(size.runs, WRITERS);
    TARE_CHECK_INT(size.invocations, WRITERS * ADDS);
    TARE_CHECK_INT(store_check(store, NULL), 0);
}

static int write_and_die(const char *path)
{
    struct store *store = NULL;
    int64_t run;

    if (store_open(path, STORE_WRITE, &store, NULL) < 0)
        return 1;
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    for (int i = 0; i < ADDS; i++)
        add_times(store, run, "p/x", ms, 3);
    store_hold(store, NULL);
    add_times(store, run, "p/x", ms, 3);
    kill(getpid(), SIGKILL);
    return 1;
}

TARE_TEST(a_killed_process_loses_nothing_but_what_it_held)
{
    SCOPED(store_close_scoped) struct store *store = NULL;
    struct store_size size;

    unlink("killed.db");
    TARE_CHECK_INT(in_child(write_and_die, "killed.db"), -1);
    TARE_REQUIRE_INT(store_open("killed.db", STORE_WRITE, &store, NULL), 0);
    TARE_REQUIRE_INT(store_measure(store, &size, NULL), 0);
    TARE_CHECK_INT(size.invocations, ADDS);
    TARE_CHECK_INT(add_times(store, 1, "p/x", ms, 3), 0);
}

TARE_TEST(a_failed_write_leaves_the_rest_of_a_batch)
{
    SCOPED(store_close_scoped) struct store *store = fresh_store("batch.db");
    struct store_size size;
    int64_t run;

    TARE_REQUIRE(store);
    run = begin_run(store, "a", "2026-11-22T10:00:00Z");
    TARE_REQUIRE_INT(store_hold(store, NULL), 0);
    TARE_CHECK_INT(add_times(store, run, "p/x", ms, 3), 0);
    TARE_CHECK_INT(add_times(store, 99, "p/x", ms, 3), ERR_EMPTY);
    TARE_CHECK_INT(add_times(store, run, "p/x", ms, 3), 0);
    TARE_REQUIRE_INT(store_release(store, NULL), 0);
    TARE_REQUIRE_INT(store_measure(store, &size, NULL), 0);
    TARE_CHECK_INT(size.invocations, 2);
    TARE_REQUIRE_INT(store_hold(store, NULL), 0);
    TARE_CHECK_INT(add_times(store, run, "p/x", ms, 3), 0);
    store_undo(store);
    TARE_REQUIRE_INT(store_measure(store, &size, NULL), 0);
    TARE_CHECK_INT(size.invocations, 2);
}

TARE_TEST(a_reader_does_not_write)
{
    struct store *store = fresh_store("reader.db");
    struct error err = {0};

    TARE_REQUIRE(store);
    store_close(store);
    TARE_REQUIRE_INT(store_open("reader.db", STORE_READ, &store, NULL), 0);
    TARE_CHECK_INT(runs_remove(store, 1, &err), ERR_SYS);
    TARE_CHECK(err.help[0]);
    store_close(store);
}
