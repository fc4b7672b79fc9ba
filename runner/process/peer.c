/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orders to a program, and its answers. */
#include <config.h>

#include "runner/process/peer.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/scope.h"
#include "runner/process/peer_state.h"

enum { CONTROL_NUMBER = 3, STAGE_NUMBER = 4 };

static const int64_t second_ns = 1000000000;

/* --- start and end */

static char **worker_argv(char *const *argv, struct arena *arena)
{
    static char argument[] = WIRE_ARGUMENT;
    size_t n = 0;
    char **copy;

    while (argv[n])
        n++;
    copy = arena_alloc(arena, n + 2, sizeof *copy);
    if (!copy)
        return NULL;
    memcpy(copy, argv, n * sizeof *copy);
    copy[n] = argument;
    return copy;
}

static char **worker_environment(struct slot *slot,
                                 const struct peer_options *options,
                                 struct arena *arena)
{
    char **extra;
    size_t n = 0;

    while (options->extra && options->extra[n])
        n++;
    extra = arena_alloc(arena, n + 2, sizeof *extra);
    if (!extra)
        return NULL;
    extra[0] = arena_printf(arena, WIRE_ENVIRONMENT "=%d,%d", CONTROL_NUMBER,
                            STAGE_NUMBER);
    if (!extra[0])
        return NULL;
    for (size_t i = 0; i < n; i++)
        extra[i + 1] = options->extra[i];
    return slot_environment(slot, options->env, extra, options->seed, arena);
}

/* Start the process; `theirs` is its end of the control channel. */
static int spawn_worker(struct peer *peer, struct stage *stage, int theirs,
                        const struct peer_options *options, struct error *err)
{
    int out = options->stream ? STDOUT_FILENO : peer->output.fd;
    int error = options->stream ? STDERR_FILENO : peer->output.fd;
    const struct spawn_fd fds[] = {
        {out, STDOUT_FILENO},
        {error, STDERR_FILENO},
        {theirs, CONTROL_NUMBER},
        {stage_fd(stage), STAGE_NUMBER},
    };
    struct spawn spawn = {
        .path = options->path ? options->path : options->argv[0],
        .cwd = options->cwd,
        .fds = fds,
        .n_fds = ARRAY_LEN(fds),
        .flags = options->own_cgroup ? SPAWN_OWN_CGROUP : 0,
    };
    struct arena arena = {0};
    char **env = worker_environment(peer->slot, options, &arena);
    int rc;

    spawn.argv = worker_argv(options->argv, &arena);
    if (env && spawn.argv) {
        slot_prepare(peer->slot, env, &spawn);
        rc = guardian_spawn(peer->guardian, &spawn, &peer->child, err);
    } else {
        rc = ERROR(err, ERR_NOMEM, "no memory to start '%s'", peer->name);
    }
    arena_clear(&arena);
    return rc;
}

