/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changes the fingerprint of a command, and what does not. */
#include <config.h>

#include "adapt/fingerprint.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/scope.h"
#include "bench/tare.h"

DEFINE_SCOPED(struct programs *, programs_free)

static void write_file(struct tare *t, const char *path, const char *text,
                       mode_t mode)
{
    TARE_REQUIRE_INT(file_write_atomic(path, text, strlen(text), NULL), 0);
    TARE_REQUIRE_INT(chmod(path, mode), 0);
}

/* Files are hashed once by each `programs`, so every look has its own. */
static void look(struct tare *t, const char *dir, struct recipe *recipe,
                 char hex[HASH_HEX])
{
    const struct programs_env env = {.search_path = dir};
    SCOPED(programs_free_scoped)
    struct programs *programs = programs_new("kept", &env);
    struct error err = {0};

    TARE_REQUIRE(programs);
    recipe->cwd = dir;
    if (command_fingerprint(programs, recipe, dir, hex, &err) < 0)
        TARE_FAIL("%s: %s", err.file, err.text);
}

struct scene {
    struct arena arena;
    const char *dir, *script, *interpreter;
    struct recipe recipe;
    char before[HASH_HEX], after[HASH_HEX];
};

/* A command that is a script, its first line being the interpreter between
 * these. */
static void set(struct tare *t, struct scene *s, const char *front,
                const char *behind)
{
    const char *text;

    s->dir = tare_tmpdir(t);
    s->script = arena_printf(&s->arena, "%s/script", s->dir);
    s->interpreter = arena_printf(&s->arena, "%s/speaker", s->dir);
    text =
        arena_printf(&s->arena, "%s%s%s\necho\n", front,
                     strchr(front, ' ') ? "speaker" : s->interpreter, behind);
    TARE_REQUIRE(text);
    write_file(t, s->interpreter, "#!/bin/sh\nexec /bin/sh \"$@\"\n", 0755);
    write_file(t, s->script, text, 0755);
    recipe_words_add(&s->arena, &s->recipe.run, "./script");
    look(t, s->dir, &s->recipe, s->before);
}

static void check_interpreter(struct tare *t, const char *front,
                              const char *behind)
{
    struct scene s = {.dir = NULL};

    set(t, &s, front, behind);
    look(t, s.dir, &s.recipe, s.after);
    TARE_CHECK_STR(s.after, s.before);
    write_file(t, s.interpreter, "#!/bin/sh\nexec /bin/sh -u \"$@\"\n", 0755);
    look(t, s.dir, &s.recipe, s.after);
    TARE_CHECK(strcmp(s.after, s.before) != 0);
    arena_clear(&s.arena);
}

TARE_TEST(the_interpreter_of_a_script_counts)
{
    check_interpreter(t, "#!", "");
}

TARE_TEST(also_one_with_an_option)
{
    check_interpreter(t, "#!", " -e");
}

TARE_TEST(also_one_that_env_looks_for)
{
    check_interpreter(t, "#!/usr/bin/env -S ", " -e");
}

TARE_TEST(in_a_shell_it_counts_as_well)
{
    struct scene s = {.recipe = {.shell = true}};

    set(t, &s, "#!", "");
    write_file(t, s.interpreter, "#!/bin/sh\n", 0755);
    look(t, s.dir, &s.recipe, s.after);
    TARE_CHECK(strcmp(s.after, s.before) != 0);
    arena_clear(&s.arena);
}

TARE_TEST(one_that_is_missing_leaves_the_script)
{
    struct scene s = {.dir = NULL};

    set(t, &s, "#!", ".gone");
    write_file(t, s.script, "#!/nowhere\necho again\n", 0755);
    look(t, s.dir, &s.recipe, s.after);
    TARE_CHECK(strcmp(s.after, s.before) != 0);
    arena_clear(&s.arena);
}

TARE_TEST(words_count_and_places_do_not)
{
    struct scene s = {.dir = NULL};
    struct recipe other = {.name = "other"};
    char with[HASH_HEX];

    set(t, &s, "#!", "");
    recipe_words_add(&s.arena, &other.run, s.script);
    look(t, s.dir, &other, s.after);
    TARE_CHECK_STR(s.after, s.before);
    recipe_words_add(&s.arena, &other.run, "-v");
    look(t, s.dir, &other, with);
    TARE_CHECK(strcmp(with, s.before) != 0);
    arena_clear(&s.arena);
}
