/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The progress line on standard error, as --progress and -q want it. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/cmd.h"
#include "report/progress.h"

/* Begin; nothing is written yet. */
void cli_progress_start(const struct cli *cli, struct progress *progress);

/* How far the work is, 0 to 1, and what it is at. */
void cli_progress_step(struct progress *progress, double share,
                       const char *what);

/* Take the line away, before anything else is written. */
void cli_progress_hide(struct progress *progress);

#endif
