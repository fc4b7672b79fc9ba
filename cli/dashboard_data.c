/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/dashboard_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/scope.h"
#include "cli/occasion.h"
#include "cli/report_source.h"
#include "runner/machine/show.h"

enum { ANCHOR_RUNS = 1000 };

#define KIND(kind) (1u << (kind))

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a dashboard");
}

/* --- the newest of each kind */

/* The newest finished run of these kinds; 0 when there is none. */
static int find_newest(struct session *session, struct store *store,
                       unsigned kinds, int64_t *run, struct error *err)
{
    const struct run_filter filter = {.suite = session->suite->name,
                                      .kinds = kinds};
    struct run_info *info;
    size_t n;
    int rc = runs_list(store, &filter, &session->arena, &info, &n, err);

    *run = 0;
    for (size_t i = 0; rc == 0 && i < n && !*run; i++)
        if (info[i].status != RUN_UNFINISHED)
            *run = info[i].run;
    return rc;
}

/* "run:12"; *word is NULL when there is none. */
static int name_newest(struct session *session, struct store *store,
                       unsigned kinds, const char **word, struct error *err)
{
    int64_t run;
    int rc = find_newest(session, store, kinds, &run, err);

    *word = NULL;
    if (rc < 0 || run == 0)
        return rc;
    *word = arena_printf(&session->arena, "run:%lld", (long long)run);
    return *word ? 0 : no_memory(err);
}

static int load_newest(struct session *session, struct store *store,
                       unsigned kinds, struct document *out, struct error *err)
{
    const char *word;
    int rc = name_newest(session, store, kinds, &word, err);

    return rc == 0 && word ? report_source_read(session, word, out, err) : rc;
}

static int load_scale(struct session *session, struct store *store,
                      struct dashboard_data *out, struct error *err)
{
    const char *word;
    int rc = name_newest(session, store, KIND(RUN_KIND_SCALE), &word, err);

    return rc == 0 && word ? report_source_scale(session, store, word,
                                                 &out->dashboard.scale, err)
                           : rc;
}

/* A run that measured both sides has the old one beside the new. */
static int load_old_side(struct store *store, int64_t run,
                         struct dashboard_data *data, struct error *err)
{
    results_free(data->old_side);
    data->old_side = NULL;
    return run ? runs_load(store, run, SIDE_OLD, &data->old_side, err) : 0;
}

static int load_runs(struct session *session, struct store *store,
                     struct dashboard_data *out, struct error *err)
{
    int rc = load_newest(session, store,
                         KIND(RUN_KIND_GATE) | KIND(RUN_KIND_COMPARE),
                         &out->gate, err);

    if (rc == 0 && out->gate.kind == DOCUMENT_GATE)
        rc = load_old_side(store, out->gate.gate.run, out, err);
    if (rc == 0)
        rc = load_newest(session, store, KIND(RUN_KIND_TEST), &out->tests, err);
    if (rc == 0)
        rc = load_newest(session, store,
                         KIND(RUN_KIND_RUN) | KIND(RUN_KIND_IMPORT), &out->run,
                         err);
    if (rc == 0)
        rc = load_scale(session, store, out, err);
    return rc;
}

/* --- the machine */

static int write_topology(const struct topology *topology, struct arena *arena,
                          struct strbuf *out, struct error *err)
{
    const struct placement_policy policy = {.bind = PLACE_CORE};
    struct json json = {.out = out};
    struct placement plan;
    int rc =
        placement_plan(topology, &policy, placement_auto(topology, &policy),
                       arena, &plan, err);

    if (rc == 0)
        topology_json(topology, &policy, &plan, &json);
    return rc;
}

/* The machine we are on; where it cannot be looked at, the page does without
 * it. */
static void load_topology(struct session *session, struct strbuf *out)
{
    struct error ignored = {0};

    if (session_topology(session, &ignored) == 0 &&
        write_topology(session->topology, &session->arena, out, &ignored) < 0)
        strbuf_clear(out);
}

/* Facts of the run that is shown; they are those of the newest machine. */
static const struct occasion *newest_occasion(const struct dashboard_data *data)
{
    if (data->gate.kind == DOCUMENT_GATE)
        return data->gate.gate.now;
    if (data->run.kind == DOCUMENT_RUN && data->run.results->n_occasions)
        return &data->run.results->occasion[0];
    return NULL;
}

/* --- tags */

struct tagged {
    const char *id, *tags;
};

static int by_id(const void *a, const void *b)
{
    const struct tagged *x = a, *y = b;

    return strcmp(x->id, y->id);
}

