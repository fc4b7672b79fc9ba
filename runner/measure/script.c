/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building scripts. */
#include <config.h>

#include "runner/measure/script.h"

#include <assert.h>

uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint64_t random_below(uint64_t *state, uint64_t n)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % n;
    uint64_t x;

    assert(n > 0);
    do
        x = random_next(state);
    while (x >= limit);
    return x % n;
}

void random_shuffle(uint64_t *state, size_t *order, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)random_below(state, i);
        size_t t = order[i - 1];

        order[i - 1] = order[j];
        order[j] = t;
    }
}

void script_add(struct script *script, uint32_t side, uint64_t iterations,
                uint64_t rewarm, uint32_t flags)
{
    if (script->n == WIRE_SLICES_MAX)
        return;
    script->order[script->n++] = (struct stage_order){
        .iterations = iterations,
        .rewarm = rewarm,
        .side = side,
        .flags = flags,
    };
}

void script_solo(struct script *script, size_t n, uint64_t iterations)
{
    script->n = 0;
    for (size_t i = 0; i < n; i++)
        script_add(script, 0, iterations, 0, 0);
    script_add(script, 0, iterations, 0, WIRE_EMPTY);
}

size_t script_pair(struct script *script, size_t warm, size_t blocks,
                   uint64_t iterations, uint64_t rewarm, uint64_t *random)
{
    assert(2 * warm + 2 < WIRE_SLICES_MAX);
    if (2 * warm + 4 * blocks + 2 > WIRE_SLICES_MAX)
        blocks = (WIRE_SLICES_MAX - 2 - 2 * warm) / 4;
    script->n = 0;
    for (size_t i = 0; i < 2 * warm; i++)
        script_add(script, i & 1, iterations, 0, 0);
    for (size_t i = 0; i < blocks; i++) {
        uint32_t outer = (uint32_t)(random_next(random) >> 63);

        script_add(script, outer, iterations, rewarm, 0);
        script_add(script, !outer, iterations, rewarm, 0);
        script_add(script, !outer, iterations, rewarm, 0);
        script_add(script, outer, iterations, rewarm, 0);
    }
    script_add(script, 0, iterations, 0, WIRE_EMPTY);
    script_add(script, 1, iterations, 0, WIRE_EMPTY);
    return blocks;
}
