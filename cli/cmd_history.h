/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second words of `tare history`; cmd_history.c lists them. */
#ifndef CLI_CMD_HISTORY_H
#define CLI_CMD_HISTORY_H

#include "cli/cmd.h"

extern const struct cli_cmd cli_cmd_history_ack;
extern const struct cli_cmd cli_cmd_history_export;
extern const struct cli_cmd cli_cmd_history_merge;
extern const struct cli_cmd cli_cmd_history_prune;
extern const struct cli_cmd cli_cmd_history_unack;

#endif
