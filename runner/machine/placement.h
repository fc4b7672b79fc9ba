/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which worker runs where: a pure function of a topology, a policy and a
 * number of workers.
 *
 * By default one worker per physical core of one class of cores, its SMT
 * siblings idle, memory on the local node, workers spread evenly over
 * packages, dies, NUMA nodes and caches, and one core left to the system and
 * the coordinator. */
#ifndef RUNNER_MACHINE_PLACEMENT_H
#define RUNNER_MACHINE_PLACEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "runner/machine/topology.h"

/* What a worker gets. */
enum placement_bind {
    PLACE_CORE = 0, /* a core to itself, bound to its lowest PU */
    PLACE_PU,       /* a PU; siblings are workers too */
    PLACE_LLC,      /* all PUs that share an outermost cache */
    PLACE_NUMA,     /* all PUs of a NUMA node */
    PLACE_NONE,     /* not bound: all allowed PUs */
    PLACE_LIST,     /* the PU that the user named */
};

struct placement_policy {
    enum placement_bind bind;
    const int *list; /* PLACE_LIST: OS index for worker 0, 1, ...; borrowed */
    size_t n_list;
    int largest;           /* the largest count that will be compared with this
                         * one: class and reserved core are chosen for it.
                         * 0: n itself */
    bool mix_classes;      /* nothing is compared (tests): use every class */
    bool oversubscribe;    /* allow more workers than cores */
    enum topo_tier memory; /* tier that all workers bind to */
    const double *noise;   /* [topology.n_units] share of each core's time that
                          * the system takes, as doctor_look() gives it: where
                          * cores are alike the quieter one comes first.  NULL
                          * when unknown; borrowed */
};

enum placement_state {
    PLACEMENT_CLEAN = 0,
    PLACEMENT_NO_CORE_LEFT,   /* system and coordinator share a worker's core */
    PLACEMENT_OVERSUBSCRIBED, /* workers share cores: mark every timing */
};

struct placement_worker {
    int unit; /* index into topology.unit, the first one of several; -1 with
                 * PLACE_NONE */
    int *pu;  /* OS indexes it may run on, ascending */
    size_t n_pus;
    int node;  /* OS index of the NUMA node to take memory from, -1: any */
    int klass; /* index into topology.klass; -1 with PLACE_NONE */
};

struct placement {
    enum placement_bind bind;
    enum placement_state state;
    struct placement_worker *worker;
    size_t n_workers;
    int reserved; /* index into topology.unit of the core left to the system
                   * and the coordinator, -1 when none is left */
    int klass;    /* the class all workers are in, -1 when mixed or unbound */
    enum topo_tier memory; /* the tier that workers with a node bind to */
    const char **warning;  /* each one clause without a full stop */
    size_t n_warnings;
};

/* Plan n workers (1 or more).
 *
 * arena   owns everything in *out
 *
 * Returns 0; ERR_RANGE, with a remedy, where there are fewer cores than
 * workers and the policy does not oversubscribe, or the list names a PU that
 * may not be used, names one twice or is shorter than n; or ERR_NOMEM.
 * Cost: O(n * domains). */
int placement_plan(const struct topology *topology,
                   const struct placement_policy *policy, int n,
                   struct arena *arena, struct placement *out,
                   struct error *err);

/* The largest n whose plan is clean, 1 where none is; not above the control
 * group's quota, rounded down.  What "-n auto" means for measurements. */
int placement_auto(const struct topology *topology,
                   const struct placement_policy *policy);

/* The largest n that is not refused without oversubscription, capped by the
 * quota in the same way.  What "-n auto" means for tests (mix_classes set),
 * and "-n logical" with PLACE_PU. */
int placement_most(const struct topology *topology,
                   const struct placement_policy *policy);

/* Read "core", "pu", "llc", "numa", "none" or a list such as "0,2,4-6" into
 * the policy's bind, list and n_list.  Returns 0, ERR_PARSE, ERR_RANGE or
 * ERR_NOMEM. */
int placement_parse_bind(const char *name, const char *text, size_t size,
                         struct arena *arena, struct placement_policy *policy,
                         struct error *err);

/* "core", ..., "list"; "clean", "no core left", "oversubscribed". */
const char *placement_bind_name(enum placement_bind bind);
const char *placement_state_name(enum placement_state state);

#endif
