/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes as text and back. */
#include <config.h>

#include "adapt/recipe.h"

#include <string.h>

#include "base/scope.h"
#include "bench/tare.h"

static void add(struct arena *arena, struct recipe_words *words,
                const char *word)
{
    if (!recipe_words_add(arena, words, word))
        abort();
}

/* One with every field. */
static struct recipe whole(struct arena *arena)
{
    struct recipe r = {
        .name = "c7",
        .id = "gzip[level=6]",
        .is_test = true,
        .xfail = "known\nsince spring",
        .shell = true,
        .cwd = "sub dir",
        .in = {.kind = STREAM_TEXT, .text = "a\\n\nb\n"},
        .out = {.kind = STREAM_FILE, .text = "o.txt"},
        .err = {.kind = STREAM_DISCARD},
        .expect = {.exit = 3,
                   .signal = 11,
                   .out = {.kind = EXPECT_MATCHES, .text = "^x"},
                   .err = {.kind = EXPECT_EQUALS, .text = ""}},
        .cold_cache = true,
        .timeout_ns = 1500000000,
        .foreign = {.judge = RECIPE_CTEST,
                    .pick = "a\nb",
                    .skip = "disabled",
                    .broken = "not built",
                    .inverted = true,
                    .skip_exit = 42},
    };

    add(arena, &r.foreign.report, "--out={}");
    add(arena, &r.foreign.pass, "good");
    add(arena, &r.foreign.fail, "bad");
    add(arena, &r.foreign.skips, "");
    add(arena, &r.run, "sh");
    add(arena, &r.run, "-c");
    add(arena, &r.run, "echo a\n\necho \\ b");
    add(arena, &r.before, "true");
    add(arena, &r.after, "");
    add(arena, &r.env, "A=b\nc");
    add(arena, &r.cold, "data.txt");
    return r;
}

static int parse(const char *text, struct arena *arena, struct recipe *out,
                 struct error *err)
{
    return recipe_parse("recipe", text, strlen(text), arena, out, err);
}

TARE_TEST(what_is_written_reads_back)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0}, again = {0};
    struct arena arena = {0};
    struct error err = {0};
    struct recipe r = whole(&arena), back;

    recipe_print(&r, &text);
    TARE_REQUIRE_INT(parse(strbuf_text(&text), &arena, &back, &err), 0);
    TARE_CHECK_STR(back.name, r.name);
    TARE_CHECK_STR(back.xfail, r.xfail);
    TARE_CHECK_INT(back.run.n, 3);
    TARE_CHECK_STR(back.run.word[2], r.run.word[2]);
    TARE_CHECK(back.run.word[3] == NULL);
    TARE_CHECK_STR(back.env.word[0], r.env.word[0]);
    TARE_CHECK_STR(back.after.word[0], "");
    TARE_CHECK_INT(back.in.kind, STREAM_TEXT);
    TARE_CHECK_STR(back.in.text, r.in.text);
    TARE_CHECK_INT(back.expect.signal, 11);
    TARE_CHECK_INT(back.expect.err.kind, EXPECT_EQUALS);
    TARE_CHECK(back.is_test && back.shell && back.cold_cache);
    recipe_print(&back, &again);
    TARE_CHECK_STR(strbuf_text(&again), strbuf_text(&text));
    arena_clear(&arena);
}

TARE_TEST(many_are_split_without_being_read)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct arena arena = {0};
    struct recipe r = whole(&arena), back;
    struct recipe_piece *piece;
    size_t n;

    recipe_print(&r, &text);
    r.name = "c8";
    r.is_test = false;
    recipe_print(&r, &text);
    TARE_REQUIRE_INT(recipe_split("recipes", strbuf_text(&text), text.size,
                                  &arena, &piece, &n, NULL),
                     0);
    TARE_REQUIRE_INT(n, 2);
    TARE_CHECK_STR(piece[0].name, "c7");
    TARE_CHECK(piece[0].is_test && !piece[1].is_test);
    TARE_CHECK_STR(piece[1].name, "c8");
    TARE_REQUIRE_INT(recipe_parse("recipe", piece[1].text, piece[1].size,
                                  &arena, &back, NULL),
                     0);
    TARE_CHECK_STR(back.name, "c8");
    arena_clear(&arena);
}

/* Cut anywhere, it is refused or read; nothing is read beyond the end. */
TARE_TEST(what_is_cut_short_does_no_harm)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct arena arena = {0};
    struct recipe r = whole(&arena), back;

    recipe_print(&r, &text);
    for (size_t size = 0; size < text.size; size++) {
        char *bytes = malloc(size + 1);
        struct error err = {0};

        TARE_REQUIRE(bytes != NULL);
        memcpy(bytes, strbuf_text(&text), size);
        if (recipe_parse("cut", bytes, size, &arena, &back, &err) < 0)
            TARE_CHECK(err.text[0] != '\0');
        free(bytes);
    }
    arena_clear(&arena);
}

TARE_TEST(what_nobody_wrote_is_refused)
{
    static const char *const texts[] = {
        "",
        "nonsense\n",
        "benchmark c1\n",
        "test \nid x\nrun a\ntimeout 1\n",
        "benchmark c1\nid x\nrun a\ntimeout 0\n",
        "benchmark c1\nid x\nrun a\ntimeout 1x\n",
        "benchmark c1\nid x\nrun a\ntimeout 1\nexit 256\n",
        "benchmark c1\nid x\nrun a\ntimeout 1\ncolour red\n",
        "benchmark c1\nid x\nrun a\\q\ntimeout 1\n",
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct arena arena = {0};
        struct recipe back = {.name = "untouched"};
        struct error err = {0};

        TARE_CHECK_INT(parse(texts[i], &arena, &back, &err), ERR_PARSE);
        TARE_CHECK_STR(back.name, "untouched");
        TARE_CHECK_STR(err.file, "recipe");
        arena_clear(&arena);
    }
}
