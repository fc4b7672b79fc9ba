/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which cores are quiet, as `tare doctor` measured them last: kept in
 * .tare/noise.json beside tare.yaml, so that placement prefers the quiet ones
 * where cores are otherwise alike. */
#ifndef CLI_QUIET_H
#define CLI_QUIET_H

#include "runner/machine/doctor.h"

/* Keep what was measured.
 *
 * folder  "DIR/.tare"
 * key     of the machine
 *
 * path  receives where, in the arena.  0, ERR_SYS or ERR_NOMEM. */
int quiet_keep(const char *folder, const char *key,
               const struct topology *topology,
               const struct doctor_report *report, struct arena *arena,
               const char **path, struct error *err);

/* What was kept for this machine, for a placement's policy: [n_units], in the
 * arena.  NULL where there is nothing of use: no file, garbage, another machine,
 * or cores that were not measured. */
const double *quiet_known(const char *folder, const char *key,
                          const struct topology *topology, struct arena *arena);

#endif
