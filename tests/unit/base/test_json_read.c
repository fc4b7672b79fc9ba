/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "base/scope.h"

static const struct json_value *read_text(struct arena *arena, const char *text)
{
    const struct json_value *root = NULL;
    struct error err = {0};

    if (json_read("t", text, strlen(text), arena, &root, &err) < 0)
        printf("# %u:%u: %s\n", err.line, err.column, err.text);
    return root;
}

TARE_TEST(values_of_every_type)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    const struct json_value *v = read_text(
        &arena, "\xef\xbb\xbf {\"a\": [1, -2.5e3, true, false, null], \"b\":"
                " {\"c\": \"x\"}, \"e\": {}, \"f\": []}\n");
    const struct json_value *a = json_get(v, "a");

    TARE_REQUIRE(v != NULL);
    TARE_CHECK_INT(v->type, JSON_IS_OBJECT);
    TARE_CHECK_INT(v->n, 4);
    TARE_REQUIRE(a != NULL);
    TARE_CHECK_INT(a->n, 5);
    TARE_CHECK_REL(a->first->number, 1, 0);
    TARE_CHECK_REL(a->first->next->number, -2500, 0);
    TARE_CHECK_STR(a->first->next->text, "-2.5e3");
    TARE_CHECK_INT(a->first->next->next->type, JSON_IS_BOOL);
    TARE_CHECK_INT(a->first->next->next->next->next->type, JSON_IS_NULL);
    TARE_CHECK_STR(json_get_text(json_get(v, "b"), "c", ""), "x");
    TARE_CHECK_INT(json_get(v, "e")->n, 0);
    TARE_CHECK_INT(json_get(v, "f")->n, 0);
}

TARE_TEST(escapes_become_characters)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    const struct json_value *v = read_text(
        &arena, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\ud83d"
                "\\ude00\"");

    TARE_REQUIRE(v != NULL);
    TARE_CHECK_STR(v->text, "\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98"
                            "\x80");
}

TARE_TEST(members_are_found_or_not)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    const struct json_value *v =
        read_text(&arena, "{\"k\": 1, \"k\": 2, \"t\": true, \"s\": \"x\"}");

    TARE_CHECK_REL(json_get_number(v, "k", 0), 2, 0);
    TARE_CHECK_REL(json_get_number(v, "s", 7), 7, 0);
    TARE_CHECK_REL(json_get_number(NULL, "s", 7), 7, 0);
    TARE_CHECK(json_get_bool(v, "t", false));
    TARE_CHECK(json_get_bool(v, "nothing", true));
    TARE_CHECK_STR(json_get_text(v, "k", "no text"), "no text");
}

struct bad {
    const char *text, *message;
    unsigned line, column;
};

/* clang-format off: a line a document */
static const struct bad bad[] = {
    {"", "an empty document", 1, 1},
    {" \n ", "an empty document", 2, 2},
    {"[1,\n 2", "expected ',' or ']'", 2, 3},
    {"[1,]", "expected a value", 1, 4},
    {"{\"a\" 1}", "expected ':' behind the key", 1, 6},
    {"{a: 1}", "expected a key in quotes", 1, 2},
    {"{\"a\": 1,}", "expected a key in quotes", 1, 9},
    {"01", "not a number as JSON writes them", 1, 1},
    {"-", "not a number as JSON writes them", 1, 1},
    {"1.", "not a number as JSON writes them", 1, 1},
    {"1e", "not a number as JSON writes them", 1, 1},
    {"NaN", "expected a value", 1, 1},
    {"1 2", "something behind the end of the document", 1, 3},
    {"\"\xc3\xa9\n\"", "a control character in a text", 1, 3},
    {"\"a", "the text does not end", 1, 3},
    {"\"\xff\"", "a byte that is not UTF-8", 1, 2},
    {"\"\\x\"", "no such escape in a text", 1, 2},
    {"\"\\u12g4\"", "four hexadecimal digits belong behind \\u", 1, 2},
    {"\"\\u0000\"", "a text cannot hold \\u0000", 1, 2},
    {"\"\\ud800x\"", "half of a surrogate pair", 1, 2},
    {"\"\\udc00\"", "half of a surrogate pair", 1, 2},
    {"1e999", "a number beyond the range of a double", 1, 1},
    {"[", "the document ends in the middle", 1, 2},
};
/* clang-format on */

TARE_TEST(what_is_no_json_is_refused_with_its_place)
{
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        SCOPED(arena_scoped) struct arena arena = {0};
        const struct json_value *root = NULL;
        struct error err = {0};

        TARE_CHECK(json_read("t", bad[i].text, strlen(bad[i].text), &arena,
                             &root, &err) < 0);
        TARE_CHECK_STR(err.text, bad[i].message);
        TARE_CHECK_INT(err.line, bad[i].line);
        TARE_CHECK_INT(err.column, bad[i].column);
        TARE_CHECK(root == NULL);
    }
}

TARE_TEST(nesting_is_bounded)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    char text[2 * JSON_READ_DEPTH + 3] = {0};
    const struct json_value *root = NULL;
    struct error err = {0};

    memset(text, '[', JSON_READ_DEPTH);
    memset(text + JSON_READ_DEPTH, ']', JSON_READ_DEPTH);
    TARE_CHECK(read_text(&arena, text) != NULL);
    memset(text, '[', JSON_READ_DEPTH + 1);
    memset(text + JSON_READ_DEPTH + 1, ']', JSON_READ_DEPTH + 1);
    TARE_CHECK_INT(json_read("t", text, strlen(text), &arena, &root, &err),
                   ERR_RANGE);
}

TARE_TEST(what_the_writer_writes_is_read)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct json json = {.out = &text};
    const struct json_value *v;

    json_object(&json);
    json_set_string(&json, "hostile", "\"</script>\n\x1b\\\xe2\x80\xae");
    json_set_double(&json, "third", 1.0 / 3);
    json_set_double(&json, "unknown", 0.0 / 0.0);
    json_object_end(&json);
    v = read_text(&arena, strbuf_text(&text));
    TARE_CHECK_STR(json_get_text(v, "hostile", ""),
                   "\"</script>\n\x1b\\\xe2\x80\xae");
    TARE_CHECK_REL(json_get_number(v, "third", 0), 1.0 / 3, 0);
    TARE_CHECK_INT(json_get(v, "unknown")->type, JSON_IS_NULL);
}
