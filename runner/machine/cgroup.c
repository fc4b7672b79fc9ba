/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits of the control groups, both versions.
 *
 * /proc/self/cgroup says which group; /proc/self/mountinfo where the hierarchy
 * is mounted and which part of it the mount shows (proc(5), cgroups(7)). */
#include <config.h>

#include "runner/machine/cgroup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/scope.h"
#include "runner/machine/sysfile.h"

struct mount {
    char *root;  /* the part of the hierarchy it shows */
    char *point; /* where */
};

/* The next blank-separated word of a line; NULL at its end. */
static char *next_word(char **at)
{
    char *word = *at + strspn(*at, " \t");

    if (*word == '\0')
        return NULL;
    *at = word + strcspn(word, " \t");
    if (**at)
        *(*at)++ = '\0';
    return word;
}

/* mountinfo writes blanks, newlines and backslashes as \ooo. */
static void unescape(char *text)
{
    char *to = text;

    for (const char *from = text; *from; to++) {
        if (from[0] == '\\' && strspn(from + 1, "01234567") >= 3) {
            *to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 +
                         (from[3] - '0'));
            from += 4;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

/* Here and below the controller says which hierarchy: one of version 1 by its
 * name, the one of version 2 with NULL.
 *
 * A line is: id parent major:minor root point options [optional...] - type
 * source super-options. */
static bool parse_mount(char *line, const char *controller, struct mount *out)
{
    char *word, *type, *super;

    for (int i = 0; i < 3; i++)
        if (!next_word(&line))
            return false;
    out->root = next_word(&line);
    out->point = next_word(&line);
    do
        word = next_word(&line);
    while (word && strcmp(word, "-") != 0);
    type = next_word(&line);
    next_word(&line);
    super = next_word(&line);
    if (!word || !type || !super)
        return false;
    unescape(out->root);
    unescape(out->point);
    if (!controller)
        return strcmp(type, "cgroup2") == 0;
    return strcmp(type, "cgroup") == 0 &&
           names_has(super, controller, strlen(controller));
}

static bool find_mount(struct arena *arena, const char *sysroot,
                       const char *controller, struct mount *out)
{
    char *text = sysfile_text(arena, sysroot, "/proc/self/mountinfo");
    char *line;

    while (text && (line = strsep(&text, "\n")))
        if (parse_mount(line, controller, out))
            return true;
    return false;
}

/* A line "id:controllers:path" of /proc/self/cgroup; version 2 has id 0 and no
 * controllers. */
static char *find_group(struct arena *arena, const char *sysroot,
                        const char *controller)
{
    char *text = sysfile_text(arena, sysroot, "/proc/self/cgroup");
    char *line;

    while (text && (line = strsep(&text, "\n"))) {
        char *id = strsep(&line, ":");
        char *controllers = strsep(&line, ":");

        if (!line || !controllers)
            continue;
        if (controller ? names_has(controllers, controller, strlen(controller))
                       : strcmp(id, "0") == 0 && !*controllers)
            return line;
    }
    return NULL;
}

double cgroup_parse_cpu_max(const char *text, size_t size)
{
    char line[64], *rest = line, *quota, *period;
    double quota_us, period_us;

    if (size >= sizeof line)
        return NAN;
    memcpy(line, text, size);
    line[size] = '\0';
    line[strcspn(line, "\n")] = '\0';
    quota = next_word(&rest);
    period = next_word(&rest);
    if (!quota || !period || next_word(&rest))
        return NAN;
    quota_us = sysfile_to_number(quota);
    period_us = sysfile_to_number(period);
    return quota_us > 0 && period_us > 0 ? quota_us / period_us : NAN;
}

static double quota_v1(struct arena *arena, const char *sysroot,
                       const char *folder)
{
    double quota =
        sysfile_number(arena, sysroot, "%s/cpu.cfs_quota_us", folder);
    double period =
        sysfile_number(arena, sysroot, "%s/cpu.cfs_period_us", folder);

    /* A quota of -1 is no limit. */
    return quota > 0 && period > 0 ? quota / period : NAN;
}

static double quota_v2(struct arena *arena, const char *sysroot,
                       const char *folder)
{
    char *text = sysfile_line(arena, sysroot, "%s/cpu.max", folder);

    return text ? cgroup_parse_cpu_max(text, strlen(text)) : NAN;
}

/* From the group up to the mount point: every level can be the tightest. */
static int climb(struct arena *arena, const char *sysroot, bool v2,
                 const struct mount *mount, char *folder,
                 struct cgroup_quota *quota)
{
    size_t top = strlen(mount->point);

    for (;;) {
        double cpus = v2 ? quota_v2(arena, sysroot, folder)
                         : quota_v1(arena, sysroot, folder);
        char *slash = strrchr(folder, '/');

        if (!isnan(cpus) && !(quota->cpus <= cpus)) {
            quota->cpus = cpus;
            quota->from = arena_printf(arena, "%s/%s", folder,
                                       v2 ? "cpu.max" : "cpu.cfs_quota_us");
            if (!quota->from)
                return -1;
        }
        if (!slash || (size_t)(slash - folder) < top)
            return 0;
        *slash = '\0';
    }
}

/* In a container the mount may show a part of the hierarchy only, and the
 * group is named from the top of the whole; one that does not lie in that part
 * is the mount point itself. */
static char *folder_of(struct arena *arena, const struct mount *mount,
                       const char *group)
{
    size_t length = strlen(mount->root);

    if (length == 1)
        length = 0; /* "/" */
    if (strncmp(group, mount->root, length) == 0 &&
        (group[length] == '/' || group[length] == '\0') &&
        !strstr(group, "/.."))
        group += length;
    else
        group = "";
    if (strcmp(group, "/") == 0)
        group = "";
    return arena_printf(arena, "%s%s", mount->point, group);
}

static bool find_folder(struct arena *arena, const char *sysroot,
                        const char *controller, struct mount *mount,
                        char **folder)
{
    char *group = find_group(arena, sysroot, controller);

    if (!group || !find_mount(arena, sysroot, controller, mount))
        return false;
    *folder = folder_of(arena, mount, group);
    return true;
}

static int read_version(struct arena *arena, const char *sysroot,
                        const char *controller, struct cgroup_quota *quota)
{
    struct mount mount;
    char *folder;

    if (!find_folder(arena, sysroot, controller, &mount, &folder))
        return 0;
    return folder ? climb(arena, sysroot, !controller, &mount, folder, quota)
                  : -1;
}

char *cgroup_folder(const char *sysroot, const char *controller,
                    struct arena *arena)
{
    struct mount mount;
    char *folder;

    return find_folder(arena, sysroot, controller, &mount, &folder) ? folder
                                                                    : NULL;
}

int cgroup_quota(const char *sysroot, struct arena *arena,
                 struct cgroup_quota *out, struct error *err)
{
    struct cgroup_quota quota = {.cpus = NAN, .from = ""};

    if (read_version(arena, sysroot, NULL, &quota) < 0 ||
        read_version(arena, sysroot, "cpu", &quota) < 0)
        return ERROR(err, ERR_NOMEM, "no memory for the control groups");
    *out = quota;
    return 0;
}
