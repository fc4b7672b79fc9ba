/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waiting for what peers say, and telling what they did instead. */
#include <config.h>

#include "runner/process/peer_state.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { LINES_SHOWN = 3, LINES_BYTES = 200 };

/* How often output is kept below its cap while waiting. */
static const int64_t tick_ns = 500000000;
/* For a process to be reaped after its channel closed. */
static const int64_t reap_ns = 1000000000;

/* --- errors */

int peer_fault(const struct peer *peer, enum error_code code, struct error *err,
               const char *fmt, ...)
{
    char clause[300], lines[LINES_BYTES];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(clause, sizeof clause, fmt, ap);
    va_end(ap);
    capture_last_lines(&peer->output, LINES_SHOWN, lines, sizeof lines);
    return ERROR(err, code, "'%s' %s%s%s", peer->name, clause,
                 lines[0] ? "; it printed: " : "", lines);
}

/* What the dynamic linkers of glibc and musl say and exit with. */
static bool lacks_library(const struct peer *peer)
{
    char lines[LINES_BYTES];

    if (peer->greeted || peer->child->end.status != 127)
        return false;
    capture_last_lines(&peer->output, LINES_SHOWN, lines, sizeof lines);
    return strstr(lines, "error while loading shared libraries") ||
           strstr(lines, "Error loading shared library");
}

static int not_tare(enum error_code code, struct error *err)
{
    error_help(err, "link it with libtare (-ltare), say of what kind it is "
                    "(--kind), or measure it as a command (-- CMD ARG)");
    return code;
}

int peer_unexpected(const struct peer *peer, const struct message *message,
                    struct error *err)
{
    if (!peer->greeted) {
        peer_fault(peer, ERR_PEER, err,
                   "is not a Tare program: it said '%.40s' instead of hello",
                   message->verb);
        return not_tare(ERR_PEER, err);
    }
    return peer_fault(peer, ERR_PEER, err,
                      "broke the protocol: it said '%.40s' while %s",
                      message->verb, peer->doing);
}

int peer_garbage(const struct peer *peer, const struct error *why,
                 struct error *err)
{
    if (why->code == ERR_NOMEM)
        return ERROR(err, ERR_NOMEM, "%s", why->text);
    if (!peer->greeted) {
        peer_fault(peer, ERR_PEER, err, "is not a Tare program: it said %s",
                   why->text);
        return not_tare(ERR_PEER, err);
    }
    return peer_fault(peer, ERR_PEER, err, "broke the protocol while %s: %s",
                      peer->doing, why->text);
}

int peer_overdue(const struct peer *peer, struct error *err)
{
    if (!peer->greeted) {
        peer_fault(peer, ERR_TIMEOUT, err,
                   "did not say hello in time: it hangs, or is not a Tare "
                   "program");
        return not_tare(ERR_TIMEOUT, err);
    }
    return peer_fault(peer, ERR_TIMEOUT, err,
                      "was still %s when its time was up", peer->doing);
}

int peer_failed(struct peer *peer, const struct message *message,
                struct error *err)
{
    peer->said = arena_strdup(&peer->answer, message_text(message, "message"));
    if (!peer->said)
        return ERROR(err, ERR_NOMEM, "no memory for a message");
    return peer_fault(peer, ERR_PEER, err, "failed while %s: %.200s",
                      peer->doing, peer->said);
}

int peer_ended_badly(const struct peer *peer, struct error *err)
{
    const struct child_end *end = &peer->child->end;
    char how[CHILD_END_TEXT], when[sizeof peer->doing + 8];

    child_end_text(how, end);
    snprintf(when, sizeof when, "while %s", peer->doing);
    if (!peer->greeted)
        snprintf(when, sizeof when, "before it said hello");
    if (end->signal)
        return peer_fault(peer, ERR_PEER, err, "was ended by %s %s", how, when);
    peer_fault(peer, ERR_PEER, err, "%sended with %s %s",
               peer->greeted || end->status ? "" : "is not a Tare program: it ",
               how, when);
    if (lacks_library(peer))
        error_help(err, "run ldconfig, set LD_LIBRARY_PATH, or link with "
                        "-Wl,-rpath,FOLDER");
    return peer->greeted ? ERR_PEER : not_tare(ERR_PEER, err);
}

/* Its channel is closed: most likely it ended, and the guardian knows how. */
static int closed(const struct peer *peer, const struct watch *watch,
                  struct error *err)
{
    struct watch within = watch_within(watch, reap_ns);
    struct error why = {0};
    int rc = guardian_wait(peer->guardian, peer->child, &within, &why);

    if (rc == 0)
        return peer_ended_badly(peer, err);
    if (rc == ERR_TIMEOUT)
        return peer_fault(peer, ERR_PEER, err,
                          "closed its channel while %s, and still runs",
                          peer->doing);
    if (err)
        *err = why;
    return rc;
}

/* --- waiting */

/* An empty packet reads like the end of the channel. */
static bool hung_up(int sock)
{
    struct pollfd fd = {.fd = sock};

    return poll(&fd, 1, 0) == 1 && fd.revents & POLLHUP;
}

