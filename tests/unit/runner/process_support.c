/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the tests of runner/process. */
#include <config.h>

#include "tests/unit/runner/process_support.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scope.h"

static void need(int rc, const struct error *err)
{
    if (rc == 0)
        return;
    error_print(err, stdout);
    exit(99);
}

const char *actor_path(void)
{
    static char path[PATH_MAX];
    const char *builddir = getenv("builddir");

    snprintf(path, sizeof path, "%s/tests/unit/runner/process_actor",
             builddir ? builddir : ".");
    return path;
}

struct guardian *need_guardian(void)
{
    struct guardian *guardian = NULL;
    struct error err = {0};

    fflush(stdout);
    need(guardian_start(&guardian, &err), &err);
    return guardian;
}

struct slot *need_slot(struct guardian *guardian, int side)
{
    const struct slot_options options = {
        .worker = "w0", .workers = 1, .side = side, .port_base = 20000};
    struct slot *slot = NULL;
    struct error err = {0};

    need(slot_open(guardian, &options, &slot, &err), &err);
    return slot;
}

struct child *start_actor(struct guardian *guardian, struct capture *output,
                          unsigned flags, const char *mark, const char *part,
                          const char *arg)
{
    char variable[100];
    char *argv[] = {(char *)actor_path(), (char *)part, (char *)arg, NULL};
    char *env[] = {variable, NULL};
    const struct spawn_fd fds[] = {{output ? output->fd : 0, 1},
                                   {output ? output->fd : 0, 2}};
    const struct spawn spawn = {.path = argv[0],
                                .argv = argv,
                                .env = env,
                                .fds = fds,
                                .n_fds = output ? 2 : 0,
                                .flags = flags};
    struct child *child = NULL;
    struct error err = {0};

    snprintf(variable, sizeof variable, "%s=%s", mark ? "TARE_SLOT" : "NOTHING",
             mark ? mark : "");
    need(guardian_spawn(guardian, &spawn, &child, &err), &err);
    return child;
}

struct watch patient(void)
{
    return watch_within(NULL, 60 * (int64_t)1000000000);
}

void await_end(struct guardian *guardian, struct child *child)
{
    const struct watch watch = patient();
    struct error err = {0};

    need(guardian_wait(guardian, child, &watch, &err), &err);
}

const char *output_text(const struct capture *output)
{
    static char text[4096];
    SCOPED(strbuf_scoped) struct strbuf all = {0};

    capture_read(output, 0, &all);
    snprintf(text, sizeof text, "%s", strbuf_text(&all));
    return text;
}

static bool carries(const char *pid, const char *argument)
{
    char path[300], text[8192];
    SCOPED(fd_scoped) int fd = -1;
    ssize_t n;

    snprintf(path, sizeof path, "/proc/%s/cmdline", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (n <= 0)
        return false;
    text[n] = '\0';
    for (char *at = text; at < text + n; at += strlen(at) + 1)
        if (strcmp(at, argument) == 0)
            return true;
    return false;
}

int count_carrying(const char *argument)
{
    DIR *dir = opendir("/proc");
    struct dirent *entry;
    int n = 0;

    while (dir && (entry = readdir(dir)))
        if (isdigit((unsigned char)entry->d_name[0]))
            n += carries(entry->d_name, argument);
    if (dir)
        closedir(dir);
    return n;
}

const char *fresh_token(void)
{
    static char token[64];
    static unsigned n;

    snprintf(token, sizeof token, "token-%d-%u", (int)getpid(), ++n);
    return token;
}
