/* SPDX-License-Identifier: MIT */
/* The program's side of the stage: the shared memory through which orders,
 * samples and the turn between two live programs go. */
#ifndef BENCH_STAGE_H
#define BENCH_STAGE_H

#include <stdint.h>

#include "bench/loop.h"
#include "bench/wire.h"

enum tarei_turn {
    TURN_MINE = 0,
    TURN_ABORTED, /* leave at once */
    TURN_WRONG,   /* the turn went past this slice: the script is broken */
    TURN_WAITED   /* nothing happened for as long as was asked */
};

/* Map the stage.  Returns it, or NULL with a static message in *problem when
 * the descriptor is no stage. */
struct wire_stage *tarei_stage_map(int fd, const char **problem);

/* Check the script for a side before the first slice is run.  Returns NULL, or
 * a static message. */
const char *tarei_stage_check(const struct wire_stage *stage);

/* The first slice of `side` from i on; n_slices when there is none. */
uint32_t tarei_stage_next(const struct wire_stage *stage, uint32_t i,
                          uint32_t n_slices, uint32_t side);

/* Wait until slice i may run, at most patience_ns. */
enum tarei_turn tarei_stage_wait(struct wire_stage *stage, uint32_t i,
                                 int64_t patience_ns);

/* The order of slice i. */
struct tarei_order tarei_stage_order(const struct wire_stage *stage,
                                     uint32_t i);

/* Store what was measured, mark it done, and give the turn away; who waits is
 * woken unless the next slice is this side's own. */
void tarei_stage_done(struct wire_stage *stage, uint32_t i, uint32_t n_slices,
                      const struct tarei_sample *sample);

#endif
