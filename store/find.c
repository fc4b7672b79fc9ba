/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding, listing and pruning kept programs. */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "store/kept.h"

enum { PREFIX = 8, STALE_S = 24 * 60 * 60 };

static const char digits[] = "0123456789abcdef";

static void closedir_scoped(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for kept programs");
}

static bool is_fingerprint(const char *name)
{
    return strlen(name) == HASH_HEX - 1 && strspn(name, digits) == HASH_HEX - 1;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a folder that pass, sorted. */
static int read_folder(const char *folder, bool (*passes)(const char *),
                       struct arena *arena, const char ***out, size_t *n,
                       struct error *err)
{
    SCOPED(closedir_scoped) DIR *dir = opendir(folder);
    const char **all = NULL;
    struct dirent *entry;
    size_t count = 0;

    if (!dir)
        return ERROR_AT(err, ERR_SYS, folder, 0, 0, "cannot read");
    while ((entry = readdir(dir))) {
        if (!passes(entry->d_name))
            continue;
        all = arena_grow(arena, all, count, sizeof *all);
        if (!all || !(all[count] = arena_strdup(arena, entry->d_name)))
            return no_memory(err);
        count++;
    }
    if (count)
        qsort(all, count, sizeof *all, by_text);
    *out = all;
    *n = count;
    return 0;
}

int programs_list(struct programs *programs, struct arena *arena,
                  const char ***hex, size_t *n, struct error *err)
{
    SCOPED(free_scoped) char *root = NULL;
    int rc = kept_root(programs, false, &root, err);

    return rc < 0 ? rc : read_folder(root, is_fingerprint, arena, hex, n, err);
}

/* --- finding */

static int not_kept(struct programs *p, const char *hex, struct error *err)
{
    ERROR_AT(err, ERR_EMPTY, p->root, 0, 0, "no program %.12s is kept here",
             hex);
    error_help(err, "save the baseline again where the program is, or name "
                    "the old program with --against");
    return ERR_EMPTY;
}

/* The whole fingerprint that begins with these digits. */
static int complete(struct programs *p, const char *hex, struct arena *arena,
                    const char **whole, struct error *err)
{
    const char **all;
    size_t n, length = strlen(hex), found = 0;
    int rc = programs_list(p, arena, &all, &n, NULL);

    if (length < PREFIX || strspn(hex, digits) != length)
        return ERROR(err, ERR_USAGE, "'%s' is not the fingerprint of a program",
                     hex);
    if (rc < 0)
        return not_kept(p, hex, err);
    for (size_t i = 0; i < n; i++) {
        if (strncmp(all[i], hex, length) != 0)
            continue;
        *whole = all[i];
        found++;
    }
    if (found > 1)
        return ERROR(err, ERR_USAGE, "'%s' is the beginning of %zu programs",
                     hex, found);
    return found ? 0 : not_kept(p, hex, err);
}

static int check_copy(struct programs *p, const char *path, const char *hash,
                      struct error *err)
{
    char now[HASH_HEX];
    int rc = programs_hash_file(p, path, now, err);

    if (rc == 0 && strcmp(now, hash) == 0)
        return 0;
    ERROR_AT(err, ERR_PARSE, path, 0, 0, "the kept program is damaged: %s",
             rc < 0 ? "a file is missing" : "its content has changed");
    error_help(err, "remove its folder and save the baseline again");
    return ERR_PARSE;
}

static int check_copies(struct programs *p, const struct manifest *m,
                        struct error *err)
{
    const struct kept_program *k = &m->kept;
    int rc = check_copy(p, k->exec, m->program_hash, err);

    for (size_t i = 0; i < k->n_libraries && rc == 0; i++)
        rc = check_copy(p, k->library[i].path, k->library[i].hash, err);
    return rc;
}

/* Libraries of the system are not kept: one that changed is said. */
static const char *note_changes(struct programs *p,
                                const struct kept_program *k,
                                struct arena *arena)
{
    char now[HASH_HEX];

    for (size_t i = 0; i < k->n_system; i++)
        if (programs_hash_file(p, k->system[i].path, now, NULL) < 0 ||
            strcmp(now, k->system[i].hash) != 0)
            return arena_printf(arena,
                                "the system's '%s' has changed since the "
                                "program was kept",
                                k->system[i].path);
    return "";
}

static int make_environment(struct programs *p, const struct manifest *m,
                            const char *folder, struct arena *arena,
                            struct kept_program *out, struct error *err)
{
    const char **env = arena_alloc(arena, 3, sizeof *env);
    const char *library_path, *preload;

    kept_paths(m, folder, p->library_path, arena, &library_path, &preload);
    if (!env || !library_path || !preload)
        return no_memory(err);
    if (m->load >= LOAD_LIBRARY_PATH)
        env[out->n_env++] =
            arena_printf(arena, "LD_LIBRARY_PATH=%s", library_path);
    if (m->load == LOAD_PRELOAD)
        env[out->n_env++] = arena_printf(arena, "LD_PRELOAD=%s", preload);
    for (size_t i = 0; i < out->n_env; i++)
        if (!env[i])
            return no_memory(err);
    out->env = env;
    return 0;
}

static int read_manifest(const char *folder, const char *hex,
                         struct arena *arena, struct manifest *out,
                         struct error *err)
{
    SCOPED(free_scoped) char *text = NULL;
    const char *path = arena_printf(arena, "%s/manifest", folder);
    size_t size;
    int rc;

    if (!path)
        return no_memory(err);
    rc = file_read(path, MANIFEST_BYTES, &text, &size, err);
    if (rc == 0)
        rc = manifest_read(path, text, size, folder, arena, out, err);
    if (rc == 0 && strcmp(out->kept.hash, hex) != 0)
        rc = ERROR_AT(err, ERR_PARSE, path, 0, 0,
                      "is the manifest of another program");
    return rc;
}

int programs_find(struct programs *programs, const char *hex,
                  struct arena *arena, struct kept_program *out,
                  struct error *err)
{
    SCOPED(free_scoped) char *root = NULL;
    struct manifest manifest;
    const char *folder, *whole = "";
    int rc = complete(programs, hex, arena, &whole, err);

    if (rc == 0)
        rc = kept_root(programs, false, &root, err);
    if (rc < 0)
        return rc;
    folder = arena_printf(arena, "%s/%s", root, whole);
    if (!folder)
        return no_memory(err);
    rc = read_manifest(folder, whole, arena, &manifest, err);
    if (rc == 0)
        rc = check_copies(programs, &manifest, err);
    if (rc == 0)
        rc = make_environment(programs, &manifest, folder, arena,
                              &manifest.kept, err);
    if (rc < 0)
        return rc;
    manifest.kept.note = note_changes(programs, &manifest.kept, arena);
    if (!manifest.kept.note)
        return no_memory(err);
    *out = manifest.kept;
    return 0;
}

/* --- pruning */

struct pruning {
    const char *root;
    struct arena *arena;
    size_t removed;
    uint64_t bytes;
};

static bool is_temporary(const char *name)
{
    return strncmp(name, ".new-", 5) == 0 || strncmp(name, ".old-", 5) == 0;
}

static bool is_listed(const char *hex, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(hex, list[i]) == 0)
            return true;
    return false;
}

