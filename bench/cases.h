/* SPDX-License-Identifier: MIT */
/* Telling the coordinator which cases a program has: the answer to `list`. */
#ifndef BENCH_CASES_H
#define BENCH_CASES_H

#include "bench/message.h"
#include "bench/registry.h"

/* Send a `case` for each, then `listed`, many messages to a packet.
 *
 * control  the channel
 * out      room for a message
 * item     room for a case
 *
 * Returns 0; or -1 when a definition is wrong, with the message to answer, after
 * the cases before it. */
int tarei_tell_cases(int control, struct tarei_out *out,
                     struct tarei_case *item, char problem[REGISTRY_TEXT]);

#endif
