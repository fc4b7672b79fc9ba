/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of one command line, from fast to slow. */
#ifndef CLI_COMMAND_RANK_H
#define CLI_COMMAND_RANK_H

#include "cli/measure.h"
#include "report/run.h"

/* Share of a command's budget that goes to its own figure; the rest goes to
 * its ratio to the fastest. */
#define COMMAND_RANK_SHARE 0.5

/* Make the report of measured commands: in the order of their times, those that
 * could not be measured last, each compared with the fastest by executions
 * that alternate with it.
 *
 * suite  its cases are put in this order; their order in the store, where they
 *        are by now, is another
 * out    ended with run_report_clear(), also after an error
 *
 * Returns 0, or an error of measuring; an interruption is none. */
int command_rank(struct session *session, struct measured_suite *suite,
                 const struct estimate_policy *policy, struct run_report *out,
                 struct error *err);

#endif
