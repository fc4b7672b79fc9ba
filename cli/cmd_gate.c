/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare gate: measure, compare with a baseline, exit by verdict. */
#include <config.h>

#include <string.h>

#include "base/scope.h"
#include "cli/baselines.h"
#include "cli/commands.h"
#include "cli/contest_show.h"
#include "cli/contest_stored.h"
#include "cli/expect.h"
#include "cli/fixtures.h"
#include "cli/matches.h"

DEFINE_SCOPED(struct results *, results_free)

/* "baseline main (2026-11-22, 8972934)" */
static const char *baseline_words(struct session *session,
                                  const struct results *baseline)
{
    const struct occasion *newest =
        &baseline->occasion[baseline->n_occasions - 1];

    return arena_printf(&session->arena, "baseline %s (%.10s%s%.7s)",
                        baselines_chosen(session), newest->created,
                        newest->revision[0] ? ", " : "", newest->revision);
}

/* Measure, show, store; the status is the verdict's. */
static int hold(struct contest *contest, const struct results *baseline,
                const struct contest_names *names, struct error *err)
{
    int rc = baseline ? session_fixtures_rehearse(contest->session, err) : 0;

    if (rc == 0)
        rc = contest_run(contest, RUN_KIND_GATE, err);
    if (rc == 0 && baseline)
        rc = contest_run_stored(contest, baseline, err);
    if (rc == 0 && baseline)
        rc = contest_run_fixtures(contest, baseline, err);
    if (rc == 0)
        rc = expect_contest(contest, err);
    return contest_finish(contest, names, baseline, rc, err);
}

static int gate_baseline(struct session *session, struct error *err)
{
    SCOPED(results_free_scoped) struct results *baseline = NULL;
    struct contest_names names = {.command = REPORT_GATE, .new_name = ""};
    struct contest contest = {.session = session};
    int rc = baselines_read(session, baselines_chosen(session), &baseline, err);

    if (rc == 0 && baseline->n_occasions == 0)
        rc = ERROR_AT(err, ERR_EMPTY, baseline->file, 0, 0,
                      "the baseline holds no occasion");
    if (rc == 0)
        rc = contest_init(&contest, session,
                          session->n_selected + baseline->n_cases, err);
    if (rc == 0)
        rc = matches_with_baseline(&contest, baseline, err);
    if (rc == 0) {
        names.old_name = baseline_words(session, baseline);
        names.then = &baseline->occasion[baseline->n_occasions - 1];
        rc = hold(&contest, baseline, &names, err);
    }
    contest_clear(&contest);
    return rc;
}

static int gate_programs(struct session *session, struct error *err)
{
    const struct options *options = &session->cli->options;
    struct contest_names names = {
        .command = REPORT_GATE,
        .old_name = options->against ? options->against : options->against_rev,
        .new_name = "",
    };
    struct contest contest = {.session = session};
    struct opponents opponents = {.n = 0};
    int rc = options->against
                 ? opponents_named(session, options->against, &opponents, err)
                 : opponents_of_revision(session, options->against_rev,
                                         &opponents, err);

    if (rc == 0)
        rc = contest_init(&contest, session, session->n_selected, err);
    if (rc == 0)
        rc = matches_with_opponents(&contest, &opponents, err);
    if (rc == 0)
        rc = hold(&contest, NULL, &names, err);
    opponents_clear(&opponents);
    contest_clear(&contest);
    return rc;
}

static int gate(struct session *session, struct error *err)
{
    const struct options *options = &session->cli->options;
    int rc = session_list(session, CASE_BENCH, err);

    if (rc == 0)
        rc = expect_check(session, err);
    if (rc == 0)
        rc = session_place(session, err);
    if (rc < 0)
        return rc;
    return options->against || options->against_rev
               ? gate_programs(session, err)
               : gate_baseline(session, err);
}

static int run(struct cli *cli, struct error *err)
{
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0 && cli->options.against && cli->options.against_rev)
        rc = ERROR(err, ERR_USAGE,
                   "--against and --against-rev exclude each other");
    if (rc == 0)
        rc = session_programs(&session, cli->options.operand,
                              cli->options.n_operands, err);
    if (rc == 0)
        rc = gate(&session, err);
    session_close(&session);
    return rc;
}

static const enum opt_id options[] = {
    OPT_KIND,        OPT_BASELINE,      OPT_AGAINST,
    OPT_AGAINST_REV, OPT_MARGIN,        OPT_ALPHA,
    OPT_ID,          OPT_TAGS,          OPT_BUDGET,
    OPT_MAX_TIME,    OPT_EXPLAIN,       OPT_TIMEOUT,
    OPT_BIND,        OPT_SEED,          OPT_FORMAT,
    OPT_OUTPUT,      OPT_FILE,          OPT_DB,
    OPT_PROGRESS,    OPT_COLOR,         OPT_QUIET,
    OPT_VERBOSE,     OPT_OVERSUBSCRIBE, OPT_REQUIRE,
    OPT_END,
};

static const char *const examples[] = {
    "tare gate",
    "tare gate --against-rev HEAD~1 --margin 1%",
    "tare gate --against old/sort_bench build/sort_bench",
    NULL,
};

const struct cli_cmd cli_cmd_gate = {
    .name = "gate",
    .args = "[PROGRAM...]",
    .summary = "Compare with a baseline, exit by verdict",
    .group = CLI_MEASURE,
    .min_args = 0,
    .max_args = -1,
    .options = options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON) |
               FORMAT_BIT(FORMAT_CSV) | FORMAT_BIT(FORMAT_MARKDOWN),
    .examples = examples,
    .needs_guardian = true,
    .run = run,
};
