/* SPDX-License-Identifier: MIT */
/* Finding and ending children nobody waits for. */
#include <config.h>

#include "bench/strays.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef PR_SET_CHILD_SUBREAPER
#define PR_SET_CHILD_SUBREAPER 36
#endif

/* Who forks faster than it is killed is left to the coordinator. */
enum { ROUNDS_MAX = 1000 };

/* Is there any child, alive or not yet reaped? */
static int has_children(void)
{
    siginfo_t info;

    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 ||
           errno != ECHILD;
}

/* ---- who they are */

static void add(struct tarei_children *all, pid_t pid)
{
    if (all->n == STRAYS_KNOWN_MAX)
        all->too_many = 1;
    else
        all->pid[all->n++] = pid;
}

static int is_in(const struct tarei_children *all, pid_t pid)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->pid[i] == pid)
            return 1;
    return 0;
}

/* The children of one thread, where the kernel lists them
 * (CONFIG_PROC_CHILDREN).  Returns 0, or -1 where it does not. */
static int list_of_thread(const char *tid, struct tarei_children *out)
{
    char path[64];
    FILE *file;
    int pid;

    snprintf(path, sizeof path, "/proc/self/task/%.20s/children", tid);
    file = fopen(path, "re");
    if (!file)
        return -1;
    while (fscanf(file, "%d", &pid) == 1)
        add(out, pid);
    fclose(file);
    return 0;
}

static int list_of_threads(struct tarei_children *out)
{
    DIR *dir = opendir("/proc/self/task");
    const struct dirent *entry;
    int rc = dir ? 0 : -1;

    while (rc == 0 && (entry = readdir(dir)) != NULL)
        if (isdigit((unsigned char)entry->d_name[0]))
            rc = list_of_thread(entry->d_name, out);
    if (dir)
        closedir(dir);
    return rc;
}

/* The parent of a process, 0 when unknown: the second word behind its name,
 * which ends at the last parenthesis. */
static pid_t parent_of(const char *pid)
{
    char path[64], text[512];
    const char *behind;
    ssize_t n;
    int fd, parent = 0;

    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    n = read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    behind = strrchr(text, ')');
    if (!behind || sscanf(behind + 1, " %*c %d", &parent) != 1)
        return 0;
    return parent;
}

static void list_of_system(struct tarei_children *out)
{
    DIR *dir = opendir("/proc");
    const struct dirent *entry;
    pid_t self = getpid();

    while (dir && (entry = readdir(dir)) != NULL)
        if (isdigit((unsigned char)entry->d_name[0]) &&
            parent_of(entry->d_name) == self)
            add(out, (pid_t)strtol(entry->d_name, NULL, 10));
    if (dir)
        closedir(dir);
}

static void list_children(struct tarei_children *out)
{
    out->n = 0;
    out->too_many = 0;
    if (!has_children())
        return;
    if (list_of_threads(out) == 0)
        return;
    out->n = 0;
    out->too_many = 0;
    list_of_system(out);
}

void tarei_children_note(struct tarei_children *known)
{
    static int adopts;

    if (!adopts)
        adopts = prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
    list_children(known);
}

/* ---- their end */

/* Children that are not known and not reaped by this; the first goes to *out,
 * 0 when there is none. */
static void first_stray(const struct tarei_children *known, pid_t *out)
{
    struct tarei_children now;

    *out = 0;
    list_children(&now);
    for (size_t i = 0; i < now.n && *out == 0; i++)
        if (!is_in(known, now.pid[i]) &&
            waitpid(now.pid[i], NULL, WNOHANG) == 0)
            *out = now.pid[i];
}

static void pause_ms(long ms)
{
    const struct timespec pause = {.tv_nsec = ms * 1000000};

    nanosleep(&pause, NULL);
}

int tarei_strays_sweep(const struct tarei_children *known, int grace_ms)
{
    int killed = 0;
    pid_t stray;

    if (known->too_many || (known->n == 0 && !has_children()))
        return 0;
    first_stray(known, &stray);
    for (; stray && grace_ms > 0; grace_ms--) {
        pause_ms(1);
        first_stray(known, &stray);
    }
    for (int round = 0; stray && round < ROUNDS_MAX; round++) {
        kill(stray, SIGKILL);
        while (waitpid(stray, NULL, 0) < 0 && errno == EINTR)
            ;
        killed++;
        first_stray(known, &stray);
    }
    return killed;
}
