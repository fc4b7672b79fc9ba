/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/test_choice.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "cli/record.h"
#include "config/select.h"
#include "runner/process/outcome.h"
#include "store/runs.h"

DEFINE_SCOPED(struct store *, store_close)

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a choice of tests");
}

/* ---- what the history knows */

static int by_id(const void *key, const void *member)
{
    return strcmp(key, ((const struct last_outcome *)member)->id);
}

const struct last_outcome *test_last(const struct test_choice *choice,
                                     const char *id)
{
    return choice->n_last == 0 ? NULL
                               : bsearch(id, choice->last, choice->n_last,
                                         sizeof *choice->last, by_id);
}

bool test_failed_last(const struct last_outcome *last)
{
    enum test_outcome outcome = TEST_UNSET;

    return test_outcome_parse(last->outcome, &outcome) &&
           test_verdict(outcome) == TEST_VERDICT_FAILED;
}

static int open_history(struct session *session, struct store **store,
                        struct error *err)
{
    const char *path = record_store_path(session);
    struct error why = {0};
    int rc;

    if (!path)
        return no_memory(err);
    rc = store_open(path, STORE_READ, store, &why);
    /* Where it cannot be read it cannot be written: record_begin() says so. */
    if (rc < 0 &&
        (session->cli->options.replay || session->cli->options.last_failed)) {
        if (err)
            *err = why;
        return rc;
    }
    return 0;
}

/* ---- --last-failed */

static int keep_failed(const struct session *session,
                       struct test_choice *choice, struct error *err)
{
    size_t n = 0;

    for (size_t i = 0; i < choice->n; i++) {
        const struct last_outcome *last = test_last(choice, choice->c[i]->id);

        if (last && test_failed_last(last))
            choice->c[n++] = choice->c[i];
    }
    choice->n = n;
    if (n)
        return 0;
    ERROR(err, ERR_EMPTY, "none of the %zu selected tests failed the last time",
          session->n_selected);
    return error_help(err, "run without --last-failed");
}

/* ---- --replay RUN[:WORKER] */

/* "12:w1" and "run:12:w1" name a worker, "12" and "run:12" do not. */
static int split_name(struct session *session, const char **run,
                      const char **worker, struct error *err)
{
    const char *text = session->cli->options.replay;
    const char *colon = strrchr(text, ':');
    int64_t number;

    *run = text;
    *worker = NULL;
    if (!colon || colon[1] != 'w' ||
        parse_int(colon + 2, 0, SUITE_MAX_WORKERS, &number, NULL) < 0)
        return 0;
    *run = arena_memdup(&session->arena, text, (size_t)(colon - text));
    *worker = colon + 1;
    return *run ? 0 : no_memory(err);
}

static int by_start(const void *a, const void *b)
{
    const struct stored_outcome *x = a, *y = b;

    return (x->started_ns > y->started_ns) - (x->started_ns < y->started_ns);
}

static const struct catalog_case *find_selected(const struct session *session,
                                                const char *id)
{
    for (size_t k = 0; k < session->n_selected; k++) {
        const struct catalog_case *c =
            &session->catalog.item[session->selected[k]];

        if (strcmp(c->id, id) == 0)
            return c;
    }
    return NULL;
}

/* A retry came of a failure; the replay will see for itself. */
static int take_outcomes(struct session *session, const char *worker,
                         const struct stored_outcome *all, size_t n,
                         struct test_choice *choice, struct error *err)
{
    struct arena *arena = &session->arena;
    int64_t number;

    choice->c = arena_alloc(arena, n, sizeof *choice->c);
    choice->worker = arena_alloc(arena, n, sizeof *choice->worker);
    choice->n = choice->n_workers = 0;
    if (!choice->c || !choice->worker)
        return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        const struct catalog_case *c = find_selected(session, all[i].id);

        if (!c || all[i].attempt > 0 ||
            (worker && strcmp(worker, all[i].worker) != 0) ||
            parse_int(all[i].worker + 1, 0, SUITE_MAX_WORKERS, &number, NULL) <
                0)
            continue;
        if (worker)
            number = 0;
        choice->c[choice->n] = c;
        choice->worker[choice->n++] = (size_t)number;
        if ((size_t)number >= choice->n_workers)
            choice->n_workers = (size_t)number + 1;
    }
    return 0;
}

