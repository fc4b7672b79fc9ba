/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pair of an interleaved comparison: two fresh processes, one script. */
#ifndef RUNNER_MEASURE_DUEL_PAIR_H
#define RUNNER_MEASURE_DUEL_PAIR_H

#include "runner/measure/duel.h"
#include "runner/measure/script.h"

/* What one pair yields.  Slices live in the arena given, reports until the
 * executor's next close. */
struct duel_pair {
    struct pair_value value;
    struct stage_slice *slice[WIRE_SIDES]; /* of the blocks, by side */
    size_t n_slices;                       /* of each side */
    struct side_report said[WIRE_SIDES];
};

/* Fix iterations, untimed part and warm-up of a case, in a pair of processes of
 * their own.  Errors as struct executor. */
int duel_calibrate(const struct executor *executor,
                   const struct duel_settings *settings, struct duel_case *c,
                   struct side_failure *bad, struct error *err);

/* Run one pair of a calibrated case.  ERR_PEER when a slice took no time at
 * all; otherwise errors as struct executor. */
int duel_run_pair(const struct executor *executor,
                  const struct duel_settings *settings, struct duel_case *c,
                  uint64_t *random, struct arena *arena, struct duel_pair *out,
                  struct side_failure *bad, struct error *err);

#endif