/* The messages of a packet stand behind each other with an empty line between;
 * the first is parsed. */
static int take_first(struct peer *peer, char *packet, size_t size,
                      struct message *message, struct error *err)
{
    struct error why = {0};
    char *behind = memmem(packet, size, "\n\n", 2);
    size_t first = behind ? (size_t)(behind - packet) + 1 : size;

    peer->rest = behind ? behind + 2 : NULL;
    peer->rest_size = behind ? size - first - 1 : 0;
    message_parse(peer->name, packet, first, message, &why);
    return why.code ? peer_garbage(peer, &why, err) : 1;
}

/* One message, when there is one.  Returns 1, 0 when there is none.
 *
 * Of a peer that died with orders unread the socket says so first
 * (ECONNRESET), and only then what the peer had sent: it is asked again. */
static int receive(struct peer *peer, const struct watch *watch,
                   struct message *message, struct error *err)
{
    struct error why = {0};
    ssize_t n;

    if (peer->rest)
        return take_first(peer, peer->rest, peer->rest_size, message, err);
    do
        n = recv(peer->control, peer->buffer, WIRE_MESSAGE_MAX,
                 MSG_DONTWAIT | MSG_TRUNC);
    while (n < 0 && (errno == EINTR || errno == ECONNRESET));
    if (n < 0 && errno == EAGAIN)
        return 0;
    if (n < 0 || (n == 0 && hung_up(peer->control)))
        return closed(peer, watch, err);
    if (n > WIRE_MESSAGE_MAX) {
        ERROR(&why, ERR_PARSE, "a message of %zd bytes", n);
        return peer_garbage(peer, &why, err);
    }
    return take_first(peer, peer->buffer, (size_t)n, message, err);
}

/* Look once at every peer.  Returns 1 when one spoke or is at fault, with rc
 * and which set. */
static bool look(struct peer *const *peers, size_t n, const struct watch *watch,
                 size_t *which, struct message *message, int *rc,
                 struct error *err)
{
    for (size_t i = 0; i < n; i++) {
        *which = i;
        *rc = receive(peers[i], watch, message, err);
        if (*rc)
            return true;
        /* A descendant may hold the channel open behind it. */
        if (!peers[i]->child->ended)
            continue;
        *rc = receive(peers[i], watch, message, err);
        if (*rc == 0)
            *rc = peer_ended_badly(peers[i], err);
        return true;
    }
    return false;
}

/* Sleep until something may have happened, and keep outputs small. */
static int sleep_on(struct peer *const *peers, size_t n,
                    const struct watch *watch, struct error *err)
{
    struct watch tick = watch_within(watch, tick_ns);
    struct pollfd fds[WATCH_MAX];
    size_t i;
    int rc;

    if (n + 1 > WATCH_MAX)
        return ERROR(err, ERR_INVAL, "more than %d peers", WATCH_MAX - 1);
    for (i = 0; i < n; i++)
        fds[i] = (struct pollfd){.fd = peers[i]->control, .events = POLLIN};
    fds[n] = (struct pollfd){.fd = guardian_fd(peers[0]->guardian),
                             .events = POLLIN};
    rc = watch_poll(&tick, fds, n + 1, err);
    for (i = 0; i < n; i++)
        capture_trim(&peers[i]->output);
    if (rc == ERR_TIMEOUT &&
        tick.deadline_ns != (watch ? watch->deadline_ns : 0))
        return 0;
    if (rc > 0 && fds[n].revents)
        rc = guardian_pump(peers[0]->guardian, err);
    return rc < 0 ? rc : 0;
}

/* The next message behind a hello; or, for `hello`, until the only peer said
 * that. */
static int next(struct peer *const *peers, size_t n, bool hello,
                const struct watch *watch, size_t *which,
                struct message *message, struct error *err)
{
    int rc = 0;

    for (;;) {
        struct error why = {0};

        if (look(peers, n, watch, which, message, &rc, err)) {
            bool first = rc > 0 && !peers[*which]->greeted;

            if (first)
                rc = peer_read_hello(peers[*which], message, err);
            if (rc < 0 || first == hello)
                return rc < 0 ? rc : 0;
            continue;
        }
        rc = sleep_on(peers, n, watch, &why);
        if (rc == ERR_TIMEOUT && n == 1)
            return peer_overdue(peers[0], err);
        if (rc < 0) {
            if (err)
                *err = why;
            return rc;
        }
    }
}

int peers_next(struct peer *const *peers, size_t n, const struct watch *watch,
               size_t *which, struct message *message, struct error *err)
{
    return next(peers, n, false, watch, which, message, err);
}

int peer_await_hello(struct peer *peer, const struct watch *watch,
                     struct error *err)
{
    struct message message;
    size_t which;

    return next(&peer, 1, true, watch, &which, &message, err);
}

int peer_next(struct peer *peer, const struct watch *watch,
              struct message *message, struct error *err)
{
    size_t which;

    return peers_next(&peer, 1, watch, &which, message, err);
}
