/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tag expressions by recursive descent, ids by fnmatch. */
#include <config.h>

#include "config/select.h"

#include <fnmatch.h>
#include <string.h>

#include "base/names.h"
#include "base/nearest.h"
#include "base/scope.h"
#include "base/utf8.h"

enum expr_kind { EXPR_TAG, EXPR_NOT, EXPR_AND, EXPR_OR };

struct tag_expr {
    enum expr_kind kind;
    const char *tag;              /* of EXPR_TAG */
    size_t size;                  /* of tag */
    const struct tag_expr *a, *b; /* b only of EXPR_AND and EXPR_OR */
};

enum token {
    TOKEN_END,
    TOKEN_TAG,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NOT,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_BAD
};

static const struct {
    const char *word;
    enum token token;
} keywords[] = {
    {"and", TOKEN_AND},
    {"or", TOKEN_OR},
    {"not", TOKEN_NOT},
};

struct scan {
    struct arena *arena;
    const char *name;
    const struct tags *declared;
    struct error *err;
    const char *text; /* NUL-terminated */
    const char *at;   /* of the token at hand */
    size_t size;      /* of the token at hand */
    enum token token;
    int depth;
};

static int parse_or(struct scan *s, const struct tag_expr **out);

static bool is_tag_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_tag_char(char c)
{
    return is_tag_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == ':';
}

static enum token keyword(const char *word, size_t size)
{
    for (size_t i = 0; i < ARRAY_LEN(keywords); i++)
        if (strlen(keywords[i].word) == size &&
            memcmp(keywords[i].word, word, size) == 0)
            return keywords[i].token;
    return TOKEN_TAG;
}

bool is_tag_name(const char *word)
{
    size_t n = 0;

    if (!is_tag_start(word[0]))
        return false;
    while (is_tag_char(word[n]))
        n++;
    return word[n] == '\0' && keyword(word, n) == TOKEN_TAG;
}

static void advance(struct scan *s)
{
    s->at += s->size;
    s->at += strspn(s->at, " \t");
    s->size = 1;
    switch (*s->at) {
    case '\0':
        s->size = 0;
        s->token = TOKEN_END;
        return;
    case '(':
        s->token = TOKEN_OPEN;
        return;
    case ')':
        s->token = TOKEN_CLOSE;
        return;
    default:
        break;
    }
    s->token = TOKEN_BAD;
    if (!is_tag_start(*s->at))
        return;
    while (is_tag_char(s->at[s->size]))
        s->size++;
    s->token = keyword(s->at, s->size);
}

static uint32_t column(const struct scan *s)
{
    uint32_t n = 1;

    for (const char *p = s->text; p < s->at; n++) {
        size_t bytes = utf8_length(p);

        p += bytes ? bytes : 1;
    }
    return n;
}

static int fail(const struct scan *s, const char *expected)
{
    size_t bytes = s->size;

    if (s->token == TOKEN_END)
        return ERROR_AT(s->err, ERR_USAGE, s->name, 1, column(s),
                        "expected %s, but the expression ends", expected);
    if (s->token == TOKEN_BAD && utf8_length(s->at))
        bytes = utf8_length(s->at);
    return ERROR_AT(s->err, ERR_USAGE, s->name, 1, column(s),
                    "expected %s, not '%.*s'", expected, (int)bytes, s->at);
}

static int new_expr(struct scan *s, struct tag_expr value,
                    const struct tag_expr **out)
{
    struct tag_expr *e = arena_alloc(s->arena, 1, sizeof *e);

    if (!e)
        return ERROR(s->err, ERR_NOMEM, "no memory for an expression");
    *e = value;
    *out = e;
    return 0;
}

static bool is_declared(const struct scan *s)
{
    if (!s->declared)
        return true;
    for (size_t i = 0; i < s->declared->n; i++) {
        const char *name = s->declared->tag[i].name;

        if (strlen(name) == s->size && memcmp(name, s->at, s->size) == 0)
            return true;
    }
    return false;
}

static int undeclared(const struct scan *s)
{
    char word[64];
    struct nearest nearest = {.word = word};

    snprintf(word, sizeof word, "%.*s", (int)s->size, s->at);
    ERROR_AT(s->err, ERR_USAGE, s->name, 1, column(s),
             "the tag '%s' is not declared", word);
    for (size_t i = 0; i < s->declared->n; i++)
        nearest_try(&nearest, s->declared->tag[i].name);
    if (nearest_found(&nearest))
        error_help(s->err, "did you mean '%s'?", nearest_found(&nearest));
    else
        error_help(s->err, "tags are declared under 'tags:' of the suite");
    return ERR_USAGE;
}

static int parse_tag(struct scan *s, const struct tag_expr **out)
{
    struct tag_expr e = {.kind = EXPR_TAG, .tag = s->at, .size = s->size};

    if (s->token != TOKEN_TAG)
        return fail(s, "a tag, 'not' or '('");
    if (!is_declared(s))
        return undeclared(s);
    advance(s);
    return new_expr(s, e, out);
}

