/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GoogleTest, 1.10 and later: its list and its report are JSON
 * (https://google.github.io/googletest/advanced.html, "Listing Test Names" and
 * "Generating a JSON Report"). */
#include <config.h>

#include <string.h>

#include "adapt/foreign_kinds.h"

int googletest_ask(const struct foreign_program *program, struct arena *arena,
                   struct foreign_question *out, struct error *err)
{
    const char *path = foreign_executable(arena, program->path);

    out->report = arena_printf(arena, "%s/googletest.json", program->folder);
    if (!path || !out->report ||
        !foreign_add_words(arena, &out->run, path, NULL) ||
        !foreign_join_words(arena, &out->run, &program->args) ||
        !foreign_add_words(
            arena, &out->run, "--gtest_list_tests",
            arena_printf(arena, "--gtest_output=json:%s", out->report), NULL))
        return foreign_no_memory(err);
    return 0;
}

/* ---- the list */

/* Suites and tests are elements of these, under these keys. */
static const char suites_key[] = "testsuites";
static const char tests_key[] = "testsuite";

static bool is_disabled(const char *name)
{
    return strncmp(name, "DISABLED_", 9) == 0 || strstr(name, "/DISABLED_");
}

static int add_test(const struct foreign_program *program, const char *suite,
                    const struct json_value *test, struct arena *arena,
                    struct foreign_list *list, struct error *err)
{
    const char *name = json_get_text(test, "name", "");
    const char *id = arena_printf(arena, "%s.%s", suite, name);
    struct foreign_case one;
    struct recipe_foreign *f = &one.recipe.foreign;

    if (!id || !foreign_case_new(program, arena, id, &one))
        return foreign_no_memory(err);
    one.file = json_get_text(test, "file", "");
    one.line = foreign_line(test);
    f->judge = RECIPE_GOOGLETEST;
    f->pick = id;
    if (is_disabled(suite) || is_disabled(name))
        f->skip = "disabled";
    if (!foreign_add_words(arena, &one.recipe.run,
                           arena_printf(arena, "--gtest_filter=%s", id),
                           NULL) ||
        !foreign_add_words(arena, &f->report, "--gtest_output=json:{}", NULL))
        return foreign_no_memory(err);
    return foreign_list_add(list, arena, &one, err);
}

int googletest_read(const struct foreign_program *program,
                    const struct foreign_answer *answer, struct arena *arena,
                    struct foreign_list *out, struct error *err)
{
    const struct json_value *root, *suites;
    int rc;

    if (!answer->text)
        return foreign_is_no(program,
                             "--gtest_list_tests with --gtest_output=json: "
                             "wrote no list (GoogleTest before 1.10 cannot)",
                             answer, err);
    rc = json_read(answer->name, answer->text, answer->size, arena, &root, err);
    if (rc < 0)
        return rc;
    suites = json_get(root, suites_key);
    if (!suites || suites->type != JSON_IS_ARRAY)
        return ERROR_AT(err, ERR_PARSE, answer->name, 1, 1,
                        "there is no list of '%s'", suites_key);
    for (const struct json_value *s = suites->first; s; s = s->next) {
        const char *suite = json_get_text(s, "name", "");

        for (const struct json_value *t = foreign_elements(s, tests_key);
             t && rc == 0; t = t->next)
            rc = *suite && *json_get_text(t, "name", "")
                     ? add_test(program, suite, t, arena, out, err)
                     : ERROR_AT(err, ERR_PARSE, answer->name, t->line,
                                t->column, "a test without a name");
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* ---- the report */

/* The test that was picked; others may be there, not run. */
static const struct json_value *find(const struct json_value *root,
                                     const char *pick)
{
    for (const struct json_value *s = foreign_elements(root, suites_key); s;
         s = s->next) {
        const char *suite = json_get_text(s, "name", "");
        size_t n = strlen(suite);

        if (strncmp(pick, suite, n) != 0 || pick[n] != '.')
            continue;
        for (const struct json_value *t = foreign_elements(s, tests_key); t;
             t = t->next)
            if (strcmp(json_get_text(t, "name", ""), pick + n + 1) == 0)
                return t;
    }
    return NULL;
}

/* "file:line\nwhat differs": the place stays in front, in one line. */
static void say_failures(const struct json_value *first, size_t n,
                         struct foreign_verdict *out)
{
    const char *text = json_get_text(first, "failure", "");
    size_t place = strcspn(text, "\n");
    char more[40] = "";

    if (n > 1)
        snprintf(more, sizeof more, " (and %zu more)", n - 1);
    foreign_say(out, FOREIGN_FAILED, "%.*s:%s%s%s", (int)place, text,
                text[place] ? " " : "", text[place] ? text + place + 1 : text,
                more);
}

/* The first line that GTEST_SKIP() printed: "gt.cc:6: Skipped", and its words in
 * the next one.  The report has them from 1.12 on as "skipped". */
static void say_skipped(const struct json_value *test, const char *output,
                        struct foreign_verdict *out)
{
    const struct json_value *list = foreign_elements(test, "skipped");
    const char *said = json_get_text(list, "message", NULL);
    const char *at = strstr(output, ": Skipped\n");

    if (!said && at)
        said = at + 10;
    if (!said || strncmp(said, "[  SKIPPED ]", 12) == 0)
        said = "GTEST_SKIP()";
    foreign_say(out, FOREIGN_SKIPPED, "%.*s", (int)strcspn(said, "\n"), said);
}

int googletest_judge(const struct recipe *recipe,
                     const struct foreign_evidence *evidence,
                     struct arena *arena, struct foreign_verdict *out,
                     struct error *err)
{
    const struct json_value *root, *test, *failures;
    int status = evidence->execution->status;
    int rc;

    if (!evidence->report) {
        foreign_say(out, FOREIGN_FAILED,
                    "ended with exit status %d and without a report", status);
        return 0;
    }
    rc = json_read(evidence->name, evidence->report, evidence->size, arena,
                   &root, err);
    if (rc < 0)
        return rc;
    test = find(root, recipe->foreign.pick);
    failures = test ? json_get(test, "failures") : NULL;
    if (!test || strcmp(json_get_text(test, "status", ""), "RUN") != 0)
        foreign_say(out, FOREIGN_FAILED,
                    "the program no longer has this test, or did not run it");
    else if (failures && failures->n)
        say_failures(failures->first, failures->n, out);
    else if (strcmp(json_get_text(test, "result", ""), "SKIPPED") == 0)
        say_skipped(test, evidence->output, out);
    else if (status != 0)
        foreign_say(out, FOREIGN_FAILED,
                    "the test passed, but its program ended with exit status "
                    "%d (a failure outside of the test, or a sanitizer's)",
                    status);
    return 0;
}
