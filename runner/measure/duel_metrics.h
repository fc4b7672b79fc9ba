/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which metrics of a case are judged, and their pairs. */
#ifndef RUNNER_MEASURE_DUEL_METRICS_H
#define RUNNER_MEASURE_DUEL_METRICS_H

#include "runner/measure/duel.h"

/* Count what the clock does not show on both sides of case `i`, beside its first
 * pairs, until what is counted repeats itself.  ERR_STOPPED, ERR_SYS or
 * ERR_NOMEM. */
int duel_count(struct duel_case *c, const struct counting *counting,
               struct results *const results[WIRE_SIDES], size_t i,
               struct error *err);

/* Slower with the same number of instructions: not the code but where it lies
 * (statistics.md, "Layout").  Puts that reason beside a regression in time. */
void duel_suspect_layout(struct duel_case *c,
                         struct results *const results[WIRE_SIDES], size_t i);

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
