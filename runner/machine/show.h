/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine and a plan for people and for programs. */
#ifndef RUNNER_MACHINE_SHOW_H
#define RUNNER_MACHINE_SHOW_H

#include "base/json.h"
#include "base/strbuf.h"
#include "runner/machine/placement.h"
#include "runner/machine/topology.h"

/* Draw the machine as an indented tree, a core a line, with the workers and
 * the reserved core of the plan marked, and below it what the plan says. */
void topology_draw(const struct topology *topology,
                   const struct placement *plan, struct strbuf *out);

/* One object, "schema": "tare/topology/1".
 *
 * machine     source, this_machine, shape, cores, pus, pus_there, quota
 *             (null: none), classes[], nodes[] and units[] (allowed cores)
 * placement   one per worker: worker ("w0"), pu (OS index; with several the
 *             lowest), pus, core, llc, numa (OS index), kind; null for what
 *             there is not
 * reserved    core and pus, or null
 * state, bind, auto (what -n auto gives), warnings[] */
void topology_json(const struct topology *topology,
                   const struct placement_policy *policy,
                   const struct placement *plan, struct json *json);

#endif
