/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose is it, kill it, wait for it, look again. */
#include <config.h>

#include "runner/process/sweep.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/scope.h"
#include "runner/process/processes.h"
#include "runner/process/watch.h"

enum { CHILDREN_MAX = 4096, MARK_MAX = 128, KILLED_MAX = 4096 };

/* How long to wait for a child before looking again. */
static const struct timespec pause_time = {.tv_nsec = 5000000};

/* Until some child ends; SIGCHLD is blocked, the caller reaps afterwards. */
static void pause_for_child(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigtimedwait(&set, NULL, &pause_time);
}

static bool is_protected(const struct ward *ward)
{
    return !ward->ended || ward->keep;
}

static bool is_live_ward(const struct ward *wards, pid_t pid)
{
    for (; wards; wards = wards->next)
        if (wards->pid == pid && !wards->ended)
            return true;
    return false;
}

static bool any_protected(const struct ward *wards, const struct ward *except)
{
    for (; wards; wards = wards->next)
        if (wards != except && is_protected(wards))
            return true;
    return false;
}

/* Is there a child that was not started but inherited?  Unknown counts as
 * yes. */
static bool has_strangers(const struct ward *wards)
{
    pid_t children[CHILDREN_MAX];
    ssize_t n = process_children(children, CHILDREN_MAX);

    if (n < 0 || n > CHILDREN_MAX)
        return true;
    for (ssize_t i = 0; i < n; i++)
        if (!is_live_ward(wards, children[i]))
            return true;
    return false;
}

/* Must the stranger, a child that lost its parents, be ended now? */
static bool is_doomed(const struct ward *wards, const struct ward *ended,
                      const struct process *stranger)
{
    char mark[MARK_MAX];

    if (process_variable(stranger->pid, SLOT_MARK, mark, sizeof mark)) {
        for (const struct ward *w = wards; w; w = w->next)
            if (w->mark && strcmp(w->mark, mark) == 0)
                return w == ended || !is_protected(w);
        return true; /* of a ward already released */
    }
    for (const struct ward *w = wards; w; w = w->next)
        if (stranger->session == w->pid || stranger->group == w->pid)
            return w == ended || !is_protected(w);
    return !any_protected(wards, ended);
}

static const struct process *find_process(const struct process *list, size_t n,
                                          pid_t pid)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].pid == pid)
            return &list[i];
    return NULL;
}

/* Processes that were sent SIGKILL, so that each is counted once. */
struct killed {
    pid_t pid[KILLED_MAX];
    uint32_t n;
};

/* Returns whether it is still to be waited for. */
static bool kill_one(const struct process *p, struct killed *killed)
{
    if (p->state == 'Z' || p->state == 'X') {
        if (p->pid == p->root)
            waitpid(p->pid, NULL, WNOHANG);
        return false;
    }
    kill(p->pid, SIGKILL);
    for (uint32_t i = 0; i < killed->n && i < KILLED_MAX; i++)
        if (killed->pid[i] == p->pid)
            return true;
    if (killed->n < KILLED_MAX)
        killed->pid[killed->n] = p->pid;
    killed->n++;
    return true;
}

/* Look once and kill what has to go.  Returns how many are to be waited for. */
static size_t sweep_round(const struct ward *wards, const struct ward *ended,
                          struct killed *killed)
{
    SCOPED(free_scoped) struct process *list = NULL;
    ssize_t n = process_descendants(getpid(), &list);
    size_t doomed = 0;
    pid_t root = 0;
    bool root_doomed = false;

    for (ssize_t i = 0; i < n; i++) {
        if (is_live_ward(wards, list[i].root))
            continue;
        if (list[i].root != root) {
            const struct process *r =
                find_process(list, (size_t)n, list[i].root);

            root = list[i].root;
            root_doomed = r && is_doomed(wards, ended, r);
        }
        if (root_doomed && kill_one(&list[i], killed))
            doomed++;
    }
    return doomed;
}

uint32_t sweep(const struct ward *wards, const struct ward *ended,
               int64_t limit_ns)
{
    int64_t deadline = watch_now_ns() + limit_ns;
    struct killed killed = {.n = 0};

    while (has_strangers(wards) && sweep_round(wards, ended, &killed) &&
           watch_now_ns() < deadline)
        pause_for_child();
    return killed.n;
}

/* True while there is a child. */
static bool reap_all(void)
{
    pid_t pid;

    do
        pid = waitpid(-1, NULL, WNOHANG);
    while (pid > 0);
    return pid == 0;
}

void sweep_all(int64_t limit_ns)
{
    int64_t deadline = watch_now_ns() + limit_ns;

    while (reap_all() && watch_now_ns() < deadline) {
        SCOPED(free_scoped) struct process *list = NULL;
        ssize_t n = process_descendants(getpid(), &list);

        for (ssize_t i = 0; i < n; i++)
            kill(list[i].pid, SIGKILL);
        pause_for_child();
    }
}

bool sweep_await(pid_t pid, int64_t limit_ns)
{
    int64_t deadline = watch_now_ns() + limit_ns;

    for (;;) {
        siginfo_t info = {0};

        if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
            info.si_pid == pid)
            return true;
        if (watch_now_ns() >= deadline)
            return false;
        pause_for_child();
    }
}
