/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The coordinator's side of the guardian: orders out, answers and ends in. */
#include <config.h>

#include "runner/process/guardian.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "runner/process/guardian_wire.h"

struct guardian {
    int sock;
    pid_t pid;
    bool gone; /* it does not answer; nothing more can be asked of it */
    uint64_t last_id;
    struct child *children;
    struct ports ports;
};

/* Far more than any order takes; only a guardian that is stuck gets there. */
static const int64_t answer_ns = 30000000000;
/* Between two looks of a thread that shares a baton.  A process that was told
 * to end takes about as long. */
static const int64_t glance_ns = 1000000;

/* --- channel */

static int is_gone(struct guardian *g, struct error *err)
{
    g->gone = true;
    errno = ECHILD;
    return ERROR(err, ERR_SYS, "the guardian process is gone");
}

static struct child *find_child(struct guardian *g, uint64_t id)
{
    struct child *c = g->children;

    while (c && c->id != id)
        c = c->next;
    return c;
}

static void take_end(struct guardian *g, const struct guardian_packet *packet)
{
    struct child *child = find_child(g, packet->id);

    if (!child)
        return;
    child->end = packet->end;
    child->ended = true;
}

/* One packet, when there is one.  Returns 1, 0 when there is none. */
static int receive(struct guardian *g, struct guardian_packet *packet, int *fd,
                   struct error *err)
{
    int fds[GUARDIAN_FDS_MAX];
    size_t n = 0;
    int rc = guardian_receive(g->sock, packet, fds, &n, MSG_DONTWAIT);

    *fd = -1;
    if (rc == -EAGAIN)
        return 0;
    if (rc <= 0)
        return is_gone(g, err);
    while (n > 1)
        close(fds[--n]);
    if (n)
        *fd = fds[0];
    return 1;
}

int guardian_pump(struct guardian *g, struct error *err)
{
    struct guardian_packet packet;
    int fd, rc;

    if (g->gone)
        return is_gone(g, err);
    while ((rc = receive(g, &packet, &fd, err)) > 0) {
        if (packet.verb == GUARDIAN_EXITED)
            take_end(g, &packet);
        if (fd >= 0)
            close(fd);
    }
    return rc;
}

static int wait_readable(struct guardian *g, const struct watch *watch,
                         struct error *err)
{
    struct pollfd fd = {.fd = g->sock, .events = POLLIN};
    int rc = watch_poll(watch, &fd, 1, err);

    return rc < 0 ? rc : 0;
}

/* The answer to an order; ends that come before it are taken. */
static int await_answer(struct guardian *g, struct guardian_packet *answer,
                        int *fd, struct error *err)
{
    struct watch watch = watch_within(NULL, answer_ns);

    for (;;) {
        int rc = receive(g, answer, fd, err);

        if (rc < 0 || (rc > 0 && answer->verb != GUARDIAN_EXITED))
            return rc < 0 ? rc : 0;
        if (rc > 0)
            take_end(g, answer);
        else
            rc = wait_readable(g, &watch, err);
        if (rc < 0) {
            g->gone = true;
            error_wrap(err, "the guardian process does not answer");
            return rc;
        }
    }
}

static int send_order(struct guardian *g, const struct guardian_packet *order,
                      const int *fds, size_t n, struct error *err)
{
    int rc;

    if (g->gone)
        return is_gone(g, err);
    rc = guardian_send(g->sock, order, fds, n, 0);
    if (rc == -EPIPE || rc == -ECONNRESET)
        return is_gone(g, err);
    if (rc < 0) {
        errno = -rc;
        return ERROR(err, ERR_SYS, "cannot speak to the guardian process");
    }
    return 0;
}

static int ask(struct guardian *g, const struct guardian_packet *order,
               const int *fds, size_t n, struct guardian_packet *answer,
               int *fd, struct error *err)
{
    int rc = send_order(g, order, fds, n, err);

    return rc < 0 ? rc : await_answer(g, answer, fd, err);
}

/* --- life */

