/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Merging: the other store is attached, names get the numbers they have here,
 * and rows are copied run by run. */
#include <config.h>

#include "store/merge.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "store/points.h"
#include "store/samples.h"
#include "store/sql.h"

DEFINE_SCOPED(struct store *, store_close)

/* Numbers of metrics there and here. */
struct renumbered {
    int64_t from, to;
};

struct merging {
    struct store *store;
    struct arena arena;
    struct renumbered *metric; /* sorted by from */
    size_t n_metrics;
};

/* --- names */

/* Texts and cases get a number here; facts are known by their digest. */
static const char copy_names[] =
    "INSERT OR IGNORE INTO main.text(value) SELECT value FROM other.text;"
    "INSERT OR IGNORE INTO main.case_name(suite, name)"
    " SELECT suite, name FROM other.case_name;"
    "INSERT OR IGNORE INTO main.metric(name, unit, better)"
    " SELECT name, unit, better FROM other.metric;"
    "INSERT OR IGNORE INTO main.fact_set(digest)"
    " SELECT digest FROM other.fact_set;"
    "INSERT OR IGNORE INTO main.fact SELECT m.id, f.name, f.value"
    " FROM other.fact f JOIN other.fact_set o ON o.id = f.set_id"
    " JOIN main.fact_set m ON m.digest = o.digest;"
    "CREATE TEMP TABLE text_map AS SELECT o.id AS there, m.id AS here"
    " FROM other.text o JOIN main.text m ON m.value = o.value;"
    "CREATE UNIQUE INDEX temp.text_there ON text_map(there);"
    "CREATE TEMP TABLE case_map AS SELECT o.id AS there, m.id AS here"
    " FROM other.case_name o JOIN main.case_name m"
    " ON m.suite = o.suite AND m.name = o.name;"
    "CREATE UNIQUE INDEX temp.case_there ON case_map(there);"
    "CREATE TEMP TABLE fact_map AS SELECT o.id AS there, m.id AS here"
    " FROM other.fact_set o JOIN main.fact_set m ON m.digest = o.digest;"
    "CREATE UNIQUE INDEX temp.fact_there ON fact_map(there);"
    "CREATE TEMP TABLE metric_map AS SELECT o.id AS there, m.id AS here"
    " FROM other.metric o JOIN main.metric m"
    " ON m.name = o.name AND m.unit = o.unit AND m.better = o.better;"
    "CREATE UNIQUE INDEX temp.metric_there ON metric_map(there);";

static const char drop_maps[] =
    "DROP TABLE IF EXISTS temp.text_map; DROP TABLE IF EXISTS temp.case_map;"
    "DROP TABLE IF EXISTS temp.fact_map; DROP TABLE IF EXISTS temp.metric_map;"
    "DROP TABLE IF EXISTS temp.chosen;";

/* What people said about changes: the newer word stays. */
static const char copy_changes[] =
    "INSERT OR IGNORE INTO main.series SELECT c.here, m.here"
    " FROM other.series s JOIN temp.case_map c ON c.there = s.case_id"
    " JOIN temp.metric_map m ON m.there = s.metric_id;"
    "INSERT INTO main.change_ack SELECT * FROM other.change_ack WHERE true"
    " ON CONFLICT DO UPDATE SET ratio = excluded.ratio,"
    " reason = excluded.reason, author = excluded.author,"
    " created = excluded.created WHERE excluded.created > created;"
    "INSERT INTO main.alert SELECT a.suite, a.name, a.metric, a.machine_key,"
    " a.branch, a.revision, a.rule, a.created, a.closed, a.ratio, h.id,"
    " a.command_status FROM other.alert a"
    " LEFT JOIN other.run t ON t.id = a.run_id"
    " LEFT JOIN main.run h ON h.uuid = t.uuid WHERE true"
    " ON CONFLICT DO UPDATE SET closed = excluded.closed"
    " WHERE closed = '' AND excluded.closed <> '';"
    "INSERT INTO main.last_outcome SELECT c.here, o.outcome, o.duration_ns,"
    " o.created FROM other.last_outcome o JOIN temp.case_map c"
    " ON c.there = o.case_id WHERE true"
    " ON CONFLICT DO UPDATE SET outcome = excluded.outcome,"
    " created = excluded.created, duration_ns ="
    "  CASE WHEN excluded.duration_ns < 0 THEN duration_ns"
    "  ELSE excluded.duration_ns END WHERE excluded.created > created;";

