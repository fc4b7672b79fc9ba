/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands around a test of CTest: its environment, and other tests.
 *
 * CTest runs a set-up once and orders tests by what they depend on.  A test of
 * Tare stands alone, so that any can be run, repeated and shared out: what it
 * needs is executed right before it, and nothing else that needs the same runs
 * meanwhile. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "adapt/commands.h"
#include "adapt/foreign_ctest.h"
#include "adapt/foreign_kinds.h"
#include "base/scope.h"

int ctest_use(struct taking *t, const char *head, const char *name)
{
    char *use = arena_printf(t->arena, "%s%s%s%s", t->one->uses,
                             *t->one->uses ? "," : "", head, name);

    if (!use)
        return foreign_no_memory(t->err);
    for (char *c = use + strlen(use) - strlen(name); *c; c++)
        if (*c == ',')
            *c = '-';
    t->one->uses = use;
    return 0;
}

/* ---- the environment */

/* Of a variable so far: the last of the test's, else what it inherits. */
static const char *value_of(const struct taking *t, const char *name,
                            bool inherited)
{
    const struct recipe_words *mine = &t->one->recipe.env;
    size_t n = strlen(name);

    for (size_t i = mine->n; !inherited && i-- > 0;)
        if (strncmp(mine->word[i], name, n) == 0 && mine->word[i][n] == '=')
            return mine->word[i] + n + 1;
    return foreign_variable(t->program, name);
}

static const struct operation {
    const char *name;
    const char *between; /* the two parts; NULL: the value replaces */
    bool in_front;
} operations[] = {
    {"set", NULL, false},
    {"reset", NULL, false},
    {"unset", NULL, false},
    {"string_append", "", false},
    {"string_prepend", "", true},
    {"path_list_append", ":", false},
    {"path_list_prepend", ":", true},
    {"cmake_list_append", ";", false},
    {"cmake_list_prepend", ";", true},
};

static const struct operation *operation_of(const char *name, size_t n)
{
    for (size_t i = 0; i < ARRAY_LEN(operations); i++)
        if (strlen(operations[i].name) == n &&
            memcmp(operations[i].name, name, n) == 0)
            return &operations[i];
    return NULL;
}

/* Only env(1) can take a variable away from a command. */
static bool unset(struct taking *t, const char *name)
{
    struct recipe *r = &t->one->recipe;
    struct recipe_words run = {.n = 0};
    bool good = foreign_add_words(t->arena, &run, "env", "-u", name, NULL) &&
                foreign_join_words(t->arena, &run, &r->run);

    r->run = run;
    return good;
}

static const char *combined(struct arena *arena, const struct operation *o,
                            const char *old, const char *value)
{
    if (!o->between || !*old)
        return value;
    return o->in_front ? arena_printf(arena, "%s%s%s", value, o->between, old)
                       : arena_printf(arena, "%s%s%s", old, o->between, value);
}

/* "NAME=operation:value". */
static int modify(struct taking *t, const char *text)
{
    struct recipe *r = &t->one->recipe;
    size_t n = strcspn(text, "=");
    const char *at = text[n] ? text + n + 1 : text + n;
    size_t size = strcspn(at, ":");
    const struct operation *o = operation_of(at, size);
    const char *name = arena_memdup(t->arena, text, n);
    const char *value;

    if (n == 0 || !at[size] || !o)
        return ERROR(t->err, ERR_RANGE,
                     "test '%s': ENVIRONMENT_MODIFICATION '%s' is not known",
                     t->one->name, text);
    value = at + size + 1;
    if (name && strcmp(o->name, "reset") == 0)
        value = value_of(t, name, true);
    if (name && strcmp(o->name, "unset") == 0)
        return unset(t, name) ? 0 : foreign_no_memory(t->err);
    if (name)
        value = combined(t->arena, o, value_of(t, name, false), value);
    if (!name || !value ||
        !recipe_words_add(t->arena, &r->env,
                          arena_printf(t->arena, "%s=%s", name, value)))
        return foreign_no_memory(t->err);
    return 0;
}

/* The last of a variable holds, as execve() has no order. */
static bool keep_last(struct arena *arena, struct recipe_words *env)
{
    struct recipe_words out = {.n = 0};

    for (size_t i = 0; i < env->n; i++) {
        size_t n = strcspn(env->word[i], "=") + 1;
        bool again = false;

        for (size_t k = i + 1; k < env->n; k++)
            again = again || strncmp(env->word[i], env->word[k], n) == 0;
        if (!again && !recipe_words_add(arena, &out, env->word[i]))
            return false;
    }
    *env = out;
    return true;
}

int ctest_environment(struct taking *t)
{
    struct recipe_words *env = &t->one->recipe.env;
    int rc = 0;

    for (size_t i = 0; i < t->env.n; i++)
        if (strchr(t->env.word[i], '=') &&
            !recipe_words_add(t->arena, env, t->env.word[i]))
            return foreign_no_memory(t->err);
    for (size_t i = 0; i < t->modify.n && rc == 0; i++)
        rc = modify(t, t->modify.word[i]);
    if (rc == 0 && (!foreign_join_words(t->arena, env, &t->program->own) ||
                    !keep_last(t->arena, env)))
        rc = foreign_no_memory(t->err);
    return rc;
}

/* ---- other tests */

