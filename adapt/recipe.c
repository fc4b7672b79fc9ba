/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes as text: lines of "key value", the value escaped like a message's. */
#include <config.h>

#include "adapt/recipe.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

/* The first line of each recipe, by kind. */
static const char bench_head[] = "benchmark ";
static const char test_head[] = "test ";

#define TIMEOUT_MAX_NS (INT64_C(7) * 24 * 3600 * 1000000000)

static const char *const judges[RECIPE_JUDGES] = {
    [RECIPE_COMMAND] = "command",
    [RECIPE_GOOGLETEST] = "googletest",
    [RECIPE_CTEST] = "ctest",
    [RECIPE_PYTEST] = "pytest",
    [RECIPE_TAP] = "tap",
    [RECIPE_GOOGLE_BENCHMARK] = "google-benchmark",
};

bool recipe_words_add(struct arena *arena, struct recipe_words *words,
                      const char *word)
{
    const char **all = words->word;

    /* One more than the words, for the NULL behind them. */
    if (words->n == 0)
        all = arena_alloc(arena, 2, sizeof *all);
    else if ((words->n & (words->n + 1)) == 0) {
        all = arena_alloc(arena, 2 * (words->n + 1), sizeof *all);
        if (all)
            memcpy(all, words->word, words->n * sizeof *all);
    }
    if (!all || !word)
        return false;
    words->word = all;
    all[words->n++] = word;
    all[words->n] = NULL;
    return true;
}

/* --- writing */

static void put(struct strbuf *out, const char *key, const char *value)
{
    strbuf_puts(out, key);
    strbuf_putc(out, ' ');
    for (; *value; value++) {
        if (*value == '\\')
            strbuf_puts(out, "\\\\");
        else if (*value == '\n')
            strbuf_puts(out, "\\n");
        else
            strbuf_putc(out, *value);
    }
    strbuf_putc(out, '\n');
}

static void put_int(struct strbuf *out, const char *key, int64_t value)
{
    strbuf_printf(out, "%s %" PRId64 "\n", key, value);
}

static void put_words(struct strbuf *out, const char *key,
                      const struct recipe_words *words)
{
    for (size_t i = 0; i < words->n; i++)
        put(out, key, words->word[i]);
}

static void put_stream(struct strbuf *out, const char *name,
                       const struct stream *stream)
{
    static const char *const how[] = {
        [STREAM_DISCARD] = "discard",
        [STREAM_FILE] = "file",
        [STREAM_TEXT] = "text",
    };
    char key[40];

    if (stream->kind == STREAM_DEFAULT)
        return;
    snprintf(key, sizeof key, "%s-%s", name, how[stream->kind]);
    put(out, key, stream->text ? stream->text : "");
}

static void put_expected(struct strbuf *out, const char *name,
                         const struct expect_output *expected)
{
    static const char *const how[] = {
        [EXPECT_EQUALS] = "equals",
        [EXPECT_CONTAINS] = "contains",
        [EXPECT_MATCHES] = "matches",
    };
    char key[40];

    if (expected->kind == EXPECT_NOTHING)
        return;
    snprintf(key, sizeof key, "%s-%s", name, how[expected->kind]);
    put(out, key, expected->text);
}

static void put_text(struct strbuf *out, const char *key, const char *value)
{
    if (*value)
        put(out, key, value);
}

static void put_foreign(struct strbuf *out, const struct recipe_foreign *f)
{
    if (f->judge != RECIPE_COMMAND)
        put(out, "judge", judges[f->judge]);
    put_text(out, "pick", f->pick);
    put_text(out, "skip", f->skip);
    put_text(out, "broken", f->broken);
    put_words(out, "report", &f->report);
    if (f->inverted)
        put_int(out, "inverted", 1);
    if (f->skip_exit)
        put_int(out, "skip-exit", f->skip_exit);
    put_words(out, "pass-if", &f->pass);
    put_words(out, "fail-if", &f->fail);
    put_words(out, "skip-if", &f->skips);
}

