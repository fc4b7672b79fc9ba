/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the coordinator and its guardian say to each other over a
 * SOCK_SEQPACKET pair.  Both are the same executable, so plain structs do; the
 * guardian still checks every figure, because it must outlive any fault of the
 * coordinator.  Internal to this folder. */
#ifndef RUNNER_PROCESS_GUARDIAN_WIRE_H
#define RUNNER_PROCESS_GUARDIAN_WIRE_H

#include <limits.h>
#include <stdint.h>

#include "runner/process/guardian.h"
#include "runner/process/launch.h"

enum guardian_verb {
    GUARDIAN_NONE = 0,

    /* Orders.  Every one but SIGNAL and FORGET is answered with its own verb,
     * DONE or FAILED. */
    GUARDIAN_SPAWN,   /* id; first descriptor: a file of spawn_pack() bytes,
                       * then those to hand over */
    GUARDIAN_SIGNAL,  /* id, number */
    GUARDIAN_RELEASE, /* id */
    GUARDIAN_FOLDER,  /* path: pattern of mkdtemp() */
    GUARDIAN_FORGET,  /* path */

    /* Answers. */
    GUARDIAN_STARTED, /* id, pid; a pidfd comes along where there is one */
    GUARDIAN_DONE,    /* path, for FOLDER */
    GUARDIAN_FAILED,  /* number: errno; step: enum launch_step */
    GUARDIAN_EXITED,  /* id, end; on its own accord, once per process */
};

enum { GUARDIAN_FDS_MAX = SPAWN_FDS_MAX + 1 };

struct guardian_packet {
    uint32_t verb;
    int32_t number;
    uint64_t id;
    int32_t pid;
    int32_t step;
    struct child_end end;
    char path[PATH_MAX]; /* NUL-terminated; sent up to its NUL */
};

/* Send a packet with n descriptors (copied).  flags as for sendmsg();
 * MSG_NOSIGNAL is added.  Returns 0 or -errno. */
int guardian_send(int sock, const struct guardian_packet *packet,
                  const int *fds, size_t n, int flags);

/* Receive one.  *n_fds descriptors are stored in fds[GUARDIAN_FDS_MAX], owned
 * by the caller and close-on-exec.  Returns 1, 0 at the end of the channel,
 * -errno, or -EBADMSG for what is no packet (its descriptors are closed). */
int guardian_receive(int sock, struct guardian_packet *packet, int *fds,
                     size_t *n_fds, int flags);

/* The guardian's life, after the fork; ends the process.  coordinator is the
 * pid of who forked. */
void guardian_main(int sock, pid_t coordinator) __attribute__((noreturn));

#endif
