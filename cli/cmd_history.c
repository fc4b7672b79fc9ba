/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare history: how cases moved from revision to revision. */
#include <config.h>

#include "base/scope.h"
#include "cli/cmd_history.h"
#include "cli/commands.h"
#include "cli/history_view.h"
#include "cli/record.h"

static void write_form(const struct cli *cli,
                       const struct history_report *report, struct strbuf *out)
{
    const struct text_style style = cli_style(cli);

    switch ((enum format)cli->options.format) {
    case FORMAT_JSON:
        history_json(report, out);
        break;
    case FORMAT_CSV:
        history_csv(report, out);
        break;
    case FORMAT_MARKDOWN:
        history_markdown(report, out);
        break;
    default:
        if (cli->options.n_operands)
            history_details(report, &style, out);
        else
            history_text(report, &style, out);
    }
}

static int show(struct session *session, struct store *store, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct cli *cli = session->cli;
    struct history_view view;
    struct history_wish wish;
    int rc = history_wish_read(session, store, &wish, err);

    if (rc == 0)
        rc = history_view_make(session, store, &wish, &view, err);
    if (rc < 0)
        return rc;
    write_form(cli, &view.report, &text);
    rc = cli_write(cli, &text, err);
    if (rc < 0)
        return rc;
    return cli->options.fail_on_change && history_count(&view.report).open
               ? CLI_REGRESSED
               : CLI_OK;
}

static int run(struct cli *cli, struct error *err)
{
    struct store *store = NULL;
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = store_open(record_store_path(&session), STORE_READ, &store, err);
    if (rc == 0)
        rc = show(&session, store, err);
    store_close(store);
    session_close(&session);
    return rc;
}

static const enum opt_id options[] = {
    OPT_SINCE,  OPT_BRANCH, OPT_MACHINE, OPT_METRIC,  OPT_FAIL_ON_CHANGE,
    OPT_MARGIN, OPT_FILE,   OPT_FORMAT,  OPT_OUTPUT,  OPT_BASELINE,
    OPT_DB,     OPT_COLOR,  OPT_QUIET,   OPT_VERBOSE, OPT_END,
};

static const struct cli_cmd *const subs[] = {
    &cli_cmd_history_ack,    &cli_cmd_history_unack, &cli_cmd_history_prune,
    &cli_cmd_history_export, &cli_cmd_history_merge, NULL,
};

static const char *const examples[] = {
    "tare history",
    "tare history sort/qsort --since v1.2",
    "tare history --branch main --fail-on-change",
    NULL,
};

const struct cli_cmd cli_cmd_history = {
    .name = "history",
    .args = "[CASE...]",
    .summary = "Show trends and change points",
    .group = CLI_RECORDS,
    .max_args = -1,
    .options = options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON) |
               FORMAT_BIT(FORMAT_CSV) | FORMAT_BIT(FORMAT_MARKDOWN),
    .examples = examples,
    .needs_guardian = true,
    .subs = subs,
    .run = run,
};
