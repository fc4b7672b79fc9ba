/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One child at a time, never without a limit. */
#include <config.h>

#include "store/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/scope.h"

enum { POLL_MS = 20 };

/* Reads nothing until its input ends, which happens when the process that
 * holds the other end is gone; then its whole group goes too. */
static const char *const watcher[] = {"/bin/sh", "-c", "read x; kill -s KILL 0",
                                      NULL};

struct running {
    pid_t pid, watcher;
    int out[2], err[2], life[2]; /* read end, write end; -1 when closed */
};

static int64_t now_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_all(struct running *r)
{
    for (int i = 0; i < 2; i++) {
        close_end(&r->out[i]);
        close_end(&r->err[i]);
        close_end(&r->life[i]);
    }
}

static int open_ends(const struct command *c, struct running *r,
                     struct error *err)
{
    if (pipe2(r->out, O_CLOEXEC) < 0 || pipe2(r->err, O_CLOEXEC) < 0 ||
        (c->lifeline && pipe2(r->life, O_CLOEXEC) < 0))
        return ERROR(err, ERR_SYS, "cannot make a pipe");
    fcntl(r->out[0], F_SETFL, O_NONBLOCK);
    fcntl(r->err[0], F_SETFL, O_NONBLOCK);
    return 0;
}

/* Its group, and signals as a fresh program expects them. */
static int set_attributes(posix_spawnattr_t *attr, pid_t group)
{
    sigset_t none, ordinary;
    int rc;

    sigemptyset(&none);
    sigemptyset(&ordinary);
    sigaddset(&ordinary, SIGPIPE);
    sigaddset(&ordinary, SIGINT);
    sigaddset(&ordinary, SIGTERM);
    sigaddset(&ordinary, SIGQUIT);
    sigaddset(&ordinary, SIGCHLD);
    rc = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETPGROUP |
                                            POSIX_SPAWN_SETSIGMASK |
                                            POSIX_SPAWN_SETSIGDEF);
    if (rc == 0)
        rc = posix_spawnattr_setpgroup(attr, group);
    if (rc == 0)
        rc = posix_spawnattr_setsigmask(attr, &none);
    if (rc == 0)
        rc = posix_spawnattr_setsigdefault(attr, &ordinary);
    return rc;
}

static int set_files(posix_spawn_file_actions_t *files, const struct command *c,
                     const struct running *r)
{
    int rc =
        posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);

    if (rc == 0 && c->log)
        rc = posix_spawn_file_actions_addopen(
            files, 1, c->log, O_WRONLY | O_CREAT | O_APPEND, 0666);
    else if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(files, r->out[1], 1);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(files, c->log ? 1 : r->err[1], 2);
    if (rc == 0 && c->folder)
        rc = posix_spawn_file_actions_addchdir_np(files, c->folder);
    return rc;
}

static const char *search_path(const char *const *env)
{
    for (; *env; env++)
        if (strncmp(*env, "PATH=", 5) == 0)
            return *env + 5;
    return "/usr/bin:/bin";
}

/* The first executable of this name in PATH; the caller frees it. */
static char *find_program(const char *name, const char *const *env)
{
    const char *path = search_path(env);

    if (strchr(name, '/'))
        return strdup(name);
    while (*path) {
        size_t n = strcspn(path, ":");
        char *whole = NULL;

        if (asprintf(&whole, "%.*s/%s", (int)n, path, name) < 0)
            return NULL;
        if (n && access(whole, X_OK) == 0)
            return whole;
        free(whole);
        path += n + (path[n] == ':');
    }
    errno = ENOENT;
    return NULL;
}

static int spawn(pid_t *pid, const char *const *argv, const char *const *env,
                 pid_t group, posix_spawn_file_actions_t *files)
{
    SCOPED(free_scoped) char *program = find_program(argv[0], env);
    posix_spawnattr_t attr;
    int rc;

    if (!program)
        return errno;
    rc = posix_spawnattr_init(&attr);
    if (rc != 0)
        return rc;
    rc = set_attributes(&attr, group);
    if (rc == 0)
        rc = posix_spawn(pid, program, files, &attr, (char *const *)argv,
                         (char *const *)env);
    posix_spawnattr_destroy(&attr);
    return rc;
}

