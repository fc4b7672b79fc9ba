/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a run back as results. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/runs.h"
#include "store/samples.h"
#include "store/sql.h"

DEFINE_SCOPED(struct results *, results_free)

/* Metrics by their id, read once per load. */
struct metric_names {
    struct named {
        int64_t id;
        const char *name, *unit;
        enum better better;
    } * of; /* sorted by id */
    size_t n;
};

struct loading {
    struct store *store;
    struct results *results;
    struct arena scratch;
    struct metric_names metrics;
};

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a run");
}

static int read_metrics(struct loading *l, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    struct metric_names *m = &l->metrics;
    int rc =
        sql_begin(l->store, &stmt, err,
                  "SELECT id, name, unit, better FROM metric ORDER BY id", "");

    while (rc == 0 && (rc = sql_step(l->store, stmt, err)) == 1) {
        int better = sqlite3_column_int(stmt, 3);

        m->of = arena_grow(&l->scratch, m->of, m->n, sizeof *m->of);
        if (!m->of)
            return no_memory(err);
        m->of[m->n] = (struct named){
            .id = sqlite3_column_int64(stmt, 0),
            .name = sql_text(stmt, 1, &l->scratch),
            .unit = sql_text(stmt, 2, &l->scratch),
            .better = better >= 0 && better <= BETTER_HIGHER
                          ? (enum better)better
                          : BETTER_NONE,
        };
        if (!m->of[m->n].name || !m->of[m->n].unit)
            return no_memory(err);
        m->n++;
        rc = 0;
    }
    return rc;
}

static int by_metric_id(const void *key, const void *item)
{
    int64_t id = *(const int64_t *)key;
    const struct named *m = item;

    return (id > m->id) - (id < m->id);
}

static const struct named *metric_named(const struct loading *l, int64_t id)
{
    return l->metrics.n ? bsearch(&id, l->metrics.of, l->metrics.n,
                                  sizeof *l->metrics.of, by_metric_id)
                        : NULL;
}

static int read_facts(struct loading *l, int64_t set, struct facts *out,
                      struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc =
        sql_begin(l->store, &stmt, err,
                  "SELECT name, value FROM fact WHERE set_id = ?1", "i", set);

    while (rc == 0 && (rc = sql_step(l->store, stmt, err)) == 1)
        rc = facts_set(&l->results->arena, out,
                       (const char *)sqlite3_column_text(stmt, 0),
                       (const char *)sqlite3_column_text(stmt, 1), err);
    return rc;
}

static int read_anchors(struct loading *l, int64_t run, struct occasion *o,
                        struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    struct arena *arena = &l->results->arena;
    int rc = sql_begin(l->store, &stmt, err,
                       "SELECT name, value FROM anchor WHERE run_id = ?1"
                       " ORDER BY position",
                       "i", run);

    while (rc == 0 && (rc = sql_step(l->store, stmt, err)) == 1) {
        o->anchor =
            arena_grow(arena, o->anchor, o->n_anchors, sizeof *o->anchor);
        if (!o->anchor)
            return no_memory(err);
        o->anchor[o->n_anchors] = (struct anchor){
            .name = sql_text(stmt, 0, arena),
            .value = sql_double(stmt, 1),
        };
        if (!o->anchor[o->n_anchors++].name)
            return no_memory(err);
        rc = 0;
    }
    return rc;
}

static int no_such_run(struct loading *l, int64_t run, struct error *err)
{
    ERROR_AT(err, ERR_EMPTY, l->store->path, 0, 0, "there is no run %lld",
             (long long)run);
    error_help(err, "'tare history' lists what is stored");
    return ERR_EMPTY;
}

static int fill_occasion(struct loading *l, sqlite3_stmt *stmt,
                         struct occasion *o, struct error *err)
{
    struct arena *arena = &l->results->arena;

    o->created = sql_text(stmt, 1, arena);
    o->revision = sql_text(stmt, 2, arena);
    o->branch = sql_text(stmt, 3, arena);
    o->machine_key = sql_text(stmt, 4, arena);
    o->dirty = sqlite3_column_int(stmt, 5) != 0;
    o->seed = (uint64_t)sqlite3_column_int64(stmt, 6);
    if (!o->created || !o->revision || !o->branch || !o->machine_key)
        return no_memory(err);
    return 0;
}

static int name_results(struct loading *l, sqlite3_stmt *stmt, int64_t run,
                        struct error *err)
{
    struct arena *arena = &l->results->arena;

    l->results->name = sql_text(stmt, 0, arena);
    l->results->file = arena_printf(arena, "run:%lld", (long long)run);
    return l->results->name && l->results->file ? 0 : no_memory(err);
}

static int read_occasion(struct loading *l, int64_t run, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    struct occasion *o;
    int rc = sql_begin(l->store, &stmt, err,
                       "SELECT suite, created, revision, branch, machine_key,"
                       " dirty, seed, machine_facts, build_facts, plan_facts"
                       " FROM run WHERE id = ?1",
                       "i", run);

    if (rc == 0)
        rc = sql_step(l->store, stmt, err);
    if (rc <= 0)
        return rc < 0 ? rc : no_such_run(l, run, err);
    o = results_add_occasion(l->results);
    if (!o)
        return no_memory(err);
    rc = name_results(l, stmt, run, err);
    if (rc == 0)
        rc = fill_occasion(l, stmt, o, err);
    if (rc == 0)
        rc = read_facts(l, sqlite3_column_int64(stmt, 7), &o->machine, err);
    if (rc == 0)
        rc = read_facts(l, sqlite3_column_int64(stmt, 8), &o->build, err);
    if (rc == 0)
        rc = read_facts(l, sqlite3_column_int64(stmt, 9), &o->plan, err);
    return rc < 0 ? rc : read_anchors(l, run, o, err);
}

