/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manifest of a kept program: lines of words, the last of which may hold
 * blanks.  docs/formats-store.md is its normative description. */
#include <config.h>

#include <string.h>

#include "store/kept.h"

static const char *const kind_words[] = {"dynamic", "static", "script"};
static const char *const load_words[] = {"plain", "library-path", "preload"};

struct reading {
    const char *name;
    unsigned line;
    const char *folder;
    struct arena *arena;
    struct manifest *to;
    unsigned seen; /* bits of the keys that stand once */
};

static int bad(const struct reading *r, const char *what, struct error *err)
{
    ERROR_AT(err, ERR_PARSE, r->name, r->line, 0, "%s", what);
    error_help(err, "the kept program is damaged: remove its folder and save "
                    "the baseline again");
    return ERR_PARSE;
}

/* Cut the next word off `rest`; NULL when there is none. */
static char *cut_word(char **rest)
{
    char *word = *rest;
    char *blank;

    if (!word || !*word)
        return NULL;
    blank = strchr(word, ' ');
    if (blank)
        *blank = '\0';
    *rest = blank ? blank + 1 : NULL;
    return word;
}

static bool is_hash(const char *word)
{
    return word && strlen(word) == HASH_HEX - 1 &&
           word[strspn(word, "0123456789abcdef")] == '\0';
}

/* A name of one file in one folder, whatever a hostile manifest says. */
static bool is_plain_name(const char *name)
{
    return name && *name && !strchr(name, '/') && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0;
}

