/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A coordinator for tests. */
#include <config.h>

#include "tests/unit/bench/peer.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAIT_MS = 10000 };

void stage_file_open(struct tare *t, struct stage_file *file)
{
    file->fd = memfd_create("stage", 0);
    TARE_REQUIRE(file->fd >= 0);
    TARE_REQUIRE(ftruncate(file->fd, sizeof *file->stage) == 0);
    file->stage = mmap(NULL, sizeof *file->stage, PROT_READ | PROT_WRITE,
                       MAP_SHARED, file->fd, 0);
    TARE_REQUIRE(file->stage != MAP_FAILED);
    file->stage->magic = WIRE_MAGIC;
    file->stage->protocol = WIRE_PROTOCOL;
}

void stage_file_close(struct stage_file *file)
{
    munmap(file->stage, sizeof *file->stage);
    close(file->fd);
}

void stage_file_script(struct stage_file *file,
                       const struct script_slice *slice, size_t n)
{
    memset(file->stage->slice, 0, sizeof file->stage->slice);
    for (size_t i = 0; i < n; i++) {
        file->stage->slice[i].iterations = slice[i].iterations;
        file->stage->slice[i].rewarm = slice[i].rewarm;
        file->stage->slice[i].side = slice[i].side;
        file->stage->slice[i].flags = slice[i].flags;
    }
    file->stage->n_slices = (uint32_t)n;
    file->stage->turn = 0;
    file->stage->abort = 0;
}

static int serve_subject(int control, struct stage_file *file)
{
    char path[4096], wire[64];
    const char *folder = getenv("builddir");

    snprintf(path, sizeof path, "%s/tests/unit/bench/subject",
             folder ? folder : ".");
    snprintf(wire, sizeof wire, "%d,%d", control, file->fd);
    setenv(WIRE_ENVIRONMENT, wire, 1);
    execl(path, path, WIRE_ARGUMENT, (char *)NULL);
    perror(path);
    return 127;
}

void peer_start(struct tare *t, struct peer *peer, struct stage_file *file,
                int (*serve)(int control, struct stage_file *file))
{
    int pair[2];

    TARE_REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0);
    fflush(NULL);
    peer->pid = fork();
    TARE_REQUIRE(peer->pid >= 0);
    if (peer->pid == 0) {
        close(pair[0]);
        exit(serve(pair[1], file));
    }
    close(pair[1]);
    peer->control = pair[0];
    peer->message[0] = '\0';
    peer->rest = 0;
    /* A peer started later must not keep this channel open, and the largest
     * message must fit with what is refused for being larger. */
    TARE_REQUIRE(fcntl(pair[0], F_SETFD, FD_CLOEXEC) == 0);
    TARE_REQUIRE(setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &(int){1 << 20},
                            sizeof(int)) == 0);
}

int peer_exec_status(struct tare *t, const struct stage_file *file)
{
    struct stage_file copy = *file;
    struct peer peer;

    peer_start(t, &peer, &copy, serve_subject);
    return peer_end(t, &peer);
}

void peer_start_subject(struct tare *t, struct peer *peer,
                        const struct stage_file *file)
{
    struct stage_file copy = *file;

    peer_start(t, peer, &copy, serve_subject);
    peer_expect(t, peer, "hello");
}

void peer_send_bytes(struct tare *t, struct peer *peer, const char *bytes,
                     size_t size)
{
    TARE_REQUIRE(send(peer->control, bytes, size, MSG_NOSIGNAL) ==
                 (ssize_t)size);
}

void peer_send(struct tare *t, struct peer *peer, const char *message)
{
    peer_send_bytes(t, peer, message, strlen(message));
}

static void receive_packet(struct tare *t, struct peer *peer)
{
    struct pollfd p = {.fd = peer->control, .events = POLLIN};
    ssize_t n;

    if (poll(&p, 1, WAIT_MS) <= 0)
        TARE_FAIL("no message came after:\n%s", peer->message);
    n = recv(peer->control, peer->packet, WIRE_MESSAGE_MAX, 0);
    if (n <= 0)
        TARE_FAIL("the channel ended after:\n%s", peer->message);
    peer->packet[n] = '\0';
}

const char *peer_receive(struct tare *t, struct peer *peer)
{
    const char *first = peer->packet + peer->rest, *behind;

    if (!peer->rest)
        receive_packet(t, peer);
    behind = strstr(first, "\n\n");
    snprintf(peer->message, sizeof peer->message, "%.*s",
             behind ? (int)(behind + 1 - first) : WIRE_MESSAGE_MAX, first);
    peer->rest = behind ? (size_t)(behind + 2 - peer->packet) : 0;
    return peer->message;
}

const char *peer_expect(struct tare *t, struct peer *peer, const char *verb)
{
    size_t length = strlen(verb);

    peer_receive(t, peer);
    if (strncmp(peer->message, verb, length) != 0 ||
        peer->message[length] != '\n')
        TARE_FAIL("expected '%s', got:\n%s", verb, peer->message);
    return peer->message;
}

int peer_has(const struct peer *peer, const char *line)
{
    char wanted[512];

    snprintf(wanted, sizeof wanted, "\n%s\n", line);
    return strstr(peer->message, wanted) != NULL;
}

const char *peer_value(const struct peer *peer, const char *key)
{
    static char value[WIRE_MESSAGE_MAX];
    char wanted[64];
    const char *at;

    snprintf(wanted, sizeof wanted, "\n%s=", key);
    at = strstr(peer->message, wanted);
    if (!at)
        return "";
    at += strlen(wanted);
    snprintf(value, sizeof value, "%.*s", (int)strcspn(at, "\n"), at);
    return value;
}

int peer_is_silent(const struct peer *peer)
{
    struct pollfd p = {.fd = peer->control, .events = POLLIN};

    return poll(&p, 1, 0) == 0;
}

int peer_wait(struct tare *t, struct peer *peer)
{
    int fd = (int)syscall(SYS_pidfd_open, peer->pid, 0);
    struct pollfd p = {.fd = fd, .events = POLLIN};

    if (fd >= 0 && poll(&p, 1, WAIT_MS) <= 0)
        TARE_FAIL("the peer does not end");
    if (fd >= 0)
        close(fd);
    TARE_REQUIRE(waitpid(peer->pid, &peer->status, 0) == peer->pid);
    return WIFEXITED(peer->status) ? WEXITSTATUS(peer->status)
                                   : -WTERMSIG(peer->status);
}

int peer_end(struct tare *t, struct peer *peer)
{
    close(peer->control);
    return peer_wait(t, peer);
}
