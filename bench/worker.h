/* SPDX-License-Identifier: MIT */
/* The program's side of the protocol (docs/protocol.md): it obeys and decides
 * nothing. */
#ifndef BENCH_WORKER_H
#define BENCH_WORKER_H

#include <stdint.h>

#include "bench/clock.h"

struct wire_stage;

struct tarei_worker_config {
    int control;                     /* SOCK_SEQPACKET, owned by the caller */
    struct wire_stage *stage;        /* mapped, borrowed */
    const struct tarei_clock *clock; /* borrowed */
    int64_t patience_ns;             /* how often a wait for the turn looks
                                      * whether the coordinator lives */
};

/* Say hello and obey until `bye`, the end of the channel or `abort`.  Fixtures
 * are torn down.  Returns the exit status, 0. */
int tarei_worker_serve(const struct tarei_worker_config *config);

/* Take the descriptors from the environment variable TARE_WIRE, out of the way
 * of what the program starts, and serve.  Returns the exit status: 2 with a
 * message on standard error when there is no usable variable. */
int tarei_worker_main(const char *program);

#endif
