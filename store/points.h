/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points: what a finished run says of one case, for its series; private to
 * store/.  Called within a transaction.
 *
 * A point holds, for each metric, the medians of the run's invocations.  Runs
 * have points while they are finished: then each case is written once, and
 * adding an invocation stays cheap. */
#ifndef STORE_POINTS_H
#define STORE_POINTS_H

#include <stdint.h>

#include "store/db.h"

/* Make the points of a run from its measured cases and passed tests. */
int points_make(struct store *store, int64_t run, struct error *err);

/* Remove the points of a run. */
int points_remove(struct store *store, int64_t run, struct error *err);

#endif