static int parse_group(struct scan *s, const struct tag_expr **out)
{
    const struct tag_expr *e;
    int rc;

    advance(s);
    rc = parse_or(s, &e);
    if (rc < 0)
        return rc;
    if (s->token != TOKEN_CLOSE)
        return fail(s, "'and', 'or' or ')'");
    advance(s);
    *out = e;
    return 0;
}

static int parse_negation(struct scan *s, const struct tag_expr **out);

static int parse_not(struct scan *s, const struct tag_expr **out)
{
    int rc;

    if (s->token != TOKEN_NOT && s->token != TOKEN_OPEN)
        return parse_tag(s, out);
    if (++s->depth > SELECT_MAX_DEPTH)
        return ERROR_AT(s->err, ERR_USAGE, s->name, 1, column(s),
                        "nested deeper than %d levels", SELECT_MAX_DEPTH);
    rc = s->token == TOKEN_OPEN ? parse_group(s, out) : parse_negation(s, out);
    s->depth--;
    return rc;
}

static int parse_negation(struct scan *s, const struct tag_expr **out)
{
    struct tag_expr e = {.kind = EXPR_NOT};
    int rc;

    advance(s);
    rc = parse_not(s, &e.a);
    return rc < 0 ? rc : new_expr(s, e, out);
}

static int parse_and(struct scan *s, const struct tag_expr **out)
{
    struct tag_expr e = {.kind = EXPR_AND};
    int rc = parse_not(s, &e.a);

    while (rc == 0 && s->token == TOKEN_AND) {
        advance(s);
        rc = parse_not(s, &e.b);
        if (rc == 0)
            rc = new_expr(s, e, &e.a);
    }
    if (rc == 0)
        *out = e.a;
    return rc;
}

static int parse_or(struct scan *s, const struct tag_expr **out)
{
    struct tag_expr e = {.kind = EXPR_OR};
    int rc = parse_and(s, &e.a);

    while (rc == 0 && s->token == TOKEN_OR) {
        advance(s);
        rc = parse_and(s, &e.b);
        if (rc == 0)
            rc = new_expr(s, e, &e.a);
    }
    if (rc == 0)
        *out = e.a;
    return rc;
}

int tag_expr_parse(struct arena *arena, const char *name, const char *text,
                   size_t size, const struct tags *declared,
                   const struct tag_expr **out, struct error *err)
{
    struct scan s = {
        .arena = arena, .name = name, .declared = declared, .err = err};
    const struct tag_expr *e;
    int rc;

    if (size > SELECT_MAX_BYTES)
        return ERROR_AT(err, ERR_USAGE, name, 0, 0,
                        "an expression of over %d bytes", SELECT_MAX_BYTES);
    if (size && memchr(text, '\0', size))
        return ERROR_AT(err, ERR_USAGE, name, 0, 0,
                        "an expression may not hold a NUL character");
    s.text = s.at = arena_memdup(arena, text, size);
    if (!s.text)
        return ERROR(err, ERR_NOMEM, "no memory for an expression");
    advance(&s);
    rc = parse_or(&s, &e);
    if (rc == 0 && s.token != TOKEN_END)
        rc = fail(&s, "'and', 'or' or the end");
    if (rc == 0)
        *out = e;
    return rc;
}

/* Recursion is bounded: a chain of `and`s or `or`s leans to the left and is at
 * most SELECT_MAX_BYTES long, groups nest at most SELECT_MAX_DEPTH deep. */
bool tag_expr_holds(const struct tag_expr *expr, const char *tags)
{
    if (!expr)
        return true;
    switch (expr->kind) {
    case EXPR_TAG:
        return names_has(tags, expr->tag, expr->size);
    case EXPR_NOT:
        return !tag_expr_holds(expr->a, tags);
    case EXPR_AND:
        return tag_expr_holds(expr->a, tags) && tag_expr_holds(expr->b, tags);
    case EXPR_OR:
        return tag_expr_holds(expr->a, tags) || tag_expr_holds(expr->b, tags);
    }
    return false;
}

/* The id without "[key=value]", when it has that and fits into `out`. */
static bool without_params(const char *id, char *out, size_t room)
{
    const char *bracket = strchr(id, '[');
    size_t n = bracket ? (size_t)(bracket - id) : 0;

    if (n == 0 || n >= room || id[strlen(id) - 1] != ']')
        return false;
    memcpy(out, id, n);
    out[n] = '\0';
    return true;
}

bool id_matches(const char *glob, const char *id)
{
    char name[SELECT_MAX_BYTES];

    if (strcmp(glob, id) == 0)
        return true;
    if (strlen(glob) >= SELECT_MAX_BYTES || strlen(id) >= SELECT_MAX_BYTES)
        return false;
    if (fnmatch(glob, id, 0) == 0)
        return true;
    return !strchr(glob, '[') && without_params(id, name, sizeof name) &&
           fnmatch(glob, name, 0) == 0;
}

bool selection_has(const struct selection *selection, const char *id,
                   const char *tags)
{
    bool found = selection->n_globs == 0;

    for (size_t i = 0; i < selection->n_globs && !found; i++)
        found = id_matches(selection->glob[i], id);
    return found && tag_expr_holds(selection->expr, tags);
}