int guardian_start(struct guardian **out, struct error *err)
{
    struct guardian *g = calloc(1, sizeof *g);
    pid_t coordinator = getpid();
    int ends[2];

    if (!g)
        return ERROR(err, ERR_NOMEM, "no memory for the guardian process");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        free(g);
        return ERROR(err, ERR_SYS, "cannot make a channel");
    }
    g->pid = fork();
    if (g->pid == 0) {
        close(ends[0]);
        guardian_main(ends[1], coordinator);
    }
    close(ends[1]);
    if (g->pid < 0) {
        ERROR(err, ERR_SYS, "cannot start the guardian process");
        close(ends[0]);
        free(g);
        return ERR_SYS;
    }
    g->sock = ends[0];
    *out = g;
    return 0;
}

static void free_child(struct guardian *g, struct child *child)
{
    struct child **at = &g->children;

    while (*at != child)
        at = &(*at)->next;
    *at = child->next;
    if (child->pidfd >= 0)
        close(child->pidfd);
    free(child);
}

void guardian_stop(struct guardian *g)
{
    if (!g)
        return;
    close(g->sock);
    while (waitpid(g->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    while (g->children)
        free_child(g, g->children);
    ports_clear(&g->ports);
    free(g);
}

pid_t guardian_pid(const struct guardian *g)
{
    return g->pid;
}

unsigned guardian_ports(struct guardian *g, size_t owner)
{
    return ports_base(&g->ports, owner);
}

int guardian_fd(const struct guardian *g)
{
    return g->sock;
}

/* --- starting */

static int write_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        ssize_t n = write(fd, bytes, size);

        if (n < 0 && errno != EINTR)
            return -1;
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        }
    }
    return 0;
}

/* The description goes in a file: an environment may be larger than a packet.
 * Returns a descriptor. */
static int describe(const struct spawn *spawn, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf bytes = {0};
    int rc = spawn_pack(spawn, &bytes, err);
    int fd;

    if (rc < 0)
        return rc;
    fd = memfd_create("tare-spawn", MFD_CLOEXEC);
    if (fd >= 0 && write_all(fd, bytes.text, bytes.size) == 0)
        return fd;
    ERROR(err, ERR_SYS, "cannot describe '%s' to the guardian", spawn->path);
    if (fd >= 0)
        close(fd);
    return ERR_SYS;
}

static void remedy_exec(int error, struct error *err)
{
    if (error == ENOEXEC)
        error_help(err, "a script needs a first line such as #!/bin/sh");
    else if (error == ENOENT)
        error_help(err, "either the file is missing, or the interpreter or "
                        "loader that it names");
}

static const char *const step_texts[LAUNCH_STEPS] = {
    [LAUNCH_NONE] = "cannot describe to the guardian",
    [LAUNCH_FORK] = "cannot start a process for",
    [LAUNCH_SESSION] = "cannot make a session for",
    [LAUNCH_FD] = "cannot hand descriptors to",
    [LAUNCH_LIMIT] = "cannot set the resource limits of",
    [LAUNCH_NICE] = "cannot set the priority of",
    [LAUNCH_CPUS] = "cannot bind to its CPUs",
    [LAUNCH_NODES] = "cannot bind to its memory nodes",
    [LAUNCH_EXEC] = "cannot run",
};

static int spawn_failed(const struct spawn *spawn,
                        const struct guardian_packet *answer, struct error *err)
{
    const char *why = strerror(answer->number);
    int step = answer->step;

    if (step == LAUNCH_FOLDER)
        return ERROR(err, ERR_PEER, "cannot run '%s' in folder '%s': %s",
                     spawn->path, spawn->cwd, why);
    if (step < 0 || step >= LAUNCH_STEPS)
        step = LAUNCH_NONE;
    ERROR(err, ERR_PEER, "%s '%s': %s", step_texts[step], spawn->path, why);
    if (step == LAUNCH_EXEC)
        remedy_exec(answer->number, err);
    if (step == LAUNCH_CPUS)
        error_help(err, "CPU %d may be offline or forbidden to this process",
                   spawn->cpus[0]);
    return ERR_PEER;
}

static int ask_spawn(struct guardian *g, const struct spawn *spawn,
                     struct child *child, struct error *err)
{
    struct guardian_packet order = {.verb = GUARDIAN_SPAWN, .id = ++g->last_id};
    struct guardian_packet answer;
    int fds[GUARDIAN_FDS_MAX];
    int rc, fd;

