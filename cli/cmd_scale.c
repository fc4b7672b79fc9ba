/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare scale: how many workers something should use. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "cli/command_cases.h"
#include "cli/commands.h"
#include "cli/scale.h"

/* ---- before */

static int check_against(const struct options *o, struct error *err)
{
    if (!o->against && !o->against_rev)
        return 0;
    if (commands_given(o)) {
        ERROR(err, ERR_USAGE, "a command has no old program");
        return error_help(err, "'tare compare --old CMD --new CMD' compares "
                               "command lines");
    }
    if (o->against && o->against_rev) {
        ERROR(err, ERR_USAGE, "--against and --against-rev are two old sides");
        return error_help(err, "give one of them");
    }
    return 0;
}

static int find_opponents(struct scaling *scaling, struct error *err)
{
    const struct options *o = &scaling->session->cli->options;

    if (!scaling->old)
        return 0;
    return o->against ? opponents_named(scaling->session, o->against,
                                        &scaling->opponents, err)
                      : opponents_of_revision(scaling->session, o->against_rev,
                                              &scaling->opponents, err);
}

static int prepare(struct scaling *scaling, struct error *err)
{
    struct session *session = scaling->session;
    const struct options *o = &session->cli->options;
    int rc = check_against(o, err);

    if (rc == 0)
        rc = session_programs(session, o->operand, o->n_before, err);
    if (rc == 0)
        rc = scale_plan_counts(scaling, err);
    if (rc == 0)
        rc = scale_add_counts(scaling, err);
    if (rc == 0)
        rc = session_list(session, CASE_KIND_UNSET, err);
    if (rc == 0)
        rc = find_opponents(scaling, err);
    return rc < 0 ? rc : scale_plan_series(scaling, err);
}

/* ---- settings */

static int64_t deadline(const struct session *session)
{
    int64_t limit = session_max_time_ns(session);

    return limit > 0 ? watch_now_ns() + limit : 0;
}

static void fill_settings(struct scaling *scaling)
{
    const struct session *session = scaling->session;
    struct scale_settings *s = &scaling->settings;

    scaling->margin = session_margin(session);
    s->alpha = session_alpha(session);
    s->budget_ns = session_budget_ns(session);
    s->old_precision = scaling->margin / 2;
    s->deadline_ns = deadline(session);
    s->seed = session->seed;
    *s = scale_settings_fill(s);
}

/* ---- measuring */

static void on_progress(void *ctx, double share, size_t series, size_t count)
{
    struct scaling *scaling = ctx;
    SCOPED(strbuf_scoped) struct strbuf what = {0};

    strbuf_printf(&what, "%s, %d", scaling->scaled[series].id,
                  scaling->n[count]);
    cli_progress_step(&scaling->progress, share, strbuf_text(&what));
}

static int run_rounds(struct scaling *scaling, struct error *err)
{
    struct session *session = scaling->session;
    const struct scale_watch watch = {
        .ctx = scaling, .sampled = scale_store_sample, .progress = on_progress};
    struct scale_executor executor = scale_live;
    struct text_style plain = {0};
    int rc;

    executor.ctx = scaling;
    for (int side = 0; side < SCALE_SIDES; side++)
        progress_start(&scaling->tests[side].progress, PROGRESS_SILENT, &plain,
                       executor.now, NULL);
    cli_progress_start(session->cli, &scaling->progress);
    rc = scale_rounds(&executor, &scaling->settings, scaling->series,
                      scaling->n_scaled, &watch, &session->arena, err);
    cli_progress_hide(&scaling->progress);
    return rc;
}

/* ---- after */

static int analyse_one(struct scaling *scaling, size_t i, struct error *err)
{
    struct arena *arena = &scaling->session->arena;
    const struct scaled *scaled = &scaling->scaled[i];
    struct scale_case *c = &scaling->cases[i];
    int rc;

    *c = (struct scale_case){
        .id = scaled->id,
        .kind = scaled->kind,
        .pieces = scaled->pieces,
        .piece = scaled->piece,
        .series = &scaling->series[i],
    };
    rc = scale_analyse(c->series, SCALE_NEW, &scaling->settings, arena,
                       &c->analysis, err);
    if (rc == ERR_EMPTY)
        return 0;
    if (rc < 0)
        return rc;
    c->measured = true;
    c->loss = scale_limit_of(&c->analysis, c->kind == SCALE_COMMAND);
    c->compared = scaling->old;
    return scaling->old
               ? scale_compare(c->series, &scaling->settings, scaling->margin,
                               arena, &c->against, err)
               : 0;
}

static int analyse(struct scaling *scaling, struct error *err)
{
    struct error ignored = {0};
    int rc = 0;

    for (size_t i = 0; i < scaling->n_scaled && rc == 0; i++)
        rc = analyse_one(scaling, i, &ignored);
    if (rc < 0 && err)
        *err = ignored;
    return rc;
}

static void write_report(const struct cli *cli,
                         const struct scale_report *report, struct strbuf *out)
{
    const struct text_style style = cli_style(cli);

    switch ((enum format)cli->options.format) {
    case FORMAT_JSON:
        scale_json(report, out);
        break;
    case FORMAT_CSV:
        scale_csv(report, out);
        break;
    case FORMAT_MARKDOWN:
        scale_markdown(report, out);
        break;
    default:
        scale_text(report, &style, out);
    }
}

