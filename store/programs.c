/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program is made of, and its fingerprint. */
#include <config.h>

#include "store/programs.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "store/elf.h"
#include "store/libraries.h"
#include "store/parts.h"

/* A program larger than this is taken for something else. */
static const size_t max_program = (size_t)4 << 30;

enum {
    SCRIPT_DEPTH = 4,         /* the kernel's limit too */
    WRAPPER_BYTES = 64 << 10, /* libtool's are 10 KB */
};

/* Folders that the system's package manager answers for. */
static const char *const system_folders[] = {
    "/lib/",       "/lib32/",     "/lib64/",      "/libx32/",  "/usr/lib/",
    "/usr/lib32/", "/usr/lib64/", "/usr/libx32/", "/usr/bin/", "/bin/",
};

bool program_is_system_path(const char *path)
{
    for (size_t i = 0; i < ARRAY_LEN(system_folders); i++)
        if (strncmp(path, system_folders[i], strlen(system_folders[i])) == 0)
            return true;
    return false;
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

struct programs *programs_new(const char *root, const struct programs_env *env)
{
    struct programs *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->root = strdup(root);
    p->library_path = strdup(env->library_path ? env->library_path : "");
    p->search_path =
        strdup(env->search_path ? env->search_path : "/usr/bin:/bin");
    if (p->root && p->library_path && p->search_path)
        return p;
    programs_free(p);
    return NULL;
}

void programs_free(struct programs *programs)
{
    if (!programs)
        return;
    arena_clear(&programs->arena);
    free(programs->root);
    free(programs->library_path);
    free(programs->search_path);
    free(programs);
}

/* --- content, remembered */

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool is_unchanged(const struct cached_file *f, const struct stat *st)
{
    return f->dev == st->st_dev && f->inode == st->st_ino &&
           f->size == st->st_size && same_time(&f->mtime, &st->st_mtim) &&
           same_time(&f->ctime, &st->st_ctim);
}

static struct cached_file *cached_file(struct programs *p, const char *path)
{
    struct cached_file *all;

    for (size_t i = 0; i < p->n_files; i++)
        if (strcmp(p->file[i].path, path) == 0)
            return &p->file[i];
    all = arena_grow(&p->arena, p->file, p->n_files, sizeof *all);
    path = arena_strdup(&p->arena, path);
    if (!all || !path)
        return NULL;
    p->file = all;
    all[p->n_files] = (struct cached_file){.path = path, .size = -1};
    return &all[p->n_files++];
}

int programs_hash_file(struct programs *programs, const char *path,
                       char hex[HASH_HEX], struct error *err)
{
    struct cached_file *f = cached_file(programs, path);
    struct stat st;
    int rc;

    if (!f)
        return ERROR(err, ERR_NOMEM, "no memory for '%s'", path);
    if (stat(path, &st) < 0)
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot open");
    if (!is_unchanged(f, &st)) {
        rc = hash_file(path, f->hash, err);
        if (rc < 0)
            return rc;
        f->dev = st.st_dev;
        f->inode = st.st_ino;
        f->size = st.st_size;
        f->mtime = st.st_mtim;
        f->ctime = st.st_ctim;
    }
    memcpy(hex, f->hash, HASH_HEX);
    return 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Over the content of all parts.  The libraries count in the order of their
 * hashes: preloading changes the order of loading, which follows from the
 * executable's content anyway. */
static int make_fingerprint(struct program_parts *parts, struct arena *arena,
                            struct error *err)
{
    const char **hex = arena_alloc(arena, parts->n_libraries + 1, sizeof *hex);
    struct hash hash;

    if (!hex)
        return ERROR(err, ERR_NOMEM, "no memory for a fingerprint");
    for (size_t i = 0; i < parts->n_libraries; i++)
        hex[i] = parts->library[i].hash;
    qsort(hex, parts->n_libraries, sizeof *hex, by_text);
    hash_init(&hash);
    hash_add(&hash, parts->hash, HASH_HEX);
    for (size_t i = 0; i < parts->n_libraries; i++)
        hash_add(&hash, hex[i], HASH_HEX);
    hash_end(&hash, parts->fingerprint);
    return 0;
}

/* --- parts */

static int add_library(struct programs *p, const char *name, const char *path,
                       struct arena *arena, struct program_parts *to,
                       struct error *err)
{
    SCOPED(free_scoped) char *real = realpath(path, NULL);
    struct program_file *all =
        arena_grow(arena, to->library, to->n_libraries, sizeof *all);
    struct program_file *file;

    if (!real)
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot open");
    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for libraries");
    to->library = all;
    file = &all[to->n_libraries++];
    *file = (struct program_file){
        .name = arena_strdup(arena, path_name(name)),
        .path = arena_strdup(arena, real),
        .is_system = program_is_system_path(real),
    };
    if (!file->name || !file->path)
        return ERROR(err, ERR_NOMEM, "no memory for libraries");
    return programs_hash_file(p, real, file->hash, err);
}

static int refuse(const char *path, const char *what, struct error *err)
{
    ERROR_AT(err, ERR_PEER, path, 0, 0, "%s", what);
    error_help(err, "name a program that runs on this machine");
    return ERR_PEER;
}

static int check_elf(const char *path, const struct elf_file *elf,
                     struct error *err)
{
    if (elf->type != ET_EXEC && elf->type != ET_DYN)
        return refuse(path, "is an object file, not a program", err);
    if (!elf_runs_here(elf->machine)) {
        ERROR_AT(err, ERR_PEER, path, 0, 0,
                 "is for another kind of machine (ELF machine %u)",
                 elf->machine);
        return error_help(err, "build it for this machine"), (int)ERR_PEER;
    }
    if (!elf->interpreter[0] && elf->n_needed)
        return refuse(path, "is a shared library, not a program", err);
    return 0;
}

static int elf_parts(struct programs *p, const char *text, size_t size,
                     const char *preload, struct arena *arena,
                     struct program_parts *out, struct error *err)
{
    struct libraries libraries = {0};
    struct libraries_ask ask;
    struct elf_file elf;
    int rc = elf_parse(out->path, text, size, arena, &elf, err);

    if (rc == 0)
        rc = check_elf(out->path, &elf, err);
    if (rc < 0)
        return rc;
    out->kind = elf.interpreter[0] ? PROGRAM_DYNAMIC : PROGRAM_STATIC;
    out->interpreter = elf.interpreter;
    if (out->kind == PROGRAM_STATIC)
        return 0;
    ask = (struct libraries_ask){elf.interpreter, out->path, out->library_path,
                                 preload};
    rc = libraries_list(&ask, arena, &libraries, err);
    for (size_t i = 0; i < libraries.n && rc == 0; i++)
        rc = add_library(p, libraries.library[i].name,
                         libraries.library[i].path, arena, out, err);
    return rc;
}

static int parts_at(struct programs *p, const char *path,
                    const char *library_path, const char *preload, int depth,
                    struct arena *arena, struct program_parts *out,
                    struct error *err);

/* A script's interpreter and what that loads count as its libraries. */
static int script_parts(struct programs *p, const char *interpreter, int depth,
                        struct arena *arena, struct program_parts *out,
                        struct error *err)
{
    struct program_parts parts;
    int rc;

    if (depth >= SCRIPT_DEPTH)
        return refuse(out->path, "is a script of a script of a script", err);
    rc = parts_at(p, interpreter, p->library_path, "", depth + 1, arena, &parts,
                  err);
    if (rc < 0)
        return rc;
    out->kind = PROGRAM_SCRIPT;
    out->interpreter = parts.path;
    rc = add_library(p, parts.path, parts.path, arena, out, err);
    for (size_t i = 0; i < parts.n_libraries && rc == 0; i++)
        rc = add_library(p, parts.library[i].name, parts.library[i].path, arena,
                         out, err);
    return rc;
}

static int read_parts(struct programs *p, const char *text, size_t size,
                      const char *preload, int depth, struct arena *arena,
                      struct program_parts *out, struct error *err)
{
    const char *interpreter = "";
    int rc;

    if (elf_is(text, size)) {
        rc = elf_parts(p, text, size, preload, arena, out, err);
    } else {
        rc = script_interpreter(out->path, text, size, p->search_path, arena,
                                &interpreter, err);
        if (rc == 0 && !interpreter[0])
            rc = refuse(out->path, "is neither an ELF program nor a script",
                        err);
        if (rc == 0)
            rc = script_parts(p, interpreter, depth, arena, out, err);
    }
    if (rc == 0)
        rc = programs_hash_file(p, out->path, out->hash, err);
    return rc < 0 ? rc : make_fingerprint(out, arena, err);
}

static int check_program(const char *path, struct error *err)
{
    struct stat st;

    if (stat(path, &st) < 0) {
        ERROR_AT(err, ERR_PEER, path, 0, 0, "cannot open: %s", strerror(errno));
        return error_help(err, "build it first, or correct its path"),
               (int)ERR_PEER;
    }
    if (!S_ISREG(st.st_mode))
        return refuse(
            path, S_ISDIR(st.st_mode) ? "is a folder" : "is no regular file",
            err);
    if (!file_is_executable(path)) {
        ERROR_AT(err, ERR_PEER, path, 0, 0, "is not executable");
        return error_help(err, "chmod +x it, if it is a program"),
               (int)ERR_PEER;
    }
    return 0;
}

static int parts_at(struct programs *p, const char *path,
                    const char *library_path, const char *preload, int depth,
                    struct arena *arena, struct program_parts *out,
                    struct error *err)
{
    SCOPED(free_scoped) char *real = NULL;
    SCOPED(free_scoped) char *text = NULL;
    struct program_parts parts = {.interpreter = ""};
    size_t size = 0;
    int rc = check_program(path, err);

    if (rc < 0)
        return rc;
    real = realpath(path, NULL);
    parts.path = arena_strdup(arena, real);
    parts.library_path = arena_strdup(arena, library_path);
    if (!parts.path || !parts.library_path)
        return ERROR(err, ERR_NOMEM, "no memory for '%s'", path);
    rc = file_read(real, max_program, &text, &size, err);
    if (rc == 0)
        rc = read_parts(p, text, size, preload, depth, arena, &parts, err);
    if (rc == 0)
        *out = parts;
    return rc;
}

int parts_of(struct programs *programs, const char *path,
             const char *library_path, const char *preload, struct arena *arena,
             struct program_parts *out, struct error *err)
{
    return parts_at(programs, path, library_path, preload, 0, arena, out, err);
}

/* --- what the user names */

/* The beginning of a file: enough to know a wrapper by. */
static int read_head(const char *path, char *text, size_t room, size_t *size,
                     struct error *err)
{
    SCOPED(fclose_scoped) FILE *in = fopen(path, "re");

    if (!in)
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot open");
    *size = fread(text, 1, room, in);
    return ferror(in) ? ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot read") : 0;
}

/* Behind symbolic links and a libtool wrapper: the program, and the library
 * path it needs. */
static int resolve(struct programs *p, const char *path, struct arena *arena,
                   const char **program, const char **library_path,
                   struct error *err)
{
    SCOPED(free_scoped) char *real = realpath(path, NULL);
    SCOPED(free_scoped) char *text = malloc(WRAPPER_BYTES);
    const char *extra = "";
    size_t size = 0;
    int rc = check_program(path, err);

    if (rc < 0)
        return rc;
    if (!real)
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot open");
    if (!text)
        return ERROR(err, ERR_NOMEM, "no memory for '%s'", path);
    rc = read_head(real, text, WRAPPER_BYTES, &size, err);
    if (rc < 0)
        return rc;
    *library_path = p->library_path;
    *program = arena_strdup(arena, real);
    if (script_is_libtool(real, text, size, arena, program, &extra) && *extra)
        *library_path = p->library_path[0] ? arena_printf(arena, "%s:%s", extra,
                                                          p->library_path)
                                           : extra;
    if (!*program || !*library_path)
        return ERROR(err, ERR_NOMEM, "no memory for '%s'", path);
    return 0;
}

int programs_parts(struct programs *programs, const char *path,
                   struct arena *arena, struct program_parts *out,
                   struct error *err)
{
    const char *program = "", *library_path = "";
    int rc = resolve(programs, path, arena, &program, &library_path, err);

    return rc < 0
               ? rc
               : parts_of(programs, program, library_path, "", arena, out, err);
}

/* --- fingerprints, remembered */

static struct cached_program *cached_program(struct programs *p,
                                             const char *path)
{
    for (size_t i = 0; i < p->n_programs; i++)
        if (strcmp(p->program[i].path, path) == 0)
            return &p->program[i];
    return NULL;
}

/* One hash for the content of all files a program was made of. */
static int hash_files(struct programs *p, const struct cached_program *c,
                      char hex[HASH_HEX], struct error *err)
{
    char one[HASH_HEX];
    struct hash hash;

    hash_init(&hash);
    for (size_t i = 0; i < c->n_files; i++) {
        int rc = programs_hash_file(p, c->file[i], one, err);

        if (rc < 0)
            return rc;
        hash_add(&hash, one, sizeof one);
    }
    hash_end(&hash, hex);
    return 0;
}

static int remember(struct programs *p, const char *path,
                    const struct program_parts *parts, struct error *err)
{
    struct cached_program *c = cached_program(p, path);
    struct cached_program *all;
    struct arena *arena = &p->arena;

    if (!c) {
        all = arena_grow(arena, p->program, p->n_programs, sizeof *all);
        path = arena_strdup(arena, path);
        if (!all || !path)
            return ERROR(err, ERR_NOMEM, "no memory for '%s'", path);
        p->program = all;
        c = &all[p->n_programs];
        *c = (struct cached_program){.path = path};
        p->n_programs++;
    }
    c->n_files = 0;
    c->file = arena_alloc(arena, parts->n_libraries + 1, sizeof *c->file);
    if (!c->file)
        return ERROR(err, ERR_NOMEM, "no memory for libraries");
    for (size_t i = 0; i <= parts->n_libraries; i++) {
        c->file[i] =
            arena_strdup(arena, i ? parts->library[i - 1].path : parts->path);
        if (!c->file[i])
            return ERROR(err, ERR_NOMEM, "no memory for libraries");
        c->n_files++;
    }
    memcpy(c->fingerprint, parts->fingerprint, HASH_HEX);
    return hash_files(p, c, c->files_hash, err);
}

int programs_fingerprint(struct programs *programs, const char *path,
                         char hex[HASH_HEX], struct error *err)
{
    struct cached_program *c = cached_program(programs, path);
    struct program_parts parts;
    struct arena arena = {0};
    char now[HASH_HEX];
    int rc;

    if (c && hash_files(programs, c, now, NULL) == 0 &&
        strcmp(now, c->files_hash) == 0) {
        memcpy(hex, c->fingerprint, HASH_HEX);
        return 0;
    }
    rc = programs_parts(programs, path, &arena, &parts, err);
    if (rc == 0)
        rc = remember(programs, path, &parts, err);
    if (rc == 0)
        memcpy(hex, parts.fingerprint, HASH_HEX);
    arena_clear(&arena);
    return rc;
}