void recipe_print(const struct recipe *recipe, struct strbuf *out)
{
    strbuf_puts(out, recipe->is_test ? test_head : bench_head);
    strbuf_puts(out, recipe->name);
    strbuf_putc(out, '\n');
    put(out, "id", recipe->id);
    put_text(out, "xfail", recipe->xfail);
    put_words(out, "run", &recipe->run);
    if (recipe->shell)
        put_int(out, "shell", 1);
    put_words(out, "before", &recipe->before);
    put_words(out, "after", &recipe->after);
    put_words(out, "env", &recipe->env);
    put_text(out, "cwd", recipe->cwd);
    put_stream(out, "stdin", &recipe->in);
    put_stream(out, "stdout", &recipe->out);
    put_stream(out, "stderr", &recipe->err);
    if (recipe->expect.exit)
        put_int(out, "exit", recipe->expect.exit);
    if (recipe->expect.signal)
        put_int(out, "signal", recipe->expect.signal);
    put_expected(out, "stdout", &recipe->expect.out);
    put_expected(out, "stderr", &recipe->expect.err);
    if (recipe->cold_cache)
        put_int(out, "cold_cache", 1);
    put_words(out, "cold", &recipe->cold);
    put_int(out, "timeout", recipe->timeout_ns);
    put_foreign(out, &recipe->foreign);
}

/* --- reading */

struct reading {
    const char *name;
    uint32_t line;
    struct arena *arena;
    struct recipe *recipe;
    const char *value; /* unescaped, in the arena */
    struct error *err;
};

static int malformed(const struct reading *r, const char *what)
{
    return ERROR_AT(r->err, ERR_PARSE, r->name, r->line, 0, "%s", what);
}

static int read_number(const struct reading *r, int64_t low, int64_t high,
                       int64_t *out)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(r->value, &end, 10);
    if (end == r->value || *end || errno || value < low || value > high)
        return malformed(r, "not a number of its range");
    *out = value;
    return 0;
}

struct word_key {
    const char *key;
    size_t offset; /* of struct recipe_words in struct recipe */
};

static const struct word_key word_keys[] = {
    {"run", offsetof(struct recipe, run)},
    {"before", offsetof(struct recipe, before)},
    {"after", offsetof(struct recipe, after)},
    {"env", offsetof(struct recipe, env)},
    {"cold", offsetof(struct recipe, cold)},
    {"report", offsetof(struct recipe, foreign.report)},
    {"pass-if", offsetof(struct recipe, foreign.pass)},
    {"fail-if", offsetof(struct recipe, foreign.fail)},
    {"skip-if", offsetof(struct recipe, foreign.skips)},
};

struct text_key {
    const char *key;
    size_t offset; /* of const char * in struct recipe */
};

static const struct text_key text_keys[] = {
    {"id", offsetof(struct recipe, id)},
    {"xfail", offsetof(struct recipe, xfail)},
    {"cwd", offsetof(struct recipe, cwd)},
    {"pick", offsetof(struct recipe, foreign.pick)},
    {"skip", offsetof(struct recipe, foreign.skip)},
    {"broken", offsetof(struct recipe, foreign.broken)},
};

struct stream_key {
    const char *key;
    size_t offset; /* of struct stream in struct recipe */
    enum stream_kind kind;
};

static const struct stream_key stream_keys[] = {
    {"stdin-file", offsetof(struct recipe, in), STREAM_FILE},
    {"stdin-text", offsetof(struct recipe, in), STREAM_TEXT},
    {"stdout-discard", offsetof(struct recipe, out), STREAM_DISCARD},
    {"stdout-file", offsetof(struct recipe, out), STREAM_FILE},
    {"stderr-discard", offsetof(struct recipe, err), STREAM_DISCARD},
    {"stderr-file", offsetof(struct recipe, err), STREAM_FILE},
};

struct expect_key {
    const char *key;
    size_t offset; /* of struct expect_output in struct recipe */
    enum expect_kind kind;
};

static const struct expect_key expect_keys[] = {
    {"stdout-equals", offsetof(struct recipe, expect.out), EXPECT_EQUALS},
    {"stdout-contains", offsetof(struct recipe, expect.out), EXPECT_CONTAINS},
    {"stdout-matches", offsetof(struct recipe, expect.out), EXPECT_MATCHES},
    {"stderr-equals", offsetof(struct recipe, expect.err), EXPECT_EQUALS},
    {"stderr-contains", offsetof(struct recipe, expect.err), EXPECT_CONTAINS},
    {"stderr-matches", offsetof(struct recipe, expect.err), EXPECT_MATCHES},
};

