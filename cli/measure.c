/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/measure.h"

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "base/strbuf.h"
#include "cli/command_cases.h"
#include "cli/command_rank.h"
#include "cli/fixtures.h"
#include "cli/occasion.h"
#include "cli/progress.h"
#include "cli/side_by_side.h"
#include "runner/machine/cpulist.h"
#include "runner/measure/anchors.h"
#include "runner/measure/solo.h"

struct watching {
    struct session *session;
    struct measured_suite *suite;
    struct progress progress;
};

/* What the catalog and the programs' files know of a case. */
static int describe(struct session *session, struct case_results *c,
                    const struct catalog_case *item, struct arena *arena,
                    struct error *err)
{
    char hash[HASH_HEX];
    int rc = session_fingerprint(session, item, hash, err);

    if (rc < 0)
        return rc;
    c->version = item->said.version;
    c->program = arena_strdup(arena, session_label(session, item));
    c->tags = arena_strdup(arena, item->tags);
    c->baseline = arena_strdup(arena, item->baseline_id);
    c->hash = arena_strdup(arena, hash);
    if (!c->program || !c->tags || !c->baseline || !c->hash)
        return ERROR(err, ERR_NOMEM, "no memory for a case");
    return 0;
}

static int on_invocation(void *ctx, const struct results *results, size_t i,
                         size_t k, struct error *err)
{
    struct watching *w = ctx;

    return record_invocation_of(&w->suite->record, SIDE_NEW, results, i, k,
                                err);
}

static int on_finished(void *ctx, const struct results *results, size_t i,
                       struct error *err)
{
    struct watching *w = ctx;
    const struct catalog_case *item =
        catalog_find(&w->session->catalog, results->cases[i].id);
    int rc = describe(w->session, &w->suite->results->cases[i], item,
                      &w->suite->results->arena, err);

    w->suite->n_failed += results->cases[i].status == CASE_FAILED;
    return rc < 0 ? rc
                  : record_case(&w->suite->record, SIDE_NEW, results, i, err);
}

static void on_progress(void *ctx, double share, const char *id)
{
    struct watching *w = ctx;

    cli_progress_step(&w->progress, share, id);
}

static void on_check(void *ctx, double share, const char *id)
{
    struct watching *w = ctx;
    char text[200];

    snprintf(text, sizeof text, "interference of %.150s", id);
    cli_progress_step(&w->progress, share, text);
}

static struct solo_settings settings_of(const struct session *session)
{
    const struct measure_plan *plan = &session->suite->measure;
    const struct options *options = &session->cli->options;
    struct solo_settings s = {
        .sample_ns = plan->sample_time > 0 ? plan->sample_time : 0,
        .samples = plan->samples > 0 ? (size_t)plan->samples : 0,
        .warmup = plan->warmup >= 0 ? plan->warmup : -1,
        .invocations = plan->invocations > 0 ? (size_t)plan->invocations : 0,
        .budget_ns = session_budget_ns(session),
        .deadline_ns = session_deadline(session),
        .precision = plan->precision,
        .seed = session->seed,
        .counting = &session->counting,
    };

    if (commands_given(options) && session->n_selected > 1)
        s.budget_ns = (int64_t)(COMMAND_RANK_SHARE * (double)s.budget_ns);
    return s;
}

static int measure_all(struct session *session, struct measured_suite *suite,
                       struct error *err)
{
    struct watching watching = {.session = session, .suite = suite};
    struct solo_watch watch = {.ctx = &watching,
                               .invocation = on_invocation,
                               .finished = on_finished,
                               .progress = on_progress};
    struct solo_settings settings = settings_of(session);
    int rc;
    struct subject *subject =
        arena_alloc(&session->arena, session->n_selected, sizeof *subject);

    for (size_t i = 0; i < session->n_selected; i++) {
        struct subject *one = session_subject(
            session, &session->catalog.item[session->selected[i]]);

        if (!subject || !one)
            return ERROR(err, ERR_NOMEM, "no memory for a plan");
        subject[i] = *one;
    }
    cli_progress_start(session->cli, &watching.progress);
    if (session->lanes.n && session->n_selected > 1)
        rc = side_by_side_measure(session, subject, session->n_selected,
                                  &settings, &watch, on_check, suite->results,
                                  &suite->beside, err);
    else
        rc = solo_measure(&session->executor, subject, session->n_selected,
                          &settings, &watch, suite->results, err);
    cli_progress_hide(&watching.progress);
    return rc;
}