static int fill_case(struct loading *l, sqlite3_stmt *stmt,
                     struct case_results *c, struct error *err)
{
    struct arena *arena = &l->results->arena;
    int status = sqlite3_column_int(stmt, 9);
    int stopped = sqlite3_column_int(stmt, 16);

    c->version = sqlite3_column_int64(stmt, 2);
    c->program = sql_text(stmt, 3, arena);
    c->hash = sql_text(stmt, 4, arena);
    c->tags = sql_text(stmt, 5, arena);
    c->result = sql_text(stmt, 6, arena);
    c->baseline = sql_text(stmt, 7, arena);
    c->message = sql_text(stmt, 8, arena);
    c->iterations = (uint64_t)sqlite3_column_int64(stmt, 10);
    c->warmup = sqlite3_column_int64(stmt, 11);
    c->items = sqlite3_column_double(stmt, 12);
    c->bytes = sqlite3_column_double(stmt, 13);
    c->empty_ns = sqlite3_column_double(stmt, 14);
    c->disturbed = sqlite3_column_double(stmt, 15);
    if (!c->program || !c->hash || !c->tags || !c->result || !c->baseline ||
        !c->message)
        return no_memory(err);
    if (status < 0 || status > CASE_SKIPPED || stopped < 0 ||
        stopped > STOPPED_INTERRUPT)
        return ERROR_AT(err, ERR_PARSE, l->store->path, 0, 0,
                        "case '%s' is damaged", c->id);
    c->status = (enum case_status)status;
    c->stopped_by = (enum stopped_by)stopped;
    return 0;
}

static int read_section(struct loading *l, struct case_results *c,
                        const struct section *section, struct error *err)
{
    const struct named *m = metric_named(l, (int64_t)section->metric);
    struct metric *to;
    double *samples;
    size_t n, used;
    int rc;

    if (!m)
        return ERROR_AT(err, ERR_PARSE, l->store->path, 0, 0,
                        "a metric of case '%s' is missing", c->id);
    rc = samples_decode(l->store->path, section->bytes, section->size,
                        &l->scratch, &samples, &n, &used, err);
    if (rc < 0)
        return rc;
    to = results_need_metric(l->results, c, m->name, m->unit, m->better);
    if (!to)
        return no_memory(err);
    return results_add_invocation(l->results, to, 0, samples, n, err);
}

static int read_invocations(struct loading *l, int64_t result,
                            struct case_results *c, struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(l->store, &stmt, err,
                       "SELECT data FROM invocation WHERE result_id = ?1"
                       " ORDER BY number",
                       "i", result);

    while (rc == 0 && (rc = sql_step(l->store, stmt, err)) == 1) {
        const uint8_t *bytes = sqlite3_column_blob(stmt, 0);
        size_t size = (size_t)sqlite3_column_bytes(stmt, 0);
        struct section s;

        while ((rc = section_next(l->store->path, &bytes, &size, &s, err)) == 1)
            if ((rc = read_section(l, c, &s, err)) < 0)
                return rc;
    }
    return rc;
}

static int read_case(struct loading *l, sqlite3_stmt *stmt, struct error *err)
{
    const char *id = (const char *)sqlite3_column_text(stmt, 1);
    struct case_results *c = results_add_case(l->results, id);
    int rc = c ? fill_case(l, stmt, c, err) : no_memory(err);

    return rc < 0 ? rc
                  : read_invocations(l, sqlite3_column_int64(stmt, 0), c, err);
}

static int read_cases(struct loading *l, int64_t run, enum run_side side,
                      struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    int rc = sql_begin(
        l->store, &stmt, err,
        "SELECT r.id, c.name, r.version, p.value, h.value, t.value, s.value,"
        " b.value, m.value, r.status, r.iterations, r.warmup, r.items, r.bytes,"
        " r.empty_ns, r.disturbed, r.stopped_by FROM result r"
        " JOIN case_name c ON c.id = r.case_id"
        " LEFT JOIN text p ON p.id = r.program"
        " LEFT JOIN text h ON h.id = r.hash"
        " LEFT JOIN text t ON t.id = r.tags"
        " LEFT JOIN text s ON s.id = r.result"
        " LEFT JOIN text b ON b.id = r.baseline"
        " LEFT JOIN text m ON m.id = r.message"
        " WHERE r.run_id = ?1 AND r.side = ?2 AND substr(c.name, 1, 1) <> '@'",
        "ii", run, (int64_t)side);

    while (rc == 0 && (rc = sql_step(l->store, stmt, err)) == 1)
        rc = read_case(l, stmt, err);
    return rc;
}

/* One read transaction: a run that is being written is seen at one moment. */
static int load(struct store *store, int64_t run, enum run_side side,
                struct results *results, struct error *err)
{
    struct loading l = {.store = store, .results = results};
    bool own = sqlite3_get_autocommit(store->db) != 0;
    int rc = own ? sql_run(store, err, "BEGIN", "") : 0;

    if (rc == 0)
        rc = read_metrics(&l, err);
    if (rc == 0)
        rc = read_occasion(&l, run, err);
    if (rc == 0)
        rc = read_cases(&l, run, side, err);
    if (own)
        sql_run(store, NULL, "COMMIT", "");
    arena_clear(&l.scratch);
    if (rc == 0)
        results_sort(results);
    return rc;
}

int runs_load(struct store *store, int64_t run, enum run_side side,
              struct results **out, struct error *err)
{
    SCOPED(results_free_scoped) struct results *results = results_new();
    int rc;

    if (!results)
        return no_memory(err);
    rc = load(store, run, side, results, err);
    if (rc == 0)
        *out = TAKE(results);
    return rc;
}
