/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suites from text, from files, and from nowhere. */
#include <config.h>

#include "config/suite.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "config/suite_schema.h"

DEFINE_SCOPED(struct suite *, suite_free)

struct suite *suite_new(void)
{
    SCOPED(suite_free_scoped) struct suite *suite = calloc(1, sizeof *suite);
    struct reader r = {.file = ""};

    if (!suite)
        return NULL;
    suite->file = "";
    suite->folder = ".";
    r.arena = &suite->arena;
    return schema_defaults(&r, &suite_schema, suite) < 0 ? NULL : TAKE(suite);
}

void suite_free(struct suite *suite)
{
    if (!suite)
        return;
    arena_clear(&suite->arena);
    free(suite);
}

/* The folder part of a path; "." without one. */
static const char *folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return ".";
    return arena_memdup(arena, path,
                        slash == path ? 1 : (size_t)(slash - path));
}

static bool has_version(const struct node *root)
{
    for (size_t i = 0; i < root->n; i++)
        if (strcmp(root->entry[i].key, "tare") == 0)
            return true;
    return false;
}

static int fill(struct suite *suite, const char *file, const char *text,
                size_t size, struct error *err)
{
    struct reader r = {.file = file, .arena = &suite->arena, .err = err};
    struct arena scratch = {0};
    struct node root;
    int rc = tree_parse(file, text, size, SUITE_MAX_BYTES, SUITE_MAX_DEPTH,
                        &scratch, &root, err);

    if (rc == 0) {
        rc = schema_read(&r, &root, &suite_schema, suite);
        if (rc < 0 && !has_version(&root))
            error_help(err, "a suite begins with 'tare: 1'");
    }
    arena_clear(&scratch);
    return rc < 0 ? rc : suite_check(&r, suite);
}

int suite_parse(const char *file, const char *text, size_t size,
                struct suite **out, struct error *err)
{
    SCOPED(suite_free_scoped) struct suite *suite = suite_new();
    int rc;

    if (!suite)
        return ERROR(err, ERR_NOMEM, "no memory for a suite");
    suite->file = arena_strdup(&suite->arena, file);
    suite->folder = folder_of(&suite->arena, file);
    if (!suite->file || !suite->folder)
        return ERROR(err, ERR_NOMEM, "no memory for a suite");
    rc = fill(suite, file, text, size, err);
    if (rc == 0)
        *out = TAKE(suite);
    return rc;
}

int suite_read(const char *path, struct suite **out, struct error *err)
{
    SCOPED(free_scoped) char *text = NULL;
    size_t size;
    int rc = file_read(path, SUITE_MAX_BYTES, &text, &size, err);

    return rc < 0 ? rc : suite_parse(path, text, size, out, err);
}

/* "folder/name" in memory of its own, or NULL. */
static char *join(const char *folder, const char *name)
{
    const char *slash = strcmp(folder, "/") == 0 ? "" : "/";
    char *path = NULL;

    return asprintf(&path, "%s%s%s", folder, slash, name) < 0 ? NULL : path;
}

int suite_find_upward(const char *folder, const char *name, char **out,
                      struct error *err)
{
    SCOPED(free_scoped) char *at = realpath(folder, NULL);

    if (!at)
        return ERROR_AT(err, ERR_SYS, folder, 0, 0, "cannot find");
    for (;;) {
        SCOPED(free_scoped) char *path = join(at, name);
        char *slash = strrchr(at, '/');

        if (!path)
            return ERROR(err, ERR_NOMEM, "no memory for a path");
        if (file_exists(path)) {
            *out = TAKE(path);
            return 0;
        }
        if (slash[1] == '\0')
            break;
        slash[slash == at] = '\0';
    }
    ERROR(err, ERR_EMPTY, "there is no %s here or in a folder above", name);
    return error_help(err, "name one with -f, or name programs");
}

const struct tag *suite_tag(const struct suite *suite, const char *name)
{
    for (size_t i = 0; i < suite->tags.n; i++)
        if (strcmp(suite->tags.tag[i].name, name) == 0)
            return &suite->tags.tag[i];
    return NULL;
}

const struct fixture *suite_fixture(const struct suite *suite, const char *name)
{
    for (size_t i = 0; i < suite->n_fixtures; i++)
        if (strcmp(suite->fixture[i].name, name) == 0)
            return &suite->fixture[i];
    return NULL;
}
