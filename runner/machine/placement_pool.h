/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What workers can be given, and an even choice among it.  Private to
 * placement*.c. */
#ifndef RUNNER_MACHINE_PLACEMENT_POOL_H
#define RUNNER_MACHINE_PLACEMENT_POOL_H

#include "runner/machine/placement.h"

/* What one worker gets: a core, a PU, the PUs behind a cache or of a node;
 * never of two classes. */
struct place {
    int unit; /* the first one in it */
    int last; /* the last one */
    int klass;
    int *pu; /* ascending */
    size_t n_pus;
    size_t n_units;
    bool local; /* its first unit has allowed memory of its own */
    int noise;  /* class of the noisiest unit in it, 0 when unknown */
};

struct pool {
    struct place *place;
    size_t n;
};

/* The places of a topology.
 *
 * bind      PLACE_CORE, PLACE_PU, PLACE_LLC or PLACE_NUMA
 * reserved  a unit that is left out, -1 for none
 * klass     only this class, -1 for all
 *
 * Returns 0 or ERR_NOMEM. */
int pool_make(const struct topology *topology, enum placement_bind bind,
              int reserved, int klass, struct arena *arena, struct pool *out,
              struct error *err);

/* How many there would be.  Cost: O(units^2) at worst, no memory. */
size_t pool_count(const struct topology *topology, enum placement_bind bind,
                  int reserved, int klass);

/* Set the noise of each place; `noise` as in struct placement_policy. */
void pool_set_noise(const struct topology *topology, struct pool *pool,
                    const double *noise);

/* Keep only the places with local memory. */
void pool_keep_local(struct pool *pool);

/* Choose n places (at most pool->n) so that at every level of the machine the
 * parts get counts that differ by at most one, unless a part is full.  Where
 * counts are equal the part without the reserved core comes first, then one
 * with local memory, then the one with the quietest free place, then the
 * lowest.
 *
 * order  receives n indexes into pool->place, in the order of the choice
 *
 * Returns 0 or ERR_NOMEM.  Cost: O(n * units) at worst. */
int pool_spread(const struct topology *topology, const struct pool *pool,
                int reserved, size_t n, int *order, struct error *err);

#endif
