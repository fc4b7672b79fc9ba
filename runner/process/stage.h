/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shared memory that one program, or two that take turns, read their
 * script from and write their samples to (bench/wire.h).
 *
 * What comes back is copied first and checked then: the measured program may
 * have written anything there at any time. */
#ifndef RUNNER_PROCESS_STAGE_H
#define RUNNER_PROCESS_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "bench/wire.h"

struct stage;

/* What one slice shall do. */
struct stage_order {
    uint64_t iterations; /* 1 or more */
    uint64_t rewarm;     /* untimed iterations before */
    uint32_t side;       /* 0 or 1 */
    uint32_t flags;      /* enum wire_flags */
};

/* What one slice did, checked. */
struct stage_slice {
    struct stage_order order;
    int64_t begin_ns;     /* CLOCK_MONOTONIC */
    int64_t elapsed_ns;   /* 0 or more */
    int64_t cpu_ns;       /* -1 unknown */
    int64_t run_delay_ns; /* -1 unknown */
    int64_t switches;     /* involuntary; -1 unknown */
    int64_t minor_faults; /* -1 unknown */
    int64_t major_faults; /* -1 unknown */
    int cpu_begin;        /* OS index; -1 unknown */
    int cpu_end;
};

/* Make the memory file, map it and seal its size.  The caller owns *out.
 * Returns 0, ERR_SYS or ERR_NOMEM. */
int stage_open(struct stage **out, struct error *err);
void stage_close(struct stage *stage); /* NULL is allowed */

/* To hand to a program.  Borrowed. */
int stage_fd(const struct stage *stage);

/* Put a script of 1 to WIRE_SLICES_MAX slices on the stage and clear the
 * abort flag.  No program may be running one.  Returns 0 or ERR_RANGE. */
int stage_script(struct stage *stage, const struct stage_order *order, size_t n,
                 struct error *err);

/* Tell every side to leave at once, and wake those that wait. */
void stage_abort(struct stage *stage);

/* Whose turn the stage says it is, 0 or 1; -1 when the script is done or the
 * word is garbage.  For naming who hangs. */
int stage_turn_side(const struct stage *stage);

/* Copy and check the n slices of the last script.
 *
 * began_ns, ended_ns  CLOCK_MONOTONIC around the whole order: no slice lies
 *                     outside, and together they take no longer
 * manual              per side: the body says its own times, which the clock
 *                     does not bound; NULL: neither
 * out                 n of them
 * bad                 receives the side at fault on failure
 *
 * Returns 0, or ERR_PEER with a clause to put behind the side's name ("wrote
 * garbage to the stage: slice 3 lasted longer than the whole order"). */
int stage_collect(const struct stage *stage, int64_t began_ns, int64_t ended_ns,
                  const bool *manual, struct stage_slice *out, size_t n,
                  int *bad, struct error *err);

#endif
