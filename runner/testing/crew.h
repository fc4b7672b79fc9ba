/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workers that run tests, as whoever gives out the tests sees them: real ones
 * (live_crew.h), or simulated ones in tests. */
#ifndef RUNNER_TESTING_CREW_H
#define RUNNER_TESTING_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "runner/process/peer.h"

enum crew_event_kind {
    CREW_NOTHING = 0,
    CREW_TESTED,  /* the test that ran there ended */
    CREW_LOST,    /* the worker's process is gone, with all it was sent */
    CREW_STOPPED, /* the user interrupted, and nobody has anything to tell */
};

/* Strings live until the next call. */
struct crew_event {
    enum crew_event_kind kind;
    size_t worker;
    struct peer_tested tested; /* CREW_TESTED */
    bool overdue;    /* CREW_LOST: it did not answer in time, and was ended */
    const char *why; /* CREW_LOST: one clause */
    const char *output; /* CREW_LOST: the end of what it printed, or NULL */
    bool stopping;      /* the user interrupted: nothing more is to be sent */
};

/* Every function but now() returns 0 or a negative code after which the run
 * cannot go on. */
struct crew {
    void *ctx;

    /* Send a test to a worker; it is obeyed after those sent before.
     *
     * lent, n  workers whose cores it has besides */
    int (*send)(void *ctx, size_t worker, size_t test, const size_t *lent,
                size_t n, struct error *err);

    /* Wait for something to happen, at most limit_ns: CREW_NOTHING then. */
    int (*wait)(void *ctx, int64_t limit_ns, struct crew_event *out,
                struct error *err);

    /* No more tests of this program will be sent to anybody. */
    int (*retire)(void *ctx, size_t program, struct error *err);

    int64_t (*now)(void *ctx); /* nanoseconds, never going back */
};

#endif
