/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets with descriptors. */
#include <config.h>

#include "runner/process/guardian_wire.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD_BYTES = offsetof(struct guardian_packet, path) };

union control {
    char bytes[CMSG_SPACE(GUARDIAN_FDS_MAX * sizeof(int))];
    struct cmsghdr align;
};

int guardian_send(int sock, const struct guardian_packet *packet,
                  const int *fds, size_t n, int flags)
{
    struct iovec iov = {.iov_base = (void *)(uintptr_t)packet,
                        .iov_len = HEAD_BYTES + strlen(packet->path) + 1};
    union control control = {0};
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
    ssize_t sent;

    if (n > GUARDIAN_FDS_MAX)
        return -EINVAL;
    if (n) {
        struct cmsghdr *head;

        msg.msg_control = control.bytes;
        msg.msg_controllen = CMSG_SPACE(n * sizeof *fds);
        head = &control.align;
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(n * sizeof *fds);
        memcpy(CMSG_DATA(head), fds, n * sizeof *fds);
    }
    do
        sent = sendmsg(sock, &msg, flags | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

/* Take the descriptors out of what was received. */
static void take_fds(struct msghdr *msg, int *fds, size_t *n_fds)
{
    *n_fds = 0;
    for (struct cmsghdr *head = CMSG_FIRSTHDR(msg); head;
         head = CMSG_NXTHDR(msg, head)) {
        size_t n = (head->cmsg_len - CMSG_LEN(0)) / sizeof *fds;

        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t i = 0; i < n && *n_fds < GUARDIAN_FDS_MAX; i++)
            memcpy(&fds[(*n_fds)++], CMSG_DATA(head) + i * sizeof *fds,
                   sizeof *fds);
    }
}

static void close_all(int *fds, size_t *n_fds)
{
    while (*n_fds)
        close(fds[--*n_fds]);
}

/* An empty packet reads like the end of the channel. */
static bool guardian_hung_up(int sock)
{
    struct pollfd fd = {.fd = sock};

    return poll(&fd, 1, 0) == 1 && fd.revents & POLLHUP;
}

int guardian_receive(int sock, struct guardian_packet *packet, int *fds,
                     size_t *n_fds, int flags)
{
    struct iovec iov = {.iov_base = packet, .iov_len = sizeof *packet};
    union control control;
    struct msghdr msg = {.msg_iov = &iov,
                         .msg_iovlen = 1,
                         .msg_control = control.bytes,
                         .msg_controllen = sizeof control.bytes};
    ssize_t got;

    *n_fds = 0;
    do
        got = recvmsg(sock, &msg, flags | MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return -errno;
    take_fds(&msg, fds, n_fds);
    if (got == 0 && *n_fds == 0)
        return guardian_hung_up(sock) ? 0 : -EBADMSG;
    if ((size_t)got <= HEAD_BYTES || msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ||
        ((char *)packet)[got - 1] != '\0') {
        close_all(fds, n_fds);
        return -EBADMSG;
    }
    return 1;
}
