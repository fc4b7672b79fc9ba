/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion scripts for shells, made from the tables. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "base/strbuf.h"
#include "cli/cmd.h"

/* Each writes a script that completes commands, the options each takes, and
 * the words of options that have a fixed choice; files elsewhere. */
void completion_bash(struct strbuf *out, const struct cli_cmd *const *commands);
void completion_zsh(struct strbuf *out, const struct cli_cmd *const *commands);
void completion_fish(struct strbuf *out, const struct cli_cmd *const *commands);

#endif
