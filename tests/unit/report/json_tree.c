/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JSON reader and a schema checker for tests. */
#include <config.h>

#include "tests/unit/report/json_tree.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct arena *arena;
    const char *at;
    bool failed;
};

static struct json_node *read_value(struct reader *in);

static char skip_blanks(struct reader *in)
{
    while (*in->at && strchr(" \n\t\r", *in->at))
        in->at++;
    return *in->at;
}

static struct json_node *fail(struct reader *in)
{
    in->failed = true;
    return NULL;
}

static bool take(struct reader *in, char c)
{
    if (skip_blanks(in) != c)
        return false;
    in->at++;
    return true;
}

static const char *read_string(struct reader *in)
{
    const char *start;

    if (!take(in, '"')) {
        in->failed = true;
        return "";
    }
    for (start = in->at; *in->at && *in->at != '"'; in->at++)
        if (*in->at == '\\' && in->at[1])
            in->at++;
    if (*in->at != '"') {
        in->failed = true;
        return "";
    }
    return arena_memdup(in->arena, start, (size_t)(in->at++ - start));
}

static struct json_node *node(struct reader *in, enum json_kind kind)
{
    struct json_node *n = arena_alloc(in->arena, 1, sizeof *n);

    if (!n)
        abort();
    n->kind = kind;
    return n;
}

static struct json_node *read_members(struct reader *in, enum json_kind kind)
{
    struct json_node *parent = node(in, kind), **last = &parent->child;
    char end = kind == JSON_OBJECT ? '}' : ']';

    in->at++;
    if (take(in, end))
        return parent;
    do {
        const char *key = NULL;

        if (kind == JSON_OBJECT) {
            key = read_string(in);
            if (!take(in, ':'))
                return fail(in);
        }
        *last = read_value(in);
        if (in->failed)
            return NULL;
        (*last)->key = key;
        last = &(*last)->next;
    } while (take(in, ','));
    return take(in, end) ? parent : fail(in);
}

static struct json_node *read_word(struct reader *in)
{
    static const struct {
        const char *word;
        enum json_kind kind;
    } words[] = {
        {"null", JSON_NULL}, {"false", JSON_FALSE}, {"true", JSON_TRUE}};
    struct json_node *number;
    char *end;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i].word);

        if (strncmp(in->at, words[i].word, size) == 0) {
            in->at += size;
            return node(in, words[i].kind);
        }
    }
    if (*in->at != '-' && !isdigit((unsigned char)*in->at))
        return fail(in);
    strtod(in->at, &end);
    number = node(in, JSON_NUMBER);
    number->text = arena_memdup(in->arena, in->at, (size_t)(end - in->at));
    in->at = end;
    return number;
}

static struct json_node *read_value(struct reader *in)
{
    struct json_node *n;

    switch (skip_blanks(in)) {
    case '{':
        return read_members(in, JSON_OBJECT);
    case '[':
        return read_members(in, JSON_LIST);
    case '"':
        n = node(in, JSON_STRING);
        n->text = read_string(in);
        return n;
    default:
        return read_word(in);
    }
}

struct json_node *json_tree(struct arena *arena, const char *text)
{
    struct reader in = {arena, text, false};
    struct json_node *root = read_value(&in);

    return in.failed || skip_blanks(&in) ? NULL : root;
}

const struct json_node *json_member(const struct json_node *object,
                                    const char *key)
{
    const struct json_node *n = object ? object->child : NULL;

    while (n && (!n->key || strcmp(n->key, key) != 0))
        n = n->next;
    return n;
}

/* A check in progress: the whole schema, for $ref, and where we are. */
struct check {
    const struct json_node *root;
    struct strbuf *why;
};

static bool fits(const struct check *check, const struct json_node *schema,
                 const struct json_node *node, const char *place);

static bool fault(const struct check *check, const char *place,
                  const char *what)
{
    strbuf_printf(check->why, "%s: %s\n", place, what);
    return false;
}

