/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of the cgroup filesystem (the kernel's admin-guide/cgroup-v2). */
#include <config.h>

#include "runner/process/cgroups.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/scope.h"
#include "runner/machine/cgroup.h"
#include "runner/process/watch.h"

#define RUN_PREFIX "tare-"

/* Of clone3(2), which older headers do not have. */
#define CLONE_PIDFD_FLAG       UINT64_C(0x00001000)
#define CLONE_INTO_CGROUP_FLAG UINT64_C(0x200000000)

struct clone_arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack;
    uint64_t stack_size, tls, set_tid, set_tid_size, cgroup;
};

enum { TEXT_MAX = 4096 };

static const struct timespec pause_time = {.tv_nsec = 1000000};
/* A dead run's processes have nobody who waits for them. */
static const int64_t stale_ns = 1000000000;

/* --- files */

/* A small file, NUL-terminated; "" where there is none. */
static void read_file(int folder, const char *name, char text[TEXT_MAX])
{
    SCOPED(fd_scoped) int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, TEXT_MAX - 1);

    text[n > 0 ? n : 0] = '\0';
}

static bool is_populated(int folder)
{
    char text[TEXT_MAX];

    read_file(folder, "cgroup.events", text);
    return strstr(text, "populated 1") != NULL;
}

static void write_one(int folder, const char *name)
{
    SCOPED(fd_scoped) int fd = openat(folder, name, O_WRONLY | O_CLOEXEC);

    if (fd >= 0 && write(fd, "1", 1) < 0)
        errno = 0; /* whoever waits finds out */
}

