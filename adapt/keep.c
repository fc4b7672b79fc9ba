/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copying what a command names, and putting the copies in its words. */
#include <config.h>

#include "adapt/keep.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "adapt/parts.h"
#include "base/file.h"
#include "base/scope.h"

enum { COPY_BYTES = 64 << 20, MANIFEST_BYTES = 4 << 20, PIECES_MAX = 10000 };

/* ---- the manifest */

static const char *const kind_words[KEPT_KINDS] = {
    [KEPT_PROGRAM] = "program",
    [KEPT_COPY] = "copy",
    [KEPT_PLACE] = "place",
};

static const char head[] = "tare-command 1\n";
static const char recipe_head[] = "recipe\n";

void kept_command_print(const struct kept_command *kept, struct strbuf *out)
{
    strbuf_puts(out, head);
    for (size_t i = 0; i < kept->n; i++) {
        const struct kept_piece *p = &kept->piece[i];

        strbuf_printf(out, "%s %s %zu %zu %zu %s %s\n", kind_words[p->kind],
                      p->is_stdin ? "stdin" : "word", p->word, p->at, p->size,
                      p->hash, p->path);
    }
    strbuf_puts(out, recipe_head);
    recipe_print(&kept->recipe, out);
}

static bool read_piece(char *line, struct arena *arena, struct kept_piece *out)
{
    char kind[12], where[12], hash[HASH_HEX];
    int end = 0;

    if (sscanf(line, "%11s %11s %zu %zu %zu %64s %n", kind, where, &out->word,
               &out->at, &out->size, hash, &end) != 6 ||
        end == 0)
        return false;
    out->is_stdin = strcmp(where, "stdin") == 0;
    if (!out->is_stdin && strcmp(where, "word") != 0)
        return false;
    for (int k = 0; k < KEPT_KINDS; k++)
        if (strcmp(kind, kind_words[k]) == 0) {
            out->kind = (enum kept_kind)k;
            out->hash = arena_strdup(arena, hash);
            out->path = arena_strdup(arena, line + end);
            return out->hash && out->path && *out->path;
        }
    return false;
}

/* Pieces lie within their words, one behind the other. */
static bool is_sound(const struct kept_command *kept)
{
    const struct kept_piece *before = NULL;

    for (size_t i = 0; i < kept->n; i++) {
        const struct kept_piece *p = &kept->piece[i];
        size_t length;

        if (p->is_stdin) {
            if (kept->recipe.in.kind != STREAM_FILE)
                return false;
            continue;
        }
        if (p->word >= kept->recipe.run.n)
            return false;
        length = strlen(kept->recipe.run.word[p->word]);
        if (p->at > length || p->size > length - p->at)
            return false;
        if (before &&
            (before->word > p->word ||
             (before->word == p->word && before->at + before->size > p->at)))
            return false;
        before = p;
    }
    return true;
}

int kept_command_parse(const char *name, const char *text, size_t size,
                       struct arena *arena, struct kept_command *out,
                       struct error *err)
{
    struct kept_command kept = {.n = 0};
    size_t at = sizeof head - 1;
    uint32_t number = 1;
    int rc;

    if (size < at || memcmp(text, head, at) != 0)
        return ERROR_AT(err, ERR_PARSE, name, 1, 0, "not a kept command");
    for (;; number++) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t n = end ? (size_t)(end - text) - at + 1 : 0;
        struct kept_piece *all;
        char *line;

        if (n == sizeof recipe_head - 1 &&
            memcmp(text + at, recipe_head, n) == 0) {
            at += n;
            break;
        }
        all = arena_grow(arena, kept.piece, kept.n, sizeof *all);
        line = arena_memdup(arena, text + at, n ? n - 1 : 0);
        if (!all || !line)
            return ERROR(err, ERR_NOMEM, "no memory for a kept command");
        kept.piece = all;
        if (n == 0 || kept.n == PIECES_MAX ||
            !read_piece(line, arena, &all[kept.n]))
            return ERROR_AT(err, ERR_PARSE, name, number + 1, 0,
                            "not a file of a kept command");
        kept.n++;
        at += n;
    }
    rc = recipe_parse(name, text + at, size - at, arena, &kept.recipe, err);
    if (rc < 0)
        return rc;
    if (!is_sound(&kept))
        return ERROR_AT(err, ERR_PARSE, name, 1, 0,
                        "the files of a kept command are not in its words");
    *out = kept;
    return 0;
}

/* ---- keeping */

struct keeping {
    struct programs *programs;
    const char *folder;
    struct arena arena;
    struct kept_command kept;
    struct error *err;
};

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool may_be_copied(const char *path)
{
    struct stat st;

    return !program_is_system_path(path) && stat(path, &st) == 0 &&
           S_ISREG(st.st_mode) && st.st_size <= COPY_BYTES;
}