struct number_key {
    const char *key;
    size_t offset; /* of int64_t in struct recipe */
    int64_t low, high;
};

static const struct number_key number_keys[] = {
    {"timeout", offsetof(struct recipe, timeout_ns), 1, TIMEOUT_MAX_NS},
    {"exit", offsetof(struct recipe, expect.exit), 0, 255},
    {"signal", offsetof(struct recipe, expect.signal), 0, 64},
    {"skip-exit", offsetof(struct recipe, foreign.skip_exit), 0, 255},
};

struct flag_key {
    const char *key;
    size_t offset; /* of bool in struct recipe */
};

static const struct flag_key flag_keys[] = {
    {"shell", offsetof(struct recipe, shell)},
    {"cold_cache", offsetof(struct recipe, cold_cache)},
    {"inverted", offsetof(struct recipe, foreign.inverted)},
};

/* Returns 1 when the key is a number's, 0 when not, negative on failure. */
static int read_number_key(struct reading *r, const char *key)
{
    char *base = (char *)r->recipe;
    int64_t flag = 0;
    int rc;

    for (size_t i = 0; i < ARRAY_LEN(number_keys); i++)
        if (strcmp(key, number_keys[i].key) == 0) {
            rc = read_number(r, number_keys[i].low, number_keys[i].high,
                             (int64_t *)(base + number_keys[i].offset));
            return rc < 0 ? rc : 1;
        }
    for (size_t i = 0; i < ARRAY_LEN(flag_keys); i++)
        if (strcmp(key, flag_keys[i].key) == 0) {
            rc = read_number(r, 0, 1, &flag);
            *(bool *)(base + flag_keys[i].offset) = flag;
            return rc < 0 ? rc : 1;
        }
    return 0;
}

/* Returns 1 when the key says who judges, 0 when not, negative on failure. */
static int read_judge_key(struct reading *r, const char *key)
{
    if (strcmp(key, "judge") != 0)
        return 0;
    for (int i = 0; i < RECIPE_JUDGES; i++)
        if (strcmp(r->value, judges[i]) == 0) {
            r->recipe->foreign.judge = (enum recipe_judge)i;
            return 1;
        }
    return malformed(r, "nobody judges like that");
}

static int read_text_key(struct reading *r, const char *key)
{
    char *base = (char *)r->recipe;

    for (size_t i = 0; i < ARRAY_LEN(word_keys); i++)
        if (strcmp(key, word_keys[i].key) == 0)
            return recipe_words_add(
                       r->arena,
                       (struct recipe_words *)(base + word_keys[i].offset),
                       r->value)
                       ? 0
                       : ERROR(r->err, ERR_NOMEM, "no memory for a command");
    for (size_t i = 0; i < ARRAY_LEN(text_keys); i++)
        if (strcmp(key, text_keys[i].key) == 0) {
            *(const char **)(base + text_keys[i].offset) = r->value;
            return 0;
        }
    for (size_t i = 0; i < ARRAY_LEN(stream_keys); i++)
        if (strcmp(key, stream_keys[i].key) == 0) {
            *(struct stream *)(base + stream_keys[i].offset) =
                (struct stream){.kind = stream_keys[i].kind, .text = r->value};
            return 0;
        }
    for (size_t i = 0; i < ARRAY_LEN(expect_keys); i++)
        if (strcmp(key, expect_keys[i].key) == 0) {
            *(struct expect_output *)(base + expect_keys[i].offset) =
                (struct expect_output){.kind = expect_keys[i].kind,
                                       .text = r->value};
            return 0;
        }
    return malformed(r, "unknown key of a command");
}

/* Undo put(): a value holds no NUL, and no other escapes than its two.  NULL
 * when out of memory. */
static char *unescape(struct arena *arena, const char *text, size_t size,
                      bool *bad)
{
    char *out = arena_alloc(arena, size + 1, 1);
    size_t n = 0;

    *bad = false;
    for (size_t i = 0; out && i < size; i++) {
        char c = text[i];

        if (c == '\\' && i + 1 < size) {
            c = text[++i] == 'n' ? '\n' : text[i];
            *bad = *bad || (c != '\n' && c != '\\');
        } else {
            *bad = *bad || c == '\\' || c == '\0';
        }
        out[n++] = c;
    }
    return out;
}

