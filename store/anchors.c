/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the machine itself measured, run by run. */
#include <config.h>

#include "store/runs.h"

#include "store/sql.h"

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for anchors");
}

static int add_anchor(sqlite3_stmt *stmt, struct arena *arena,
                      struct run_anchors *run, struct error *err)
{
    struct anchor *all =
        arena_grow(arena, run->anchor, run->n, sizeof *run->anchor);

    if (!all)
        return no_memory(err);
    run->anchor = all;
    all[run->n].name = sql_text(stmt, 4, arena);
    all[run->n].value = sql_double(stmt, 5);
    return all[run->n++].name ? 0 : no_memory(err);
}

static int add_run(sqlite3_stmt *stmt, struct arena *arena,
                   struct run_anchors *out, struct error *err)
{
    *out = (struct run_anchors){
        .run = sqlite3_column_int64(stmt, 0),
        .created = sql_text(stmt, 1, arena),
        .revision = sql_text(stmt, 2, arena),
        .machine_key = sql_text(stmt, 3, arena),
    };
    return out->created && out->revision && out->machine_key ? 0
                                                             : no_memory(err);
}

int runs_anchors(struct store *store, const char *suite, size_t last,
                 struct arena *arena, struct run_anchors **out, size_t *n,
                 struct error *err)
{
    SCOPED(sql_end_scoped) sqlite3_stmt *stmt = NULL;
    struct run_anchors *all = NULL;
    size_t count = 0;
    int rc = sql_begin(store, &stmt, err,
                       "SELECT r.id, r.created, r.revision, r.machine_key,"
                       " a.name, a.value FROM"
                       " (SELECT * FROM run WHERE (?1 IS NULL OR suite = ?1)"
                       "  AND EXISTS (SELECT 1 FROM anchor WHERE run_id = id)"
                       "  ORDER BY created DESC, id DESC LIMIT ?2) r"
                       " JOIN anchor a ON a.run_id = r.id"
                       " ORDER BY r.created, r.id, a.position",
                       "ti", suite, (int64_t)last);

    while (rc == 0 && (rc = sql_step(store, stmt, err)) == 1) {
        rc = 0;
        if (!count || all[count - 1].run != sqlite3_column_int64(stmt, 0)) {
            all = arena_grow(arena, all, count, sizeof *all);
            if (!all)
                return no_memory(err);
            rc = add_run(stmt, arena, &all[count++], err);
        }
        if (rc == 0)
            rc = add_anchor(stmt, arena, &all[count - 1], err);
    }
    if (rc < 0)
        return rc;
    *out = all;
    *n = count;
    return 0;
}
