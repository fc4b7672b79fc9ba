/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare layout: what linking in another order changes by itself. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "cli/commands.h"
#include "cli/contest.h"
#include "cli/fixtures.h"
#include "cli/layout.h"
#include "cli/measure.h"
#include "cli/occasion.h"

static const size_t default_builds = 6;

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

static struct duel_settings settings_of(const struct session *session,
                                        const struct layout *layout)
{
    const struct options *options = &session->cli->options;
    const struct measure_plan *plan = &session->suite->measure;

    return (struct duel_settings){
        .sample_ns = plan->sample_time > 0 ? plan->sample_time : 0,
        .budget_ns =
            options->given[OPT_BUDGET] ? options->budget_ns : plan->budget,
        .deadline_ns = session_deadline(session),
        .overtime = !options->given[OPT_BUDGET],
        .alpha = layout->alpha,
        .seed = session->seed,
    };
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
    struct duel_settings settings = settings_of(session, m->layout);
    struct duel_watch watch = {
        .ctx = m, .judged = on_judged, .progress = on_progress};
    struct error why = {0};
    int rc = session_fixtures_begin(session, &why);

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

static int show(const struct cli *cli, const struct layout *layout,
                struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct text_style style = {.color = cli->out.color && !cli->options.output,
                               .columns = cli->out.columns,
                               .verbose = cli->options.verbose,
                               .quiet = cli->options.quiet};

    if (cli->options.format == FORMAT_JSON)
        layout_json(layout, &text);
    else
        layout_text(layout, &style, &text);
    return cli_write(cli, &text, err);
}

static enum cli_exit status_of(const struct layout *layout)
{
    enum cli_exit status = CLI_OK;
    size_t measured = 0;

    for (size_t i = 0; i < layout->n_cases; i++) {
        measured += layout->cases[i].compared > 0;
        for (size_t k = 0; k < layout->n_builds; k++)
            if (layout->cases[i].trial[k].failed[0])
                status = cli_worst(status, CLI_UNMEASURED);
    }
    if (measured == 0)
        status = cli_worst(status, CLI_NOTHING);
    return layout->interrupted ? CLI_INTERRUPTED : status;
}

static int measure_and_show(struct session *session, struct layout *layout,
                            struct error *err)
{
    struct measuring m = {.session = session, .layout = layout};
    int64_t began = watch_now_ns();
    enum cli_exit status = CLI_UNMEASURED;
    int rc = begin(&m, err);

    if (rc == 0)
        rc = measure(&m, err);
    layout->wall_s = (double)(watch_now_ns() - began) / 1e9;
    layout->run = m.record.store ? m.record.run : 0;
    if (rc == 0)
        rc = show(session->cli, layout, err);
    if (rc == 0)
        status = status_of(layout);
    if (m.record.session)
        record_end(&m.record, &status, rc < 0 ? NULL : err);
    for (int side = 0; side < WIRE_SIDES; side++)
        results_free(m.side[side]);
    return rc < 0 ? rc : (int)status;
}

static int check_one_program(const struct session *session, struct error *err)
{
    if (session->n_programs == 1)
        return 0;
    ERROR(err, ERR_USAGE, "one program is relinked at a time, not %zu",
          session->n_programs);
    return error_help(err, "tare layout PROGRAM");
}

static int relink_all(struct session *session, struct layout *layout,
                      struct error *err)
{
    const struct options *options = &session->cli->options;
    const struct gate *gate = &session->suite->gate;

    layout->program = session->program[0].label;
    layout->seed = session->seed;
    layout->margin =
        options->given[OPT_MARGIN] ? options->margin : gate->margin;
    layout->alpha = options->given[OPT_ALPHA] ? options->alpha : gate->alpha;
    layout->n_builds =
        options->given[OPT_BUILDS] ? (size_t)options->builds : default_builds;
    layout->build =
        arena_alloc(&session->arena, layout->n_builds, sizeof *layout->build);
    if (!layout->build)
        return ERROR(err, ERR_NOMEM, "no memory for builds");
    return relink(session, layout->program, layout->n_builds, layout->build,
                  err);
}

static int run(struct cli *cli, struct error *err)
{
    struct layout layout = {.n_builds = 0};
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = session_programs(&session, cli->options.operand,
                              cli->options.n_operands, err);
    if (rc == 0)
        rc = check_one_program(&session, err);
    if (rc == 0)
        rc = session_list(&session, CASE_BENCH, err);
    if (rc == 0)
        rc = relink_all(&session, &layout, err);
    if (rc == 0)
        rc = session_place(&session, err);
    if (rc == 0) {
        layout.place = session_place_words(&session);
        rc = measure_and_show(&session, &layout, err);
    }
    session_close(&session);
    return rc;
}

static const enum opt_id options[] = {
    OPT_RELINK,        OPT_BUILDS,   OPT_MARGIN,   OPT_ALPHA, OPT_ID,
    OPT_TAGS,          OPT_BUDGET,   OPT_MAX_TIME, OPT_SEED,  OPT_TIMEOUT,
    OPT_BIND,          OPT_FORMAT,   OPT_OUTPUT,   OPT_FILE,  OPT_DB,
    OPT_REQUIRE,       OPT_PROGRESS, OPT_COLOR,    OPT_QUIET, OPT_VERBOSE,
    OPT_OVERSUBSCRIBE, OPT_END,
};

static const char *const examples[] = {
    "tare layout --relink './relink.sh {seed} {out}' build/sort_bench",
    "tare layout --builds 12 -k '*/parse*'",
    NULL,
};

const struct cli_cmd cli_cmd_layout = {
    .name = "layout",
    .args = "[PROGRAM]",
    .summary = "What linking in another order changes",
    .group = CLI_MACHINE,
    .min_args = 0,
    .max_args = 1,
    .options = options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON),
    .examples = examples,
    .needs_guardian = true,
    .run = run,
};
