/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What peer.c (orders) and peer_wait.c (waiting, and saying what went wrong)
 * share.  Internal to this folder. */
#ifndef RUNNER_PROCESS_PEER_STATE_H
#define RUNNER_PROCESS_PEER_STATE_H

#include "bench/wire.h"
#include "runner/process/capture.h"
#include "runner/process/peer.h"

struct peer {
    struct guardian *guardian;
    struct slot *slot;
    struct child *child;
    struct capture output;
    int control;
    int side;            /* it was opened as; -1 while nothing is open */
    bool manual;         /* the open body says its own times */
    bool greeted;        /* it said hello */
    int64_t hello_ns;    /* how long that may take */
    char open_name[201]; /* of the open benchmark, shortened */
    char *name;          /* as the user named it */
    char *library;       /* version of its libtare */
    const char *said;    /* by the case that failed; in `answer`, or NULL */
    char doing[256];     /* "opening 'qsort[n=10]'", for errors */
    struct arena answer; /* what lives until the next order */
    char *rest;          /* of the last packet: messages not looked at yet */
    size_t rest_size;
    char buffer[WIRE_MESSAGE_MAX + 1];
};

/* Send an order without keys. */
int peer_order(struct peer *peer, const char *verb, struct error *err);

bool peer_is(const struct message *message, const char *verb);

/* A value that lives until the next order. */
const char *peer_keep(struct peer *peer, const struct message *message,
                      const char *key);

/* Record an error of this peer: its name, the clause, and the last lines it
 * printed.  Returns the code. */
int peer_fault(const struct peer *peer, enum error_code code, struct error *err,
               const char *fmt, ...) PRINTF_LIKE(4, 5);

/* It said something that does not fit; `why` may be NULL. */
int peer_unexpected(const struct peer *peer, const struct message *message,
                    struct error *err);

/* It wrote garbage: `why` says what, and loses its place in err. */
int peer_garbage(const struct peer *peer, const struct error *why,
                 struct error *err);

/* Its time was up while it was doing what it does. */
int peer_overdue(const struct peer *peer, struct error *err);

/* Its process ended while it was doing what it does. */
int peer_ended_badly(const struct peer *peer, struct error *err);

/* Keep the words of a `failed`, as an error of this peer. */
int peer_failed(struct peer *peer, const struct message *message,
                struct error *err);

/* Take the first message, which must be a hello in a protocol that is spoken
 * here. */
int peer_read_hello(struct peer *peer, const struct message *message,
                    struct error *err);

/* Wait for the hello of one that has not said it. */
int peer_await_hello(struct peer *peer, const struct watch *watch,
                     struct error *err);

/* peers_next() for one. */
int peer_next(struct peer *peer, const struct watch *watch,
              struct message *message, struct error *err);

#endif
