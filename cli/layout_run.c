/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measuring relinked builds under the rule of gate and compare. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "cli/contest.h"
#include "cli/fixtures.h"
#include "cli/layout.h"
#include "cli/measure.h"
#include "cli/occasion.h"

/* What is measured: every case of every build against build 0. */
struct measuring {
    struct session *session;
    struct layout *layout;
    struct duel_case *duel; /* [n_cases * n_builds] */
    struct results *side[WIRE_SIDES];
    struct record record;
    struct progress progress;
};

static bool on_judged(void *ctx, const char *id, const char *metric,
                      enum better better, struct compare_policy *policy)
{
    const struct measuring *m = ctx;

    return strcmp(metric, "time") == 0 &&
           contest_judged(m->session, id, metric, better, policy);
}

static void on_progress(void *ctx, int stage, double share, const char *id)
{
    struct measuring *m = ctx;
    char what[270];

    snprintf(what, sizeof what, "%s%.250s", stage == 2 ? "confirming " : "",
             id);
    cli_progress_step(&m->progress, share, what);
}

static struct subject *subject_of(struct session *session,
                                  const struct subject *like,
                                  const struct relinked *build)
{
    struct subject *s = arena_alloc(&session->arena, 1, sizeof *s);
    const char **argv = arena_alloc(&session->arena, 2, sizeof *argv);

    if (!s || !argv)
        return NULL;
    argv[0] = build->path;
    *s = *like;
    s->argv = (char *const *)argv;
    return s;
}

static int plan_case(struct measuring *m, size_t i, struct error *err)
{
    struct session *session = m->session;
    const struct catalog_case *item =
        &session->catalog.item[session->selected[i]];
    const struct subject *like = session_subject(session, item);
    size_t n = m->layout->n_builds;
    struct layout_case *c = &m->layout->cases[i];

    c->id = item->id;
    c->trial = arena_alloc(&session->arena, n, sizeof *c->trial);
    for (size_t k = 0; k < n; k++) {
        struct duel_case *duel = &m->duel[i * n + k];

        for (int side = 0; side < WIRE_SIDES && like; side++)
            duel->side[side] = subject_of(
                session, like, &m->layout->build[side == DUEL_NEW ? k : 0]);
        if (!c->trial || !duel->side[DUEL_OLD] || !duel->side[DUEL_NEW])
            return ERROR(err, ERR_NOMEM, "no memory for a plan");
    }
    return 0;
}

static int begin(struct measuring *m, struct error *err)
{
    struct session *session = m->session;
    struct layout *layout = m->layout;
    struct results *now;
    int64_t revision_time;
    int rc = 0;

    layout->n_cases = session->n_selected;
    layout->cases =
        arena_alloc(&session->arena, layout->n_cases, sizeof *layout->cases);
    m->duel = arena_alloc(&session->arena, layout->n_cases * layout->n_builds,
                          sizeof *m->duel);
    for (int side = 0; side < WIRE_SIDES; side++) {
        m->side[side] = results_new();
        if (!m->side[side] || !results_add_occasion(m->side[side]))
            return ERROR(err, ERR_NOMEM, "no memory for results");
    }
    if (!layout->cases || !m->duel)
        return ERROR(err, ERR_NOMEM, "no memory for a plan");
    for (size_t i = 0; i < layout->n_cases && rc == 0; i++)
        rc = plan_case(m, i, err);
    now = m->side[DUEL_NEW];
    if (rc == 0)
        rc = occasion_fill(session, &now->arena, &now->occasion[0],
                           &revision_time, err);
    return rc < 0 ? rc
                  : record_begin(&m->record, session, RUN_KIND_LAYOUT,
                                 &now->occasion[0], revision_time, err);
}

static void take(struct measuring *m)
{
    struct layout *layout = m->layout;

    for (size_t i = 0; i < layout->n_cases; i++) {
        for (size_t k = 0; k < layout->n_builds; k++) {
            const struct duel_case *d = &m->duel[i * layout->n_builds + k];
            struct layout_trial *trial = &layout->cases[i].trial[k];

            *trial = (struct layout_trial){
                .comparison = d->failed == SIDE_OK && d->n_metrics
                                  ? d->metric[0].comparison
                                  : comparison_unknown(),
                .failed = d->failed == SIDE_OK ? "" : d->message,
            };
        }
        layout_conclude(&layout->cases[i], layout->n_builds);
    }
}

static int measure(struct measuring *m, struct error *err)
{
    struct session *session = m->session;
    struct duel_settings settings = contest_settings(session);
    struct duel_watch watch = {
        .ctx = m, .judged = on_judged, .progress = on_progress};
    struct error why = {0};
    int rc = session_fixtures_begin(session, &why);

    settings.counting = NULL; /* the time alone says what layouts do */
    cli_progress_start(session->cli, &m->progress);
    if (rc == 0)
        rc = duel(&session->executor, m->duel,
                  m->layout->n_cases * m->layout->n_builds, &settings, &watch,
                  m->side, &session->arena, &why);
    cli_progress_hide(&m->progress);
    session_fixtures_end(session, NULL);
    m->layout->interrupted = rc == ERR_STOPPED;
    if (rc < 0 && rc != ERR_STOPPED) {
        if (err)
            *err = why;
        return rc;
    }
    take(m);
    return layout_store(m->layout, &m->record, err);
}

static void end(struct measuring *m, int rc, struct error *err)
{
    enum cli_exit status = m->layout->interrupted ? CLI_INTERRUPTED : CLI_OK;

    if (m->record.session)
        record_end(&m->record, &status, rc < 0 ? NULL : err);
    for (int side = 0; side < WIRE_SIDES; side++)
        results_free(m->side[side]);
}

int layout_measure(struct session *session, struct layout *layout,
                   struct error *err)
{
    struct measuring m = {.session = session, .layout = layout};
    int64_t began = watch_now_ns();
    int rc;

    layout->place = session_place_words(session);
    rc = begin(&m, err);
    if (rc == 0)
        rc = measure(&m, err);
    layout->wall_s = (double)(watch_now_ns() - began) / 1e9;
    layout->run = m.record.store ? m.record.run : 0;
    end(&m, rc, err);
    return rc;
}

static const size_t default_builds = 6;

static int check_one_program(const struct session *session, struct error *err)
{
    if (session->n_programs == 1 && session->n_commands == 0)
        return 0;
    ERROR(err, ERR_USAGE,
          "one program is relinked at a time, and there are %zu programs and "
          "%zu commands",
          session->n_programs, session->n_commands);
    return error_help(err, "name one program on the command line");
}

int layout_relink(struct session *session, struct layout *layout,
                  struct error *err)
{
    const struct options *options = &session->cli->options;
    int rc = check_one_program(session, err);

    if (rc < 0)
        return rc;
    layout->program = session->program[0].label;
    layout->seed = session->seed;
    layout->margin = session_margin(session);
    layout->alpha = session_alpha(session);
    layout->n_builds =
        options->given[OPT_BUILDS] ? (size_t)options->builds : default_builds;
    layout->build =
        arena_alloc(&session->arena, layout->n_builds, sizeof *layout->build);
    if (!layout->build)
        return ERROR(err, ERR_NOMEM, "no memory for builds");
    return relink(session, layout->program, layout->n_builds, layout->build,
                  err);
}