static int copy_file(struct keeping *k, const char *from, const char *name)
{
    SCOPED(free_scoped) char *text = NULL;
    const char *to = arena_printf(&k->arena, "%s/%s", k->folder, name);
    size_t size;
    int rc = file_read(from, COPY_BYTES, &text, &size, k->err);

    if (!to)
        return ERROR(k->err, ERR_NOMEM, "no memory for a path");
    return rc < 0 ? rc : file_write_atomic(to, text, size, k->err);
}

static int keep_file(struct keeping *k, const struct named_file *file,
                     struct kept_piece *piece)
{
    bool is_executable = file->is_executable;
    const char *path = file->path;
    char *full = realpath(path, NULL);
    char hex[HASH_HEX];
    int rc;

    piece->path = full ? arena_strdup(&k->arena, full) : NULL;
    free(full);
    if (!piece->path)
        return ERROR_AT(k->err, ERR_SYS, path, 0, 0, "cannot open");
    piece->kind = KEPT_PLACE;
    if (!file->is_searched && may_be_copied(piece->path)) {
        piece->kind = is_executable ? KEPT_PROGRAM : KEPT_COPY;
        path = piece->path;
    }
    rc = piece->kind == KEPT_PROGRAM
             ? programs_keep(k->programs, path, hex, k->err)
             : command_content(k->programs, path, is_executable, hex, k->err);
    if (rc == 0 && piece->kind == KEPT_COPY) {
        piece->path = arena_printf(&k->arena, "%zu-%s", k->kept.n,
                                   last_part(piece->path));
        rc = piece->path ? copy_file(k, path, piece->path) : ERR_NOMEM;
    }
    piece->hash = arena_strdup(&k->arena, hex);
    return rc;
}

static int keep_files(struct keeping *k, const struct recipe *recipe,
                      const char *search_path)
{
    const struct stream *in = &recipe->in;
    struct named_file *file;
    size_t n;
    int rc = command_files(recipe, search_path, &k->arena, &file, &n, k->err);

    if (rc < 0)
        return rc;
    k->kept.piece = arena_alloc(&k->arena, n + 1, sizeof *k->kept.piece);
    if (!k->kept.piece)
        return ERROR(k->err, ERR_NOMEM, "no memory for a kept command");
    for (size_t i = 0; i < n && rc == 0; i++) {
        struct kept_piece *piece = &k->kept.piece[k->kept.n];

        *piece = (struct kept_piece){
            .word = file[i].word, .at = file[i].at, .size = file[i].size};
        rc = keep_file(k, &file[i], piece);
        k->kept.n++;
    }
    if (rc == 0 && in->kind == STREAM_FILE && file_exists(in->text)) {
        struct kept_piece *piece = &k->kept.piece[k->kept.n];

        *piece = (struct kept_piece){.is_stdin = true};
        rc = keep_file(k, &(struct named_file){.path = in->text}, piece);
        k->kept.n++;
    }
    return rc;
}

int command_keep(struct programs *programs, const char *root,
                 const struct recipe *recipe, const char *search_path,
                 const char *hash, struct error *err)
{
    struct keeping k = {.programs = programs, .err = err};
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const char *manifest;
    int rc;

    k.folder = arena_printf(&k.arena, "%s/%s", root, hash);
    manifest = arena_printf(&k.arena, "%s/%s/manifest", root, hash);
    k.kept.recipe = *recipe;
    if (!k.folder || !manifest)
        rc = ERROR(err, ERR_NOMEM, "no memory for a path");
    else if (file_exists(manifest)) /* written last: the rest is there too */
        rc = 0;
    else {
        rc = keep_files(&k, recipe, search_path);
        kept_command_print(&k.kept, &text);
        if (rc == 0)
            rc = text.failed
                     ? ERROR(err, ERR_NOMEM, "no memory for a kept command")
                     : file_write_atomic(manifest, strbuf_text(&text),
                                         text.size, err);
    }
    arena_clear(&k.arena);
    return rc;
}

/* ---- finding */

struct finding_back {
    struct programs *programs;
    const char *folder;
    struct arena *arena;
    struct recipe *out;
    struct error *err;
};

static int not_kept(const struct finding_back *f, const char *why,
                    const char *path)
{
    return ERROR(f->err, ERR_EMPTY, "the old command cannot be had: '%s' %s",
                 path, why);
}

