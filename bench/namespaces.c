/* SPDX-License-Identifier: MIT */
/* A /tmp and a network of a test's own (namespaces(7)). */
#include <config.h>

#include "bench/tested.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char hidden[] = "/tmp/";

/* Write a file whole.  0 or -1. */
static int put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    size_t size = strlen(text);
    int rc = fd >= 0 && write(fd, text, size) == (ssize_t)size ? 0 : -1;

    if (fd >= 0)
        close(fd);
    return rc;
}

/* Who is not root becomes so in a namespace of users, under the same number. */
static int enter_users(void)
{
    unsigned uid = geteuid(), gid = getegid();
    char text[64];

    if (uid == 0)
        return 0;
    if (unshare(CLONE_NEWUSER) != 0)
        return -1;
    snprintf(text, sizeof text, "%u %u 1", uid, uid);
    if (put("/proc/self/uid_map", text) < 0)
        return -1;
    put("/proc/self/setgroups", "deny");
    snprintf(text, sizeof text, "%u %u 1", gid, gid);
    return put("/proc/self/gid_map", text);
}

/* A new network has nothing but a loopback, which is down. */
static int loopback_up(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int rc = sock < 0 ? -1 : ioctl(sock, SIOCGIFFLAGS, &request);

    request.ifr_flags |= IFF_UP;
    if (rc == 0)
        rc = ioctl(sock, SIOCSIFFLAGS, &request);
    if (sock >= 0)
        close(sock);
    return rc;
}

/* mkdir -p */
static int make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST)
            return -1;
        *slash = '/';
    }
    return mkdir(path, 0755) != 0 && errno != EEXIST ? -1 : 0;
}

/* A folder below /tmp that the new /tmp would hide; -1 for none. */
static int keep_open(const char *path)
{
    if (!path || strncmp(path, hidden, strlen(hidden)) != 0)
        return -1;
    return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int bring_back(int fd, const char *path)
{
    char source[48], target[PATH_MAX];
    int rc;

    if (fd < 0)
        return 0;
    snprintf(source, sizeof source, "/proc/self/fd/%d", fd);
    snprintf(target, sizeof target, "%s", path);
    rc = make_folders(target);
    if (rc == 0)
        rc = mount(source, path, NULL, MS_BIND | MS_REC, NULL);
    return rc;
}

/* Of what stands as long as the session, "" for none. */
static char shared[PATH_MAX];

void tarei_tested_show_folder(const char *path)
{
    snprintf(shared, sizeof shared, "%s", path);
}

static int replace_tmp(void)
{
    const char *folder = getenv("TARE_TMPDIR");
    char cwd[PATH_MAX];
    const char *here = getcwd(cwd, sizeof cwd);
    int folder_fd = keep_open(folder), here_fd = keep_open(here);
    int shared_fd = keep_open(shared);
    int rc = mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);

    if (rc == 0)
        rc = mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
    if (rc == 0)
        rc = bring_back(folder_fd, folder);
    if (rc == 0)
        rc = bring_back(shared_fd, shared);
    if (rc == 0)
        rc = bring_back(here_fd, here);
    if (rc == 0 && here)
        rc = chdir(here);
    if (folder_fd >= 0)
        close(folder_fd);
    if (shared_fd >= 0)
        close(shared_fd);
    if (here_fd >= 0)
        close(here_fd);
    return rc;
}

int tarei_tested_enter_namespaces(int *torn)
{
    *torn = 0;
    if (enter_users() < 0 ||
        unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC) != 0)
        return -1;
    *torn = 1;
    return loopback_up() == 0 && replace_tmp() == 0 ? 0 : -1;
}
