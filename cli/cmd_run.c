/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare run: measure benchmarks, show them, store them. */
#include <config.h>

#include "base/scope.h"
#include "cli/command_cases.h"
#include "cli/command_rank.h"
#include "cli/commands.h"
#include "cli/expect.h"
#include "cli/figures.h"
#include "cli/forms.h"
#include "cli/measure.h"
#include "cli/session.h"
#include "report/run.h"

static int show(struct session *session, struct measured_suite *suite,
                const struct expected *expected, size_t n_expected,
                struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct estimate_policy policy = estimate_defaults();
    struct run_report report;
    int rc = commands_given(&session->cli->options)
                 ? command_rank(session, suite, &policy, &report, err)
                 : run_report_make(suite->results, 0, &policy, &report, err);

    report.run = suite->record.store ? suite->record.run : 0;
    report.place = session_place_words(session);
    report.wall_s = suite->wall_s;
    report.interrupted = suite->interrupted;
    report.resumes = true;
    report.during = &suite->during;
    report.expected = expected;
    report.n_expected = n_expected;
    report.beside = suite->beside;
    if (rc == 0) {
        figures_of_run(&suite->record, &report);
        rc = forms_run(session->cli, &report, &text, err);
    }
    if (rc == 0)
        rc = cli_write(session->cli, &text, err);
    run_report_clear(&report);
    return rc;
}

static int measure_and_show(struct session *session, struct error *err)
{
    struct measured_suite suite;
    enum cli_exit status = CLI_UNMEASURED;
    struct expected *expected = NULL;
    size_t n_expected = 0;
    int rc = measure_suite(session, RUN_KIND_RUN, &suite, err);

    if (rc == 0)
        rc = expect_judge(session, suite.results, &expected, &n_expected, err);
    if (rc == 0) {
        rc = show(session, &suite, expected, n_expected, err);
        status = cli_worst(measured_suite_status(&suite),
                           expect_status(session, expected, n_expected));
    }
    if (suite.record.session)
        record_end(&suite.record, &status, rc < 0 ? NULL : err);
    measured_suite_clear(&suite);
    return rc < 0 ? rc : (int)status;
}

static int run(struct cli *cli, struct error *err)
{
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = session_programs(&session, cli->options.operand,
                              cli->options.n_before, err);
    if (rc == 0)
        rc = session_list(&session, CASE_BENCH, err);
    if (rc == 0)
        rc = expect_check(&session, err);
    if (rc == 0)
        rc = session_place_workers(&session, err);
    if (rc == 0)
        rc = measure_and_show(&session, err);
    session_close(&session);
    return rc;
}

static const enum opt_id options[] = {
    OPT_KIND,    OPT_COMMAND, OPT_PARAM,          OPT_ID,
    OPT_TAGS,    OPT_BUDGET,  OPT_MAX_TIME,       OPT_TIMEOUT,
    OPT_BIND,    OPT_SEED,    OPT_FORMAT,         OPT_OUTPUT,
    OPT_FILE,    OPT_DB,      OPT_PROGRESS,       OPT_COLOR,
    OPT_QUIET,   OPT_VERBOSE, OPT_RESUME,         OPT_OVERSUBSCRIBE,
    OPT_REQUIRE, OPT_WORKERS, OPT_TRUST_PARALLEL, OPT_MARGIN,
    OPT_END,
};

static const char *const examples[] = {
    "tare run build/sort_bench",
    "tare run -k '*qsort*' --budget 3s",
    "tare run -n 4 --margin 1%",
    "tare run -c 'gzip -kc f' -c 'xz -kc f'",
    NULL,
};

const struct cli_cmd cli_cmd_run = {
    .name = "run",
    .args = "[PROGRAM...] [-- CMD ARG...]",
    .summary = "Measure benchmarks and store the run",
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
