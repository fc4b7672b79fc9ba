/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a wait may last and who may end it.  Every wait in this folder
 * takes one, so that nothing hangs. */
#ifndef RUNNER_PROCESS_WATCH_H
#define RUNNER_PROCESS_WATCH_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct baton;

/* deadline_ns  absolute, on CLOCK_MONOTONIC; 0 for no deadline
 * stop_fd      readable once the user interrupted (an eventfd or a pipe that
 *              nobody empties); -1 for none.  Borrowed
 * baton        held by the caller, who passes it on while waiting (baton.h);
 *              NULL for none.  Borrowed */
struct watch {
    int64_t deadline_ns;
    int stop_fd;
    struct baton *baton;
};

/* CLOCK_MONOTONIC in nanoseconds. */
int64_t watch_now_ns(void);

/* A watch that ends `ns` from now; an earlier deadline of `outer` holds, and
 * so do its stop_fd and its baton.  outer may be NULL. */
struct watch watch_within(const struct watch *outer, int64_t ns);

/* poll() the n descriptors until one is ready.  `watch` may be NULL: no limit.
 *
 * Returns the number of ready ones, 1 or more; ERR_TIMEOUT, ERR_STOPPED or
 * ERR_SYS.  Readiness goes before the user's stop, and that before the
 * deadline, so that an answer that is there is never lost.  n is at most
 * WATCH_MAX. */
enum { WATCH_MAX = 1024 };
int watch_poll(const struct watch *watch, struct pollfd *fds, size_t n,
               struct error *err);

#endif