/* Room for several messages of full length on the way. */
static void widen(int sock)
{
    const int bytes = 4 * WIRE_MESSAGE_MAX;

    setsockopt(sock, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

static int connect_worker(struct peer *peer, struct stage *stage,
                          const struct peer_options *options, struct error *err)
{
    int ends[2];
    int rc = capture_open(&peer->output, 0, err);

    if (rc < 0)
        return rc;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return ERROR(err, ERR_SYS, "cannot make a channel");
    widen(ends[0]);
    widen(ends[1]);
    peer->control = ends[0];
    rc = spawn_worker(peer, stage, ends[1], options, err);
    close(ends[1]);
    return rc;
}

int peer_read_hello(struct peer *peer, const struct message *message,
                    struct error *err)
{
    struct error why = {0};
    int64_t protocol;

    if (strcmp(message->verb, "hello") != 0)
        return peer_unexpected(peer, message, err);
    peer->library = strdup(message_text(message, "libtare"));
    if (!peer->library)
        return ERROR(err, ERR_NOMEM, "no memory for a version");
    if (message_int(message, "protocol", 0, INT32_MAX, -1, &protocol, &why) < 0)
        return peer_garbage(peer, &why, err);
    if (protocol < WIRE_PROTOCOL_OLDEST || protocol > WIRE_PROTOCOL) {
        peer_fault(peer, ERR_PEER, err,
                   "speaks protocol %" PRId64 " (libtare %.20s), this tare "
                   "speaks %d to %d",
                   protocol, peer->library, WIRE_PROTOCOL_OLDEST,
                   WIRE_PROTOCOL);
        error_help(err, "build it with the libtare of this tare");
        return ERR_PEER;
    }
    peer->greeted = true;
    return 0;
}

int peer_launch(struct guardian *guardian, struct slot *slot,
                struct stage *stage, const struct peer_options *options,
                struct peer **out, struct error *err)
{
    struct peer *peer = calloc(1, sizeof *peer);
    int rc;

    if (!peer)
        return ERROR(err, ERR_NOMEM, "no memory for a program");
    peer->guardian = guardian;
    peer->slot = slot;
    peer->control = -1;
    peer->side = -1;
    peer->hello_ns =
        options->hello_ns ? options->hello_ns : PEER_HELLO_SECONDS * second_ns;
    snprintf(peer->doing, sizeof peer->doing, "starting");
    peer->name = strdup(options->name ? options->name : options->argv[0]);
    rc = peer->name ? connect_worker(peer, stage, options, err)
                    : ERROR(err, ERR_NOMEM, "no memory for a name");
    if (rc < 0) {
        peer_free(peer);
        return rc;
    }
    *out = peer;
    return 0;
}

int peer_greet(struct peer *peer, const struct watch *watch, struct error *err)
{
    struct watch within = watch_within(watch, peer->hello_ns);

    return peer->greeted ? 0 : peer_await_hello(peer, &within, err);
}

bool peer_has_greeted(const struct peer *peer)
{
    return peer->greeted;
}

int peer_start(struct guardian *guardian, struct slot *slot,
               struct stage *stage, const struct peer_options *options,
               const struct watch *watch, struct peer **out, struct error *err)
{
    struct peer *peer = NULL;
    int rc = peer_launch(guardian, slot, stage, options, &peer, err);

    if (rc == 0)
        rc = peer_greet(peer, watch, err);
    if (rc < 0)
        peer_free(peer);
    else
        *out = peer;
    return rc;
}

void peer_free(struct peer *peer)
{
    if (!peer)
        return;
    if (peer->control >= 0)
        close(peer->control);
    guardian_release(peer->guardian, peer->child);
    capture_close(&peer->output);
    arena_clear(&peer->answer);
    free(peer->name);
    free(peer->library);
    free(peer);
}

const char *peer_name(const struct peer *peer)
{
    return peer->name;
}

const char *peer_library(const struct peer *peer)
{
    return peer->library;
}

pid_t peer_pid(const struct peer *peer)
{
    return peer->child->pid;
}

const char *peer_said(const struct peer *peer)
{
    return peer->said;
}

const struct child_end *peer_ended(const struct peer *peer)
{
    return peer->child->ended ? &peer->child->end : NULL;
}

void peer_output(struct peer *peer, size_t max, struct strbuf *out)
{
    capture_read(&peer->output, max, out);
}

int peer_binding(const struct peer *peer, bool *as_asked, struct error *err)
{
    const struct slot_options *o = &peer->slot->options;
    unsigned long bits[SPAWN_CPUS_MAX / (8 * sizeof(unsigned long))] = {0};
    cpu_set_t *set = (cpu_set_t *)bits;
    size_t want = 0;

    if (o->n_cpus == 0) {
        *as_asked = true;
        return 0;
    }
    if (sched_getaffinity(peer->child->pid, sizeof bits, set) < 0)
        return peer_fault(peer, ERR_PEER, err,
                          "is gone, its binding cannot be read back");
    for (size_t i = 0; i < o->n_cpus; i++)
        if (!CPU_ISSET_S((size_t)o->cpus[i], sizeof bits, set)) {
            *as_asked = false;
            return 0;
        }
    for (size_t cpu = 0; cpu < SPAWN_CPUS_MAX; cpu++) {
        bool listed = false;

        for (size_t i = 0; i < o->n_cpus && !listed; i++)
            listed = (size_t)o->cpus[i] == cpu;
        want += listed;
    }
    *as_asked = (size_t)CPU_COUNT_S(sizeof bits, set) == want;
    return 0;
}

/* --- orders */

int peer_send(struct peer *peer, const struct strbuf *order, struct error *err)
{
    ssize_t n;

    if (order->failed)
        return ERROR(err, ERR_NOMEM, "no memory for an order");
    if (order->size > WIRE_MESSAGE_MAX)
        return ERROR(err, ERR_RANGE, "an order of %zu bytes", order->size);
    do
        n = send(peer->control, order->text, order->size,
                 MSG_NOSIGNAL | MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno == EAGAIN)
        return peer_fault(peer, ERR_PEER, err, "does not read its orders");
    /* One that is gone may have said why: who waits for the answer finds
     * out. */
    if (n < 0 && errno != EPIPE && errno != ECONNRESET)
        return ERROR(err, ERR_SYS, "cannot send an order to '%s'", peer->name);
    return 0;
}

void peer_begin(struct peer *peer, const char *doing, const char *name)
{
    arena_clear(&peer->answer);
    peer->said = NULL;
    if (name)
        snprintf(peer->doing, sizeof peer->doing, "%s '%.200s'", doing, name);
    else
        snprintf(peer->doing, sizeof peer->doing, "%s", doing);
}

int peer_order(struct peer *peer, const char *verb, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf order = {0};

    message_begin(&order, verb);
    return peer_send(peer, &order, err);
}

bool peer_is(const struct message *message, const char *verb)
{
    return strcmp(message->verb, verb) == 0;
}

const char *peer_keep(struct peer *peer, const struct message *message,
                      const char *key)
{
    const char *text = arena_strdup(&peer->answer, message_text(message, key));

    return text ? text : "";
}

static int take_cases(struct peer *peer, const struct watch *watch,
                      struct peer_cases *cases, struct error *err)
{
    for (;;) {
        struct message message;
        struct error why = {0};
        int rc = peer_next(peer, watch, &message, err);

        if (rc < 0)
            return rc;
        if (peer_is(&message, "failed"))
            return peer_failed(peer, &message, err);
        if (peer_is(&message, "case"))
            rc = peer_cases_add(cases, &message, &why);
        else if (peer_is(&message, "listed"))
            rc = peer_cases_finish(cases, &message, &why);
        else
            return peer_unexpected(peer, &message, err);
        if (rc < 0)
            return peer_garbage(peer, &why, err);
        if (peer_is(&message, "listed"))
            return 0;
    }
}

int peer_list(struct peer *peer, const struct watch *watch,
              struct peer_cases *out, struct error *err)
{
    struct peer_cases cases = {0};
    int rc;

    peer_begin(peer, "listing its cases", NULL);
    rc = peer_order(peer, "list", err);
    if (rc == 0)
        rc = take_cases(peer, watch, &cases, err);
    if (rc < 0) {
        peer_cases_clear(&cases);
        return rc;
    }
    *out = cases;
    return 0;
}

/* --- end */

void peer_hang_up(struct peer *peer)
{
    shutdown(peer->control, SHUT_WR);
}

int peer_end(struct peer *peer, const struct watch *watch,
             struct child_end *end, struct error *err)
{
    struct error why = {0};
    int rc;

    peer_begin(peer, "ending", NULL);
    rc = peer_order(peer, "bye", err);
    if (rc < 0)
        return rc;
    rc = guardian_wait(peer->guardian, peer->child, watch, &why);
    if (rc == ERR_TIMEOUT)
        return peer_overdue(peer, err);
    if (rc < 0) {
        if (err)
            *err = why;
        return rc;
    }
    if (end)
        *end = peer->child->end;
    if (peer->child->end.signal || peer->child->end.status)
        return peer_ended_badly(peer, err);
    return 0;
}
