/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare list: the cases of the programs. */
#include <config.h>

#include "base/scope.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "report/list.h"

/* What the case declares, and what tare.yaml adds. */
static const char *fixtures_of(const struct session *session,
                               struct arena *arena,
                               const struct catalog_case *c)
{
    const struct program *config = session->config[c->program];
    const char *all = c->said.fixtures;

    for (size_t i = 0; all && config && i < config->fixtures.n; i++)
        all = arena_printf(arena, "%s%s%s", all, *all ? "," : "",
                           config->fixtures.word[i]);
    return all;
}

static struct list_case *describe(const struct session *session,
                                  struct arena *arena)
{
    struct list_case *all =
        arena_alloc(arena, session->n_selected, sizeof *all);

    for (size_t k = 0; all && k < session->n_selected; k++) {
        const struct catalog_case *c =
            &session->catalog.item[session->selected[k]];

        all[k] = (struct list_case){
            .id = c->id,
            .is_test = c->said.kind == CASE_TEST,
            .program = session_label(session, c),
            .tags = c->tags,
            .fixtures = fixtures_of(session, arena, c),
            .baseline = c->baseline_id,
            .version = c->said.version,
            .file = c->said.file,
            .line = c->said.line,
        };
        if (!all[k].fixtures)
            return NULL;
    }
    return all;
}

static int show(struct session *session, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const struct cli *cli = session->cli;
    const struct text_style style = cli_style(cli);
    struct list_case *all = describe(session, &session->arena);

    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for a list");
    if (cli->options.format == FORMAT_JSON)
        list_json(session->suite->name, all, session->n_selected, &text);
    else
        list_text(all, session->n_selected, &style, &text);
    return cli_write(cli, &text, err);
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
    OPT_KIND,   OPT_ID,    OPT_TAGS,  OPT_FILE, OPT_FORMAT,
    OPT_OUTPUT, OPT_COLOR, OPT_QUIET, OPT_END,
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
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON),
    .examples = examples,
    .needs_guardian = true,
    .run = run,
};
