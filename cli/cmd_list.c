/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare list: the cases of the programs. */
#include <config.h>

#include "base/json.h"
#include "base/scope.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "report/table.h"
#include "report/text.h"

static void list_text(const struct session *session, struct strbuf *out)
{
    for (size_t k = 0; k < session->n_selected; k++) {
        const struct catalog_case *c =
            &session->catalog.item[session->selected[k]];

        text_escape(out, c->id, 0);
        strbuf_puts(out, c->said.kind == CASE_TEST ? "  test" : "  bench");
        if (c->tags[0]) {
            strbuf_puts(out, "  ");
            text_escape(out, c->tags, 0);
        }
        strbuf_puts(out, "  ");
        text_escape(out, c->said.file, 0);
        strbuf_printf(out, ":%u\n", c->said.line);
    }
}

static int show(struct session *session, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    list_text(session, &text);
    return cli_write(session->cli, &text, err);
}

static int run(struct cli *cli, struct error *err)
{
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = session_programs(&session, cli->options.operand,
                              cli->options.n_operands, err);
    if (rc == 0)
        rc = session_list(&session, CASE_KIND_UNSET, err);
    if (rc == 0)
        rc = show(&session, err);
    session_close(&session);
    return rc;
}

static const enum opt_id options[] = {
    OPT_ID, OPT_TAGS, OPT_FILE, OPT_FORMAT, OPT_OUTPUT, OPT_END,
};

static const char *const examples[] = {
    "tare list",
    "tare list -m 'unit and not slow' build/sort_bench",
    NULL,
};

const struct cli_cmd cli_cmd_list = {
    .name = "list",
    .args = "[PROGRAM...]",
    .summary = "List cases with tags and source lines",
    .group = CLI_TESTS,
    .min_args = 0,
    .max_args = -1,
    .options = options,
    .formats = FORMAT_BIT(FORMAT_TEXT),
    .examples = examples,
    .needs_guardian = true,
    .run = run,
};
