/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare completion bash|zsh|fish. */
#include <config.h>

#include "cli/commands.h"
#include "cli/completion.h"

#include <string.h>

#include "base/scope.h"

static const struct shell {
    const char *name;
    void (*write)(struct strbuf *out, const struct cli_cmd *const *commands);
} shells[] = {
    {"bash", completion_bash},
    {"zsh", completion_zsh},
    {"fish", completion_fish},
};

static int run(struct cli *cli, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const char *wanted = cli->options.operand[0];

    for (size_t i = 0; i < ARRAY_LEN(shells); i++) {
        if (strcmp(shells[i].name, wanted) != 0)
            continue;
        shells[i].write(&text, cli->commands);
        return cli_write(cli, &text, err);
    }
    ERROR(err, ERR_USAGE, "no completion for '%s'", wanted);
    return error_help(err, "there is one for bash, zsh and fish");
}

static const enum opt_id options[] = {OPT_OUTPUT, OPT_END};

static const char *const examples[] = {
    "tare completion bash >/etc/bash_completion.d/tare",
    NULL,
};

const struct cli_cmd cli_cmd_completion = {
    .name = "completion",
    .args = "bash|zsh|fish",
    .summary = "Print a completion script for a shell",
    .group = CLI_SUPPORT,
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .examples = examples,
    .run = run,
};