static int read_metrics(struct merging *m, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc =
        sql_begin(m->store, &stmt, err,
                  "SELECT there, here FROM temp.metric_map ORDER BY there", "");

    while (rc == 0 && (rc = sql_step(m->store, stmt, err)) == 1) {
        m->metric =
            arena_grow(&m->arena, m->metric, m->n_metrics, sizeof *m->metric);
        if (!m->metric)
            return ERROR(err, ERR_NOMEM, "no memory for metrics");
        m->metric[m->n_metrics++] = (struct renumbered){
            sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1)};
        rc = 0;
    }
    return rc;
}

static int by_from(const void *key, const void *item)
{
    int64_t from = *(const int64_t *)key;
    const struct renumbered *r = item;

    return (from > r->from) - (from < r->from);
}

/* --- runs */

/* The same invocation with the numbers that its metrics have here. */
static int renumber(struct merging *m, const uint8_t *bytes, size_t size,
                    struct strbuf *out, struct error *err)
{
    struct section s;
    int rc;

    while ((rc = section_next("store to merge", &bytes, &size, &s, err)) == 1) {
        int64_t from = (int64_t)s.metric;
        const struct renumbered *r =
            m->n_metrics ? bsearch(&from, m->metric, m->n_metrics,
                                   sizeof *m->metric, by_from)
                         : NULL;

        if (!r)
            return ERROR(err, ERR_PARSE,
                         "the store to merge is damaged: a metric is missing");
        varint_put(out, (uint64_t)r->to);
        varint_put(out, s.size);
        strbuf_add(out, (const char *)s.bytes, s.size);
    }
    if (rc == 0 && out->failed)
        rc = ERROR(err, ERR_NOMEM, "no memory for an invocation");
    return rc;
}

static int copy_invocations(struct merging *m, int64_t there, int64_t here,
                            struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf data = {0};
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(m->store, &stmt, err,
                       "SELECT number, data FROM other.invocation"
                       " WHERE result_id = ?1 ORDER BY number",
                       "i", there);

    while (rc == 0 && (rc = sql_step(m->store, stmt, err)) == 1) {
        data.size = 0;
        rc = renumber(m, sqlite3_column_blob(stmt, 1),
                      (size_t)sqlite3_column_bytes(stmt, 1), &data, err);
        if (rc == 0)
            rc = sql_run(m->store, err,
                         "INSERT INTO main.invocation VALUES (?1, ?2, ?3)",
                         "iib", here, sqlite3_column_int64(stmt, 0),
                         (const void *)strbuf_text(&data), data.size);
    }
    return rc;
}

static int copy_points(struct merging *m, int64_t there, int64_t here,
                       struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf data = {0};
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(
        m->store, &stmt, err,
        "SELECT c.here, p.version, p.data FROM"
        " (SELECT case_id FROM other.result WHERE run_id = ?1"
        "  UNION SELECT case_id FROM other.outcome WHERE run_id = ?1) r"
        " JOIN temp.case_map c ON c.there = r.case_id"
        " JOIN other.point p ON p.case_id = r.case_id AND p.run_id = ?1",
        "i", there);

    while (rc == 0 && (rc = sql_step(m->store, stmt, err)) == 1) {
        data.size = 0;
        rc = renumber(m, sqlite3_column_blob(stmt, 2),
                      (size_t)sqlite3_column_bytes(stmt, 2), &data, err);
        if (rc == 0)
            rc = sql_run(m->store, err,
                         "INSERT INTO main.point VALUES (?1, ?2, ?3, ?4)",
                         "iiib", sqlite3_column_int64(stmt, 0), here,
                         sqlite3_column_int64(stmt, 1),
                         (const void *)strbuf_text(&data), data.size);
    }
    return rc;
}

