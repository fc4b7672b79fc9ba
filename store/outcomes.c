/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outcomes of tests and their last durations. */
#include <config.h>

#include "store/outcomes.h"

#include <string.h>

#include "store/sql.h"

static int64_t duration_of(const struct stored_outcome *o)
{
    int64_t total = 0;
    const int64_t part[] = {o->setup_ns, o->call_ns, o->teardown_ns};

    if (o->duration_ns > 0)
        return o->duration_ns;
    for (size_t i = 0; i < ARRAY_LEN(part); i++)
        total += part[i] > 0 ? part[i] : 0;
    return total;
}

static int insert_outcome(struct store *store, int64_t run, int64_t case_id,
                          const struct stored_outcome *o, struct error *err)
{
    int64_t tags = 0, file = 0;
    int rc = o->tags[0] ? intern_text(store, o->tags, &tags, err) : 0;

    if (rc == 0 && o->file && o->file[0])
        rc = intern_text(store, o->file, &file, err);
    if (rc < 0)
        return rc;
    return sql_run(
        store, err,
        "INSERT INTO outcome VALUES (?1, (SELECT ifnull(max(position) + 1, 0)"
        " FROM outcome WHERE run_id = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
        " ?10, nullif(?11, 0), ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,"
        " ?21, ?22, nullif(?23, 0), ?24, ?25)",
        "iitiiiiitiittddiiiiiiiiit", run, case_id, o->outcome, o->attempt,
        o->started_ns, o->setup_ns, o->call_ns, o->teardown_ns, o->worker,
        o->cpu, tags, o->message, o->output, o->usage.user_s, o->usage.system_s,
        o->usage.max_rss, o->usage.read_bytes, o->usage.write_bytes,
        o->usage.ctx_switches, o->usage.page_faults, o->item, duration_of(o),
        file, o->line, o->note ? o->note : "");
}

/* The duration stays that of the last pass: a test that crashed at once would
 * be planned as a short one. */
static int update_last(struct store *store, int64_t run, int64_t case_id,
                       const struct stored_outcome *o, struct error *err)
{
    bool passed = strcmp(o->outcome, "passed") == 0;

    return sql_run(
        store, err,
        "INSERT INTO last_outcome SELECT ?1, ?2, ?3, created FROM run"
        " WHERE id = ?4"
        " ON CONFLICT(case_id) DO UPDATE SET outcome = excluded.outcome,"
        " created = excluded.created, duration_ns ="
        "  CASE WHEN excluded.duration_ns < 0 THEN duration_ns"
        "  ELSE excluded.duration_ns END",
        "itii", case_id, o->outcome, passed ? duration_of(o) : INT64_C(-1),
        run);
}

static int add(struct store *store, int64_t run, const struct stored_outcome *o,
               struct error *err)
{
    int64_t case_id = 0;
    int rc = sql_use_run(store, run, err);

    if (rc == 0)
        rc = intern_case(store, store->run.suite, o->id, &case_id, err);
    if (rc == 0)
        rc = insert_outcome(store, run, case_id, o, err);
    return rc < 0 ? rc : update_last(store, run, case_id, o, err);
}

int outcomes_add(struct store *store, int64_t run,
                 const struct stored_outcome *outcome, struct error *err)
{
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    return tx_end(store, add(store, run, outcome, err), err);
}

static int read_outcome(sqlite3_stmt *s, struct arena *arena,
                        struct stored_outcome *o, struct error *err)
{
    *o = (struct stored_outcome){
        .id = sql_text(s, 0, arena),
        .outcome = sql_text(s, 1, arena),
        .attempt = sqlite3_column_int64(s, 2),
        .started_ns = sqlite3_column_int64(s, 3),
        .setup_ns = sqlite3_column_int64(s, 4),
        .call_ns = sqlite3_column_int64(s, 5),
        .teardown_ns = sqlite3_column_int64(s, 6),
        .worker = sql_text(s, 7, arena),
        .cpu = sqlite3_column_int64(s, 8),
        .tags = sql_text(s, 9, arena),
        .message = sql_text(s, 10, arena),
        .output = sql_text(s, 11, arena),
        .usage = {.user_s = sqlite3_column_double(s, 12),
                  .system_s = sqlite3_column_double(s, 13),
                  .max_rss = sqlite3_column_int64(s, 14),
                  .read_bytes = sqlite3_column_int64(s, 15),
                  .write_bytes = sqlite3_column_int64(s, 16),
                  .ctx_switches = sqlite3_column_int64(s, 17),
                  .page_faults = sqlite3_column_int64(s, 18)},
        .item = sqlite3_column_int64(s, 19),
        .duration_ns = sqlite3_column_int64(s, 20),
        .file = sql_text(s, 21, arena),
        .line = sqlite3_column_int64(s, 22),
        .note = sql_text(s, 23, arena),
    };
    o->duration_ns = duration_of(o); /* of a row that is older than this */
    if (!o->id || !o->outcome || !o->worker || !o->tags || !o->message ||
        !o->output || !o->file || !o->note)
        return ERROR(err, ERR_NOMEM, "no memory for outcomes");
    return 0;
}

