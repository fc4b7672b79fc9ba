/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ctrl-C and SIGTERM as something to wait for. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include "base/error.h"

/* From now on the first SIGINT, SIGTERM or SIGHUP makes the descriptor
 * readable and nothing else; a second one ends this process at once (the
 * guardian then sweeps).  Called again it gives the same descriptor.
 *
 * fd  receives a descriptor that nobody reads from; lives as long as the
 *     process
 *
 * Returns 0 or ERR_SYS. */
int interrupt_watch(int *fd, struct error *err);

/* Not 0 once the descriptor is readable: for what cannot wait for it. */
const volatile int *interrupt_flag(void);

#endif
