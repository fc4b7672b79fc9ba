/* SPDX-License-Identifier: MIT */
/* The order `test` and its answer as messages. */
#ifndef BENCH_MANNER_H
#define BENCH_MANNER_H

#include "bench/isolate.h"
#include "bench/message.h"

/* How the order wants the test to run; the channel is the caller's.  Returns
 * NULL, or what is wrong with it as a static string. */
const char *tarei_manner_read(const struct tarei_message *order,
                              struct tarei_manner *out);

/* Make the answer. */
void tarei_tested_write(struct tarei_out *out,
                        const struct tarei_tested *result);

#endif