int outcomes_load(struct store *store, int64_t run, struct arena *arena,
                  struct stored_outcome **out, size_t *n, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    struct stored_outcome *all = NULL;
    size_t count = 0;
    int rc = sql_begin(
        store, &stmt, err,
        "SELECT c.name, o.outcome, attempt, started_ns, setup_ns, call_ns,"
        " teardown_ns, worker, cpu, t.value, message, output, user_s, system_s,"
        " max_rss, read_bytes, write_bytes, ctx_switches, page_faults,"
        " item, duration_ns, f.value, line, note"
        " FROM outcome o JOIN case_name c ON c.id = o.case_id"
        " LEFT JOIN text t ON t.id = o.tags"
        " LEFT JOIN text f ON f.id = o.file WHERE o.run_id = ?1"
        " ORDER BY position",
        "i", run);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        all = arena_grow(arena, all, count, sizeof *all);
        if (!all)
            return ERROR(err, ERR_NOMEM, "no memory for outcomes");
        rc = read_outcome(stmt, arena, &all[count++], err);
    }
    if (rc < 0)
        return rc;
    *out = all;
    *n = count;
    return 0;
}

int crew_add(struct store *store, int64_t run, const struct stored_crew *crew,
             struct error *err)
{
    int rc = tx_begin(store, err);

    if (rc < 0)
        return rc;
    rc = sql_run(store, err, "INSERT INTO crew VALUES (?1, ?2, ?3, ?4)", "iiit",
                 run, crew->workers, crew->makespan_ns, crew->problems);
    return tx_end(store, rc, err);
}

int crew_load(struct store *store, int64_t run, struct arena *arena,
              struct stored_crew *out, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    struct stored_crew crew = {.problems = ""};
    int rc = sql_begin(store, &stmt, err,
                       "SELECT workers, makespan_ns, problems FROM crew"
                       " WHERE run_id = ?1",
                       "i", run);

    if (rc == 0)
        rc = sql_step(store, stmt, err);
    if (rc == 1)
        crew = (struct stored_crew){
            .workers = sqlite3_column_int64(stmt, 0),
            .makespan_ns = sqlite3_column_int64(stmt, 1),
            .problems = sql_text(stmt, 2, arena),
        };
    if (rc < 0)
        return rc;
    if (!crew.problems)
        return ERROR(err, ERR_NOMEM, "no memory for a run");
    *out = crew;
    return 0;
}

int outcomes_last(struct store *store, const char *suite, struct arena *arena,
                  struct last_outcome **out, size_t *n, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    struct last_outcome *all = NULL;
    size_t count = 0;
    int rc = sql_begin(store, &stmt, err,
                       "SELECT c.name, l.outcome, l.duration_ns, l.created"
                       " FROM case_name c JOIN last_outcome l"
                       " ON l.case_id = c.id WHERE c.suite = ?1"
                       " ORDER BY c.name",
                       "t", suite);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        all = arena_grow(arena, all, count, sizeof *all);
        if (!all)
            return ERROR(err, ERR_NOMEM, "no memory for outcomes");
        all[count] = (struct last_outcome){
            .id = sql_text(stmt, 0, arena),
            .outcome = sql_text(stmt, 1, arena),
            .duration_ns = sqlite3_column_int64(stmt, 2),
            .created = sql_text(stmt, 3, arena),
        };
        if (!all[count].id || !all[count].outcome || !all[count].created)
            return ERROR(err, ERR_NOMEM, "no memory for outcomes");
        count++;
        rc = 0;
    }
    if (rc < 0)
        return rc;
    *out = all;
    *n = count;
    return 0;
}
