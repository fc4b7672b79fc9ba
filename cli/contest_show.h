/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A contest as report/gate.h shows it, in the form the user asked for. */
#ifndef CLI_CONTEST_SHOW_H
#define CLI_CONTEST_SHOW_H

#include "cli/contest.h"
#include "report/gate.h"

/* What the findings are between, for the heading. */
struct contest_names {
    enum gate_command command;
    const char *old_name, *new_name;
    const struct occasion *then; /* of a baseline; NULL when none */
};

/* Write the report, or with --explain the steps of one case. */
int contest_show(const struct contest *contest,
                 const struct contest_names *names, struct error *err);

/* The verdicts into the store, beside the samples, as `tare report` shows them
 * again. */
int contest_store(struct contest *contest, const struct contest_names *names,
                  struct error *err);

/* Before anything is measured: whether --explain names a case of this contest.
 * Returns 0 or ERR_USAGE. */
int contest_check_explain(const struct contest *contest, struct error *err);

#endif
