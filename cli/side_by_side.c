/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/side_by_side.h"

#include <stdlib.h>

#include "base/scope.h"

/* A check that takes longer than this share of a case's budget costs more than
 * measuring side by side saves. */
enum { CHECK_SHARE = 4 };

static size_t resolve(const struct session *session,
                      const struct placement_policy *policy, int64_t wanted)
{
    struct placement_policy pus = *policy;

    if (wanted > 0)
        return (size_t)wanted;
    pus.bind = PLACE_PU;
    return (size_t)(wanted == WORKERS_LOGICAL
                        ? placement_most(session->topology, &pus)
                        : placement_auto(session->topology, policy));
}

int side_by_side_workers(const struct session *session,
                         const struct placement_policy *policy, size_t *out,
                         struct error *err)
{
    static const enum opt_id about[] = {OPT_TRUST_PARALLEL, OPT_MARGIN};
    const struct options *options = &session->cli->options;
    int64_t wanted = options->given[OPT_WORKERS]
                         ? options->workers
                         : session->suite->measure.placement.workers;

    *out = resolve(session, policy, wanted);
    for (size_t i = 0; i < ARRAY_LEN(about) && *out < 2; i++)
        if (options->given[about[i]]) {
            ERROR(err, ERR_USAGE,
                  "--%s is about benchmarks side by side, and there is one "
                  "worker",
                  option(about[i])->name);
            return error_help(err, "say how many with -n");
        }
    return 0;
}

int side_by_side_open(struct session *session, struct error *err)
{
    const struct placement *plan = &session->placement;
    struct live_options *options;

    if (session->workers < 2)
        return 0;
    options = arena_alloc(&session->arena, session->workers, sizeof *options);
    if (!options)
        return ERROR(err, ERR_NOMEM, "no memory for workers");
    for (size_t i = 0; i < session->workers; i++) {
        const struct placement_worker *w = &plan->worker[i];

        options[i] = (struct live_options){
            .guardian = session->cli->guardian,
            .cpus = w->pu,
            .n_cpus = w->n_pus,
            .each = plan->bind == PLACE_NONE ? 0 : w->n_pus,
            .nodes = w->node >= 0 ? &w->node : NULL,
            .n_nodes = w->node >= 0,
            .stop_fd = session->stop_fd,
            .seed = session->seed,
            .tmpdir = getenv("TMPDIR"),
        };
    }
    return lanes_open(options, session->workers, &session->lanes, err);
}

void side_by_side_close(struct session *session)
{
    lanes_close(&session->lanes);
}

/* ---- measuring */

/* One call: which subjects, and where each is in the results. */
struct sharing_out {
    struct session *session;
    const struct subject *subject;
    size_t n;
    const struct solo_settings *settings;
    const struct solo_watch *watch;
    struct results *results;
    struct beside_case *seen; /* of each subject */
};

/* The subjects for which how is as named, in their order. */
static size_t pick(const struct sharing_out *all, bool beside,
                   struct subject *out)
{
    size_t n = 0;

    for (size_t i = 0; i < all->n; i++)
        if ((all->seen[i].how == BESIDE_OTHERS) == beside)
            out[n++] = all->subject[i];
    return n;
}

static int check(struct sharing_out *all, struct subject *picked,
                 interference_progress *progress, struct error *err)
{
    const struct interference_settings settings = {
        .margin = session_margin(all->session),
        .budget_ns = all->settings->budget_ns / CHECK_SHARE,
        .deadline_ns = all->settings->deadline_ns,
        .seed = all->settings->seed,
    };
    size_t n = pick(all, true, picked);
    SCOPED(free_scoped)
    struct interference_case *found = calloc(n + 1, sizeof *found);
    int rc;

    if (!found)
        return ERROR(err, ERR_NOMEM, "no memory for a check");
    if (n < 2)
        return 0;
    rc = interference_check_on(&all->session->lanes, picked, n, &settings,
                               progress, all->watch->ctx, found, err);
    for (size_t i = 0, k = 0; i < all->n && rc == 0; i++) {
        struct beside_case *c = &all->seen[i];

        if (c->how != BESIDE_OTHERS)
            continue;
        c->seen = found[k++];
        if (!interference_is_clear(&c->seen))
            c->how = BESIDE_INTERFERENCE;
    }
    return rc;
}

/* The order of the cases is that of the catalog, whichever is measured first. */
static int add_cases(struct results *results, const struct subject *subject,
                     size_t n, struct error *err)
{
    for (size_t i = 0; i < n; i++)
        if (!results_find(results, subject[i].id) &&
            !results_add_case(results, subject[i].id))
            return ERROR(err, ERR_NOMEM, "no memory for a case");
    return 0;
}

static int measure_both(struct sharing_out *all, struct subject *picked,
                        struct error *err)
{
    struct session *session = all->session;
    size_t n = pick(all, true, picked);
    int rc = solo_measure_on(&session->lanes, picked, n, all->settings,
                             all->watch, all->results, err);

    if (rc < 0)
        return rc;
    n = pick(all, false, picked);
    return solo_measure(&session->executor, picked, n, all->settings,
                        all->watch, all->results, err);
}

/* By the order of the results, which hold what was there before as well. */
static struct beside *describe(const struct sharing_out *all, bool trusted)
{
    struct arena *arena = &all->session->arena;
    struct beside *beside = arena_alloc(arena, 1, sizeof *beside);
    struct beside_case *c =
        arena_alloc(arena, all->results->n_cases + 1, sizeof *c);

    if (!beside || !c)
        return NULL;
    for (size_t i = 0; i < all->n; i++) {
        const struct case_results *r =
            results_find(all->results, all->subject[i].id);

        if (r)
            c[r - all->results->cases] = all->seen[i];
    }
    *beside = (struct beside){
        .workers = all->session->workers,
        .trusted = trusted,
        .margin = session_margin(all->session),
        .case_ = c,
        .n = all->results->n_cases,
    };
    return beside;
}

int side_by_side_measure(struct session *session, const struct subject *subject,
                         size_t n, const struct solo_settings *settings,
                         const struct solo_watch *watch,
                         interference_progress *progress,
                         struct results *results, struct beside **out,
                         struct error *err)
{
    bool trusted = session->cli->options.trust_parallel;
    struct sharing_out all = {
        .session = session,
        .subject = subject,
        .n = n,
        .settings = settings,
        .watch = watch,
        .results = results,
        .seen = arena_alloc(&session->arena, n + 1, sizeof *all.seen),
    };
    SCOPED(free_scoped) struct subject *picked = calloc(n + 1, sizeof *picked);
    int rc;

    if (!all.seen || !picked)
        return ERROR(err, ERR_NOMEM, "no memory for a plan");
    for (size_t i = 0; i < n; i++)
        all.seen[i].how =
            subject[i].threads > 1 ? BESIDE_THREADS : BESIDE_OTHERS;
    rc = add_cases(results, subject, n, err);
    if (rc == 0 && !trusted)
        rc = check(&all, picked, progress, err);
    if (rc == 0)
        rc = measure_both(&all, picked, err);
    *out = describe(&all, trusted);
    if (rc == 0 && !*out)
        rc = ERROR(err, ERR_NOMEM, "no memory for a report");
    return rc;
}
