/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of commands and what can be asked of it. */
#include <config.h>

#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"

/* clang-format off: a line a command, in the order of the help */
const struct cli_cmd *const cli_commands[] = {
    &cli_cmd_run,      &cli_cmd_gate,
    &cli_cmd_compare,  &cli_cmd_baseline,
    &cli_cmd_scale,    &cli_cmd_test,
    &cli_cmd_debug,    &cli_cmd_list,
    &cli_cmd_history,  &cli_cmd_bisect,
    &cli_cmd_import,   &cli_cmd_report,
    &cli_cmd_serve,    &cli_cmd_topology,
    &cli_cmd_doctor,   &cli_cmd_selftest,
    &cli_cmd_layout,   &cli_cmd_check,
    &cli_cmd_completion, &cli_cmd_help,
    NULL,
};
/* clang-format on */

const struct cli_cmd *cli_find(const struct cli_cmd *const *commands,
                               const char *name)
{
    for (; commands && *commands; commands++)
        if (strcmp((*commands)->name, name) == 0)
            return *commands;
    return NULL;
}

const char *cli_title(const struct cli_cmd *cmd, char out[CLI_TITLE])
{
    snprintf(out, CLI_TITLE, "%s%s%s", cmd->parent ? cmd->parent : "",
             cmd->parent ? " " : "", cmd->name);
    return out;
}

bool cli_takes(const struct cli_cmd *cmd, enum opt_id id)
{
    if (id == OPT_HELP || id == OPT_DEBUG)
        return true;
    for (const enum opt_id *o = cmd->options; o && *o != OPT_END; o++)
        if (*o == id)
            return true;
    return false;
}

struct text_style cli_style(const struct cli *cli)
{
    return (struct text_style){
        .color = cli->out.color && !cli->options.output,
        .columns = cli->out.columns,
        .verbose = cli->options.verbose,
        .quiet = cli->options.quiet,
    };
}

int cli_write(const struct cli *cli, const struct strbuf *text,
              struct error *err)
{
    if (text->failed)
        return ERROR(err, ERR_NOMEM, "no memory for the output");
    if (cli->options.output)
        return file_write_atomic(cli->options.output, strbuf_text(text),
                                 text->size, err);
    fwrite(strbuf_text(text), 1, text->size, stdout);
    return 0;
}
