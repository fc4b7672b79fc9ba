/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a contest: judged, stored, and shown in the form the user asked
 * for. */
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

/* Judge the suite, put the verdicts into the store beside the samples, write the
 * report (with --explain the steps of one case), and end the run in the store.
 *
 * baseline  the stored old side, or NULL
 * rc        of what was done before: below 0, the run is only ended, with *err
 *
 * Returns the status of the verdicts, or the first failure. */
int contest_finish(struct contest *contest, const struct contest_names *names,
                   const struct results *baseline, int rc, struct error *err);

/* Before anything is measured: whether --explain names a case of this contest.
 * Returns 0 or ERR_USAGE. */
int contest_check_explain(const struct contest *contest, struct error *err);

#endif
