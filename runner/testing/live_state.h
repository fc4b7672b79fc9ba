/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What live_crew.c and live_process.c share. */
#ifndef RUNNER_TESTING_LIVE_STATE_H
#define RUNNER_TESTING_LIVE_STATE_H

#include "runner/process/slot.h"
#include "runner/process/stage.h"
#include "runner/testing/keepers.h"
#include "runner/testing/live_crew.h"
#include "runner/testing/schedule.h"

enum { SENT_MAX = 1 + SCHEDULE_AHEAD_MAX };

struct live_worker {
    struct slot *slot;
    struct peer **peer;    /* of each program, or NULL */
    uint64_t *used;        /* of each program: when, counted in orders */
    size_t active;         /* program of what was sent */
    size_t sent[SENT_MAX]; /* tests, the one that runs first */
    size_t n;
    size_t posted; /* of them; the others wait for fixtures of the session */
    size_t *given; /* of each program: see keepers_give() */
    int64_t deadline_ns;  /* of the first */
    struct peer *widened; /* has cores of other workers besides */
    char *died;           /* why it could not start a process, or NULL */
};

struct live_crew {
    struct live_crew_options options;
    struct stage *stage;
    struct keepers *keepers;
    struct live_worker *worker;
    struct peer **leaving; /* were told to end */
    size_t n_leaving, leaving_room;
    struct peer **polled; /* scratch, and whose they are */
    size_t *owner;
    char *debugger; /* "TARE_DEBUGGER=...", owned; NULL for none */
    bool shared;    /* namespaces are not allowed */
    uint64_t orders;
    struct strbuf printed; /* by a process that was lost */
    char *said; /* `why` of the last event; owned */
};

/* The cores of workers that wait for the test that is sent next are its too;
 * n is 0 for none. */
void live_widen(struct live_crew *live, struct live_worker *w,
                const size_t *lent, size_t n);

/* Start a program's process, without waiting for it, after making room for it.
 * Codes as peer_launch(). */
int live_start(struct live_crew *live, struct live_worker *w, size_t program,
               struct error *err);
int live_make_room(struct live_crew *live, struct live_worker *w,
                   struct error *err);

/* Tell a process to end, which ends a test that it runs; it tears down while
 * others work.  0 or ERR_NOMEM. */
int live_dismiss(struct live_crew *live, struct live_worker *w, size_t program,
                 struct error *err);

/* Kill the active process; what it was sent is forgotten. */
void live_forget(struct live_worker *w);

#endif