static int copy_results(struct merging *m, int64_t there, int64_t here,
                        struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_run(
        m->store, err,
        "INSERT INTO main.result(run_id, side, case_id, version, program, hash,"
        " tags, result, baseline, status, message, iterations, warmup, items,"
        " bytes, empty_ns, disturbed, stopped_by)"
        " SELECT ?2, r.side, c.here, r.version, p.here, h.here, t.here, s.here,"
        " b.here, r.status, e.here, r.iterations, r.warmup, r.items, r.bytes,"
        " r.empty_ns, r.disturbed, r.stopped_by FROM other.result r"
        " JOIN temp.case_map c ON c.there = r.case_id"
        " LEFT JOIN temp.text_map p ON p.there = r.program"
        " LEFT JOIN temp.text_map h ON h.there = r.hash"
        " LEFT JOIN temp.text_map t ON t.there = r.tags"
        " LEFT JOIN temp.text_map s ON s.there = r.result"
        " LEFT JOIN temp.text_map b ON b.there = r.baseline"
        " LEFT JOIN temp.text_map e ON e.there = r.message"
        " WHERE r.run_id = ?1 ORDER BY r.id",
        "ii", there, here);

    if (rc == 0)
        rc = sql_begin(m->store, &stmt, err,
                       "SELECT t.id, h.id FROM other.result t"
                       " JOIN temp.case_map c ON c.there = t.case_id"
                       " JOIN main.result h ON h.run_id = ?2"
                       "  AND h.side = t.side AND h.case_id = c.here"
                       " WHERE t.run_id = ?1",
                       "ii", there, here);
    while (rc == 0 && (rc = sql_step(m->store, stmt, err)) == 1)
        rc = copy_invocations(m, sqlite3_column_int64(stmt, 0),
                              sqlite3_column_int64(stmt, 1), err);
    return rc;
}

/* What belongs to a run besides its results.  ?1 is its number there, ?2
 * here. */
static const char *const copies[] = {
    "INSERT INTO main.argument SELECT ?2, position, value FROM other.argument"
    " WHERE run_id = ?1",
    "INSERT INTO main.anchor SELECT ?2, position, name, value"
    " FROM other.anchor WHERE run_id = ?1",
    "INSERT INTO main.outcome SELECT ?2, o.position, c.here, o.outcome,"
    " o.attempt, o.started_ns, o.setup_ns, o.call_ns, o.teardown_ns, o.worker,"
    " o.cpu, t.here, o.message, o.output, o.user_s, o.system_s, o.max_rss,"
    " o.read_bytes, o.write_bytes, o.ctx_switches, o.page_faults, o.item,"
    " o.duration_ns, f.here, o.line, o.note"
    " FROM other.outcome o JOIN temp.case_map c ON c.there = o.case_id"
    " LEFT JOIN temp.text_map t ON t.there = o.tags"
    " LEFT JOIN temp.text_map f ON f.there = o.file WHERE o.run_id = ?1",
    "INSERT INTO main.crew SELECT ?2, workers, makespan_ns, problems"
    " FROM other.crew WHERE run_id = ?1",
    "INSERT INTO main.verdict SELECT ?2, v.position, c.here, v.metric, v.unit,"
    " v.verdict, v.reason, v.mode, v.ratio, v.low, v.high, v.confidence, v.p,"
    " v.p_adjusted, v.mde, v.margin, v.pairs, v.old_value, v.old_invocations,"
    " v.old_samples, v.new_value, v.new_invocations, v.new_samples, v.detail"
    " FROM other.verdict v JOIN temp.case_map c ON c.there = v.case_id"
    " WHERE v.run_id = ?1",
};

