/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clone() and the steps between it and execve(). */
#include <config.h>

#include "runner/process/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif

enum {
    STACK_BYTES = 64 * 1024,
    MPOL_BIND_MODE = 2, /* MPOL_BIND of linux/mempolicy.h */
    BITS_PER_LONG = CHAR_BIT * sizeof(unsigned long),
};

/* The child runs on the caller's memory: no sanitizer may keep books there. */
#define ON_BORROWED_MEMORY \
    __attribute__((no_sanitize("address", "thread", "undefined")))

struct request {
    const struct spawn *spawn;
    pid_t parent;
    int usual_nice;
    const struct cgroup *group;
    int report; /* pipe to tell of a failure; closed by execve() */
    unsigned long cpus[SPAWN_CPUS_MAX / BITS_PER_LONG];
    unsigned long nodes[SPAWN_NODES_MAX / BITS_PER_LONG];
};

struct failure {
    int step;
    int error;
};

static void set_bits(unsigned long *mask, const int *bits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mask[(size_t)bits[i] / BITS_PER_LONG] |=
            1ul << (size_t)bits[i] % BITS_PER_LONG;
}

ON_BORROWED_MEMORY
static bool enter_session(const struct request *r)
{
    sigset_t none;

    sigemptyset(&none);
    if (setsid() < 0 || sigprocmask(SIG_SETMASK, &none, NULL) < 0 ||
        prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
        return false;
    errno = ECHILD; /* the caller died before it was watched */
    return getppid() == r->parent;
}

ON_BORROWED_MEMORY
static bool enter_folder(const struct request *r)
{
    return !r->spawn->cwd || chdir(r->spawn->cwd) == 0;
}

ON_BORROWED_MEMORY
static bool place_fds(const struct request *r)
{
    for (size_t i = 0; i < r->spawn->n_fds; i++)
        if (dup2(r->spawn->fds[i].fd, r->spawn->fds[i].number) < 0)
            return false;
    return true;
}

ON_BORROWED_MEMORY
static bool set_limits(const struct request *r)
{
    for (size_t i = 0; i < r->spawn->n_limits; i++) {
        const struct spawn_limit *want = &r->spawn->limits[i];
        struct rlimit limit;

        if (getrlimit(want->resource, &limit) < 0)
            return false;
        if (want->value < limit.rlim_max)
            limit.rlim_max = want->value;
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(want->resource, &limit) < 0)
            return false;
    }
    return true;
}

/* Where the kernel schedules sessions as groups (sched(7), "The autogroup
 * feature"), a nice value counts inside a session only, and the session has
 * one of its own.  Ours is new, so nobody else is in it. */
ON_BORROWED_MEMORY
static void set_group_nice(int nice)
{
    char text[8];
    size_t n = sizeof text;
    unsigned size = (unsigned)(nice < 0 ? -nice : nice);
    int fd = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return;
    do
        text[--n] = (char)('0' + size % 10);
    while (size /= 10);
    if (nice < 0)
        text[--n] = '-';
    if (write(fd, text + n, sizeof text - n) < 0)
        errno = 0; /* not permitted: it goes on as it is */
    close(fd);
}

/* Asking for more than others get needs a privilege that few have: then it goes
 * on as it is. */
ON_BORROWED_MEMORY
static bool set_process_nice(int nice)
{
    return setpriority(PRIO_PROCESS, 0, nice) == 0 ||
           (nice < 0 && (errno == EACCES || errno == EPERM));
}

ON_BORROWED_MEMORY
static bool set_nice(const struct request *r)
{
    if (r->spawn->nice == 0)
        return set_process_nice(r->usual_nice);
    set_group_nice(r->spawn->nice);
    return set_process_nice(r->spawn->nice);
}

void launch_ask_for_nice(int nice)
{
    set_group_nice(nice);
    set_process_nice(nice);
}

ON_BORROWED_MEMORY
static bool bind_cpus(const struct request *r)
{
    return r->spawn->n_cpus == 0 ||
           syscall(SYS_sched_setaffinity, 0, sizeof r->cpus, r->cpus) == 0;
}

ON_BORROWED_MEMORY
static bool bind_nodes(const struct request *r)
{
    if (r->spawn->n_nodes == 0 || syscall(SYS_set_mempolicy, MPOL_BIND_MODE,
                                          r->nodes, SPAWN_NODES_MAX) == 0)
        return true;
    return errno == EPERM || errno == ENOSYS; /* forbidden, or not NUMA */
}