static void add_tagged(struct tagged *all, size_t *n, const char *id,
                       const char *tags)
{
    if (*tags)
        all[(*n)++] = (struct tagged){id, tags};
}

static size_t gather_tags(const struct dashboard_data *data, struct tagged *all)
{
    size_t n = 0;

    for (size_t i = 0; data->run.results && i < data->run.results->n_cases; i++)
        add_tagged(all, &n, data->run.results->cases[i].id,
                   data->run.results->cases[i].tags);
    for (size_t i = 0; i < data->gate.gate.n_cases; i++)
        add_tagged(all, &n, data->gate.gate.cases[i].id,
                   data->gate.gate.cases[i].tags);
    for (size_t i = 0; i < data->tests.tests.n; i++)
        add_tagged(all, &n, data->tests.tests.test[i].id,
                   data->tests.tests.test[i].tags);
    qsort(all, n, sizeof *all, by_id);
    return n;
}

/* The tags of each line, as far as the newest runs tell them.  In the arena;
 * NULL: no memory. */
static const char **dashboard_data_tags(const struct dashboard_data *data,
                                        const struct history_report *history,
                                        struct arena *arena)
{
    size_t most = data->gate.gate.n_cases + data->tests.tests.n +
                  (data->run.results ? data->run.results->n_cases : 0);
    SCOPED(free_scoped) struct tagged *all = calloc(most + 1, sizeof *all);
    const char **tags = arena_alloc(arena, history->n, sizeof(*tags));
    size_t n = all ? gather_tags(data, all) : 0;

    for (size_t i = 0; tags && i < history->n; i++) {
        const struct tagged key = {.id = history->line[i].id};
        const struct tagged *found =
            n ? bsearch(&key, all, n, sizeof *all, by_id) : NULL;

        tags[i] = found ? found->tags : "";
    }
    return all ? tags : NULL;
}

/* --- all of it */

static void show(struct dashboard_data *data)
{
    struct dashboard *d = &data->dashboard;
    const struct occasion *occasion = newest_occasion(data);

    if (data->gate.kind == DOCUMENT_GATE) {
        d->gate = &data->gate.gate;
        d->new_side = data->gate.results;
        d->old_side = data->old_side;
    }
    if (data->tests.kind == DOCUMENT_TESTS)
        d->tests = &data->tests.tests;
    if (occasion) {
        d->facts = &occasion->machine;
        d->machine_key = occasion->machine_key;
    }
}

int dashboard_data_load(struct session *session, struct store *store,
                        struct dashboard_data *out, struct error *err)
{
    struct dashboard *d = &out->dashboard;
    int rc = 0;

    *out = (struct dashboard_data){.run = {.wall_s = NAN}};
    d->suite = session->suite->name;
    d->program = PACKAGE_STRING;
    d->created = occasion_now(&session->arena);
    d->machine_key = occasion_machine_key(session);
    if (!d->created || !d->machine_key)
        return no_memory(err);
    load_topology(session, &out->topology);
    d->topology = strbuf_text(&out->topology);
    if (store)
        rc = load_runs(session, store, out, err);
    if (store && rc == 0) {
        struct run_anchors *anchors = NULL;

        rc = runs_anchors(store, session->suite->name, ANCHOR_RUNS,
                          &session->arena, &anchors, &d->n_anchors, err);
        d->anchors = anchors;
    }
    show(out);
    return rc;
}

int dashboard_data_take(struct dashboard_data *data, struct document *from,
                        struct store *store, struct error *err)
{
    struct document *place = from->kind == DOCUMENT_GATE    ? &data->gate
                             : from->kind == DOCUMENT_TESTS ? &data->tests
                                                            : &data->run;
    int rc = 0;

    document_clear(place);
    *place = *from;
    *from = (struct document){.kind = DOCUMENT_UNSET};
    if (place == &data->gate)
        rc = load_old_side(store, store ? place->gate.run : 0, data, err);
    show(data);
    return rc;
}

int dashboard_data_history(struct session *session, struct store *store,
                           const struct history_wish *wish,
                           struct dashboard_data *data, struct error *err)
{
    int rc = history_view_make(session, store, wish, &data->view, err);
    struct dashboard *d = &data->dashboard;

    if (rc < 0)
        return rc;
    d->tags = dashboard_data_tags(data, &data->view.report, &session->arena);
    if (!d->tags)
        return no_memory(err);
    d->history = &data->view.report;
    return 0;
}

void dashboard_data_clear(struct dashboard_data *data)
{
    document_clear(&data->gate);
    document_clear(&data->tests);
    document_clear(&data->run);
    results_free(data->old_side);
    strbuf_clear(&data->topology);
}