    fd = describe(spawn, err);
    if (fd < 0)
        return fd;
    fds[0] = fd;
    for (size_t i = 0; i < spawn->n_fds; i++)
        fds[i + 1] = spawn->fds[i].fd;
    rc = ask(g, &order, fds, spawn->n_fds + 1, &answer, &child->pidfd, err);
    close(fd);
    if (rc < 0)
        return rc;
    if (answer.verb != GUARDIAN_STARTED)
        return spawn_failed(spawn, &answer, err);
    child->id = answer.id;
    child->pid = answer.pid;
    return 0;
}

int guardian_spawn(struct guardian *g, const struct spawn *spawn,
                   struct child **out, struct error *err)
{
    struct child *child = calloc(1, sizeof *child);
    int rc;

    if (!child)
        return ERROR(err, ERR_NOMEM, "no memory for a process");
    child->pidfd = -1;
    rc = ask_spawn(g, spawn, child, err);
    if (rc < 0) {
        if (child->pidfd >= 0)
            close(child->pidfd);
        free(child);
        return rc;
    }
    child->next = g->children;
    g->children = child;
    *out = child;
    return 0;
}

int guardian_signal(struct guardian *g, const struct child *child, int signal,
                    struct error *err)
{
    const struct guardian_packet order = {
        .verb = GUARDIAN_SIGNAL, .id = child->id, .number = signal};

    return child->ended ? 0 : send_order(g, &order, NULL, 0, err);
}

/* Who passes the baton on while waiting may have the news taken from under
 * them, and is not woken then: they look again now and then. */
static int wait_for_news(struct guardian *g, const struct watch *watch,
                         struct error *err)
{
    struct watch glance;
    struct error why = {0};
    int rc;

    if (!watch || !watch->baton)
        return wait_readable(g, watch, err);
    glance = watch_within(watch, glance_ns);
    rc = wait_readable(g, &glance, &why);
    if (rc == ERR_TIMEOUT && glance.deadline_ns != watch->deadline_ns)
        return 0;
    if (rc < 0 && err)
        *err = why;
    return rc;
}

int guardian_wait(struct guardian *g, const struct child *child,
                  const struct watch *watch, struct error *err)
{
    for (;;) {
        int rc = guardian_pump(g, err);

        if (rc < 0 && !child->ended)
            return rc;
        if (child->ended)
            return 0;
        rc = wait_for_news(g, watch, err);
        if (rc < 0)
            return rc;
    }
}

void guardian_release(struct guardian *g, struct child *child)
{
    struct guardian_packet order = {.verb = GUARDIAN_RELEASE};
    struct guardian_packet answer;
    int fd = -1;

    if (!child)
        return;
    order.id = child->id;
    ask(g, &order, NULL, 0, &answer, &fd, NULL);
    if (fd >= 0)
        close(fd);
    free_child(g, child);
}

/* --- folders */

int guardian_make_folder(struct guardian *g, const char *pattern, char *path,
                         struct error *err)
{
    struct guardian_packet packet = {.verb = GUARDIAN_FOLDER};
    int fd = -1, rc;

    snprintf(packet.path, sizeof packet.path, "%s", pattern);
    rc = ask(g, &packet, NULL, 0, &packet, &fd, err);
    if (fd >= 0)
        close(fd);
    if (rc < 0)
        return rc;
    if (packet.verb != GUARDIAN_DONE) {
        errno = packet.number;
        return ERROR_AT(err, ERR_SYS, pattern, 0, 0,
                        "cannot make a temporary folder");
    }
    memcpy(path, packet.path, strlen(packet.path) + 1);
    return 0;
}

int guardian_remove_folder(struct guardian *g, const char *path,
                           struct error *err)
{
    struct guardian_packet order = {.verb = GUARDIAN_FORGET};
    int rc = file_remove_tree(path, err);

    if (rc < 0)
        return rc;
    snprintf(order.path, sizeof order.path, "%s", path);
    return send_order(g, &order, NULL, 0, err);
}

char *child_end_text(char out[CHILD_END_TEXT], const struct child_end *end)
{
    if (end->signal)
        snprintf(out, CHILD_END_TEXT, "signal %d (%.50s)", end->signal,
                 strsignal(end->signal));
    else
        snprintf(out, CHILD_END_TEXT, "exit status %d", end->status);
    return out;
}
