/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes of commands, one and many. */
#include <config.h>

#include <string.h>

#include "adapt/recipe.h"
#include "base/scope.h"
#include "tests/fuzz/target.h"

/* What was read is written so that it reads as the same. */
static void check_written(const struct recipe *recipe, struct arena *arena)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0}, again = {0};
    struct recipe back;

    recipe_print(recipe, &text);
    MUST(recipe_parse("again", strbuf_text(&text), text.size, arena, &back,
                      NULL) == 0);
    recipe_print(&back, &again);
    MUST(strcmp(strbuf_text(&text), strbuf_text(&again)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct recipe recipe;
    struct recipe_piece *piece;
    struct error err = {0};
    size_t n;

    if (recipe_parse("fuzz", (const char *)data, size, &arena, &recipe, &err) ==
        0)
        check_written(&recipe, &arena);
    else
        MUST(err.text[0]);
    if (recipe_split("fuzz", (const char *)data, size, &arena, &piece, &n,
                     NULL) == 0)
        for (size_t i = 0; i < n; i++)
            MUST(piece[i].name && piece[i].size <= size);
    arena_clear(&arena);
    return 0;
}
