/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which metrics of a case are judged, and their pairs. */
#ifndef RUNNER_MEASURE_DUEL_METRICS_H
#define RUNNER_MEASURE_DUEL_METRICS_H

#include "runner/measure/duel.h"

/* After the first pair of case `i`: ask the watch about every metric that both
 * sides have.  ERR_NOMEM. */
int duel_find_metrics(struct duel_case *c, const struct duel_watch *watch,
                      struct results *const results[WIRE_SIDES], size_t i,
                      struct arena *arena, struct error *err);

/* Append the newest pair to every judged metric: blocks for "time", the medians
 * of the two invocations for the others.  ERR_NOMEM. */
int duel_add_pair(struct duel_case *c, const struct pair_value *time,
                  struct results *const results[WIRE_SIDES], size_t i,
                  struct arena *arena, struct error *err);

#endif
