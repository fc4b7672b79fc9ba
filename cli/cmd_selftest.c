/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare selftest: false alarms and detections on this machine. */
#include <config.h>

#include "base/scope.h"
#include "cli/commands.h"
#include "cli/selftest.h"
#include "stats/binomial.h"

static const double alpha = 0.01;  /* of the gate, and of this test */
static const double chance = 0.01; /* more alarms than this are no chance */

static struct selftest_plan plan_of(const struct options *options)
{
    struct selftest_plan quick = {.limit_s = 50,
                                  .budget_ns = 2000000000,
                                  .rounds = {2, 2, 1, 1, 1},
                                  .quick = true};
    struct selftest_plan full = {.budget_ns = 10000000000,
                                 .rounds = {40, 20, 25, 15, 15}};

    return options->full ? full : quick;
}

static int show(const struct cli *cli, const struct selftest *test,
                struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const struct text_style style = cli_style(cli);

    if (cli->options.format == FORMAT_JSON)
        selftest_json(test, &text);
    else if (cli->options.format == FORMAT_MARKDOWN)
        selftest_markdown(test, &text);
    else
        selftest_text(test, &style, &text);
    return cli_write(cli, &text, err);
}

static enum cli_exit status_of(const struct selftest *test)
{
    enum cli_exit status = CLI_OK;
    size_t alarms, n;

    selftest_alarms(test, &alarms, &n);
    if (binomial_at_least(alarms, n, alpha) < chance)
        status = CLI_REGRESSED;
    if (n == 0)
        status = CLI_NOTHING;
    for (size_t r = 0; r < test->n; r++)
        if (test->row[r].failed[0])
            status = cli_worst(status, CLI_UNMEASURED);
    return test->interrupted ? CLI_INTERRUPTED : status;
}

static int check(const struct options *options, struct error *err)
{
    if (options->quick && options->full)
        return ERROR(err, ERR_USAGE, "--quick and --full exclude each other");
    if (options->n_operands == 0 && options->relink) {
        ERROR(err, ERR_USAGE, "there is no program to relink");
        return error_help(err, "tare selftest --full --relink CMD PROGRAM");
    }
    if (options->n_operands && !options->full) {
        ERROR(err, ERR_USAGE, "a program is relinked in the full test only");
        return error_help(err, "add --full, or see 'tare help layout'");
    }
    return 0;
}

/* The builds of the program that was named, before anything is measured. */
static int make_builds(struct session *session, struct layout *layout,
                       struct error *err)
{
    const struct options *options = &session->cli->options;
    int rc =
        session_programs(session, options->operand, options->n_operands, err);

    if (rc == 0)
        rc = session_list(session, CASE_BENCH, err);
    return rc < 0 ? rc : layout_relink(session, layout, err);
}

static int run(struct cli *cli, struct error *err)
{
    struct selftest_plan plan = plan_of(&cli->options);
    bool relinked = cli->options.n_operands > 0;
    struct layout layout = {.n_builds = 0};
    struct selftest test = {.n = 0};
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = check(&cli->options, err);
    if (rc == 0 && relinked)
        rc = make_builds(&session, &layout, err);
    if (rc == 0)
        rc = session_place(&session, err);
    if (rc == 0)
        rc = selftest_run(&session, &plan, &test, err);
    if (rc == 0 && relinked && !test.interrupted) {
        rc = layout_measure(&session, &layout, err);
        test.layout = &layout;
        test.interrupted = layout.interrupted;
    }
    if (rc == 0)
        rc = show(cli, &test, err);
    if (rc == 0)
        rc = (int)status_of(&test);
    selftest_clear(&test);
    session_close(&session);
    return rc;
}

static const enum opt_id options[] = {
    OPT_QUICK, OPT_FULL,   OPT_RELINK,   OPT_BUILDS,        OPT_SEED,
    OPT_BIND,  OPT_FORMAT, OPT_OUTPUT,   OPT_FILE,          OPT_DB,
    OPT_COLOR, OPT_QUIET,  OPT_PROGRESS, OPT_OVERSUBSCRIBE, OPT_END,
};

static const char *const examples[] = {
    "tare selftest",
    "tare selftest --full --format markdown -o selftest.md",
    "tare selftest --full --relink './relink.sh {seed} {out}' ./bench",
    NULL,
};

const struct cli_cmd cli_cmd_selftest = {
    .name = "selftest",
    .args = "[PROGRAM]",
    .summary = "False alarms and detections on this machine",
    .group = CLI_MACHINE,
    .max_args = 1,
    .options = options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON) |
               FORMAT_BIT(FORMAT_MARKDOWN),
    .examples = examples,
    .needs_guardian = true,
    .run = run,
};