static int open_folder(int at, const char *name)
{
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* What stands in a folder; NULL where nobody can tell.  closedir() ends it. */
static DIR *list_folder(int folder)
{
    int own = open_folder(folder, ".");
    DIR *dir = own < 0 ? NULL : fdopendir(own);

    if (!dir && own >= 0)
        close(own);
    return dir;
}

/* Groups can stand in each other: a test may be a run of its own.  Call `visit`
 * with each folder below; the deepest is no deeper than the kernel allows. */
static void each_below(int folder,
                       void (*visit)(int parent, const char *name, void *ctx),
                       void *ctx)
{
    DIR *dir = list_folder(folder);
    struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            visit(folder, entry->d_name, ctx);
    if (dir)
        closedir(dir);
}

static void add_processes(int parent, const char *name, void *ctx)
{
    SCOPED(fd_scoped) int folder = open_folder(parent, name);
    char text[TEXT_MAX];
    uint32_t *n = ctx;

    if (folder < 0)
        return;
    read_file(folder, "cgroup.procs", text);
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        ++*n;
    each_below(folder, add_processes, n);
}

static uint32_t count_processes(int folder)
{
    uint32_t n = 0;

    add_processes(folder, ".", &n);
    return n;
}

/* --- ends */

static uint32_t kill_all(int folder, int64_t limit_ns)
{
    int64_t deadline_ns = watch_now_ns() + limit_ns;
    uint32_t n = 0;

    while (is_populated(folder)) {
        uint32_t found = count_processes(folder);

        n = found > n ? found : n;
        write_one(folder, "cgroup.kill");
        if (watch_now_ns() >= deadline_ns)
            break;
        nanosleep(&pause_time, NULL);
    }
    return n;
}

static void remove_group(int parent, const char *name, void *ctx)
{
    SCOPED(fd_scoped) int folder = open_folder(parent, name);

    if (folder >= 0)
        each_below(folder, remove_group, ctx);
    unlinkat(parent, name, AT_REMOVEDIR);
}

/* One of a run whose lock can be had: its guardian is gone. */
static void clear_stale(int parent, const char *name, void *ctx)
{
    SCOPED(fd_scoped) int folder = -1;

    if (strncmp(name, RUN_PREFIX, sizeof RUN_PREFIX - 1) != 0)
        return;
    folder = open_folder(parent, name);
    if (folder < 0 || flock(folder, LOCK_EX | LOCK_NB) < 0)
        return;
    kill_all(folder, stale_ns);
    remove_group(parent, name, ctx);
}

/* --- the run's folder */

static bool shares_cpu_time(int parent)
{
    char text[TEXT_MAX];

    read_file(parent, "cgroup.subtree_control", text);
    for (char *word, *at = text; (word = strsep(&at, " \n"));)
        if (strcmp(word, "cpu") == 0)
            return true;
    return false;
}

static int open_parent(const char *root)
{
    struct arena arena = {0};
    const char *path = root ? root : cgroup_folder("", NULL, &arena);
    int fd = path ? open_folder(AT_FDCWD, path) : -1;

    arena_clear(&arena);
    return fd;
}

static void leave_folder(struct cgroups *groups)
{
    if (groups->folder >= 0)
        close(groups->folder);
    groups->folder = -1;
    remove_group(groups->parent, groups->name, NULL);
}

static void give_up(struct cgroups *groups)
{
    if (groups->folder >= 0)
        leave_folder(groups);
    if (groups->parent >= 0)
        close(groups->parent);
    groups->parent = -1;
}

/* Make the run's folder and lock it.  Another run may take it for a dead one's
 * before that, and remove it. */
static bool make_folder(struct cgroups *groups)
{
    snprintf(groups->name, sizeof groups->name, RUN_PREFIX "%d-%08x",
             (int)getpid(), (unsigned)watch_now_ns());
    if (mkdirat(groups->parent, groups->name, 0755) < 0)
        return false;
    groups->folder = open_folder(groups->parent, groups->name);
    if (groups->folder >= 0 && flock(groups->folder, LOCK_EX | LOCK_NB) == 0 &&
        faccessat(groups->parent, groups->name, F_OK, 0) == 0)
        return true;
    leave_folder(groups);
    return false;
}

static void find_out(struct cgroups *groups, const char *root)
{
    enum { TRIES = 5 };

    groups->tried = true;
    groups->folder = -1;
    groups->parent = open_parent(root);
    if (groups->parent >= 0 && !shares_cpu_time(groups->parent))
        for (int i = 0; i < TRIES && !make_folder(groups); i++)
            continue;
    if (groups->folder < 0 ||
        faccessat(groups->folder, "cgroup.kill", W_OK, 0) < 0)
        give_up(groups);
    else
        each_below(groups->parent, clear_stale, NULL);
}

bool cgroups_make(struct cgroups *groups, const char *root, struct cgroup *out)
{
    struct cgroup group = {0};

    if (!groups->tried)
        find_out(groups, root);
    if (groups->folder < 0)
        return false;
    snprintf(group.name, sizeof group.name, "%u", ++groups->made);
    if (mkdirat(groups->folder, group.name, 0755) < 0)
        return false;
    group.folder = open_folder(groups->folder, group.name);
    if (group.folder < 0) {
        unlinkat(groups->folder, group.name, AT_REMOVEDIR);
        return false;
    }
    *out = group;
    return true;
}

int cgroup_fork(const struct cgroup *group, int *pidfd)
{
    struct clone_arguments args = {
        .flags = CLONE_PIDFD_FLAG | CLONE_INTO_CGROUP_FLAG,
        .pidfd = (uint64_t)(uintptr_t)pidfd,
        .exit_signal = SIGCHLD,
        .cgroup = (uint64_t)group->folder,
    };

    *pidfd = -1;
    return (int)syscall(SYS_clone3, &args, sizeof args);
}

uint32_t cgroup_kill(const struct cgroup *group, int64_t limit_ns)
{
    return group->folder ? kill_all(group->folder, limit_ns) : 0;
}

void cgroup_remove(struct cgroups *groups, struct cgroup *group)
{
    if (!group->folder)
        return;
    close(group->folder);
    remove_group(groups->folder, group->name, NULL);
    *group = (struct cgroup){0};
}

void cgroups_close(struct cgroups *groups)
{
    if (!groups->tried)
        return;
    give_up(groups);
    *groups = (struct cgroups){0};
}