static int read_line(struct reading *r, const char *line, size_t size)
{
    const char *blank = memchr(line, ' ', size);
    size_t n = blank ? (size_t)(blank - line) : size;
    char key[40];
    bool bad;
    int rc;

    if (!blank || n >= sizeof key || memchr(line, '\0', n))
        return malformed(r, "a line is no key with its value");
    memcpy(key, line, n);
    key[n] = '\0';
    r->value = unescape(r->arena, blank + 1, size - n - 1, &bad);
    if (!r->value)
        return ERROR(r->err, ERR_NOMEM, "no memory for a command");
    if (bad)
        return malformed(r, "a value is not escaped as it should be");
    rc = read_number_key(r, key);
    if (rc == 0)
        rc = read_judge_key(r, key);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    return read_text_key(r, key);
}

static bool begins_with(const char *text, size_t size, const char *head)
{
    return size >= strlen(head) && memcmp(text, head, strlen(head)) == 0;
}

static bool is_plain(const char *name, size_t size)
{
    if (size == 0 || size > 32)
        return false;
    for (size_t i = 0; i < size; i++)
        if (!((name[i] >= 'a' && name[i] <= 'z') ||
              (name[i] >= '0' && name[i] <= '9')))
            return false;
    return true;
}

/* The first line of a recipe: 1 with kind and name, 0 when it is none. */
static int read_head(const char *line, size_t size, struct arena *arena,
                     bool *is_test, const char **name)
{
    const char *head = begins_with(line, size, bench_head)  ? bench_head
                       : begins_with(line, size, test_head) ? test_head
                                                            : NULL;
    size_t n;

    if (!head)
        return 0;
    n = strlen(head);
    if (!is_plain(line + n, size - n))
        return 0;
    *is_test = head == test_head;
    *name = arena_memdup(arena, line + n, size - n);
    return *name ? 1 : ERR_NOMEM;
}

static size_t line_size(const char *text, size_t size)
{
    const char *end = memchr(text, '\n', size);

    return end ? (size_t)(end - text) : size;
}

int recipe_parse(const char *name, const char *text, size_t size,
                 struct arena *arena, struct recipe *out, struct error *err)
{
    struct recipe recipe = {.id = "", .xfail = "", .cwd = ""};
    struct reading r = {
        .name = name, .line = 1, .arena = arena, .recipe = &recipe, .err = err};
    size_t n = line_size(text, size), at = n + 1;
    int rc = read_head(text, n, arena, &recipe.is_test, &recipe.name);

    recipe.foreign = (struct recipe_foreign){RECIPE_NOT_FOREIGN};
    if (rc < 0)
        return ERROR(err, ERR_NOMEM, "no memory for a command");
    if (rc == 0)
        return malformed(&r, "a command begins with its kind and name");
    for (rc = 0; rc == 0 && at < size; at += n + 1) {
        r.line++;
        n = line_size(text + at, size - at);
        rc = read_line(&r, text + at, n);
    }
    if (rc < 0)
        return rc;
    if (recipe.run.n == 0 || recipe.timeout_ns == 0)
        return malformed(&r, "a command lacks its words or its time limit");
    *out = recipe;
    return 0;
}

int recipe_split(const char *name, const char *text, size_t size,
                 struct arena *arena, struct recipe_piece **out, size_t *n,
                 struct error *err)
{
    struct recipe_piece *all = NULL;
    size_t found = 0;
    uint32_t line = 0;

    for (size_t at = 0, length; at < size; at += length + 1) {
        struct recipe_piece piece = {.text = text + at};
        int rc;

        line++;
        length = line_size(text + at, size - at);
        rc = read_head(text + at, length, arena, &piece.is_test, &piece.name);
        if (rc == 0 && found == 0)
            return ERROR_AT(err, ERR_PARSE, name, line, 0,
                            "a command begins with its kind and name");
        if (rc > 0) {
            all = arena_grow(arena, all, found, sizeof *all);
            if (all)
                all[found++] = piece;
        }
        if (rc < 0 || !all)
            return ERROR(err, ERR_NOMEM, "no memory for commands");
        all[found - 1].size =
            (size_t)(text + at + length - all[found - 1].text);
    }
    *out = all;
    *n = found;
    return 0;
}