static int replay(struct session *session, struct store *store,
                  struct test_choice *choice, struct error *err)
{
    struct arena *arena = &session->arena;
    struct stored_outcome *all;
    struct run_info info;
    const char *name, *worker;
    int64_t run;
    size_t n;
    int rc = split_name(session, &name, &worker, err);

    if (rc == 0)
        rc = runs_find(store, name, &run, err);
    if (rc == 0)
        rc = runs_get(store, run, arena, &info, err);
    if (rc == 0)
        rc = outcomes_load(store, run, arena, &all, &n, err);
    if (rc < 0)
        return rc;
    qsort(all, n, sizeof *all, by_start);
    rc = take_outcomes(session, worker, all, n, choice, err);
    if (rc == 0 && choice->n == 0) {
        ERROR(err, ERR_EMPTY, "run:%lld ran none of the selected tests%s%s",
              (long long)run, worker ? " on " : "", worker ? worker : "");
        return error_help(err, "name the programs it had");
    }
    if (!session->cli->options.given[OPT_SEED])
        session->seed = info.seed;
    return rc;
}

/* ---- all */

static int take_selected(struct session *session, struct test_choice *choice,
                         struct error *err)
{
    choice->c =
        arena_alloc(&session->arena, session->n_selected, sizeof *choice->c);
    if (!choice->c)
        return no_memory(err);
    for (size_t k = 0; k < session->n_selected; k++)
        choice->c[k] = &session->catalog.item[session->selected[k]];
    choice->n = session->n_selected;
    return 0;
}

/* Which -k named it first. */
static size_t place_of(const struct session *session,
                       const struct catalog_case *c)
{
    const struct options *options = &session->cli->options;

    for (size_t i = 0; i < options->ids.n; i++)
        if (id_matches(options->ids.item[i], c->id))
            return i;
    return options->ids.n;
}

/* --order given: everything on one worker. */
static int put_as_given(struct session *session, struct test_choice *choice,
                        struct error *err)
{
    const struct catalog_case **sorted =
        arena_alloc(&session->arena, choice->n, sizeof *sorted);
    size_t n = 0;

    choice->worker =
        arena_alloc(&session->arena, choice->n, sizeof *choice->worker);
    if (!sorted || !choice->worker)
        return no_memory(err);
    for (size_t place = 0; place <= session->cli->options.ids.n; place++)
        for (size_t i = 0; i < choice->n; i++)
            if (place_of(session, choice->c[i]) == place)
                sorted[n++] = choice->c[i];
    memset(choice->worker, 0, choice->n * sizeof *choice->worker);
    choice->c = sorted;
    choice->n_workers = 1;
    return 0;
}

static int repeat(struct session *session, struct test_choice *choice,
                  struct error *err)
{
    size_t times = (size_t)session->cli->options.repeat, n = choice->n;
    const struct catalog_case **all;

    if (times < 2 || choice->worker)
        return 0;
    if (n > CASES_MAX / times) {
        ERROR(err, ERR_RANGE, "%zu tests %zu times are over %d", n, times,
              CASES_MAX);
        return error_help(err, "select fewer with -k or -m");
    }
    all = arena_alloc(&session->arena, n * times, sizeof *all);
    if (!all)
        return no_memory(err);
    for (size_t i = 0; i < n * times; i++)
        all[i] = choice->c[i / times];
    choice->c = all;
    choice->n = n * times;
    return 0;
}

int test_choose(struct session *session, struct test_choice *out,
                struct error *err)
{
    SCOPED(store_close_scoped) struct store *store = NULL;
    const struct options *options = &session->cli->options;
    int rc = open_history(session, &store, err);

    *out = (struct test_choice){0};
    if (rc == 0)
        rc = take_selected(session, out, err);
    if (rc == 0 && store)
        rc = outcomes_last(store, session->suite->name, &session->arena,
                           &out->last, &out->n_last, err);
    if (rc == 0 && options->replay)
        rc = replay(session, store, out, err);
    if (rc == 0 && options->last_failed)
        rc = keep_failed(session, out, err);
    if (rc == 0)
        rc = repeat(session, out, err);
    if (rc == 0 && options->order == ORDER_GIVEN && !options->replay)
        rc = put_as_given(session, out, err);
    return rc;
}