static int start_watcher(struct running *r)
{
    static const char *const env[] = {NULL};
    posix_spawn_file_actions_t files;
    int rc = posix_spawn_file_actions_init(&files);

    if (rc != 0)
        return rc;
    rc = posix_spawn_file_actions_adddup2(&files, r->life[0], 0);
    if (rc == 0)
        rc = spawn(&r->watcher, watcher, env, 0, &files);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

static int start(const struct command *c, struct running *r, struct error *err)
{
    static const char *const empty[] = {NULL};
    posix_spawn_file_actions_t files;
    int rc = posix_spawn_file_actions_init(&files);

    if (rc == 0) {
        if (c->lifeline)
            rc = start_watcher(r);
        if (rc == 0)
            rc = set_files(&files, c, r);
        if (rc == 0)
            rc = spawn(&r->pid, c->argv, c->env ? c->env : empty, r->watcher,
                       &files);
        posix_spawn_file_actions_destroy(&files);
    }
    close_end(&r->out[1]);
    close_end(&r->err[1]);
    close_end(&r->life[0]);
    return rc == 0 ? 0
                   : ERROR(err, ERR_PEER, "cannot start '%s': %s", c->argv[0],
                           strerror(rc));
}

/* Take what is there; closes the end at the end of the output. */
static void drain(int *fd, struct strbuf *to)
{
    char buf[16384];
    ssize_t n;

    while (*fd >= 0 && (n = read(*fd, buf, sizeof buf)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return;
        if (to->size < COMMAND_OUTPUT)
            strbuf_add(to, buf, (size_t)n);
    }
    close_end(fd);
}

static void end_group(struct running *r)
{
    pid_t group = r->watcher ? r->watcher : r->pid;

    if (group > 0)
        kill(-group, SIGKILL);
}

static void reap(pid_t pid, int *status)
{
    while (pid > 0 && waitpid(pid, status, 0) < 0 && errno == EINTR)
        ;
}

/* Its status when it has ended.  The process stays a zombie, so that the
 * number of its group is nobody else's before the group is killed. */
static bool has_ended(pid_t pid)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid;
}

static int follow(const struct command *c, struct running *r,
                  struct command_result *result, struct error *err)
{
    int64_t end = now_ns() + c->timeout_ns;
    int closed = 0; /* turns since its outputs were closed */

    while (!has_ended(r->pid)) {
        struct pollfd fds[] = {{r->out[0], POLLIN, 0}, {r->err[0], POLLIN, 0}};
        bool open = r->out[0] >= 0 || r->err[0] >= 0;

        if (c->stop && *c->stop)
            return ERROR(err, ERR_STOPPED, "'%s' was stopped", c->argv[0]);
        if (now_ns() >= end)
            return ERROR(err, ERR_TIMEOUT, "'%s' did not end within %.3g s",
                         c->argv[0], (double)c->timeout_ns / 1e9);
        /* who closed them is about to end, or runs on with a log */
        poll(fds, 2, open || closed++ > POLL_MS ? POLL_MS : 1);
        drain(&r->out[0], &result->out);
        drain(&r->err[0], &result->err);
    }
    drain(&r->out[0], &result->out);
    drain(&r->err[0], &result->err);
    if (result->out.failed || result->err.failed)
        return ERROR(err, ERR_NOMEM, "no memory for the output of '%s'",
                     c->argv[0]);
    return 0;
}

int command_run(const struct command *command, struct command_result *result,
                struct error *err)
{
    struct running r = {.out = {-1, -1}, .err = {-1, -1}, .life = {-1, -1}};
    struct command_result got = {0};
    int64_t began = now_ns();
    int status = 0, ignored;
    int rc = open_ends(command, &r, err);

    if (rc == 0)
        rc = start(command, &r, err);
    if (rc == 0)
        rc = follow(command, &r, &got, err);
    end_group(&r);
    reap(r.pid, &status);
    reap(r.watcher, &ignored);
    close_all(&r);
    if (rc < 0) {
        command_result_clear(&got);
        return rc;
    }
    got.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    got.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    got.spent_ns = now_ns() - began;
    *result = got;
    return 0;
}

void command_result_clear(struct command_result *result)
{
    strbuf_clear(&result->out);
    strbuf_clear(&result->err);
}
