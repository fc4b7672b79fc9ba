/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splitting tests over machines by how long they take: pure. */
#ifndef RUNNER_TESTING_SHARD_H
#define RUNNER_TESTING_SHARD_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hash.h"

/* What stays together: a test, or a group. */
struct shard_unit {
    const char *key;     /* id of its first test; makes the order total */
    int64_t expected_ns; /* sum over its tests; -1 unknown */
    size_t tests;        /* how many, 1 or more */
};

/* Give each unit to one of `shards` (1 or more): the longest first, always to
 * the one with the least work (Graham 1969: at most 4/3 of the best).  What was
 * never seen takes as long as the median of the others.  The same units,
 * durations and number of shards give the same answer whatever their order,
 * so that machines with the same history agree without talking.
 *
 * out  the shard of each unit, from 0
 * hex  names the whole answer: machines that agree have the same
 *
 * Returns 0 or ERR_NOMEM.  Cost: O(n (log n + shards)). */
int shard_assign(const struct shard_unit *unit, size_t n, size_t shards,
                 size_t *out, char hex[HASH_HEX], struct error *err);

#endif
