/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeping programs: copied into a folder with a name of its own, tried out,
 * then renamed to what it is called by. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "store/kept.h"

/* Where a program is being put together. */
struct keeping {
    struct programs *programs;
    struct arena *arena;
    char *root; /* absolute */
    char *temp; /* folder below it */
    const struct program_parts *parts;
    struct manifest manifest;
};

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a kept program");
}

int kept_root(struct programs *programs, bool make, char **out,
              struct error *err)
{
    int rc = make ? file_make_folders(programs->root, err) : 0;

    if (rc < 0)
        return rc;
    *out = realpath(programs->root, NULL);
    if (*out)
        return 0;
    if (errno == ENOENT)
        return ERROR_AT(err, ERR_EMPTY, programs->root, 0, 0,
                        "no programs are kept here");
    return ERROR_AT(err, ERR_SYS, programs->root, 0, 0, "cannot open");
}

void kept_paths(const struct manifest *manifest, const char *folder,
                const char *rest, struct arena *arena,
                const char **library_path, const char **preload)
{
    const char *list = "";

    *library_path = rest;
    *preload = "";
    if (manifest->load == LOAD_PLAIN)
        return;
    *library_path =
        arena_printf(arena, "%s/lib%s%s", folder, rest[0] ? ":" : "", rest);
    if (manifest->load == LOAD_LIBRARY_PATH)
        return;
    for (size_t i = 0; list && i < manifest->kept.n_libraries; i++)
        list = arena_printf(arena, "%s%s%s/lib/%s", list, i ? ":" : "", folder,
                            manifest->kept.library[i].name);
    *preload = list;
}

/* --- copying */

static int write_bytes(int to, const char *bytes, size_t n)
{
    while (n) {
        ssize_t wrote = write(to, bytes, n);

        if (wrote < 0 && errno != EINTR)
            return -1;
        if (wrote > 0) {
            bytes += wrote;
            n -= (size_t)wrote;
        }
    }
    return 0;
}

static int copy_bytes(int from, int to)
{
    char buf[65536];

    for (;;) {
        ssize_t n = read(from, buf, sizeof buf);

        if (n == 0)
            return fsync(to);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || write_bytes(to, buf, (size_t)n) < 0)
            return -1;
    }
}

/* Copy a file; it stays writable for nobody, so that nothing changes it by
 * accident. */
static int copy_file(const char *from, const char *to, struct error *err)
{
    SCOPED(fd_scoped) int in = open(from, O_RDONLY | O_CLOEXEC);
    SCOPED(fd_scoped) int out = -1;

    if (in < 0)
        return ERROR_AT(err, ERR_SYS, from, 0, 0, "cannot open");
    out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
    if (out < 0 || copy_bytes(in, out) < 0 || fchmod(out, 0555) < 0) {
        ERROR_AT(err, ERR_SYS, to, 0, 0, "cannot copy '%s'", from);
        return error_help(err, "make room, or use --no-keep-programs"),
               (int)ERR_SYS;
    }
    return 0;
}

/* One copy of equal content serves all programs: a hard link to objects/HASH.
 * Where links cannot be had, or the object was damaged, the file is its own
 * copy. */
static int place_file(struct keeping *k, const char *from, const char *hash,
                      const char *to, struct error *err)
{
    const char *object = arena_printf(k->arena, "%s/objects/%s", k->root, hash);
    char found[HASH_HEX];
    int rc;

    if (!object)
        return no_memory(err);
    if (hash_file(object, found, NULL) == 0 && strcmp(found, hash) == 0 &&
        link(object, to) == 0)
        return 0;
    rc = copy_file(from, to, err);
    if (rc == 0)
        rc = hash_file(to, found, err);
    if (rc < 0)
        return rc;
    if (strcmp(found, hash) != 0) {
        ERROR_AT(err, ERR_PEER, from, 0, 0, "changed while it was copied");
        return error_help(err, "wait for its build to end"), (int)ERR_PEER;
    }
    unlink(object);
    (void)!link(to, object);
    return 0;
}

/* A name that the manifest can hold. */
static bool is_writable_name(const char *name, bool last)
{
    return name[0] && !strpbrk(name, "\n/") && (last || !strchr(name, ' '));
}

static int bad_name(const char *path, struct error *err)
{
    ERROR_AT(err, ERR_PEER, path, 0, 0,
             "has a name that cannot be kept (a line break or a blank in it)");
    return error_help(err, "rename it, or use --no-keep-programs"),
           (int)ERR_PEER;
}

