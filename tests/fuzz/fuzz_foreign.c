/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other harnesses write.  The first line says what the rest is: "list KIND"
 * or "report KIND NAME". */
#include <config.h>

#include <string.h>

#include "adapt/foreign.h"
#include "adapt/foreign_judge.h"
#include "base/scope.h"
#include "tests/fuzz/target.h"

static const struct {
    const char *name;
    enum program_kind kind;
    enum recipe_judge judge;
} kinds[] = {
    {"googletest", PROGRAM_GOOGLETEST, RECIPE_GOOGLETEST},
    {"ctest", PROGRAM_CTEST, RECIPE_CTEST},
    {"pytest", PROGRAM_PYTEST, RECIPE_PYTEST},
    {"google-benchmark", PROGRAM_GOOGLE_BENCHMARK, RECIPE_GOOGLE_BENCHMARK},
    {"tap", PROGRAM_TAP, RECIPE_TAP},
};

/* Each case can be handed to a worker. */
static void check_case(const struct foreign_case *c, struct arena *arena)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct recipe recipe = c->recipe, back;

    recipe.name = "c0";
    recipe.id = c->name;
    MUST(c->name && c->file && c->tags && c->uses && c->slots >= 1);
    recipe_print(&recipe, &text);
    MUST(recipe_parse("case", strbuf_text(&text), text.size, arena, &back,
                      NULL) == 0);
    MUST(back.run.n == recipe.run.n);
}

static void read_list(enum program_kind kind, const char *text, size_t size,
                      struct arena *arena)
{
    static char *none[] = {NULL};
    struct foreign_program program = {.kind = kind,
                                      .label = "x",
                                      .path = "x",
                                      .cwd = "",
                                      .timeout_ns = 1,
                                      .folder = "/f",
                                      .env = none,
                                      .search = ""};
    struct foreign_answer answer = {
        .name = "list", .text = text, .size = size, .status = ""};
    struct foreign_list list;
    struct error err = {0};

    if (kind == PROGRAM_TAP) /* it has no list */
        return;
    if (foreign_read(&program, &answer, arena, &list, &err) < 0) {
        MUST(err.text[0]);
        return;
    }
    for (size_t i = 0; i < list.n; i++)
        check_case(&list.item[i], arena);
}

static void read_report(enum recipe_judge judge, const char *pick,
                        const char *text, size_t size, struct arena *arena)
{
    struct recipe recipe = {
        .foreign = {RECIPE_NOT_FOREIGN, .judge = judge, .skip_exit = 3}};
    struct execution execution = {.failed = ""};
    struct foreign_verdict verdict;
    struct foreign_evidence evidence = {.execution = &execution,
                                        .name = "report",
                                        .report = text,
                                        .size = size};
    struct error err = {0};

    recipe.foreign.pick = pick;
    evidence.output = arena_memdup(arena, text, size);
    MUST(evidence.output);
    if (foreign_judge(&recipe, &evidence, arena, &verdict, &err) < 0) {
        MUST(err.text[0]);
        return;
    }
    MUST(memchr(verdict.text, '\0', sizeof verdict.text));
    MUST(!strchr(verdict.text, '\n'));
    MUST(verdict.end == FOREIGN_PASSED || judge == RECIPE_PYTEST ||
         verdict.text[0]);
    MUST(verdict.n_figures <= FOREIGN_FIGURES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    const char *feed = size ? memchr(data, '\n', size) : NULL;
    size_t n = feed ? (size_t)(feed - (const char *)data) : size;
    const char *text = feed ? feed + 1 : (const char *)data + size;
    char *head = arena_memdup(&arena, (const char *)data, n);
    char *save, *what, *kind;
    const char *pick;

    MUST(head);
    what = strtok_r(head, " ", &save);
    kind = what ? strtok_r(NULL, " ", &save) : NULL;
    pick = kind ? strtok_r(NULL, "", &save) : NULL;
    size -= (size_t)(text - (const char *)data);
    for (size_t i = 0; kind && i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kind, kinds[i].name) != 0)
            continue;
        if (strcmp(what, "list") == 0)
            read_list(kinds[i].kind, text, size, &arena);
        else
            read_report(kinds[i].judge, pick ? pick : "", text, size, &arena);
    }
    return 0;
}
