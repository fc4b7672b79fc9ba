/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small load client: one connection, one request at a time, the latency of
 * each.  What a request is and when its answer is complete is the protocol's.
 *
 * Closed loop (rate 0): the next request is sent when the last is answered.  A
 * server that stands still for a second delays one request by a second, and the
 * thousand that would have come meanwhile are never sent: a good p99 of a bad
 * server ("coordinated omission").
 *
 * Open loop (rate N): a request is due every 1/N s whatever the server does.
 * One that is sent late because the last was not answered counts from when it
 * was due, as the user who waited would. */
#ifndef LOAD_H
#define LOAD_H

#include <stddef.h>
#include <stdint.h>

struct tare;

enum { LOAD_ANSWER = 65536 };

struct load {
    struct tare *b;
    int fd;
    char answer[LOAD_ANSWER + 1];
    size_t size; /* of the answer so far */
    /* The schedule. */
    int64_t period_ns; /* 0: closed loop */
    int64_t due_ns;
    uint64_t sample;
};

/* How many bytes the first answer in the buffer has, 0 while it is not
 * complete.  Ends the case when it is not the right one. */
typedef size_t load_answer(struct load *load);

/* Connect to the port that a fixture exported in a variable; skips the case
 * where it is not set. */
void load_open(struct load *load, struct tare *b, const char *variable);
void load_close(struct load *load);

void load_send(struct load *load, const char *text, size_t size);

/* Read until the answer is complete, and forget it. */
void load_receive(struct load *load, load_answer *complete);

/* Send what is due and wait for the answer; the latency is told to the
 * benchmark, which has .manual = 1 and is in TARE_LATENCY. */
void load_request(struct load *load, const char *text, size_t size,
                  load_answer *complete);

#endif