static int find_program(const struct finding_back *f,
                        const struct kept_piece *piece, const char **path)
{
    struct kept_program kept;
    int rc = programs_find(f->programs, piece->hash, f->arena, &kept, f->err);

    for (size_t i = 0; i < kept.n_env && rc == 0; i++)
        if (!recipe_words_add(f->arena, &f->out->env, kept.env[i]))
            rc = ERROR(f->err, ERR_NOMEM, "no memory for a command");
    *path = rc == 0 ? kept.exec : NULL;
    return rc;
}

/* The path to put into the word; NULL where the word stays. */
static int find_piece(const struct finding_back *f,
                      const struct kept_piece *piece, const char **path)
{
    char hex[HASH_HEX];
    const char *at = piece->path;
    int rc;

    *path = NULL;
    if (piece->kind == KEPT_PROGRAM)
        return find_program(f, piece, path);
    if (piece->kind == KEPT_COPY)
        *path = at = arena_printf(f->arena, "%s/%s", f->folder, piece->path);
    if (!at)
        return ERROR(f->err, ERR_NOMEM, "no memory for a path");
    if (!file_exists(at))
        return not_kept(f, "is gone", at);
    rc = command_content(f->programs, at, file_is_executable(at), hex, f->err);
    if (rc == 0 && strcmp(hex, piece->hash) != 0)
        return not_kept(f, "has changed since", at);
    return rc;
}

static bool is_safe_for_shell(const char *path)
{
    for (; *path; path++)
        if (!strchr("/._-+@%:=,", *path) &&
            !((*path >= 'a' && *path <= 'z') ||
              (*path >= 'A' && *path <= 'Z') || (*path >= '0' && *path <= '9')))
            return false;
    return true;
}

/* Rebuild one word with the kept files in it. */
static int rebuild_word(const struct finding_back *f,
                        const struct kept_command *kept, size_t word)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const char *old = kept->recipe.run.word[word];
    size_t at = 0;

    for (size_t i = 0; i < kept->n; i++) {
        const struct kept_piece *piece = &kept->piece[i];
        const char *path;
        int rc;

        if (piece->is_stdin || piece->word != word)
            continue;
        rc = find_piece(f, piece, &path);
        if (rc < 0)
            return rc;
        if (!path)
            continue;
        if (kept->recipe.shell && !is_safe_for_shell(path))
            return not_kept(f, "cannot stand in a shell's text", path);
        strbuf_add(&text, old + at, piece->at - at);
        strbuf_puts(&text, path);
        at = piece->at + piece->size;
    }
    strbuf_puts(&text, old + at);
    if (text.failed ||
        !recipe_words_add(f->arena, &f->out->run,
                          arena_strdup(f->arena, strbuf_text(&text))))
        return ERROR(f->err, ERR_NOMEM, "no memory for a command");
    return 0;
}

static int rebuild(const struct finding_back *f,
                   const struct kept_command *kept)
{
    int rc = 0;

    for (size_t i = 0; i < kept->recipe.run.n && rc == 0; i++)
        rc = rebuild_word(f, kept, i);
    for (size_t i = 0; i < kept->n && rc == 0; i++) {
        const char *path;

        if (!kept->piece[i].is_stdin)
            continue;
        rc = find_piece(f, &kept->piece[i], &path);
        if (rc == 0 && path)
            f->out->in.text = path;
    }
    return rc;
}

int command_find(struct programs *programs, const char *root, const char *hash,
                 const struct recipe *now, struct arena *arena,
                 struct recipe *out, struct error *err)
{
    SCOPED(free_scoped) char *folder = NULL;
    SCOPED(free_scoped) char *text = NULL;
    const char *dir = arena_printf(arena, "%s/%s", root, hash);
    const char *manifest = arena_printf(arena, "%s/%s/manifest", root, hash);
    struct recipe recipe = *now;
    struct finding_back f = {
        .programs = programs, .arena = arena, .out = &recipe, .err = err};
    struct kept_command kept;
    size_t size;
    int rc;

    if (!dir || !manifest)
        return ERROR(err, ERR_NOMEM, "no memory for a path");
    if (!file_exists(manifest))
        return ERROR(err, ERR_EMPTY, "the old command was not kept");
    folder = realpath(dir, NULL); /* the command may run elsewhere */
    rc = file_read(manifest, MANIFEST_BYTES, &text, &size, err);
    if (rc == 0)
        rc = kept_command_parse(manifest, text, size, arena, &kept, err);
    if (rc < 0)
        return rc;
    f.folder = folder ? arena_strdup(arena, folder) : dir;
    recipe.run = (struct recipe_words){.n = 0};
    recipe.shell = kept.recipe.shell;
    recipe.env = kept.recipe.env;
    recipe.in = kept.recipe.in;
    recipe.before = kept.recipe.before;
    recipe.after = kept.recipe.after;
    rc = rebuild(&f, &kept);
    if (rc == 0)
        *out = recipe;
    return rc;
}