/* A program that changed since would mix two distributions in one case. */
static int check_unchanged(struct session *session,
                           const struct results *results, struct error *err)
{
    for (size_t k = 0; k < session->n_selected; k++) {
        const struct catalog_case *item =
            &session->catalog.item[session->selected[k]];
        const struct case_results *c = results_find(results, item->id);
        char hash[HASH_HEX];
        int rc;

        if (!c || !c->hash[0])
            continue;
        rc = session_fingerprint(session, item, hash, err);
        if (rc < 0)
            return rc;
        if (strcmp(hash, c->hash) != 0) {
            ERROR(err, ERR_RANGE, "'%s' is another program than in %s",
                  session_label(session, item), results->file);
            return error_help(err, "run without --resume to measure it anew");
        }
    }
    return 0;
}

/* Go on with the newest run, if it was cut short. */
static int resume(struct session *session, struct measured_suite *out,
                  struct error *err)
{
    int rc = record_resume(&out->record, session, &out->results, err);

    if (rc == 0)
        rc = check_unchanged(session, out->results, err);
    if (rc == 0)
        session->seed = out->results->occasion[0].seed;
    return rc;
}

static int begin(struct session *session, enum run_kind kind,
                 struct measured_suite *out, struct error *err)
{
    struct occasion *occasion;
    int64_t revision_time;
    int rc;

    if (session->cli->options.resume)
        return resume(session, out, err);
    out->results = results_new();
    occasion = out->results ? results_add_occasion(out->results) : NULL;
    if (!occasion)
        return ERROR(err, ERR_NOMEM, "no memory for results");
    out->results->name =
        arena_strdup(&out->results->arena, session->suite->name);
    rc = occasion_fill(session, &out->results->arena, occasion, &revision_time,
                       err);
    if (rc == 0)
        rc = anchors_measure(&session->executor, "/proc/self/exe",
                             &out->results->arena, occasion, err);
    return rc < 0 ? rc
                  : record_begin(&out->record, session, kind, occasion,
                                 revision_time, err);
}

int measure_selected(struct session *session, struct measured_suite *suite,
                     struct error *err)
{
    struct error why = {0};
    int rc = session_fixtures_begin(session, &why);

    if (rc == 0)
        rc = measure_all(session, suite, &why);
    session_fixtures_end(session, NULL);
    suite->interrupted = rc == ERR_STOPPED;
    if (rc < 0 && rc != ERR_STOPPED) {
        if (err)
            *err = why;
        return rc;
    }
    return session_fixture_times(session, suite->results, &suite->record, err);
}

int measure_suite(struct session *session, enum run_kind kind,
                  struct measured_suite *out, struct error *err)
{
    int64_t began = watch_now_ns();
    struct disturbance_snapshot before, after;
    int rc;

    before = disturbance_read("", session->cpu, session->n_cpus, began);
    *out = (struct measured_suite){.results = NULL};
    rc = begin(session, kind, out, err);
    if (rc == 0)
        rc = session_fixtures_rehearse(session, err);
    if (rc < 0)
        return rc;
    rc = measure_selected(session, out, err);
    after = disturbance_read("", session->cpu, session->n_cpus, watch_now_ns());
    out->during = disturbance_between(&before, &after, NAN);
    out->wall_s = out->during.seconds;
    return rc;
}

void measured_suite_clear(struct measured_suite *suite)
{
    results_free(suite->results);
}

enum cli_exit measured_suite_status(const struct measured_suite *suite)
{
    if (suite->interrupted)
        return CLI_INTERRUPTED;
    return suite->n_failed ? CLI_UNMEASURED : CLI_OK;
}

const char *session_place_words(struct session *session)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    strbuf_puts(&text, session->n_cpus == 1 ? "CPU " : "CPUs ");
    cpulist_print(&text, session->cpu, session->n_cpus);
    return arena_strdup(&session->arena, strbuf_text(&text));
}
