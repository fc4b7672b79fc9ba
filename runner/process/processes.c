/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading /proc. */
#include <config.h>

#include "runner/process/processes.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scope.h"

/* A file of /proc, whole.  The caller frees it; NULL when it is gone. */
static char *read_proc(const char *path, size_t *size)
{
    SCOPED(fd_scoped) int fd = open(path, O_RDONLY | O_CLOEXEC);
    SCOPED(free_scoped) char *text = NULL;
    size_t room = 0, used = 0;
    ssize_t n = 1;

    while (fd >= 0 && n > 0) {
        if (used + 1 >= room) {
            char *grown = realloc(text, room = room ? 2 * room : 4096);

            if (!grown)
                return NULL;
            text = grown;
        }
        n = read(fd, text + used, room - used - 1);
        if (n < 0)
            return NULL;
        used += (size_t)n;
    }
    if (text)
        text[used] = '\0';
    *size = used;
    return TAKE(text);
}

bool process_parse_stat(const char *text, struct process *out)
{
    struct process p = {0};
    /* The name in the second field may hold anything, ')' included. */
    const char *after = strrchr(text, ')');

    if (!after || sscanf(text, "%d", &p.pid) != 1 ||
        sscanf(after, ") %c %d %d %d", &p.state, &p.parent, &p.group,
               &p.session) != 4)
        return false;
    *out = p;
    return true;
}

static bool read_stat(const char *pid, struct process *out)
{
    SCOPED(free_scoped) char *text = NULL;
    char path[64];
    size_t size;

    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    text = read_proc(path, &size);
    return text && process_parse_stat(text, out);
}

static int compare_pids(const void *a, const void *b)
{
    const struct process *x = a, *y = b;

    return (x->pid > y->pid) - (x->pid < y->pid);
}

struct list {
    struct process *item;
    size_t n;
    size_t room;
};

/* Room for one more; false when out of memory. */
static bool make_room(struct list *list)
{
    size_t room = list->room ? 2 * list->room : 256;
    struct process *grown;

    if (list->n < list->room)
        return true;
    grown = reallocarray(list->item, room, sizeof *grown);
    if (!grown)
        return false;
    list->item = grown;
    list->room = room;
    return true;
}

static bool list_all(struct list *list)
{
    DIR *dir = opendir("/proc");
    struct dirent *entry;

    if (!dir)
        return false;
    while ((entry = readdir(dir)) && make_room(list))
        if (isdigit((unsigned char)entry->d_name[0]) &&
            read_stat(entry->d_name, &list->item[list->n]))
            list->n++;
    closedir(dir);
    if (list->n)
        qsort(list->item, list->n, sizeof *list->item, compare_pids);
    return true;
}

/* Climb from a process to the child of the ancestor above it.  Parents change
 * while the list is read, so there might even be a ring: the steps are
 * bounded. */
static pid_t find_root(const struct list *list, const struct process *p,
                       pid_t ancestor)
{
    for (size_t steps = 0; p && steps < list->n; steps++) {
        struct process key = {.pid = p->parent};

        if (p->parent == ancestor)
            return p->pid;
        p = bsearch(&key, list->item, list->n, sizeof key, compare_pids);
    }
    return 0;
}

ssize_t process_descendants(pid_t ancestor, struct process **out)
{
    struct list list = {0};
    size_t kept = 0;

    if (!list_all(&list))
        return -1;
    for (size_t i = 0; i < list.n; i++)
        list.item[i].root = find_root(&list, &list.item[i], ancestor);
    for (size_t i = 0; i < list.n; i++)
        if (list.item[i].root)
            list.item[kept++] = list.item[i];
    *out = list.item;
    return (ssize_t)kept;
}

ssize_t process_children(pid_t *out, size_t max)
{
    SCOPED(free_scoped) char *text = NULL;
    size_t size, n = 0;
    char *at;

    text = read_proc("/proc/thread-self/children", &size);
    if (!text)
        return -1;
    at = text;
    for (;;) {
        char *end;
        long pid = strtol(at, &end, 10);

        if (end == at)
            return (ssize_t)n;
        if (n < max)
            out[n] = (pid_t)pid;
        n++;
        at = end;
    }
}

bool process_variable(pid_t pid, const char *name, char *out, size_t size)
{
    SCOPED(free_scoped) char *text = NULL;
    size_t bytes = 0, length = strlen(name);
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
    text = read_proc(path, &bytes);
    for (size_t at = 0; text && at < bytes; at += strlen(text + at) + 1) {
        const char *entry = text + at;

        if (strncmp(entry, name, length) != 0 || entry[length] != '=')
            continue;
        snprintf(out, size, "%s", entry + length + 1);
        return true;
    }
    return false;
}