static bool is_whole(const struct json_node *n)
{
    return n->kind == JSON_NUMBER && !strpbrk(n->text, ".eE");
}

static bool has_type(const struct json_node *n, const char *type)
{
    static const char *const names[] = {
        [JSON_NULL] = "null",     [JSON_FALSE] = "boolean",
        [JSON_TRUE] = "boolean",  [JSON_NUMBER] = "number",
        [JSON_STRING] = "string", [JSON_LIST] = "array",
        [JSON_OBJECT] = "object",
    };

    if (strcmp(type, "integer") == 0)
        return is_whole(n);
    return strcmp(names[n->kind], type) == 0;
}

static bool type_fits(const struct json_node *type, const struct json_node *n)
{
    if (!type)
        return true;
    if (type->kind == JSON_STRING)
        return has_type(n, type->text);
    for (const struct json_node *t = type->child; t; t = t->next)
        if (has_type(n, t->text))
            return true;
    return false;
}

static bool equal(const struct json_node *a, const struct json_node *b)
{
    return a->kind == b->kind && (!a->text || strcmp(a->text, b->text) == 0);
}

static bool word_fits(const struct json_node *schema, const struct json_node *n)
{
    const struct json_node *constant = json_member(schema, "const");
    const struct json_node *words = json_member(schema, "enum");

    if (constant && !equal(constant, n))
        return false;
    for (const struct json_node *w = words ? words->child : NULL; w;
         w = w->next)
        if (equal(w, n))
            return true;
    return !words;
}

static bool required_are_there(const struct check *check,
                               const struct json_node *schema,
                               const struct json_node *n, const char *place)
{
    const struct json_node *required = json_member(schema, "required");
    bool good = true;

    for (const struct json_node *r = required ? required->child : NULL; r;
         r = r->next)
        if (!json_member(n, r->text)) {
            fault(check, place, r->text);
            good = fault(check, place, "is missing that member");
        }
    return good;
}

static bool object_fits(const struct check *check,
                        const struct json_node *schema,
                        const struct json_node *n, const char *place)
{
    const struct json_node *properties = json_member(schema, "properties");
    const struct json_node *others =
        json_member(schema, "additionalProperties");
    bool good = required_are_there(check, schema, n, place);

    for (const struct json_node *m = n->child; m; m = m->next) {
        const struct json_node *s = json_member(properties, m->key);

        s = s ? s : others;
        if (s)
            good &= fits(check, s, m, m->key);
        else
            good = fault(check, m->key, "is in no schema");
    }
    return good;
}

/* "#/$defs/NAME" */
static const struct json_node *resolve(const struct check *check,
                                       const struct json_node *schema)
{
    const struct json_node *ref = json_member(schema, "$ref");

    if (!ref)
        return schema;
    return json_member(json_member(check->root, "$defs"),
                       strrchr(ref->text, '/') + 1);
}

static bool fits(const struct check *check, const struct json_node *schema,
                 const struct json_node *n, const char *place)
{
    const struct json_node *items, *minimum;
    bool good = true;

    schema = resolve(check, schema);
    if (!schema)
        return fault(check, place, "refers to nothing");
    if (!type_fits(json_member(schema, "type"), n))
        return fault(check, place, "has another type");
    if (!word_fits(schema, n))
        return fault(check, place, "is none of the words");
    minimum = json_member(schema, "minimum");
    if (minimum && n->kind == JSON_NUMBER && n->text[0] == '-')
        return fault(check, place, "is below its minimum");
    items = json_member(schema, "items");
    for (const struct json_node *i = n->child;
         n->kind == JSON_LIST && items && i; i = i->next)
        good &= fits(check, items, i, place);
    if (n->kind == JSON_OBJECT)
        good &= object_fits(check, schema, n, place);
    return good;
}

bool json_fits(const struct json_node *schema, const struct json_node *document,
               struct strbuf *why)
{
    const struct check check = {schema, why};

    return fits(&check, schema, document, "document");
}