ON_BORROWED_MEMORY
static bool execute(const struct request *r)
{
    execve(r->spawn->path, r->spawn->argv, r->spawn->env);
    return false;
}

static const struct {
    enum launch_step step;
    bool (*run)(const struct request *r);
} steps[] = {
    {LAUNCH_SESSION, enter_session}, {LAUNCH_FOLDER, enter_folder},
    {LAUNCH_FD, place_fds},          {LAUNCH_LIMIT, set_limits},
    {LAUNCH_NICE, set_nice},         {LAUNCH_CPUS, bind_cpus},
    {LAUNCH_NODES, bind_nodes},      {LAUNCH_EXEC, execute},
};

ON_BORROWED_MEMORY
static int child_main(void *arg)
{
    const struct request *r = arg;
    struct failure failure = {0};

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i].run(r))
            continue;
        failure.step = (int)steps[i].step;
        failure.error = errno;
        break;
    }
    /* Returning ends the process without running anything of the caller's. */
    return write(r->report, &failure, sizeof failure) < 0 ? 126 : 127;
}

int launch_floor(const struct spawn *spawn)
{
    int floor = 3;

    for (size_t i = 0; i < spawn->n_fds; i++)
        if (spawn->fds[i].number >= floor)
            floor = spawn->fds[i].number + 1;
    return floor;
}

/* A pipe whose write end no descriptor of the child replaces. */
static bool report_pipe(int floor, int ends[2])
{
    int high;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return false;
    high = fcntl(ends[1], F_DUPFD_CLOEXEC, floor);
    close(ends[1]);
    ends[1] = high;
    if (high < 0)
        close(ends[0]);
    return high >= 0;
}

/* A kernel older than 5.2 knows no CLONE_PIDFD and ignores the flag. */
static pid_t clone_child(struct request *r, char *stack, int *pidfd)
{
    const int flags = CLONE_VM | CLONE_VFORK | SIGCHLD;
    pid_t pid = r->group ? cgroup_fork(r->group, pidfd) : -1;

    if (pid == 0)
        _exit(child_main(r));
    if (pid > 0)
        return pid;

    *pidfd = -1;
    pid = clone(child_main, stack + STACK_BYTES, flags | CLONE_PIDFD, r, pidfd);
    if (pid < 0 && errno == EINVAL) {
        *pidfd = -1;
        pid = clone(child_main, stack + STACK_BYTES, flags, r);
    }
    return pid;
}

/* Wait for the child's report: it comes, or execve() closed the pipe. */
static bool failed_in_child(int report, struct failure *failure)
{
    ssize_t n;

    do
        n = read(report, failure, sizeof *failure);
    while (n < 0 && errno == EINTR);
    return n == sizeof *failure;
}

static bool fail(struct launched *out, enum launch_step step, int error)
{
    *out = (struct launched){.pidfd = -1, .step = step, .error = error};
    return false;
}

static bool launch_on(char *stack, const struct spawn *spawn, int usual_nice,
                      const struct cgroup *group, struct launched *out)
{
    struct request request = {.spawn = spawn,
                              .parent = getpid(),
                              .usual_nice = usual_nice,
                              .group = group};
    struct failure failure;
    int ends[2], error;
    bool failed;

    set_bits(request.cpus, spawn->cpus, spawn->n_cpus);
    set_bits(request.nodes, spawn->nodes, spawn->n_nodes);
    if (!report_pipe(launch_floor(spawn), ends))
        return fail(out, LAUNCH_FORK, errno);
    request.report = ends[1];
    *out = (struct launched){0};
    out->pid = clone_child(&request, stack, &out->pidfd);
    error = errno;
    close(ends[1]);
    failed = out->pid > 0 && failed_in_child(ends[0], &failure);
    close(ends[0]);
    if (out->pid < 0)
        return fail(out, LAUNCH_FORK, error);
    if (!failed)
        return true;
    while (waitpid(out->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    if (out->pidfd >= 0)
        close(out->pidfd);
    return fail(out, (enum launch_step)failure.step, failure.error);
}

bool launch(const struct spawn *spawn, int usual_nice,
            const struct cgroup *group, struct launched *out)
{
    char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    bool ok;

    if (stack == MAP_FAILED)
        return fail(out, LAUNCH_FORK, errno);
    ok = launch_on(stack, spawn, usual_nice, group, out);
    munmap(stack, STACK_BYTES);
    return ok;
}
