/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare help [COMMAND]. */
#include <config.h>

#include "cli/commands.h"

#include "base/scope.h"
#include "cli/dispatch.h"
#include "cli/help.h"

static int run(struct cli *cli, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const struct options *o = &cli->options;
    const struct cli_cmd *cmd;
    int rc;

    if (o->n_operands == 0) {
        help_overview(&text, cli->commands);
        return cli_write(cli, &text, err);
    }
    rc = cli_resolve(cli->commands, o->operand, o->n_operands, &cmd, err);
    if (rc < 0)
        return rc;
    help_command(&text, cmd);
    return cli_write(cli, &text, err);
}

const struct cli_cmd cli_cmd_help = {
    .name = "help",
    .args = "[COMMAND]",
    .summary = "Explain a command",
    .group = CLI_SUPPORT,
    .max_args = 2,
    .run = run,
};
