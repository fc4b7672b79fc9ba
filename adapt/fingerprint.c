/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking for files in command lines, and hashing them. */
#include <config.h>

#include "adapt/fingerprint.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "adapt/parts.h"
#include "base/file.h"
#include "base/scope.h"

static const off_t hashed_bytes = (off_t)64 << 20;

struct search {
    const struct recipe *recipe;
    const char *search_path;
    struct arena *arena;
    struct named_file *file;
    size_t n;
    bool failed; /* out of memory */
};

/* ---- finding */

static bool is_regular(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* The path from here of one that is meant from the command's folder. */
static const char *from_here(const struct search *s, const char *name)
{
    const char *cwd = s->recipe->cwd;

    if (name[0] == '/')
        return name;
    return arena_printf(s->arena, "%s/%s", *cwd ? cwd : ".", name);
}

static void add_file(struct search *s, const char *path, bool searched,
                     size_t word, size_t at, size_t size)
{
    struct named_file *all =
        path ? arena_grow(s->arena, s->file, s->n, sizeof *all) : NULL;

    if (!all) {
        s->failed = true;
        return;
    }
    s->file = all;
    all[s->n++] = (struct named_file){
        .path = path,
        .word = word,
        .at = at,
        .size = size,
        .is_executable = file_is_executable(path),
        .is_searched = searched,
    };
}

/* A program without a slash; what is in no folder of the path is a builtin or
 * will not be found at run time either. */
static void look_for_program(struct search *s, const char *name, size_t word,
                             size_t at, size_t size)
{
    const char *folders = s->search_path;

    while (*folders) {
        size_t n = strcspn(folders, ":");
        const char *path =
            arena_printf(s->arena, "%.*s/%s", (int)n, folders, name);

        if (!path)
            s->failed = true;
        if (n && path && file_is_executable(path)) {
            add_file(s, path, true, word, at, size);
            return;
        }
        folders += n + (folders[n] == ':');
    }
}

static void consider(struct search *s, const char *name, bool program,
                     size_t word, size_t at)
{
    const char *path;

    if (*name == '\0')
        return;
    if (program && !strchr(name, '/')) {
        look_for_program(s, name, word, at, strlen(name));
        return;
    }
    path = from_here(s, name);
    if (!path)
        s->failed = true;
    else if (is_regular(path))
        add_file(s, path, false, word, at, strlen(name));
}

/* Words of a text for a shell: a new simple command begins at the start and
 * behind an operator; assignments before its name do not end it. */
static void scan_shell(struct search *s, const char *text, size_t word)
{
    static const char cuts[] = " \t\n'\"`$;|&()<>{}";
    bool program = true;
    size_t at = 0;

    while (text[at]) {
        size_t n = strcspn(text + at, cuts);
        const char *name = arena_memdup(s->arena, text + at, n);

        if (!name) {
            s->failed = true;
            return;
        }
        consider(s, name, program, word, at);
        if (n && !strchr(name, '='))
            program = false;
        at += n;
        if (!text[at])
            return;
        if (strchr(";|&()`\n", text[at]))
            program = true;
        at++;
    }
}

int command_files(const struct recipe *recipe, const char *search_path,
                  struct arena *arena, struct named_file **out, size_t *n,
                  struct error *err)
{
    struct search s = {
        .recipe = recipe, .search_path = search_path, .arena = arena};

    for (size_t i = 0; i < recipe->run.n; i++) {
        if (recipe->shell && i == recipe->run.n - 1)
            scan_shell(&s, recipe->run.word[i], i);
        else
            consider(&s, recipe->run.word[i], i == 0, i, 0);
    }
    if (s.failed)
        return ERROR(err, ERR_NOMEM, "no memory for the files of a command");
    *out = s.file;
    *n = s.n;
    return 0;
}

/* ---- hashing */

/* Each text with its length, so that no two lists hash alike. */
static void add_text(struct hash *hash, char kind, const char *text,
                     size_t size)
{
    char head[40];
    int n = snprintf(head, sizeof head, "%c%zu:", kind, size);

    hash_add(hash, head, (size_t)n);
    hash_add(hash, text, size);
}

static void add_words(struct hash *hash, char kind,
                      const struct recipe_words *words)
{
    for (size_t i = 0; i < words->n; i++)
        add_text(hash, kind, words->word[i], strlen(words->word[i]));
}

int command_content(struct programs *programs, const char *path,
                    bool is_executable, char hex[HASH_HEX], struct error *err)
{
    struct error ignored = {0};
    struct stat st;

    if (is_executable &&
        programs_fingerprint(programs, path, hex, &ignored) == 0)
        return 0;
    if (stat(path, &st) == 0 && st.st_size > hashed_bytes) {
        snprintf(hex, HASH_HEX, "%" PRId64 "-%" PRId64 ".%09ld",
                 (int64_t)st.st_size, (int64_t)st.st_mtim.tv_sec,
                 st.st_mtim.tv_nsec);
        return 0;
    }
    return hash_file(path, hex, err);
}

/* One word, its files as their content. */
static int add_word(struct hash *hash, struct programs *programs,
                    const struct recipe *recipe, size_t word,
                    const struct named_file *file, size_t n, struct error *err)
{
    const char *text = recipe->run.word[word];
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        char hex[HASH_HEX];
        int rc;

        if (file[i].word != word)
            continue;
        rc = command_content(programs, file[i].path, file[i].is_executable, hex,
                             err);
        if (rc < 0)
            return rc;
        add_text(hash, 'w', text + at, file[i].at - at);
        add_text(hash, 'f', hex, strlen(hex));
        at = file[i].at + file[i].size;
    }
    add_text(hash, 'w', text + at, strlen(text + at));
    return 0;
}

static int add_stream(struct hash *hash, struct programs *programs,
                      const struct stream *in, struct error *err)
{
    char hex[HASH_HEX];
    int rc;

    if (in->kind == STREAM_TEXT)
        add_text(hash, 't', in->text, strlen(in->text));
    if (in->kind != STREAM_FILE || !is_regular(in->text))
        return 0;
    rc = command_content(programs, in->text, false, hex, err);
    if (rc == 0)
        add_text(hash, 'i', hex, strlen(hex));
    return rc;
}

int command_fingerprint(struct programs *programs, const struct recipe *recipe,
                        const char *search_path, char hex[HASH_HEX],
                        struct error *err)
{
    struct arena arena = {0};
    struct named_file *file;
    struct hash hash;
    size_t n;
    int rc = command_files(recipe, search_path, &arena, &file, &n, err);

    hash_init(&hash);
    for (size_t i = 0; i < recipe->run.n && rc == 0; i++)
        rc = add_word(&hash, programs, recipe, i, file, n, err);
    if (rc == 0)
        rc = add_stream(&hash, programs, &recipe->in, err);
    add_words(&hash, 'e', &recipe->env);
    add_words(&hash, 'b', &recipe->before);
    add_words(&hash, 'a', &recipe->after);
    if (rc == 0)
        hash_end(&hash, hex);
    arena_clear(&arena);
    return rc;
}
