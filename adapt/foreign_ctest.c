/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CTest: the commands that `ctest --show-only=json-v1` tells, with the
 * properties of their tests (cmake-properties(7), "Properties on Tests"). */
#include <config.h>

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "adapt/foreign_ctest.h"
#include "adapt/foreign_kinds.h"
#include "base/scope.h"

static const double longest_s = 7 * 24 * 3600;

int ctest_ask(const struct foreign_program *program, struct arena *arena,
              struct foreign_question *out, struct error *err)
{
    out->cwd = foreign_from_here(program, arena, program->path);
    if (!out->cwd || !foreign_add_words(arena, &out->run, "ctest", NULL) ||
        !foreign_join_words(arena, &out->run, &program->args) ||
        !foreign_add_words(arena, &out->run, "--show-only=json-v1", NULL))
        return foreign_no_memory(err);
    return 0;
}

/* ---- values of properties */

static bool is_on(const struct json_value *value)
{
    return value->type == JSON_IS_BOOL && value->number != 0;
}

static double number_of(const struct json_value *value)
{
    return value->type == JSON_IS_NUMBER ? value->number : 0;
}

static int add_texts(struct taking *t, const struct json_value *value,
                     struct recipe_words *out)
{
    const struct json_value *v =
        value->type == JSON_IS_ARRAY ? value->first : value;

    for (; v; v = v == value ? NULL : v->next)
        if (v->type == JSON_IS_STRING &&
            !recipe_words_add(t->arena, out, v->text))
            return foreign_no_memory(t->err);
    return 0;
}

static int take_folder(struct taking *t, const struct json_value *value)
{
    if (value->type == JSON_IS_STRING)
        t->one->recipe.cwd = value->text;
    return 0;
}

static int take_timeout(struct taking *t, const struct json_value *value)
{
    double s = number_of(value);

    if (s > 0)
        t->one->recipe.timeout_ns =
            (int64_t)(fmax(fmin(s, longest_s), 0.001) * 1e9);
    return 0;
}

static int take_will_fail(struct taking *t, const struct json_value *value)
{
    t->one->recipe.foreign.inverted = is_on(value);
    return 0;
}

static int take_disabled(struct taking *t, const struct json_value *value)
{
    if (is_on(value))
        t->one->recipe.foreign.skip = "disabled";
    return 0;
}

static int take_serial(struct taking *t, const struct json_value *value)
{
    t->one->exclusive = is_on(value);
    return 0;
}

static int take_processors(struct taking *t, const struct json_value *value)
{
    double n = number_of(value);

    if (n > 1)
        t->one->slots = (int64_t)fmin(n, SUITE_MAX_WORKERS);
    return 0;
}

static int take_skip_code(struct taking *t, const struct json_value *value)
{
    double code = number_of(value);

    if (code >= 1 && code <= 255)
        t->one->recipe.foreign.skip_exit = (int64_t)code;
    return 0;
}

static int take_labels(struct taking *t, const struct json_value *value)
{
    struct recipe_words all = {.n = 0};
    int rc = add_texts(t, value, &all);

    for (size_t i = 0; i < all.n && rc == 0; i++) {
        t->one->tags = foreign_add_tag(t->arena, t->one->tags, all.word[i]);
        if (!t->one->tags)
            rc = foreign_no_memory(t->err);
    }
    return rc;
}

static int take_locks(struct taking *t, const struct json_value *value)
{
    struct recipe_words all = {.n = 0};
    int rc = add_texts(t, value, &all);

    for (size_t i = 0; i < all.n && rc == 0; i++)
        rc = ctest_use(t, "", all.word[i]);
    return rc;
}

static int take_env(struct taking *t, const struct json_value *value)
{
    return add_texts(t, value, &t->env);
}

static int take_modification(struct taking *t, const struct json_value *value)
{
    return add_texts(t, value, &t->modify);
}

static int take_pass(struct taking *t, const struct json_value *value)
{
    return add_texts(t, value, &t->one->recipe.foreign.pass);
}

static int take_fail(struct taking *t, const struct json_value *value)
{
    return add_texts(t, value, &t->one->recipe.foreign.fail);
}

static int take_skip(struct taking *t, const struct json_value *value)
{
    return add_texts(t, value, &t->one->recipe.foreign.skips);
}

static int take_setup(struct taking *t, const struct json_value *value)
{
    return add_texts(t, value, &t->test->sets_up);
}

static int take_cleanup(struct taking *t, const struct json_value *value)
{
    return add_texts(t, value, &t->test->cleans_up);
}

static int take_required(struct taking *t, const struct json_value *value)
{
    return add_texts(t, value, &t->test->requires);
}

static int take_depends(struct taking *t, const struct json_value *value)
{
    return add_texts(t, value, &t->test->depends);
}

/* What is not here says nothing about how a test is run, or about its order
 * by cost, which the history knows better. */
static const struct {
    const char *name;
    int (*take)(struct taking *t, const struct json_value *value);
} properties[] = {
    {"DEPENDS", take_depends},
    {"DISABLED", take_disabled},
    {"ENVIRONMENT", take_env},
    {"ENVIRONMENT_MODIFICATION", take_modification},
    {"FAIL_REGULAR_EXPRESSION", take_fail},
    {"FIXTURES_CLEANUP", take_cleanup},
    {"FIXTURES_REQUIRED", take_required},
    {"FIXTURES_SETUP", take_setup},
    {"LABELS", take_labels},
    {"PASS_REGULAR_EXPRESSION", take_pass},
    {"PROCESSORS", take_processors},
    {"RESOURCE_LOCK", take_locks},
    {"RUN_SERIAL", take_serial},
    {"SKIP_REGULAR_EXPRESSION", take_skip},
    {"SKIP_RETURN_CODE", take_skip_code},
    {"TIMEOUT", take_timeout},
    {"WILL_FAIL", take_will_fail},
    {"WORKING_DIRECTORY", take_folder},
};

