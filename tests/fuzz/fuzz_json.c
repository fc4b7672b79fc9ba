/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON: a tree exactly on success, an error with a place exactly on failure,
 * and a tree that is written again reads as the same tree. */
#include <config.h>

#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "base/scope.h"
#include "base/utf8.h"
#include "tests/fuzz/target.h"

static void check_text(const char *text)
{
    while (*text) {
        size_t n = utf8_length(text);

        MUST(n > 0);
        text += n;
    }
}

static void write_value(struct json *json, const struct json_value *v)
{
    const struct json_value *item = v->first;
    bool array = v->type == JSON_IS_ARRAY;

    switch (v->type) {
    case JSON_IS_NULL:
        json_null(json);
        return;
    case JSON_IS_BOOL:
        json_bool(json, v->number != 0);
        return;
    case JSON_IS_NUMBER:
        json_double(json, v->number);
        return;
    case JSON_IS_STRING:
        check_text(v->text);
        json_string(json, v->text);
        return;
    case JSON_IS_ARRAY:
        json_list(json);
        break;
    case JSON_IS_OBJECT:
        json_object(json);
        break;
    }
    for (; item; item = item->next) {
        MUST((item->key == NULL) == array);
        if (item->key) {
            check_text(item->key);
            json_key(json, item->key);
        }
        write_value(json, item);
    }
    if (array)
        json_array_end(json);
    else
        json_object_end(json);
}

static bool same(const struct json_value *a, const struct json_value *b)
{
    const struct json_value *x = a->first, *y = b->first;

    if (a->type != b->type || a->n != b->n || a->number != b->number)
        return false;
    if (a->type == JSON_IS_STRING && strcmp(a->text, b->text) != 0)
        return false;
    if ((a->key == NULL) != (b->key == NULL) ||
        (a->key && strcmp(a->key, b->key) != 0))
        return false;
    for (; x && y && same(x, y); x = x->next)
        y = y->next;
    return !x && !y;
}

static size_t depth_of(const struct json_value *v)
{
    size_t deepest = 0;

    for (const struct json_value *i = v->first; i; i = i->next) {
        size_t depth = depth_of(i);

        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

static void check_tree(const struct json_value *root)
{
    struct arena arena = {0};
    struct strbuf text = {0};
    struct json json = {.out = &text};
    const struct json_value *again = NULL;

    if (depth_of(root) < JSON_DEPTH) { /* what the writer can nest */
        write_value(&json, root);
        MUST(json_read("again", strbuf_text(&text), text.size, &arena, &again,
                       NULL) == 0);
        MUST(same(root, again));
    }
    strbuf_clear(&text);
    arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    const struct json_value *root = NULL;
    struct error err = {0};
    int rc = json_read("fuzz", (const char *)data, size, &arena, &root, &err);

    MUST((rc == 0) == (root != NULL) && rc == (int)err.code);
    MUST(rc == 0 || (err.line > 0 && err.column > 0));
    if (root)
        check_tree(root);
    arena_clear(&arena);
    return 0;
}
