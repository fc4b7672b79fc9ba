/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules that every placement must keep (PROVENANCE.md of the topologies),
 * checked without the code under test. */
#ifndef TESTS_RUNNER_MACHINE_RULES_H
#define TESTS_RUNNER_MACHINE_RULES_H

#include "bench/tare.h"
#include "runner/machine/placement.h"

/* Things that workers are spread over, as the table counts them. */
struct spread {
    int packages;
    int numa; /* different sets of local nodes */
    int l3;
    int l2;
};

struct spread rules_spread(const struct topology *topology,
                           const struct placement *plan);
struct spread rules_spread_all(const struct topology *topology);

/* Check M1 to M6 on a plan for n workers with PLACE_CORE.  Returns the number
 * of rules broken; each is reported as a failed check that names `what`. */
int rules_check(struct tare *t, const char *what,
                const struct topology *topology, const struct placement *plan,
                int n);

/* Load a file of tests/data/topologies by its name without ".xml"; ends the
 * test when it cannot be loaded. */
struct topology *rules_load(struct tare *t, const char *name);

/* Load a synthetic description, cut to `only` when n_only > 0. */
struct topology *rules_synthetic(struct tare *t, const char *description,
                                 const int *only, size_t n_only);

#endif
