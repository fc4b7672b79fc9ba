/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Putting a process where the plan says, and reading back that it is there. */
#ifndef RUNNER_MACHINE_BINDING_H
#define RUNNER_MACHINE_BINDING_H

#include "base/error.h"
#include "runner/machine/placement.h"
#include "runner/machine/topology.h"

/* Bind the calling thread, and the processes it starts from now on, to the
 * worker's PUs, let memory come from the worker's node first (from any when
 * node is -1), and read both back.  Memory that is there already stays where
 * it is.  A system without memory policies is no error.
 *
 * topology   of this machine
 *
 * Returns 0; ERR_INVAL when the topology is not this machine's; ERR_SYS when
 * the system refuses; ERR_RANGE when what is read back differs; ERR_NOMEM. */
int binding_apply(const struct topology *topology,
                  const struct placement_worker *worker, struct error *err);

/* Check that the calling thread is still bound to the worker's
 * PUs and nothing else.  Returns 0, ERR_INVAL, ERR_SYS or ERR_RANGE with both
 * sets in the text. */
int binding_verify(const struct topology *topology,
                   const struct placement_worker *worker, struct error *err);

#endif
