/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A coordinator for tests: starts a program, or a function in a forked process,
 * and speaks the protocol with it as bytes.  Every wait is bounded and its end
 * fails the test. */
#ifndef TESTS_UNIT_BENCH_PEER_H
#define TESTS_UNIT_BENCH_PEER_H

#include <stdint.h>
#include <sys/types.h>

#include "bench/tare.h"
#include "bench/wire.h"

/* The memory two peers share. */
struct stage_file {
    int fd;
    struct wire_stage *stage;
};

struct peer {
    pid_t pid;
    int control;
    int status; /* after peer_end() */
    size_t rest; /* where the next message of the packet begins; 0 none */
    char message[WIRE_MESSAGE_MAX + 1];
    char packet[WIRE_MESSAGE_MAX + 1];
};

void stage_file_open(struct tare *t, struct stage_file *file);
void stage_file_close(struct stage_file *file);

/* Put a script of n slices on the stage. */
struct script_slice {
    uint64_t iterations, rewarm;
    uint32_t side, flags;
};
void stage_file_script(struct stage_file *file,
                       const struct script_slice *slice, size_t n);

/* Start tests/unit/bench/subject of the build folder. */
void peer_start_subject(struct tare *t, struct peer *peer,
                        const struct stage_file *file);

/* Start it with this stage and wait for its end: how it refuses a bad one. */
int peer_exec_status(struct tare *t, const struct stage_file *file);

/* Call serve(control, file) in a forked process and exit with what it
 * returns. */
void peer_start(struct tare *t, struct peer *peer, struct stage_file *file,
                int (*serve)(int control, struct stage_file *file));

void peer_send(struct tare *t, struct peer *peer, const char *message);
void peer_send_bytes(struct tare *t, struct peer *peer, const char *bytes,
                     size_t size);

/* The next message, NUL-terminated; ends the test when there is none within
 * ten seconds.  Returns peer->message. */
const char *peer_receive(struct tare *t, struct peer *peer);

/* The message must begin with this verb. */
const char *peer_expect(struct tare *t, struct peer *peer, const char *verb);

/* Is this line in the last message? */
int peer_has(const struct peer *peer, const char *line);

/* The value of a key in the last message, copied; "" when it is not there. */
const char *peer_value(const struct peer *peer, const char *key);

/* Nothing has arrived and the channel is open: 1. */
int peer_is_silent(const struct peer *peer);

/* Close the channel and wait for the end: exit status, or -signal. */
int peer_end(struct tare *t, struct peer *peer);

/* Wait for the end without closing the channel. */
int peer_wait(struct tare *t, struct peer *peer);

#endif
