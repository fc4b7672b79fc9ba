/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From hwloc's tree to ours.  Private to topology*.c. */
#ifndef RUNNER_MACHINE_TOPOLOGY_BUILD_H
#define RUNNER_MACHINE_TOPOLOGY_BUILD_H

#include <hwloc.h>

#include "runner/machine/topology.h"

/* Fill domains, units and nodes from a loaded hwloc topology; `allowed` holds
 * one PU of it at least.  Returns 0 or ERR_NOMEM. */
int topology_build(struct topology *topology, hwloc_topology_t native,
                   hwloc_const_bitmap_t allowed, struct error *err);

/* Sort the units into classes; after topology_build().  Returns 0 or
 * ERR_NOMEM. */
int topology_build_classes(struct topology *topology, hwloc_topology_t native,
                           struct error *err);

#endif
