/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Control groups: on folders made up to look like them, and, where they can be
 * had, the kernel's. */
#include <config.h>

#include "runner/process/cgroups.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "bench/tare.h"

static const int64_t second_ns = 1000000000;

static const char *path_in(struct tare *t, const char *name)
{
    static char path[4096];

    snprintf(path, sizeof path, "%s/%s", tare_tmpdir(t), name);
    return path;
}

static void write_text(struct tare *t, const char *name, const char *text)
{
    TARE_REQUIRE_INT(
        file_write_atomic(path_in(t, name), text, strlen(text), NULL), 0);
}

/* ---- made up */

/* No kernel fills it: no cgroup.kill, as before Linux 5.14. */
TARE_TEST(a_kernel_without_kill_has_no_groups)
{
    struct cgroups groups = {0};
    struct cgroup group = {0};

    TARE_CHECK(!cgroups_make(&groups, tare_tmpdir(t), &group));
    TARE_CHECK(!cgroups_make(&groups, tare_tmpdir(t), &group));
    TARE_CHECK_INT(group.folder, 0);
    cgroups_close(&groups);
    TARE_CHECK_INT(rmdir(tare_tmpdir(t)), 0); /* nothing is left there */
}

TARE_TEST(a_missing_folder_has_no_groups)
{
    struct cgroups groups = {0};
    struct cgroup group = {0};

    TARE_CHECK(!cgroups_make(&groups, path_in(t, "none"), &group));
    cgroups_close(&groups);
}

/* Groups that share out CPU time would change what is measured. */
TARE_TEST(groups_with_a_cpu_controller_are_left_alone)
{
    struct cgroups groups = {0};
    struct cgroup group = {0};

    write_text(t, "cgroup.subtree_control", "cpuset cpu memory\n");
    TARE_CHECK(!cgroups_make(&groups, tare_tmpdir(t), &group));
    cgroups_close(&groups);
}

static struct cgroup made_up(struct tare *t)
{
    struct cgroup group = {.name = "1"};

    group.folder = open(tare_tmpdir(t), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    TARE_REQUIRE(group.folder > 0);
    return group;
}

/* Kill a group with these processes, "" for none. */
static void check_kill(struct tare *t, const char *processes, uint32_t n,
                       const char *written)
{
    SCOPED(free_scoped) char *text = NULL;
    struct cgroup group = made_up(t);
    size_t size;

    write_text(t, "cgroup.events",
               processes[0] ? "populated 1\nfrozen 0\n"
                            : "populated 0\nfrozen 0\n");
    write_text(t, "cgroup.procs", processes);
    write_text(t, "cgroup.kill", "-");
    TARE_CHECK_INT(cgroup_kill(&group, 0), n);
    TARE_REQUIRE_INT(
        file_read(path_in(t, "cgroup.kill"), 100, &text, &size, NULL), 0);
    TARE_CHECK_STR(text, written);
    close(group.folder);
}

TARE_TEST(killing_writes_what_the_kernel_reads)
{
    check_kill(t, "17\n4\n21\n", 3, "1");
}

TARE_TEST(an_empty_group_is_not_killed)
{
    check_kill(t, "", 0, "-");
}

TARE_TEST(no_group_is_no_work)
{
    struct cgroups groups = {0};
    struct cgroup none = {0};

    TARE_CHECK_INT(cgroup_kill(&none, second_ns), 0);
    cgroup_remove(&groups, &none);
    cgroups_close(&groups);
}

/* ---- the kernel's */

static void need_groups(struct tare *t, struct cgroups *groups,
                        struct cgroup *group)
{
    if (!cgroups_make(groups, NULL, group))
        tare_skip(t, "control groups cannot be had");
}

static void sleep_for_ever(void)
{
    execlp("sleep", "sleep", "1000", (char *)NULL);
    _exit(1);
}

/* A process that goes on in a grandchild of a session of its own.  A pipe ends
 * when that has executed its file: until then it has our descriptors, and with
 * them the lock of the run. */
static pid_t start_leaver(struct tare *t, const struct cgroup *group)
{
    int ends[2], pidfd = -1;
    char byte;
    pid_t pid;

    TARE_REQUIRE_INT(pipe2(ends, O_CLOEXEC), 0);
    pid = cgroup_fork(group, &pidfd);
    if (pid == 0) {
        if (fork())
            _exit(0);
        setsid();
        if (fork())
            _exit(0);
        sleep_for_ever();
    }
    TARE_REQUIRE(pid > 0);
    TARE_CHECK(pidfd >= 0);
    close(pidfd);
    close(ends[1]);
    TARE_REQUIRE_INT(read(ends[0], &byte, 1), 0);
    close(ends[0]);
    waitpid(pid, NULL, 0);
    return pid;
}

TARE_TEST(a_daemon_does_not_leave_its_group)
{
    struct cgroups groups = {0};
    struct cgroup group = {0};

    need_groups(t, &groups, &group);
    start_leaver(t, &group);
    TARE_CHECK_INT(cgroup_kill(&group, 60 * second_ns), 1);
    TARE_CHECK_INT(cgroup_kill(&group, 60 * second_ns), 0);
    cgroup_remove(&groups, &group);
    TARE_CHECK_INT(faccessat(groups.folder, "1", F_OK, 0), -1);
    cgroups_close(&groups);
}

/* A run elsewhere may be removing it at this moment: a minute at most. */
static bool goes_away(int parent, const char *name)
{
    const struct timespec pause = {.tv_nsec = 1000000};

    for (int i = 0; i < 60000; i++) {
        if (faccessat(parent, name, F_OK, 0) < 0)
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

TARE_TEST(a_run_ends_what_a_dead_one_left)
{
    struct cgroups dead = {0}, next = {0};
    struct cgroup group = {0}, other = {0};
    int folder;

    need_groups(t, &dead, &group);
    start_leaver(t, &group);
    TARE_REQUIRE(cgroups_make(&next, NULL, &other));
    TARE_CHECK_INT(faccessat(dead.parent, dead.name, F_OK, 0), 0); /* alive */
    cgroup_remove(&next, &other);
    cgroups_close(&next);

    /* Its guardian is killed: all it had open is closed. */
    folder = dup(dead.parent);
    close(group.folder);
    close(dead.folder);
    TARE_REQUIRE(cgroups_make(&next, NULL, &other));
    TARE_CHECK(goes_away(folder, dead.name));
    cgroup_remove(&next, &other);
    cgroups_close(&next);
    close(dead.parent);
    close(folder);
}
