/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds of the same objects in other layouts, made by the user's own link
 * command. */
#ifndef CLI_RELINK_H
#define CLI_RELINK_H

#include "base/hash.h"
#include "cli/session.h"

struct relinked {
    uint64_t seed;
    const char *path; /* absolute; gone when the coordinator ends */
    char hash[HASH_HEX];
};

/* Run the link command n times, {seed} replaced by a number drawn from the
 * run's seed and {out} by where the program is to be written.
 *
 * program  its name is that of the builds
 *
 * Returns 0; ERR_USAGE when there is no command, a place holder is missing or
 * all builds are byte-identical; ERR_PEER when the command failed (with the
 * last lines it printed) or wrote no executable; ERR_TIMEOUT, ERR_STOPPED,
 * ERR_SYS, ERR_NOMEM.  Costs n links. */
int relink(struct session *session, const char *program, size_t n,
           struct relinked *out, struct error *err);

#endif