static int take_properties(struct taking *t, const struct json_value *list)
{
    const struct json_value *p = list ? list->first : NULL;
    int rc = 0;

    for (; p && rc == 0; p = p->next) {
        const char *name = json_get_text(p, "name", "");
        const struct json_value *value = json_get(p, "value");

        for (size_t i = 0; value && i < ARRAY_LEN(properties); i++)
            if (strcmp(name, properties[i].name) == 0)
                rc = properties[i].take(t, value);
    }
    return rc;
}

/* ---- one test */

/* The elements of an array, to be had by index. */
struct elements {
    const struct json_value **item;
    size_t n;
};

static bool index_array(struct arena *arena, const struct json_value *array,
                        struct elements *out)
{
    size_t n = array && array->type == JSON_IS_ARRAY ? array->n : 0;

    out->item = arena_alloc(arena, n, sizeof(*out->item));
    for (const struct json_value *v = n ? array->first : NULL; v && out->item;
         v = v->next)
        out->item[out->n++] = v;
    return out->item;
}

static const struct json_value *element(const struct elements *e, double i)
{
    return i >= 0 && i < (double)e->n ? e->item[(size_t)i] : NULL;
}

/* What a whole list says. */
struct listing {
    const struct foreign_program *program;
    const struct foreign_answer *answer;
    const struct json_value *tests;
    struct elements nodes, files;
};

/* Where add_test() stands. */
static void take_place(const struct listing *l, const struct json_value *test,
                       struct foreign_case *one)
{
    const struct json_value *node =
        element(&l->nodes, json_get_number(test, "backtrace", -1));
    const struct json_value *file =
        element(&l->files, json_get_number(node, "file", -1));

    if (file && file->type == JSON_IS_STRING)
        one->file = file->text;
    one->line = foreign_line(node);
}

static int take_command(struct taking *t, const struct json_value *test)
{
    const struct json_value *command = json_get(test, "command");
    struct recipe *r = &t->one->recipe;

    r->run = (struct recipe_words){.n = 0};
    if (command && command->type == JSON_IS_ARRAY &&
        add_texts(t, command, &r->run) < 0)
        return ERR_NOMEM;
    if (r->run.n)
        return 0;
    r->foreign.broken = "ctest does not find its program: is it built?";
    return foreign_add_words(t->arena, &r->run, "false", NULL)
               ? 0
               : foreign_no_memory(t->err);
}

static int read_test(const struct listing *l, const struct json_value *test,
                     struct arena *arena, struct ctest_test *out,
                     struct error *err)
{
    struct taking t = {.program = l->program,
                       .arena = arena,
                       .one = &out->one,
                       .test = out,
                       .err = err};
    const char *name = json_get_text(test, "name", "");
    int rc;

    if (!*name)
        return ERROR_AT(err, ERR_PARSE, l->answer->name, test->line,
                        test->column, "a test without a name");
    if (!foreign_case_new(l->program, arena, name, &out->one))
        return foreign_no_memory(err);
    out->one.recipe.foreign.judge = RECIPE_CTEST;
    out->one.recipe.env = (struct recipe_words){.n = 0};
    take_place(l, test, &out->one);
    rc = take_command(&t, test);
    if (rc == 0)
        rc = take_properties(&t, json_get(test, "properties"));
    return rc < 0 ? rc : ctest_environment(&t);
}

static int read_listing(struct listing *l, struct arena *arena,
                        struct error *err)
{
    const struct json_value *root, *graph;
    int rc;

    if (l->answer->size == 0 || *l->answer->status)
        return foreign_is_no(l->program, "ctest --show-only=json-v1 failed",
                             l->answer, err);
    rc = json_read(l->answer->name, l->answer->text, l->answer->size, arena,
                   &root, err);
    if (rc < 0)
        return rc;
    l->tests = json_get(root, "tests");
    graph = json_get(root, "backtraceGraph");
    if (strcmp(json_get_text(root, "kind", ""), "ctestInfo") != 0 ||
        json_get_number(json_get(root, "version"), "major", 0) != 1 ||
        !l->tests || l->tests->type != JSON_IS_ARRAY)
        return ERROR_AT(err, ERR_PARSE, l->answer->name, 1, 1,
                        "not a list of tests, version 1, of ctest");
    if (!index_array(arena, json_get(graph, "nodes"), &l->nodes) ||
        !index_array(arena, json_get(graph, "files"), &l->files))
        return foreign_no_memory(err);
    return 0;
}

int ctest_read(const struct foreign_program *program,
               const struct foreign_answer *answer, struct arena *arena,
               struct foreign_list *out, struct error *err)
{
    struct listing l = {.program = program, .answer = answer};
    struct ctest_test *all;
    size_t n = 0;
    int rc = read_listing(&l, arena, err);

    if (rc < 0)
        return rc;
    if (l.tests->n == 0)
        return foreign_is_no(program,
                             "ctest finds no tests there (it wants the build "
                             "folder)",
                             answer, err);
    all = arena_alloc(arena, l.tests->n, sizeof *all);
    if (!all)
        return foreign_no_memory(err);
    for (const struct json_value *v = l.tests->first; v && rc == 0; v = v->next)
        rc = read_test(&l, v, arena, &all[n++], err);
    return rc < 0 ? rc : ctest_surround(all, n, arena, out, err);
}
