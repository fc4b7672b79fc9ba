/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare bisect: which revision changed a case. */
#include <config.h>

#include "base/scope.h"
#include "cli/bisect.h"
#include "cli/commands.h"

static int write_report(const struct cli *cli,
                        const struct bisect_report *report, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const struct text_style style = cli_style(cli);

    if (cli->options.format == (int)FORMAT_JSON)
        bisect_json(report, &text);
    else
        bisect_text(report, &style, &text);
    return cli_write(cli, &text, err);
}

static enum cli_exit status_of(const struct bisect_report *report)
{
    switch (report->outcome) {
    case BISECT_FOUND:
    case BISECT_RANGE:
    case BISECT_SPREAD:
        return report->ends.verdict == VERDICT_REGRESSED ? CLI_REGRESSED
                                                         : CLI_OK;
    case BISECT_SAME:
        return CLI_NOTHING;
    case BISECT_UNDECIDED:
        return CLI_UNDECIDED;
    case BISECT_STOPPED:
        return CLI_INTERRUPTED;
    }
    return CLI_UNDECIDED;
}

static int check_ends(const struct options *options, struct error *err)
{
    if (options->good && options->bad)
        return 0;
    ERROR(err, ERR_USAGE, "%s is missing", options->good ? "--bad" : "--good");
    return error_help(err, "tare bisect --good v1.2 --bad HEAD sort/qsort");
}

static int find(struct session *session, struct error *err)
{
    const struct options *options = &session->cli->options;
    struct bisect_revisions revisions;
    struct bisect_report report;
    int rc = check_ends(options, err);

    if (rc == 0)
        rc = bisect_revisions_list(session, options->good, options->bad,
                                   &revisions, err);
    if (rc == 0)
        rc = bisect(session, options->operand[0],
                    options->metric ? options->metric : "time", &revisions,
                    &report, err);
    if (rc == 0)
        rc = write_report(session->cli, &report, err);
    return rc < 0 ? rc : (int)status_of(&report);
}

static int run(struct cli *cli, struct error *err)
{
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = find(&session, err);
    session_close(&session);
    return rc;
}

static const enum opt_id options[] = {
    OPT_GOOD,   OPT_BAD,      OPT_METRIC,        OPT_MARGIN,  OPT_ALPHA,
    OPT_BUDGET, OPT_MAX_TIME, OPT_TIMEOUT,       OPT_BIND,    OPT_SEED,
    OPT_FORMAT, OPT_OUTPUT,   OPT_FILE,          OPT_DB,      OPT_PROGRESS,
    OPT_COLOR,  OPT_QUIET,    OPT_OVERSUBSCRIBE, OPT_REQUIRE, OPT_END,
};

static const char *const examples[] = {
    "tare bisect --good v1.2 --bad HEAD sort/qsort",
    "tare bisect --good HEAD~60 --bad HEAD zlib/crc32 --max-time 10m",
    NULL,
};

const struct cli_cmd cli_cmd_bisect = {
    .name = "bisect",
    .args = "CASE",
    .summary = "Find the revision that changed a case",
    .group = CLI_RECORDS,
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON),
    .examples = examples,
    .needs_guardian = true,
    .run = run,
};