/* Renamed first: who finds the program finds all of it or nothing. */
static int remove_program(struct pruning *p, const char *hex, struct error *err)
{
    const char *from = arena_printf(p->arena, "%s/%s", p->root, hex);
    const char *to = arena_printf(p->arena, "%s/.old-%s", p->root, hex);

    if (!from || !to)
        return no_memory(err);
    if (rename(from, to) < 0)
        return errno == ENOENT
                   ? 0
                   : ERROR_AT(err, ERR_SYS, from, 0, 0, "cannot remove");
    p->removed++;
    return file_remove_tree(to, err);
}

/* What a keeper or a pruner left behind that died long ago. */
static int remove_stale(struct pruning *p, struct error *err)
{
    const char **name;
    size_t n;
    int rc = read_folder(p->root, is_temporary, p->arena, &name, &n, err);

    for (size_t i = 0; i < n && rc == 0; i++) {
        const char *path = arena_printf(p->arena, "%s/%s", p->root, name[i]);
        struct stat st;

        if (!path)
            return no_memory(err);
        if (stat(path, &st) == 0 && time(NULL) - st.st_mtime > STALE_S)
            rc = file_remove_tree(path, err);
    }
    return rc;
}

/* An object that has no other name is used by no program. */
static int remove_objects(struct pruning *p, struct error *err)
{
    const char *folder = arena_printf(p->arena, "%s/objects", p->root);
    const char **name;
    size_t n;
    int rc;

    if (!folder)
        return no_memory(err);
    if (!file_exists(folder))
        return 0;
    rc = read_folder(folder, is_fingerprint, p->arena, &name, &n, err);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        const char *path = arena_printf(p->arena, "%s/%s", folder, name[i]);
        struct stat st;

        if (!path)
            return no_memory(err);
        if (stat(path, &st) < 0 || st.st_nlink > 1)
            continue;
        if (unlink(path) < 0 && errno != ENOENT)
            return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot remove");
        p->bytes += (uint64_t)st.st_size;
    }
    return rc;
}

static int prune(struct programs *programs, const char *const *keep,
                 size_t n_keep, struct pruning *p, struct error *err)
{
    const char **all;
    size_t n;
    int rc = programs_list(programs, p->arena, &all, &n, err);

    for (size_t i = 0; rc == 0 && i < n; i++)
        if (!is_listed(all[i], keep, n_keep))
            rc = remove_program(p, all[i], err);
    if (rc == 0)
        rc = remove_stale(p, err);
    return rc < 0 ? rc : remove_objects(p, err);
}

int programs_prune(struct programs *programs, const char *const *keep,
                   size_t n_keep, size_t *removed, uint64_t *bytes,
                   struct error *err)
{
    SCOPED(free_scoped) char *root = NULL;
    struct arena arena = {0};
    struct pruning p = {.arena = &arena};
    struct error why = {0};
    int rc = kept_root(programs, false, &root, &why);

    p.root = root;
    if (rc == 0)
        rc = prune(programs, keep, n_keep, &p, &why);
    arena_clear(&arena);
    if (rc == ERR_EMPTY)
        rc = 0;
    if (rc < 0 && err)
        *err = why;
    if (rc == 0 && removed)
        *removed = p.removed;
    if (rc == 0 && bytes)
        *bytes = p.bytes;
    return rc;
}