static int find_word(const char *word, const char *const *words, int n)
{
    for (int i = 0; word && i < n; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    return -1;
}

static int read_fingerprint(struct reading *r, char *rest, struct error *err)
{
    if (!is_hash(rest))
        return bad(r, "expected 64 hexadecimal digits", err);
    memcpy(r->to->kept.hash, rest, HASH_HEX);
    return 0;
}

static int read_kind(struct reading *r, char *rest, struct error *err)
{
    int kind = find_word(rest, kind_words, ARRAY_LEN(kind_words));

    if (kind < 0)
        return bad(r, "expected 'dynamic', 'static' or 'script'", err);
    r->to->kept.kind = (enum program_format)kind;
    return 0;
}

static int read_load(struct reading *r, char *rest, struct error *err)
{
    int load = find_word(rest, load_words, ARRAY_LEN(load_words));

    if (load < 0)
        return bad(r, "expected 'plain', 'library-path' or 'preload'", err);
    r->to->load = (enum load_mode)load;
    return 0;
}

static int read_source(struct reading *r, char *rest, struct error *err)
{
    if (!rest || !*rest)
        return bad(r, "expected a path", err);
    r->to->kept.source = arena_strdup(r->arena, rest);
    return r->to->kept.source ? 0 : ERROR(err, ERR_NOMEM, "no memory");
}

static int read_program(struct reading *r, char *rest, struct error *err)
{
    char *hash = cut_word(&rest);

    if (!is_hash(hash) || !is_plain_name(rest))
        return bad(r, "expected a hash and a file name", err);
    memcpy(r->to->program_hash, hash, HASH_HEX);
    r->to->kept.exec = arena_printf(r->arena, "%s/bin/%s", r->folder, rest);
    return r->to->kept.exec ? 0 : ERROR(err, ERR_NOMEM, "no memory");
}

static int add_file(struct reading *r, struct kept_file **files, size_t *n,
                    const struct kept_file *file, struct error *err)
{
    struct kept_file *all = arena_grow(r->arena, *files, *n, sizeof *all);

    if (!all || !file->name || !file->path || !file->source)
        return ERROR(err, ERR_NOMEM, "no memory for libraries");
    *files = all;
    all[(*n)++] = *file;
    return 0;
}

/* "HASH NAME PATH"; where the copy is stays open. */
static int read_file(struct reading *r, char *rest, struct kept_file *file,
                     struct error *err)
{
    const char *hash = cut_word(&rest);
    const char *name = cut_word(&rest);

    if (!is_hash(hash) || !is_plain_name(name) || !rest || rest[0] != '/')
        return bad(r, "expected a hash, a name and an absolute path", err);
    *file = (struct kept_file){
        .name = arena_strdup(r->arena, name),
        .path = arena_strdup(r->arena, rest),
        .source = "",
    };
    memcpy(file->hash, hash, HASH_HEX);
    return 0;
}

static int read_library(struct reading *r, char *rest, struct error *err)
{
    struct kept_file file;
    int rc = read_file(r, rest, &file, err);

    if (rc < 0)
        return rc;
    file.source = file.path;
    if (file.name)
        file.path = arena_printf(r->arena, "%s/lib/%s", r->folder, file.name);
    return add_file(r, &r->to->kept.library, &r->to->kept.n_libraries, &file,
                    err);
}

static int read_system(struct reading *r, char *rest, struct error *err)
{
    struct kept_file file;
    int rc = read_file(r, rest, &file, err);

    return rc < 0 ? rc
                  : add_file(r, &r->to->kept.system, &r->to->kept.n_system,
                             &file, err);
}

static const struct key {
    const char *name;
    int (*read)(struct reading *r, char *rest, struct error *err);
    bool repeats;
} keys[] = {
    {"fingerprint", read_fingerprint, false},
    {"kind", read_kind, false},
    {"load", read_load, false},
    {"source", read_source, false},
    {"program", read_program, false},
    {"library", read_library, true},
    {"system", read_system, true},
};

enum { ONCE_KEYS = 5 }; /* the first so many must each stand once */

static int read_line(struct reading *r, char *line, struct error *err)
{
    char *rest = line;
    const char *word = cut_word(&rest);

    for (size_t i = 0; word && i < ARRAY_LEN(keys); i++) {
        if (strcmp(word, keys[i].name) != 0)
            continue;
        if (!keys[i].repeats && r->seen & 1u << i)
            return bad(r, "stands here a second time", err);
        r->seen |= 1u << i;
        return keys[i].read(r, rest, err);
    }
    return bad(r, "unknown key", err);
}

static int read_first(struct reading *r, const char *line, struct error *err)
{
    static const char magic[] = "tare-program ";

    if (strncmp(line, magic, sizeof magic - 1) != 0)
        return bad(r, "is not the manifest of a kept program", err);
    if (strcmp(line + sizeof magic - 1, "1") == 0)
        return 0;
    ERROR_AT(err, ERR_PARSE, r->name, 1, 0,
             "was kept by another version of tare (format '%s', this one "
             "knows 1)",
             line + sizeof magic - 1);
    return error_help(err, "save the baseline again"), (int)ERR_PARSE;
}

static int read_lines(struct reading *r, char *text, size_t size,
                      struct error *err)
{
    char *end = text + size;
    int rc = 0;

    if (memchr(text, '\0', size))
        return bad(r, "holds a zero byte", err);
    while (text < end && rc == 0) {
        char *stop = memchr(text, '\n', (size_t)(end - text));

        if (!stop)
            return bad(r, "is cut off", err);
        *stop = '\0';
        rc = r->line == 1 ? read_first(r, text, err) : read_line(r, text, err);
        r->line++;
        text = stop + 1;
    }
    if (rc == 0 && (r->seen & ((1u << ONCE_KEYS) - 1)) != (1u << ONCE_KEYS) - 1)
        rc = bad(r, "is cut off", err);
    return rc;
}

int manifest_read(const char *name, const char *text, size_t size,
                  const char *folder, struct arena *arena, struct manifest *out,
                  struct error *err)
{
    struct manifest manifest = {.kept = {.note = ""}};
    struct reading r = {.name = name,
                        .line = 1,
                        .folder = folder,
                        .arena = arena,
                        .to = &manifest};
    char *copy;
    int rc;

    if (size > MANIFEST_BYTES)
        return bad(&r, "is too large for a manifest", err);
    copy = arena_memdup(arena, text, size);
    if (!copy)
        return ERROR(err, ERR_NOMEM, "no memory for a manifest");
    rc = read_lines(&r, copy, size, err);
    if (rc == 0)
        *out = manifest;
    return rc;
}

void manifest_write(struct strbuf *out, const struct manifest *m)
{
    const struct kept_program *k = &m->kept;

    strbuf_puts(out, "tare-program 1\n");
    strbuf_printf(out, "fingerprint %s\n", k->hash);
    strbuf_printf(out, "kind %s\n", kind_words[k->kind]);
    strbuf_printf(out, "load %s\n", load_words[m->load]);
    strbuf_printf(out, "source %s\n", k->source);
    strbuf_printf(out, "program %s %s\n", m->program_hash, path_name(k->exec));
    for (size_t i = 0; i < k->n_libraries; i++)
        strbuf_printf(out, "library %s %s %s\n", k->library[i].hash,
                      k->library[i].name, k->library[i].source);
    for (size_t i = 0; i < k->n_system; i++)
        strbuf_printf(out, "system %s %s %s\n", k->system[i].hash,
                      k->system[i].name, k->system[i].path);
}
