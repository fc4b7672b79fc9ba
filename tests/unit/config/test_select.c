/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <stdbool.h>
#include <string.h>

#include "base/scope.h"
#include "config/select.h"
#include "tests/unit/config/yaml_cases.h"

static bool holds(const char *expr, const char *tags)
{
    struct arena arena = {0};
    const struct tag_expr *e = NULL;
    bool result = false;

    if (tag_expr_parse(&arena, "-m", expr, strlen(expr), NULL, &e, NULL) == 0)
        result = tag_expr_holds(e, tags);
    arena_clear(&arena);
    return result;
}

/* Three tags, every combination: the expression against C's own operators. */
TARE_TEST(expressions_agree_with_logic)
{
    for (int i = 0; i < 8; i++) {
        bool a = i & 1, b = i & 2, c = i & 4;
        char tags[8];

        snprintf(tags, sizeof tags, "%s%s%s", a ? "a," : "", b ? "b," : "",
                 c ? "c" : "");
        TARE_CHECK_INT(holds("a", tags), a);
        TARE_CHECK_INT(holds("not a", tags), !a);
        TARE_CHECK_INT(holds("a and not b", tags), a && !b);
        TARE_CHECK_INT(holds("a or b and c", tags), a || (b && c));
        TARE_CHECK_INT(holds("(a or b) and c", tags), (a || b) && c);
        TARE_CHECK_INT(holds("not a and b", tags), !a && b);
        TARE_CHECK_INT(holds("not (a and b)", tags), !(a && b));
        TARE_CHECK_INT(holds("not not a or c", tags), a || c);
        TARE_CHECK_INT(holds("a and b and c or not(c)", tags),
                       (a && b && c) || !c);
    }
}

TARE_TEST(tags_are_whole_words)
{
    TARE_CHECK(holds("unit", "slow,unit") && holds("unit", "unit,slow"));
    TARE_CHECK(!holds("unit", "units") && !holds("unit", "a-unit"));
    TARE_CHECK(!holds("unit", "") && holds("not unit", ""));
    TARE_CHECK(holds("x86-64 and v1.2:a", "v1.2:a,x86-64"));
    TARE_CHECK(tag_expr_holds(NULL, ""));
}

static const struct refusal refusals[] = {
    {"", 1, 1, "expected a tag, 'not' or '(', but the expression ends", NULL},
    {"unit and", 1, 9, "expected a tag, 'not' or '(', but the expression ends",
     NULL},
    {"unit slow", 1, 6, "expected 'and', 'or' or the end, not 'slow'", NULL},
    {"(unit", 1, 6, "expected 'and', 'or' or ')', but the expression ends",
     NULL},
    {"unit)", 1, 5, "expected 'and', 'or' or the end, not ')'", NULL},
    {"and", 1, 1, "expected a tag, 'not' or '(', not 'and'", NULL},
    {"unit & slow", 1, 6, "expected 'and', 'or' or the end, not '&'", NULL},
    {"unit and \xc3\xa9", 1, 10, "expected a tag, 'not' or '(', not '\xc3\xa9'",
     NULL},
    {"unit or slwo", 1, 9, "the tag 'slwo' is not declared",
     "did you mean 'slow'?"},
    {"zzzzzzz", 1, 1, "the tag 'zzzzzzz' is not declared",
     "tags are declared under 'tags:' of the suite"},
};

TARE_TEST(bad_expressions_say_where)
{
    static struct tag tag[] = {{.name = "unit", .text = ""},
                               {.name = "slow", .text = ""}};
    static const struct tags declared = {tag, 2};

    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        const struct refusal *x = &refusals[i];
        const struct tag_expr *e = NULL;
        struct arena arena = {0};
        struct error err = {0};

        TARE_CHECK_INT(tag_expr_parse(&arena, "-m", x->text, strlen(x->text),
                                      &declared, &e, &err),
                       ERR_USAGE);
        TARE_CHECK(!e);
        TARE_CHECK_STR(err.text, x->message);
        TARE_CHECK_STR(err.file, "-m");
        TARE_CHECK_INT(err.column, x->column);
        if (x->help)
            TARE_CHECK_STR(err.help, x->help);
        arena_clear(&arena);
    }
}

TARE_TEST(depth_and_length_are_bounded)
{
    char text[SELECT_MAX_BYTES + 2];
    const struct tag_expr *e = NULL;
    struct arena arena = {0};
    struct error err = {0};

    memset(text, '(', sizeof text);
    TARE_CHECK_INT(
        tag_expr_parse(&arena, "-m", text, SELECT_MAX_BYTES, NULL, &e, &err),
        ERR_USAGE);
    TARE_CHECK_STR(err.text, "nested deeper than 64 levels");
    TARE_CHECK_INT(
        tag_expr_parse(&arena, "-m", text, sizeof text, NULL, &e, &err),
        ERR_USAGE);
    TARE_CHECK_STR(err.text, "an expression of over 4096 bytes");
    TARE_CHECK_INT(tag_expr_parse(&arena, "-m", "a\0b", 3, NULL, &e, &err),
                   ERR_USAGE);
    arena_clear(&arena);
}

TARE_TEST(globs_of_ids)
{
    TARE_CHECK(id_matches("sort/*", "sort/qsort"));
    TARE_CHECK(id_matches("*", "a/b/c"));
    TARE_CHECK(!id_matches("sort", "sort/qsort"));
    TARE_CHECK(id_matches("sort/qsort[n=1000]", "sort/qsort[n=1000]"));
    TARE_CHECK(id_matches("sort/qsort", "sort/qsort[n=1000]"));
    TARE_CHECK(id_matches("*/q?ort", "sort/qsort[n=1000]"));
    TARE_CHECK(!id_matches("sort/qsort", "sort/qsort2[n=1]"));
    TARE_CHECK(id_matches("*n=1000]", "sort/qsort[n=1000]"));
    TARE_CHECK(id_matches("sort/[pq]sort*", "sort/qsort[n=1]"));
    TARE_CHECK(!id_matches("sort/[pq]sort", "sort/qsort[n=1]"));
}

TARE_TEST(selections_combine_globs_and_tags)
{
    static const char *const glob[] = {"a/*", "b/x"};
    struct arena arena = {0};
    struct selection s = {0};

    TARE_CHECK(selection_has(&s, "any", ""));
    s.glob = glob;
    s.n_globs = 2;
    TARE_CHECK(selection_has(&s, "b/x", "") && !selection_has(&s, "b/y", ""));
    TARE_REQUIRE_INT(
        tag_expr_parse(&arena, "-m", "unit", 4, NULL, &s.expr, NULL), 0);
    TARE_CHECK(selection_has(&s, "a/1", "unit"));
    TARE_CHECK(!selection_has(&s, "a/1", "slow"));
    TARE_CHECK(!selection_has(&s, "c/1", "unit"));
    arena_clear(&arena);
}

TARE_TEST(names_of_tags)
{
    TARE_CHECK(is_tag_name("unit") && is_tag_name("_x.y:z-1"));
    TARE_CHECK(!is_tag_name("") && !is_tag_name("1a") && !is_tag_name("a b"));
    TARE_CHECK(!is_tag_name("not") && is_tag_name("nothing"));
}
