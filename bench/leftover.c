/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "bench/leftover.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* As it stood when it was looked at last. */
static struct tarei_folder latest;

static long count_entries(const char *path)
{
    DIR *dir = opendir(path);
    long n = 0;

    while (dir && readdir(dir))
        n++;
    if (dir)
        closedir(dir);
    return n;
}

void tarei_folder_look(struct tarei_folder *out)
{
    const char *path = getenv("TARE_TMPDIR");
    struct stat st;

    *out = (struct tarei_folder){.entries = 0};
    if (!path || !*path || stat(path, &st) != 0)
        return;
    if (st.st_mtim.tv_sec != latest.changed.tv_sec ||
        st.st_mtim.tv_nsec != latest.changed.tv_nsec) {
        latest.changed = st.st_mtim;
        latest.entries = count_entries(path);
    }
    *out = latest;
}

/* The tests behind it shall not suffer. */
static int restore(const struct tarei_folder *before,
                   const struct tarei_folder *now)
{
    const char *path = getenv("TARE_TMPDIR");
    int there = before->changed.tv_sec || before->changed.tv_nsec;

    return there && !now->changed.tv_sec && !now->changed.tv_nsec &&
           mkdir(path, 0700) == 0;
}

void tarei_folder_compare(const struct tarei_folder *before, char *note,
                          size_t size)
{
    struct tarei_folder now;
    size_t used = strlen(note);

    tarei_folder_look(&now);
    if (restore(before, &now))
        snprintf(note + used, size - used,
                 "%sit removed TARE_TMPDIR, which was made again",
                 used ? "; " : "");
    if (now.entries <= before->entries)
        return;
    snprintf(note + used, size - used, "%sit left %ld file%s in TARE_TMPDIR",
             used ? "; " : "", now.entries - before->entries,
             now.entries - before->entries == 1 ? "" : "s");
}
