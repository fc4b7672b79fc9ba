/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding the revision that changed a case: each step is a comparison of one
 * revision with the good end, interleaved on one core and decided by the
 * two-stage rule (docs/statistics.md). */
#ifndef CLI_BISECT_H
#define CLI_BISECT_H

#include "cli/bisect_revisions.h"
#include "cli/session.h"
#include "report/bisect.h"

/* Bisect session's case `id` by a metric between two revisions.
 *
 * The ends are judged by --margin, else by half of the gate's: what the gate
 * found must not be lost here by a hair.
 *
 * A step is judged by half the change between the ends (in logarithms), so that
 * a revision is shown to be like one of them; all comparisons together keep
 * alpha.  A revision that cannot be built or measured, or that cannot be told
 * after three times the budget, is skipped.  --max-time bounds all of it but
 * a build that runs, which build.timeout bounds.  What was built stays in
 * .tare/builds, so that a second try goes on from there.
 *
 * report  filled in the session's arena
 *
 * Returns 0, also when nothing was found: see report->outcome.  Errors:
 * ERR_USAGE, ERR_PARSE, ERR_EMPTY for what can never work; ERR_PEER when an end
 * cannot be built or measured; ERR_SYS, ERR_NOMEM. */
int bisect(struct session *session, const char *id, const char *metric,
           const struct bisect_revisions *revisions,
           struct bisect_report *report, struct error *err);

#endif
