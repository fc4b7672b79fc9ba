/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine as placement sees it: cores that may be used, what they share
 * and which memory is near.  Plain data, so that placement is a pure function
 * and a test can make a machine up. */
#ifndef RUNNER_MACHINE_TOPOLOGY_H
#define RUNNER_MACHINE_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct hwloc_topology;

enum topo_level {
    TOPO_MACHINE = 0,
    TOPO_PACKAGE,
    TOPO_GROUP, /* a cluster, or what else the firmware groups */
    TOPO_DIE,
    TOPO_L3,
    TOPO_L2,
};

/* A part of the machine that holds at least one unit. */
struct topo_domain {
    enum topo_level level;
    int parent; /* index of the domain around it, smaller than its own; -1 for
                 * the machine */
    int id;     /* number among the domains of its level, from 0 */
    const char *name; /* "Package", "Cluster", ...; for people */
    uint64_t bytes;   /* of a cache, 0 otherwise */
};

enum topo_tier {
    TOPO_DRAM = 0,
    TOPO_HBM,   /* MCDRAM and the like: on package, high bandwidth */
    TOPO_OTHER, /* non-volatile, device or special purpose memory */
};

/* A NUMA node whose memory may be used. */
struct topo_node {
    int os; /* OS index */
    enum topo_tier tier;
    uint64_t bytes; /* 0 when unknown */
};

/* A physical core cut to the allowed processing units (PUs); a PU by itself
 * where the machine shows no cores. */
struct topo_unit {
    int core; /* number of the core, from 0 */
    int *pu;  /* OS indexes, ascending */
    size_t n_pus;
    int klass;  /* index into topology.klass */
    int domain; /* innermost domain around it */
    /* Indexes into topology.domain, -1 where there is no such level.  `llc` is
     * the outermost cache: the L3, else the L2. */
    int package, die, l3, l2, llc;
    int *node;      /* indexes into topology.node, the nearest first */
    size_t n_nodes; /* 0: no allowed memory is local */
};

/* Cores that are the same thing. */
struct topo_class {
    const char *name; /* "IntelCore", "capacity 1024", "all cores", ... */
    int rank;         /* higher is faster; -1 where the system ranks none */
    size_t n_units;
};

struct topology {
    struct arena arena;
    const char *source; /* "this machine", a file's name, or the description */
    bool this_machine;  /* binding to it has an effect */
    struct topo_domain *domain; /* outer before inner; [0] is the machine */
    size_t n_domains;
    struct topo_unit *unit; /* neighbours stand side by side */
    size_t n_units;
    struct topo_node *node; /* by OS index */
    size_t n_nodes;
    struct topo_class *klass; /* best first; where `ranked` is false, the one
                               * with the most units first */
    size_t n_classes;
    bool ranked;        /* true too where there is one class only */
    size_t n_kinds;     /* CPU kinds the system reports among the allowed PUs;
                     * kinds that are the same thing share a class */
    const char *shape;  /* the whole machine in one line, forbidden parts
                        * included: "packages 1, cores 2, PUs 4, ..." */
    size_t n_pus;       /* allowed */
    size_t n_pus_there; /* in the machine, forbidden ones included */
    double quota; /* CPUs the control group may use at a time (cpu.max or the
                   * v1 quota); NaN when there is no limit */
    const char *quota_from;        /* the file that says so, "" when none */
    struct hwloc_topology *native; /* for binding.h only */
};

/* Where to get a machine from. */
struct topology_source {
    const char *from;    /* NULL: this machine.  Else the path of an hwloc XML
                          * file, or a synthetic description such as
                          * "pack:2 numa:1 l3:1 core:4 pu:2" */
    const char *sysroot; /* where /proc and /sys are read for the quota of the
                          * control group; NULL or "": the root for this
                          * machine, no quota for a description */
    const int *only;     /* cut the allowed set to these OS indexes.  NULL: the
                          * affinity mask of this process for this machine, no
                          * cut for a description */
    size_t n_only;
    bool plugins; /* hwloc may load those that TOPOLOGY_PLUGINS names; false:
                   * this machine is looked at without any */
};

/* The variable that tells hwloc where plug-ins are. */
#define TOPOLOGY_PLUGINS "HWLOC_PLUGINS_PATH"

/* Load a machine.  Allowed is what the topology has online and permits (the
 * control group's cpuset is in that), cut to the affinity mask or to `only`.
 * Load this machine before the process binds itself anywhere, and while no other
 * thread looks at the environment: a variable of hwloc is set for a moment.
 *
 * out   receives the topology; the caller ends it with topology_free()
 *
 * Returns 0, ERR_PARSE (not a topology; XML of a format that the library
 * cannot read, with the remedy), ERR_EMPTY (no allowed PU is left), ERR_SYS or
 * ERR_NOMEM.  Cost: some milliseconds. */
int topology_load(const struct topology_source *source, struct topology **out,
                  struct error *err);

/* The same from the text of an XML file. */
int topology_parse_xml(const char *name, const char *text, size_t size,
                       const struct topology_source *source,
                       struct topology **out, struct error *err);

void topology_free(struct topology *topology);

/* The unit that holds this PU, or -1. */
int topology_unit_of(const struct topology *topology, int pu);

/* "dram", "hbm", "other": the words files use. */
const char *topo_tier_name(enum topo_tier tier);

#endif
