/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help, made from the tables. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/strbuf.h"
#include "cli/cmd.h"

enum { HELP_LINES = 24, HELP_COLUMNS = 80 };

/* `tare --help`: the commands by group. */
void help_overview(struct strbuf *out, const struct cli_cmd *const *commands);

/* `tare CMD --help`, within HELP_LINES x HELP_COLUMNS: options are explained
 * one a line while there is room, in the command's order but for those that are
 * common to many commands, which come last; the rest are named together. */
void help_command(struct strbuf *out, const struct cli_cmd *cmd);

#endif