/* The store has the times; what follows from them and what disturbed them is
 * in the document, for the dashboard. */
static void keep_report(struct scaling *scaling,
                        const struct scale_report *report)
{
    SCOPED(strbuf_scoped) struct strbuf json = {0};

    scale_json(report, &json);
    if (!json.failed)
        record_document(&scaling->record, SCALE_DOCUMENT, strbuf_text(&json));
}

static int show(struct scaling *scaling, double wall_s, bool interrupted,
                struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const struct options *o = &scaling->session->cli->options;
    struct scale_report report = {
        .suite = scaling->session->suite->name,
        .occasion = scaling->occasion,
        .count = scaling->count,
        .settings = &scaling->settings,
        .margin = scaling->old ? scaling->margin : NAN,
        .old = o->against ? o->against : o->against_rev,
        .cases = scaling->cases,
        .n_cases = scaling->n_scaled,
        .wall_s = wall_s,
        .run = scaling->record.store ? scaling->record.run : 0,
        .interrupted = interrupted,
    };

    keep_report(scaling, &report);
    write_report(scaling->session->cli, &report, &text);
    return cli_write(scaling->session->cli, &text, err);
}

static enum cli_exit status_of(const struct scaling *scaling, bool interrupted)
{
    enum cli_exit status = interrupted ? CLI_INTERRUPTED : CLI_OK;

    for (size_t i = 0; i < scaling->n_scaled; i++) {
        const struct scale_case *c = &scaling->cases[i];

        if (c->compared && c->against.worse)
            status = cli_worst(status, CLI_REGRESSED);
        if (*c->series->message)
            status = cli_worst(status,
                               c->kind == SCALE_TESTS && scaling->tests_failed
                                   ? CLI_REGRESSED
                                   : CLI_UNMEASURED);
        else if (!c->measured)
            status = cli_worst(status, CLI_UNMEASURED);
    }
    return status;
}

static int measure_and_show(struct scaling *scaling, struct error *err)
{
    struct error why = {0};
    int64_t began = watch_now_ns();
    enum cli_exit status = CLI_UNMEASURED;
    bool interrupted;
    int rc = scale_store_begin(scaling, err), ended = 0;

    if (rc < 0)
        return rc;
    rc = run_rounds(scaling, &why);
    interrupted = rc == ERR_STOPPED;
    if (interrupted)
        rc = 0;
    if (rc == 0)
        rc = analyse(scaling, &why);
    if (rc == 0) {
        status = status_of(scaling, interrupted);
        rc = show(scaling, (double)(watch_now_ns() - began) / 1e9, interrupted,
                  &why);
    }
    ended = scale_store_end(scaling, &status, rc < 0 ? NULL : &why);
    if (rc == 0)
        rc = ended;
    if (rc < 0 && err)
        *err = why;
    return rc < 0 ? rc : (int)status;
}

static void clear(struct scaling *scaling)
{
    for (int side = 0; side < SCALE_SIDES; side++) {
        test_suite_clear(&scaling->tests[side]);
        results_free(scaling->results[side]);
    }
    opponents_clear(&scaling->opponents);
}

static int run(struct cli *cli, struct error *err)
{
    struct session session;
    struct scaling scaling = {
        .session = &session,
        .old = cli->options.against || cli->options.against_rev,
    };
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = prepare(&scaling, err);
    if (rc == 0) {
        fill_settings(&scaling);
        rc = measure_and_show(&scaling, err);
    }
    clear(&scaling);
    session_close(&session);
    return rc;
}

static const enum opt_id options[] = {
    OPT_KIND,    OPT_WORKERS,   OPT_COMMAND,       OPT_PARAM,   OPT_ID,
    OPT_TAGS,    OPT_BUDGET,    OPT_MAX_TIME,      OPT_AGAINST, OPT_AGAINST_REV,
    OPT_MARGIN,  OPT_ALPHA,     OPT_OVERSUBSCRIBE, OPT_BIND,    OPT_TIMEOUT,
    OPT_DIST,    OPT_ISOLATION, OPT_SEED,          OPT_FORMAT,  OPT_OUTPUT,
    OPT_FILE,    OPT_DB,        OPT_PROGRESS,      OPT_COLOR,   OPT_QUIET,
    OPT_VERBOSE, OPT_REQUIRE,   OPT_END,
};

static const char *const examples[] = {
    "tare scale -n 1,2,4 build/zlib_test",
    "tare scale -n 1,2,4 -- make -j{n}",
    "tare scale -k '*push*' --against old/queue_bench",
    NULL,
};

const struct cli_cmd cli_cmd_scale = {
    .name = "scale",
    .args = "[PROGRAM...] [-- CMD ARG...]",
    .summary = "Compare numbers of workers",
    .group = CLI_MEASURE,
    .min_args = 0,
    .max_args = -1,
    .options = options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON) |
               FORMAT_BIT(FORMAT_CSV) | FORMAT_BIT(FORMAT_MARKDOWN),
    .examples = examples,
    .compares_counts = true,
    .needs_guardian = true,
    .run = run,
};
