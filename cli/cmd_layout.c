/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare layout: what linking in another order changes by itself. */
#include <config.h>

#include "base/scope.h"
#include "cli/commands.h"
#include "cli/layout.h"

static int show(const struct cli *cli, const struct layout *layout,
                struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const struct text_style style = cli_style(cli);

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
    int rc = layout_measure(session, layout, err);

    if (rc == 0)
        rc = show(session->cli, layout, err);
    return rc < 0 ? rc : (int)status_of(layout);
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
        rc = session_list(&session, CASE_BENCH, err);
    if (rc == 0)
        rc = layout_relink(&session, &layout, err);
    if (rc == 0)
        rc = session_place(&session, err);
    if (rc == 0)
        rc = measure_and_show(&session, &layout, err);
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