static int copy_run(struct merging *m, int64_t there, struct error *err)
{
    int64_t here;
    int rc = sql_run(
        m->store, err,
        "INSERT INTO main.run(uuid, kind, status, suite, created, finished,"
        " revision, revision_time, dirty, branch, machine_key, machine_facts,"
        " build_facts, plan_facts, seed, exit_status, no_history,"
        " history_time) SELECT r.uuid, r.kind, r.status, r.suite, r.created, r.finished,"
        " r.revision, r.revision_time, r.dirty, r.branch, r.machine_key,"
        " a.here, b.here, c.here, r.seed, r.exit_status, r.no_history,"
        " r.history_time"
        " FROM other.run r JOIN temp.fact_map a ON a.there = r.machine_facts"
        " JOIN temp.fact_map b ON b.there = r.build_facts"
        " JOIN temp.fact_map c ON c.there = r.plan_facts WHERE r.id = ?1",
        "i", there);

    if (rc < 0)
        return rc;
    here = sqlite3_last_insert_rowid(m->store->db);
    rc = copy_results(m, there, here, err);
    if (rc == 0)
        rc = copy_points(m, there, here, err);
    for (size_t i = 0; i < ARRAY_LEN(copies) && rc == 0; i++)
        rc = sql_run(m->store, err, copies[i], "ii", there, here);
    return rc;
}

/* A run that is here already is left alone, but for one that was unfinished
 * here and went on there. */
static int merge_run(struct merging *m, int64_t there, struct merged *out,
                     struct error *err)
{
    int64_t here = 0, finished = 0;
    int rc = sql_get(m->store, &here, err,
                     "SELECT h.id FROM main.run h JOIN other.run t"
                     " ON t.uuid = h.uuid WHERE t.id = ?1",
                     "i", there);

    if (rc == 0) {
        out->runs++;
        return copy_run(m, there, err);
    }
    out->present++;
    if (rc == 1)
        rc = sql_get(m->store, &finished, err,
                     "SELECT h.status = 0 AND t.status <> 0 FROM main.run h"
                     " JOIN other.run t ON t.uuid = h.uuid WHERE t.id = ?1",
                     "i", there);
    if (rc < 0 || !finished)
        return rc < 0 ? rc : 0;
    rc = runs_remove(m->store, here, err);
    return rc < 0 ? rc : copy_run(m, there, err);
}

static int merge_runs(struct merging *m, struct merged *out, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(m->store, &stmt, err,
                       "SELECT id FROM temp.chosen ORDER BY id", "");

    while (rc == 0 && (rc = sql_step(m->store, stmt, err)) == 1)
        rc = merge_run(m, sqlite3_column_int64(stmt, 0), out, err);
    return rc;
}

/* --- the whole */

static int choose(struct store *store, const int64_t *run, size_t n,
                  struct error *err)
{
    int rc = sql_script(
        store, "CREATE TEMP TABLE chosen(id INTEGER PRIMARY KEY)", err);

    if (rc == 0 && !run)
        return sql_run(store, err,
                       "INSERT INTO temp.chosen SELECT id FROM other.run", "");
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = sql_run(store, err, "INSERT INTO temp.chosen VALUES (?1)", "i",
                     run[i]);
    return rc;
}

static int pull_attached(struct store *store, const int64_t *run, size_t n,
                         struct merged *out, struct error *err)
{
    struct merging m = {.store = store};
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    rc = choose(store, run, n, err);
    if (rc == 0)
        rc = sql_script(store, copy_names, err);
    if (rc == 0)
        rc = read_metrics(&m, err);
    if (rc == 0)
        rc = merge_runs(&m, out, err);
    if (rc == 0)
        rc = sql_script(store, copy_changes, err);
    if (rc == 0)
        rc = sql_script(store, drop_maps, err);
    arena_clear(&m.arena);
    return tx_end(store, rc, err);
}