static int place_program(struct keeping *k, struct error *err)
{
    const struct program_parts *parts = k->parts;
    const char *name = path_name(parts->path);
    const char *to = arena_printf(k->arena, "%s/bin/%s", k->temp, name);

    if (!is_writable_name(name, true) || strchr(parts->path, '\n'))
        return bad_name(parts->path, err);
    if (!to)
        return no_memory(err);
    k->manifest.kept.exec = to;
    k->manifest.kept.source = parts->path;
    k->manifest.kept.kind = parts->kind;
    memcpy(k->manifest.kept.hash, parts->fingerprint, HASH_HEX);
    memcpy(k->manifest.program_hash, parts->hash, HASH_HEX);
    return place_file(k, parts->path, parts->hash, to, err);
}

static int add_file(struct keeping *k, const struct program_file *from,
                    struct error *err)
{
    struct kept_program *kept = &k->manifest.kept;
    struct kept_file **files = from->is_system ? &kept->system : &kept->library;
    size_t *n = from->is_system ? &kept->n_system : &kept->n_libraries;
    struct kept_file *all = arena_grow(k->arena, *files, *n, sizeof *all);

    if (!all)
        return no_memory(err);
    *files = all;
    all[*n] = (struct kept_file){
        .name = from->name,
        .path = from->is_system
                    ? from->path
                    : arena_printf(k->arena, "%s/lib/%s", k->temp, from->name),
        .source = from->path,
    };
    memcpy(all[*n].hash, from->hash, HASH_HEX);
    return all[(*n)++].path ? 0 : no_memory(err);
}

static int place_library(struct keeping *k, const struct program_file *from,
                         struct error *err)
{
    const struct kept_program *kept = &k->manifest.kept;
    int rc;

    if (!is_writable_name(from->name, false) || strchr(from->path, '\n'))
        return bad_name(from->path, err);
    for (size_t i = 0; !from->is_system && i < kept->n_libraries; i++)
        if (strcmp(kept->library[i].name, from->name) == 0)
            return ERROR_AT(err, ERR_PEER, k->parts->path, 0, 0,
                            "loads two libraries of the name '%s'", from->name);
    rc = add_file(k, from, err);
    if (rc < 0 || from->is_system)
        return rc;
    return place_file(k, from->path, from->hash,
                      kept->library[kept->n_libraries - 1].path, err);
}

/* A script is kept without its interpreter: that stays where the first line
 * says. */
static int place_all(struct keeping *k, struct error *err)
{
    int rc = place_program(k, err);

    for (size_t i = 0; i < k->parts->n_libraries && rc == 0; i++) {
        struct program_file file = k->parts->library[i];

        file.is_system |= k->parts->kind == PROGRAM_SCRIPT;
        rc = place_library(k, &file, err);
    }
    return rc;
}

/* --- trying out */

/* The part that is not where it should be: a library that comes neither from
 * the folder nor from where the system's was.  NULL when all are. */
static const struct program_file *find_stray(const struct keeping *k,
                                             const struct program_parts *parts)
{
    for (size_t i = 0; i < parts->n_libraries; i++) {
        const struct program_file *f = &parts->library[i];
        bool known = false;

        for (size_t j = 0; j < k->manifest.kept.n_libraries && !known; j++)
            known = strcmp(f->path, k->manifest.kept.library[j].path) == 0;
        for (size_t j = 0; j < k->manifest.kept.n_system && !known; j++)
            known = strcmp(f->path, k->manifest.kept.system[j].path) == 0;
        if (!known)
            return f;
    }
    return NULL;
}

/* 1: the copy loads what was kept; 0: it does not in this mode. */
static int try_mode(struct keeping *k, enum load_mode mode,
                    const char **stray_path, struct error *err)
{
    struct program_parts parts;
    const struct program_file *stray;
    const char *library_path, *preload;
    int rc;

    k->manifest.load = mode;
    kept_paths(&k->manifest, k->temp, k->programs->library_path, k->arena,
               &library_path, &preload);
    if (!library_path || !preload)
        return no_memory(err);
    rc = parts_of(k->programs, k->manifest.kept.exec, library_path, preload,
                  k->arena, &parts, err);
    if (rc < 0)
        return rc;
    stray = find_stray(k, &parts);
    if (stray)
        *stray_path = stray->path;
    return !stray && strcmp(parts.fingerprint, k->parts->fingerprint) == 0;
}

