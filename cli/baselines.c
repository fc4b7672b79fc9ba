/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/baselines.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/nearest.h"
#include "config/baseline.h"

static const char *const folder = "baselines";
static const char *const suffix = ".yaml";

const char *baselines_chosen(const struct session *session)
{
    const struct options *options = &session->cli->options;

    return options->baseline ? options->baseline
                             : session->suite->gate.baseline;
}

int baselines_path(struct session *session, const char *name, const char **out,
                   struct error *err)
{
    const char *file, *path;

    if (!is_baseline_name(name)) {
        ERROR(err, ERR_USAGE, "'%s' cannot be the name of a baseline", name);
        return error_help(err, "letters, digits and ._- make a name; a file "
                               "is named by a path that ends in .yaml");
    }
    file = arena_printf(&session->arena, "%s/%s%s", folder, name, suffix);
    path = file ? session_path(session, file) : NULL;
    if (!path)
        return ERROR(err, ERR_NOMEM, "no memory for a path");
    *out = path;
    return 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int baselines_list(struct session *session, const char ***out, size_t *n,
                   struct error *err)
{
    const char *path = session_path(session, folder);
    DIR *dir = path ? opendir(path) : NULL;
    const char **names = NULL;
    struct dirent *entry;

    *n = 0;
    *out = NULL;
    if (!dir)
        return errno == ENOENT ? 0
                               : ERROR_AT(err, ERR_SYS, path, 0, 0,
                                          "cannot read the folder");
    while ((entry = readdir(dir))) {
        size_t size = strlen(entry->d_name), tail = strlen(suffix);

        if (size <= tail || entry->d_name[0] == '.' ||
            strcmp(entry->d_name + size - tail, suffix) != 0)
            continue;
        names = arena_grow(&session->arena, names, *n, sizeof *names);
        if (!names)
            break;
        names[(*n)++] =
            arena_memdup(&session->arena, entry->d_name, size - tail);
    }
    closedir(dir);
    if (*n)
        qsort(names, *n, sizeof *names, by_text);
    *out = names;
    return 0;
}

static int no_such(struct session *session, const char *name, const char *path,
                   struct error *err)
{
    struct nearest nearest = {.word = name};
    struct error ignored = {0};
    const char **names;
    size_t n = 0;

    baselines_list(session, &names, &n, &ignored);
    for (size_t i = 0; i < n; i++)
        nearest_try(&nearest, names[i]);
    ERROR(err, ERR_EMPTY, "there is no baseline '%s' (%s)", name, path);
    if (nearest_found(&nearest))
        error_help(err, "did you mean '%s'? 'tare baseline save %s' makes one",
                   nearest_found(&nearest), name);
    else
        error_help(err, "'tare baseline save %s' makes one", name);
    return ERR_EMPTY;
}

int baselines_read(struct session *session, const char *name,
                   struct results **out, struct error *err)
{
    const char *path;
    int rc = baselines_path(session, name, &path, err);

    if (rc < 0)
        return rc;
    if (!file_exists(path))
        return no_such(session, name, path, err);
    return baseline_read(path, out, err);
}
