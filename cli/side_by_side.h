/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare run -n N: benchmarks side by side, after a look at whether that
 * disturbs them. */
#ifndef CLI_SIDE_BY_SIDE_H
#define CLI_SIDE_BY_SIDE_H

#include "cli/session.h"
#include "report/beside.h"
#include "runner/measure/solo.h"

/* How many workers -n or measure.workers of tare.yaml ask for, WORKERS_AUTO and
 * WORKERS_LOGICAL resolved: 1 or more.  ERR_USAGE when options that are about
 * several are given for one. */
int side_by_side_workers(const struct session *session,
                         const struct placement_policy *policy, size_t *out,
                         struct error *err);

/* Make the lanes of session->workers workers; none for one.  After
 * session_place() has the placement. */
int side_by_side_open(struct session *session, struct error *err);
void side_by_side_close(struct session *session);

/* Measure the subjects on the lanes, and those that neighbours disturb, or that
 * need more than a worker has, alone afterwards.
 *
 * progress  of the check; may be NULL
 * out       what came of it, in the session's arena
 *
 * Errors as those of solo_measure(). */
int side_by_side_measure(struct session *session, const struct subject *subject,
                         size_t n, const struct solo_settings *settings,
                         const struct solo_watch *watch,
                         interference_progress *progress,
                         struct results *results, struct beside **out,
                         struct error *err);

#endif