/* Copy these runs of `other`, or all where run is NULL. */
static int pull(struct store *store, const struct store *other,
                const int64_t *run, size_t n, struct merged *out,
                struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf address = {0};
    struct merged merged = {0};
    int rc;

    if (store->depth > 0)
        return ERROR_AT(err, ERR_INVAL, store->path, 0, 0,
                        "cannot be merged into within a batch");
    sql_address(&address, other->path,
                other->immutable ? "?immutable=1" : "?mode=ro");
    if (address.failed)
        return ERROR(err, ERR_NOMEM, "no memory for a file name");
    rc = sql_run(store, err, "ATTACH ?1 AS other", "t", strbuf_text(&address));
    if (rc < 0)
        return rc;
    rc = pull_attached(store, run, n, &merged, err);
    sql_run(store, NULL, "DETACH other", "");
    if (rc == 0)
        *out = merged;
    return rc;
}

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

int store_merge(struct store *into, const char *from, struct merged *out,
                struct error *err)
{
    SCOPED(store_close_scoped) struct store *other = NULL;
    int rc;

    if (same_file(into->path, from))
        return ERROR_AT(err, ERR_USAGE, from, 0, 0,
                        "cannot be merged with itself");
    rc = store_open(from, STORE_READ, &other, err);
    return rc < 0 ? rc : pull(into, other, NULL, 0, out, err);
}

/* The runs a filter takes, as numbers. */
static int numbers_of(struct store *store, const struct run_filter *filter,
                      struct arena *arena, int64_t **out, size_t *n,
                      struct error *err)
{
    struct run_info *info;
    int rc = runs_list(store, filter, arena, &info, n, err);

    if (rc < 0)
        return rc;
    *out = arena_alloc(arena, *n + 1, sizeof **out);
    if (!*out)
        return ERROR(err, ERR_NOMEM, "no memory for runs");
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = info[i].run;
    return 0;
}

/* The copy is one file: its log is merged into it before it gets its name. */
static int fill_copy(const char *temp, struct store *from,
                     const struct run_filter *filter, size_t *runs,
                     struct error *err)
{
    SCOPED(store_close_scoped) struct store *copy = NULL;
    SCOPED(arena_end_scoped) struct arena arena = {0};
    struct merged merged;
    int64_t *number;
    size_t n;
    int rc = numbers_of(from, filter, &arena, &number, &n, err);

    if (rc == 0)
        rc = store_open(temp, STORE_WRITE, &copy, err);
    if (rc == 0)
        rc = pull(copy, from, number, n, &merged, err);
    if (rc == 0)
        rc = store_compact(copy, err);
    if (rc == 0)
        rc = sql_run(copy, err, "PRAGMA journal_mode = DELETE", "");
    if (rc == 0)
        *runs = n;
    return rc;
}

int store_export(struct store *store, const struct run_filter *filter,
                 const char *to, size_t *runs, struct error *err)
{
    SCOPED(free_scoped) char *temp = NULL;
    int fd, rc;

    if (asprintf(&temp, "%s.XXXXXX", to) < 0) {
        temp = NULL;
        return ERROR(err, ERR_NOMEM, "no memory for a file name");
    }
    fd = mkostemp(temp, O_CLOEXEC);
    if (fd < 0)
        return ERROR_AT(err, ERR_SYS, to, 0, 0, "cannot write");
    close(fd);
    rc = fill_copy(temp, store, filter, runs, err);
    if (rc == 0 && link(temp, to) < 0) {
        rc = ERROR_AT(err, errno == EEXIST ? ERR_USAGE : ERR_SYS, to, 0, 0,
                      errno == EEXIST ? "exists already" : "cannot write");
        error_help(err, "name a file that does not exist yet");
    }
    unlink(temp);
    return rc;
}
