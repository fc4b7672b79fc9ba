/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every command there is: cli/commands.c lists them in the order of the help,
 * each has a file cmd_NAME.c. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cmd.h"

extern const struct cli_cmd cli_cmd_check;
extern const struct cli_cmd cli_cmd_completion;
extern const struct cli_cmd cli_cmd_debug;
extern const struct cli_cmd cli_cmd_doctor;
extern const struct cli_cmd cli_cmd_baseline;
extern const struct cli_cmd cli_cmd_compare;
extern const struct cli_cmd cli_cmd_bisect;
extern const struct cli_cmd cli_cmd_gate;
extern const struct cli_cmd cli_cmd_help;
extern const struct cli_cmd cli_cmd_history;
extern const struct cli_cmd cli_cmd_import;
extern const struct cli_cmd cli_cmd_layout;
extern const struct cli_cmd cli_cmd_list;
extern const struct cli_cmd cli_cmd_report;
extern const struct cli_cmd cli_cmd_serve;
extern const struct cli_cmd cli_cmd_run;
extern const struct cli_cmd cli_cmd_scale;
extern const struct cli_cmd cli_cmd_test;
extern const struct cli_cmd cli_cmd_topology;
extern const struct cli_cmd cli_cmd_selftest;

#endif