static int try_out(struct keeping *k, struct error *err)
{
    bool has_own = k->manifest.kept.n_libraries > 0;
    enum load_mode mode = has_own ? LOAD_LIBRARY_PATH : LOAD_PLAIN;
    const char *stray = "";
    int rc;

    if (has_own && strpbrk(k->root, ":;")) {
        ERROR_AT(err, ERR_PEER, k->root, 0, 0,
                 "cannot keep programs with libraries of their own: its name "
                 "holds a ':' or ';'");
        return error_help(err, "rename the folder, or use --no-keep-programs"),
               (int)ERR_PEER;
    }
    rc = try_mode(k, mode, &stray, err);
    if (rc == 0 && has_own)
        rc = try_mode(k, LOAD_PRELOAD, &stray, err);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    ERROR_AT(err, ERR_PEER, k->parts->path, 0, 0,
             "cannot be kept: its copy would still load '%s'", stray);
    error_help(err, "give the library a DT_SONAME (-Wl,-soname) and link it "
                    "by -l, or use --no-keep-programs");
    return ERR_PEER;
}

/* --- the folder */

static int write_manifest(struct keeping *k, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const char *path = arena_printf(k->arena, "%s/manifest", k->temp);

    manifest_write(&text, &k->manifest);
    if (text.failed || !path)
        return no_memory(err);
    return file_write_atomic(path, text.text, text.size, err);
}

/* Somebody else may have kept the same program meanwhile: then theirs stays. */
static int give_name(struct keeping *k, struct error *err)
{
    const char *final =
        arena_printf(k->arena, "%s/%s", k->root, k->parts->fingerprint);

    if (!final)
        return no_memory(err);
    if (rename(k->temp, final) == 0)
        return 0;
    if (errno != EEXIST && errno != ENOTEMPTY)
        return ERROR_AT(err, ERR_SYS, final, 0, 0, "cannot keep a program");
    return file_remove_tree(k->temp, err);
}

static int make_folder(struct keeping *k, const char *parent, const char *name,
                       struct error *err)
{
    const char *path = arena_printf(k->arena, "%s/%s", parent, name);

    if (!path)
        return no_memory(err);
    if (mkdir(path, 0755) < 0 && errno != EEXIST)
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot make folder");
    return 0;
}

static int make_folders(struct keeping *k, struct error *err)
{
    char *temp = NULL;
    int rc;

    if (asprintf(&temp, "%s/.new-XXXXXX", k->root) < 0)
        return no_memory(err);
    if (!mkdtemp(temp) || chmod(temp, 0755) < 0) {
        free(temp);
        return ERROR_AT(err, ERR_SYS, k->root, 0, 0, "cannot keep a program");
    }
    k->temp = temp;
    rc = make_folder(k, k->root, "objects", err);
    if (rc == 0)
        rc = make_folder(k, k->temp, "bin", err);
    if (rc == 0)
        rc = make_folder(k, k->temp, "lib", err);
    return rc;
}

static int keep(struct keeping *k, struct error *err)
{
    int rc = make_folders(k, err);

    if (rc == 0)
        rc = place_all(k, err);
    if (rc == 0)
        rc = try_out(k, err);
    if (rc == 0)
        rc = write_manifest(k, err);
    if (rc == 0)
        rc = give_name(k, err);
    if (rc < 0 && k->temp)
        file_remove_tree(k->temp, NULL);
    return rc;
}

static bool is_kept(const char *root, const char *hex)
{
    SCOPED(free_scoped) char *path = NULL;

    if (asprintf(&path, "%s/%s/manifest", root, hex) < 0) {
        path = NULL;
        return false;
    }
    return file_exists(path);
}

int programs_keep(struct programs *programs, const char *path,
                  char hex[HASH_HEX], struct error *err)
{
    struct arena arena = {0};
    struct program_parts parts;
    struct keeping k = {.programs = programs, .arena = &arena, .parts = &parts};
    int rc = programs_parts(programs, path, &arena, &parts, err);

    if (rc == 0)
        rc = kept_root(programs, true, &k.root, err);
    if (rc == 0 && !is_kept(k.root, parts.fingerprint))
        rc = keep(&k, err);
    if (rc == 0)
        memcpy(hex, parts.fingerprint, HASH_HEX);
    free(k.root);
    free(k.temp);
    arena_clear(&arena);
    return rc;
}
