/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases of commands, and how an output is judged. */
#include <config.h>

#include "adapt/commands.h"

#include <string.h>

#include "adapt/judge.h"
#include "base/scope.h"
#include "bench/tare.h"

DEFINE_SCOPED(struct suite *, suite_free)

static const struct commands_plan plan = {
    .folder = "project",
    .prefix = "c",
    .benchmark_timeout_ns = 60,
    .test_timeout_ns = 30,
};

static struct suite *suite_of(const char *text)
{
    struct suite *suite = NULL;
    struct error err = {0};

    if (suite_parse("project/tare.yaml", text, strlen(text), &suite, &err) < 0)
        abort();
    return suite;
}

TARE_TEST(every_combination_is_a_case)
{
    SCOPED(suite_free_scoped)
    struct suite *suite =
        suite_of("tare: 1\n"
                 "tags: {a: x, b: y}\n"
                 "commands:\n"
                 "- {name: c, run: [tool, '-{n}', '{mode}{n}', '{other}'],\n"
                 "   params: {n: [1, 2], mode: [x, y, z]}, tags: [a, b],\n"
                 "   stdin: 'in{n}', cwd: sub, env: {V: 'is {mode}'}}\n"
                 "- {name: t, kind: test, run: 'a | b', timeout: 2s}\n");
    struct arena arena = {0};
    struct command_case *all;
    size_t n;

    TARE_REQUIRE_INT(commands_expand(suite->command, suite->n_commands, &plan,
                                     &arena, &all, &n, NULL),
                     0);
    TARE_REQUIRE_INT(n, 7);
    TARE_CHECK_STR(all[0].id, "c[n=1,mode=x]");
    TARE_CHECK_STR(all[1].id, "c[n=1,mode=y]");
    TARE_CHECK_STR(all[5].id, "c[n=2,mode=z]");
    TARE_CHECK_STR(all[5].recipe.run.word[1], "-2");
    TARE_CHECK_STR(all[5].recipe.run.word[2], "z2");
    TARE_CHECK_STR(all[5].recipe.run.word[3], "{other}");
    TARE_CHECK_STR(all[5].recipe.env.word[0], "V=is z");
    TARE_CHECK_STR(all[5].recipe.in.text, "project/in2");
    TARE_CHECK_STR(all[5].recipe.cwd, "project/sub");
    TARE_CHECK_STR(all[0].tags, "a,b");
    TARE_CHECK_INT(all[0].recipe.timeout_ns, 60);
    TARE_CHECK_STR(all[6].id, "t");
    TARE_CHECK(all[6].recipe.is_test && all[6].recipe.shell);
    TARE_CHECK_STR(all[6].recipe.run.word[2], "a | b");
    TARE_CHECK_INT(all[6].recipe.timeout_ns, 2000000000);
    arena_clear(&arena);
}

TARE_TEST(a_baseline_has_the_same_parameters)
{
    SCOPED(suite_free_scoped)
    struct suite *suite = suite_of(
        "tare: 1\n"
        "commands:\n"
        "- {name: a, run: ['a{n}'], params: {n: [1, 2]}}\n"
        "- {name: b, run: ['b{n}'], params: {n: [1, 2]}, baseline: a}\n");
    struct arena arena = {0};
    struct command_case *all;
    size_t n;

    TARE_REQUIRE_INT(commands_expand(suite->command, suite->n_commands, &plan,
                                     &arena, &all, &n, NULL),
                     0);
    TARE_REQUIRE_INT(n, 4);
    TARE_CHECK_STR(all[0].baseline_id, "");
    TARE_CHECK_STR(all[3].baseline_id, "a[n=2]");
    arena_clear(&arena);
}

TARE_TEST(labels_can_be_typed)
{
    const char *word[] = {"tool", "a b", "it's", "", "x=1", NULL};
    const struct recipe_words words = {.word = word, .n = 5};
    struct arena arena = {0};

    TARE_CHECK_STR(command_label(&words, false, &arena),
                   "tool 'a b' 'it'\\''s' '' x=1");
    arena_clear(&arena);
}

static const char *judged(enum expect_kind kind, const char *wanted,
                          const char *got)
{
    static char why[JUDGE_TEXT];
    const struct expect_output expected = {.kind = kind, .text = wanted};

    why[0] = '\0';
    return judge_text(&expected, got, "standard output", why) ? "" : why;
}

TARE_TEST(outputs_are_judged)
{
    TARE_CHECK_STR(judged(EXPECT_NOTHING, NULL, "anything"), "");
    TARE_CHECK_STR(judged(EXPECT_EQUALS, "a\nb", "a\nb\n\n"), "");
    TARE_CHECK_STR(judged(EXPECT_EQUALS, "a\nb", "a\nc\n"),
                   "standard output, line 2, is 'c', expected 'b'");
    TARE_CHECK_STR(judged(EXPECT_EQUALS, "", "\n"), "");
    TARE_CHECK_STR(judged(EXPECT_CONTAINS, "b", "abc"), "");
    TARE_CHECK_STR(judged(EXPECT_CONTAINS, "x", "abc"),
                   "standard output does not contain 'x'");
    TARE_CHECK_STR(judged(EXPECT_MATCHES, "^b+$", "a\nbb\n"), "");
    TARE_CHECK_STR(judged(EXPECT_MATCHES, "^b+$", "abb"),
                   "standard output does not match '^b+$'");
}