struct around {
    struct ctest_test *test;
    size_t n;
    unsigned visit;
    struct arena *arena;
    struct strbuf before, after;
    struct error *err;
};

static bool has_word(const struct recipe_words *words, const char *word)
{
    for (size_t i = 0; i < words->n; i++)
        if (strcmp(words->word[i], word) == 0)
            return true;
    return false;
}

/* "(cd FOLDER && env A=b COMMAND)". */
static bool put_command(struct around *a, const struct recipe *r,
                        struct strbuf *out, const char *then)
{
    struct recipe_words words = {.n = 0};
    const char *folder[] = {r->cwd, NULL};
    const struct recipe_words cd = {.word = folder, .n = 1};
    const char *where, *what;

    if (!foreign_add_words(a->arena, &words, "env", NULL) ||
        !foreign_join_words(a->arena, &words, &r->env) ||
        !foreign_join_words(a->arena, &words, &r->run))
        return false;
    where = command_label(&cd, false, a->arena);
    what = command_label(&words, false, a->arena);
    if (!where || !what)
        return false;
    strbuf_printf(out, "(cd %s && %s)%s", *r->cwd ? where : ".", what, then);
    return true;
}

static int add_needs(struct around *a, struct ctest_test *of);

/* A set-up must succeed; of what only comes earlier nobody asks how it ended. */
static int add_before(struct around *a, struct ctest_test *t, const char *then)
{
    int rc;

    if (t->visited == a->visit)
        return 0;
    t->visited = a->visit;
    rc = add_needs(a, t);
    if (rc < 0)
        return rc;
    return put_command(a, &t->one.recipe, &a->before, then)
               ? 0
               : foreign_no_memory(a->err);
}

/* Recursion ends: each test is visited once. */
static int add_needs(struct around *a, struct ctest_test *of)
{
    int rc = 0;

    for (size_t i = 0; i < a->n && rc == 0; i++) {
        struct ctest_test *t = &a->test[i];
        bool sets_up = false;

        for (size_t k = 0; k < of->requires.n; k++)
            sets_up = sets_up || has_word(&t->sets_up, of->requires.word[k]);
        if (sets_up)
            rc = add_before(a, t, " && ");
        else if (t->cleans_up.n == 0 && has_word(&of->depends, t->one.name))
            rc = add_before(a, t, "; ");
    }
    return rc;
}

static int add_cleanups(struct around *a, const struct ctest_test *of)
{
    for (size_t i = 0; i < a->n; i++) {
        struct ctest_test *t = &a->test[i];

        for (size_t k = 0; k < of->requires.n; k++)
            if (t->visited != a->visit &&
                has_word(&t->cleans_up, of->requires.word[k])) {
                t->visited = a->visit;
                if (!put_command(a, &t->one.recipe, &a->after, "; "))
                    return foreign_no_memory(a->err);
            }
    }
    return 0;
}

static bool set_step(struct arena *arena, const struct strbuf *text,
                     struct recipe_words *out)
{
    if (text->size == 0)
        return true;
    return foreign_add_words(arena, out, "/bin/sh", "-c",
                             arena_printf(arena, "%s:", strbuf_text(text)),
                             NULL);
}

/* What is executed for several tests is so for one at a time. */
static int lock(struct around *a, struct ctest_test *t)
{
    struct taking taking = {.arena = a->arena, .one = &t->one, .err = a->err};
    int rc = t->wanted ? ctest_use(&taking, "ctest-test:", t->one.name) : 0;

    for (size_t i = 0; i < t->requires.n && rc == 0; i++)
        rc = ctest_use(&taking, "ctest-fixture:", t->requires.word[i]);
    for (size_t i = 0; i < t->depends.n && rc == 0; i++)
        rc = ctest_use(&taking, "ctest-test:", t->depends.word[i]);
    return rc;
}

/* Note which tests others depend on. */
static void mark_wanted(struct ctest_test *test, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; test[i].depends.n && k < n; k++)
            if (has_word(&test[i].depends, test[k].one.name))
                test[k].wanted = true;
}

static int surround(struct around *a, struct ctest_test *t)
{
    int rc;

    strbuf_clear(&a->before);
    strbuf_clear(&a->after);
    t->visited = ++a->visit;
    rc = add_needs(a, t);
    if (rc == 0)
        rc = add_cleanups(a, t);
    if (rc == 0 && (a->before.failed || a->after.failed ||
                    !set_step(a->arena, &a->before, &t->one.recipe.before) ||
                    !set_step(a->arena, &a->after, &t->one.recipe.after)))
        rc = foreign_no_memory(a->err);
    return rc < 0 ? rc : lock(a, t);
}

int ctest_surround(struct ctest_test *test, size_t n, struct arena *arena,
                   struct foreign_list *out, struct error *err)
{
    struct around a = {.test = test, .n = n, .arena = arena, .err = err};
    int rc = 0;

    mark_wanted(test, n);
    for (size_t i = 0; i < n && rc == 0; i++) {
        struct ctest_test *t = &test[i];

        if (t->sets_up.n || t->cleans_up.n)
            continue;
        if (t->requires.n || t->depends.n)
            rc = surround(&a, t);
        else
            rc = lock(&a, t);
        if (rc == 0)
            rc = foreign_list_add(out, arena, &t->one, err);
    }
    strbuf_clear(&a.before);
    strbuf_clear(&a.after);
    return rc;
}
