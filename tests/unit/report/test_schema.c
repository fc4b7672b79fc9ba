/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The golden documents fit the published schemas, and the checker can fail. */
#include <config.h>

#include <stdlib.h>

#include "base/file.h"
#include "base/scope.h"
#include "bench/tare.h"
#include "tests/unit/report/json_tree.h"

static struct json_node *load(struct arena *arena, const char *folder,
                              const char *name)
{
    const char *srcdir = getenv("srcdir");
    SCOPED(free_scoped) char *text = NULL;
    char path[512];
    size_t size;

    snprintf(path, sizeof path, "%s/%s/%s.json", srcdir ? srcdir : ".", folder,
             name);
    if (file_read(path, 1 << 24, &text, &size, NULL) < 0)
        return NULL;
    return json_tree(arena, text);
}

static const struct {
    const char *schema, *document;
} published[] = {
    {"run", "run"},
    {"gate", "gate"},
    {"test", "test"},
    {"verify", "verify"},
    {"history", "history"},
    {"bisect", "bisect"},
    {"dashboard", "dashboard"},
    {"list", "list"},
    {"scale", "scale"},
    {"topology", "topology"},
    {"baseline", "baseline"},
    {"baseline", "baseline-list"},
};

TARE_TEST(golden_documents_fit_their_schemas)
{
    for (size_t i = 0; i < ARRAY_LEN(published); i++) {
        struct arena arena = {0};
        SCOPED(strbuf_scoped) struct strbuf why = {0};
        struct json_node *schema =
            load(&arena, "docs/schema", published[i].schema);
        struct json_node *document =
            load(&arena, "tests/golden", published[i].document);

        TARE_REQUIRE(schema != NULL);
        TARE_REQUIRE(document != NULL);
        json_fits(schema, document, &why);
        TARE_CHECK_STR(strbuf_text(&why), "");
        arena_clear(&arena);
    }
}

static bool check(const char *schema, const char *document)
{
    struct arena arena = {0};
    struct strbuf why = {0};
    struct json_node *s = json_tree(&arena, schema);
    struct json_node *d = json_tree(&arena, document);
    bool good = s && d && json_fits(s, d, &why);

    strbuf_clear(&why);
    arena_clear(&arena);
    return good;
}

#define SCHEMA                                                             \
    "{\"type\": \"object\", \"required\": [\"a\"], \"properties\": {"      \
    "\"a\": {\"type\": \"integer\", \"minimum\": 0},"                      \
    "\"b\": {\"enum\": [\"x\", null]},"                                    \
    "\"c\": {\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/d\"}}}," \
    "\"$defs\": {\"d\": {\"type\": [\"number\", \"null\"]}}}"

TARE_TEST(the_checker_accepts_what_fits)
{
    TARE_CHECK(check(SCHEMA, "{\"a\": 1}"));
    TARE_CHECK(check(SCHEMA, "{\"a\": 0, \"b\": null, \"c\": [1.5, null]}"));
    TARE_CHECK(check(SCHEMA, " {\"c\": [], \"b\": \"x\", \"a\": 12} "));
}

TARE_TEST(the_checker_refuses_what_does_not)
{
    static const char *const wrong[] = {
        "{}",
        "{\"a\": 1.5}",
        "{\"a\": -1}",
        "{\"a\": \"1\"}",
        "{\"a\": 1, \"b\": \"y\"}",
        "{\"a\": 1, \"c\": [\"x\"]}",
        "{\"a\": 1, \"z\": 1}",
        "[]",
        "{\"a\": 1",
        "{\"a\": 1} x",
    };

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        TARE_CHECK(!check(SCHEMA, wrong[i]));
}
