/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare test: run tests in parallel, show them, store them. */
#include <config.h>

#include "base/scope.h"
#include "cli/commands.h"
#include "cli/revision.h"
#include "cli/session.h"
#include "cli/test_suite.h"

/* Whatever has run is shown and stored, also where the run could not go on. */
static int run_and_show(struct session *session, struct test_suite *tests,
                        struct error *err)
{
    struct error why = {0}, later = {0};
    enum cli_exit status;
    int rc = test_suite_plan(tests, session, err);

    if (rc < 0)
        return rc;
    if (session->cli->options.verify_isolation)
        return test_suite_verify(tests, err);
    rc = test_suite_run(tests, &why);
    status = test_suite_status(tests);
    if (rc < 0)
        status = tests->sum.expired ? cli_worst(status, cli_exit_of(why.code))
                                    : cli_exit_of(why.code);
    if (test_suite_show(tests, &later) < 0)
        status = cli_worst(status, cli_exit_of(later.code));
    if (tests->record.session)
        record_end(&tests->record, &status, later.code ? NULL : &later);
    if (err)
        *err = why.code ? why : later;
    return (int)status;
}

/* They add to the report for people only. */
static int check_form(const struct cli *cli, struct error *err)
{
    static const enum opt_id textual[] = {OPT_DURATIONS, OPT_SUMMARY};
    const struct options *o = &cli->options;

    for (size_t i = 0; i < ARRAY_LEN(textual); i++)
        if (o->given[textual[i]] && o->format != FORMAT_TEXT) {
            ERROR(err, ERR_USAGE, "--%s is about text, not about --format %s",
                  option(textual[i])->name,
                  option(OPT_FORMAT)->words[o->format]);
            return error_help(err,
                              "run with it, then write the other form with "
                              "'tare report --format ...'");
        }
    return 0;
}

static int run(struct cli *cli, struct error *err)
{
    struct session session;
    struct test_suite tests = {0};
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = check_form(cli, err);
    if (rc == 0) {
        revision_ask(&session);
        rc = session_programs(&session, cli->options.operand,
                              cli->options.n_operands, err);
    }
    if (rc == 0)
        rc = session_list(&session, CASE_TEST, err);
    if (rc == 0)
        rc = run_and_show(&session, &tests, err);
    test_suite_clear(&tests);
    session_close(&session);
    return rc;
}

static const enum opt_id options[] = {
    OPT_KIND,
    OPT_WORKERS,
    OPT_ID,
    OPT_TAGS,
    OPT_EXIT_FIRST,
    OPT_MAXFAIL,
    OPT_LAST_FAILED,
    OPT_FAILED_FIRST,
    OPT_TIMEOUT,
    OPT_MAX_TIME,
    OPT_DIST,
    OPT_ISOLATION,
    OPT_VERIFY_ISOLATION,
    OPT_STREAM,
    OPT_ORDER,
    OPT_SEED,
    OPT_SHARD,
    OPT_REPEAT,
    OPT_RETRIES,
    OPT_REPLAY,
    OPT_DURATIONS,
    OPT_SUMMARY,
    OPT_BIND,
    OPT_OVERSUBSCRIBE,
    OPT_FORMAT,
    OPT_OUTPUT,
    OPT_FILE,
    OPT_DB,
    OPT_PROGRESS,
    OPT_COLOR,
    OPT_QUIET,
    OPT_VERBOSE,
    OPT_END,
};

static const char *const examples[] = {
    "tare test build/zlib_test",
    "tare test -n 2 -m 'unit and not slow' -x",
    "tare test --format junit -o tests.xml",
    NULL,
};

const struct cli_cmd cli_cmd_test = {
    .name = "test",
    .args = "[PROGRAM...]",
    .summary = "Run tests in parallel",
    .group = CLI_TESTS,
    .min_args = 0,
    .max_args = -1,
    .options = options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON) |
               FORMAT_BIT(FORMAT_JUNIT) | FORMAT_BIT(FORMAT_TAP) |
               FORMAT_BIT(FORMAT_MARKDOWN),
    .examples = examples,
    .needs_guardian = true,
    .run = run,
};
