/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scripts: which side runs how many iterations, in which order. */
#ifndef RUNNER_MEASURE_SCRIPT_H
#define RUNNER_MEASURE_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

#include "runner/process/stage.h"

/* A seeded generator small enough to copy: splitmix64 (Steele, Lea & Flood,
 * OOPSLA 2014).  The state is the seed; every state is valid. */
uint64_t random_next(uint64_t *state);

/* Uniform over [0, n), n at least 1, without modulo bias. */
uint64_t random_below(uint64_t *state, uint64_t n);

/* Permute order[0..n-1] (Fisher-Yates). */
void random_shuffle(uint64_t *state, size_t *order, size_t n);

struct script {
    struct stage_order order[WIRE_SLICES_MAX];
    size_t n;
};

/* Append a slice; beyond WIRE_SLICES_MAX nothing is appended. */
void script_add(struct script *script, uint32_t side, uint64_t iterations,
                uint64_t rewarm, uint32_t flags);

/* n slices of side 0, then one empty loop of the same count. */
void script_solo(struct script *script, size_t n, uint64_t iterations);

/* For an interleaved pair: `warm` slices of each side in turn, then `blocks`
 * blocks of four slices, ABBA or BAAB by a fair coin each, then one empty loop
 * of each side.  Blocks begin at slice 2 * warm; where not all fit, fewer are
 * made.  Returns the number of blocks. */
size_t script_pair(struct script *script, size_t warm, size_t blocks,
                   uint64_t iterations, uint64_t rewarm, uint64_t *random);

#endif
