/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order and failures of fixtures, with a log of what happened. */
#include <config.h>

#include "bench/fixture.h"

#include <stdio.h>
#include <string.h>

static char happened[1024];

static void note(const char *what)
{
    size_t used = strlen(happened);

    snprintf(happened + used, sizeof happened - used, "%s%s", used ? " " : "",
             what);
}

#define NOTING_FIXTURE(name, scope, ...)   \
    TARE_FIXTURE(name, scope, __VA_ARGS__) \
    {                                      \
        note("+" #name);                   \
        return (void *)tare_id(f);         \
    }                                      \
    TARE_TEARDOWN(name)                    \
    {                                      \
        note("-" #name);                   \
        TARE_USE(value);                   \
    }

NOTING_FIXTURE(session, TARE_SESSION, .needs = "")
NOTING_FIXTURE(program, TARE_PROGRAM, .needs = "session")
NOTING_FIXTURE(one, TARE_CASE, .needs = "program")
NOTING_FIXTURE(two, TARE_CASE, .needs = "one, program")
NOTING_FIXTURE(sample, TARE_BATCH, .needs = "one")

static int refusals;

TARE_FIXTURE(refuses, TARE_CASE, .needs = "one")
{
    refusals++;
    tare_fail(f, "refused %d", refusals);
}

TARE_FIXTURE(refuses_all, TARE_PROGRAM)
{
    refusals++;
    tare_fail(f, "refused %d", refusals);
}

TARE_FIXTURE(fails_to_end, TARE_CASE)
{
    return NULL;
}

TARE_TEARDOWN(fails_to_end)
{
    tare_fail(f, "cannot end");
}

static struct tare b;
static struct tarei_case item;

static struct tare *with(const char *fixtures)
{
    happened[0] = '\0';
    item = (struct tarei_case){.id = "case"};
    item.def.fixtures = fixtures;
    item.def.file = "case.c";
    item.def.line = 3;
    item.def.name = "case";
    tarei_context_begin(&b, &item);
    return &b;
}

TARE_TEST(wide_ones_first_and_each_once)
{
    TARE_CHECK_INT(tarei_fixture_enter(with("two, program"), TARE_PROGRAM), 0);
    TARE_CHECK_STR(happened, "+session +program");
    TARE_CHECK_INT(tarei_fixture_enter(&b, TARE_CASE), 0);
    TARE_CHECK_STR(happened, "+session +program +one +two");
    tarei_fixture_leave(&b, TARE_CASE);
    TARE_CHECK_STR(happened, "+session +program +one +two -two -one");
    TARE_CHECK_INT(tarei_fixture_enter(with("one"), TARE_CASE), 0);
    tarei_fixture_leave(&b, TARE_CASE);
    TARE_CHECK_STR(happened, "+one -one");
    happened[0] = '\0';
    tarei_fixture_leave(&b, TARE_SESSION);
    TARE_CHECK_STR(happened, "-program -session");
}

TARE_TEST(sessions_are_known_by_name)
{
    char names[32];

    with("two, one");
    tarei_fixture_session(&item, names, sizeof names);
    TARE_CHECK_STR(names, "session");
    with("refuses_all");
    tarei_fixture_session(&item, names, sizeof names);
    TARE_CHECK_STR(names, "");
    with("two");
    tarei_fixture_session(&item, names, 4);
    TARE_CHECK_STR(names, "");
}

TARE_TEST(one_process_keeps_what_others_are_given)
{
    struct tarei_gift gift = {.value = "a path", .message = ""};
    char problem[REGISTRY_TEXT];

    with(NULL);
    TARE_CHECK_STR(tarei_fixture_keep(&b, "session"), "session");
    TARE_CHECK(tarei_fixture_give("session", &gift, problem) < 0);
    tarei_fixture_drop(&b, "session");
    tarei_fixture_drop(&b, "session");
    TARE_CHECK_STR(happened, "+session -session");

    TARE_CHECK_INT(tarei_fixture_give("session", &gift, problem), 0);
    TARE_CHECK(tarei_fixture_give("session", &gift, problem) < 0);
    TARE_CHECK_INT(tarei_fixture_enter(with("program"), TARE_PROGRAM), 0);
    tarei_fixture_leave(&b, TARE_SESSION);
    TARE_CHECK_STR(happened, "+program -program");
}

TARE_TEST(given_failures_fail_their_dependents)
{
    struct tarei_gift gift = {.outcome = OUTCOME_SKIPPED,
                              .message = "no server"};
    char problem[REGISTRY_TEXT];

    TARE_CHECK(tarei_fixture_give("program", &gift, problem) < 0);
    TARE_CHECK(strstr(problem, "cannot be given") != NULL);
    TARE_CHECK(tarei_fixture_give("nothing", &gift, problem) < 0);
    TARE_CHECK_INT(tarei_fixture_give("session", &gift, problem), 0);
    TARE_CHECK(tarei_fixture_enter(with("program"), TARE_PROGRAM) < 0);
    TARE_CHECK_INT(b.outcome, OUTCOME_SKIPPED);
    TARE_CHECK_STR(b.message, "fixture 'session' skipped: no server");
}

TARE_TEST(samples_have_their_own)
{
    TARE_CHECK_INT(tarei_fixture_enter(with("sample"), TARE_PROGRAM), 0);
    TARE_CHECK_INT(tarei_fixture_enter(&b, TARE_CASE), 0);
    TARE_CHECK_INT(tarei_fixture_enter(&b, TARE_BATCH), 0);
    tarei_fixture_leave(&b, TARE_BATCH);
    TARE_CHECK_INT(tarei_fixture_enter(&b, TARE_BATCH), 0);
    tarei_fixture_leave(&b, TARE_CASE);
    TARE_CHECK_STR(happened, "+session +program +one +sample -sample +sample "
                             "-sample -one");
}

TARE_TEST(values_reach_those_who_declared_them)
{
    tarei_fixture_enter(with("two"), TARE_CASE);
    TARE_CHECK_STR((const char *)tare_fixture(&b, "two"), "two");
}

static void use(struct tare *c, void *arg)
{
    tare_fixture(c, arg);
}

static const char *use_fails(char *name)
{
    tarei_context_begin(&b, &item);
    return tarei_context_call(&b, use, name) ? b.message : "";
}

TARE_TEST(others_are_told_to_declare_them)
{
    char one[] = "one", none[] = "none", sample[] = "sample";

    tarei_fixture_enter(with("two, sample"), TARE_CASE);
    TARE_CHECK_STR(use_fails(one), "case.c:3: 'case' uses fixture 'one' "
                                   "without saying so: add it to .fixtures");
    TARE_CHECK_STR(use_fails(none), "case.c:3: 'case' uses fixture 'none' "
                                    "without saying so: add it to .fixtures");
    TARE_CHECK_STR(use_fails(sample),
                   "case.c:3: fixture 'sample' is not set up here: its scope "
                   "is TARE_BATCH, use it in the loop");
}

TARE_TEST(a_failure_undoes_what_stood_and_is_tried_again)
{
    TARE_CHECK_INT(tarei_fixture_enter(with("two, refuses"), TARE_CASE), -1);
    TARE_CHECK_STR(b.message, "fixture 'refuses' failed: refused 1");
    TARE_CHECK_INT(b.outcome, OUTCOME_FAILED);
    tarei_fixture_leave(&b, TARE_CASE);
    TARE_CHECK_STR(happened, "+session +program +one +two -two -one");
    TARE_CHECK_INT(tarei_fixture_enter(with("refuses"), TARE_CASE), -1);
    TARE_CHECK_STR(b.message, "fixture 'refuses' failed: refused 2");
}

TARE_TEST(a_failure_of_the_program_is_told_to_all)
{
    for (int i = 0; i < 3; i++) {
        TARE_CHECK_INT(tarei_fixture_enter(with("refuses_all"), TARE_PROGRAM),
                       -1);
        TARE_CHECK_STR(b.message, "fixture 'refuses_all' failed: refused 1");
        tarei_fixture_leave(&b, TARE_CASE);
    }
    TARE_CHECK_INT(refusals, 1);
}

TARE_TEST(a_bad_end_fails_the_case)
{
    tarei_fixture_enter(with("fails_to_end"), TARE_CASE);
    tarei_fixture_leave(&b, TARE_CASE);
    TARE_CHECK_STR(b.message,
                   "tear-down of fixture 'fails_to_end' failed: cannot end");
}

/* ---- definitions */

static void *no_setup(struct tare *f)
{
    (void)f;
    return NULL;
}

/* Registered in this test's process only. */
static struct tare_fixture_def extra[4];
static size_t n_extra;

static void define(const char *name, int scope, const char *needs)
{
    struct tare_fixture_def *def = &extra[n_extra++];

    *def = (struct tare_fixture_def){.size = sizeof *def,
                                     .scope = scope,
                                     .name = name,
                                     .file = "x.c",
                                     .line = (int)n_extra,
                                     .setup = no_setup,
                                     .needs = needs};
    tare_register_fixture_(def);
}

static const char *check(void)
{
    static char problem[REGISTRY_TEXT];

    problem[0] = '\0';
    tarei_fixture_check(problem);
    return problem;
}

TARE_TEST(good_definitions_have_no_problem)
{
    TARE_CHECK_STR(check(), "");
    define("wide", TARE_WORKER, "session");
    TARE_CHECK_STR(check(), "");
}

TARE_TEST(circles)
{
    define("a", TARE_CASE, "b");
    define("b", TARE_CASE, "c");
    define("c", TARE_CASE, "a");
    TARE_CHECK_STR(check(), "x.c:1: error: fixture 'a' needs itself");
}

TARE_TEST(unknown_needs)
{
    define("a", TARE_CASE, "sesion");
    TARE_CHECK_STR(check(), "x.c:1: error: 'a' needs fixture 'sesion', which "
                            "is not defined; the nearest is 'session'");
}

TARE_TEST(needs_that_live_shorter)
{
    define("a", TARE_PROGRAM, "one");
    TARE_CHECK_STR(check(),
                   "x.c:1: error: fixture 'a' needs one that lives shorter: "
                   "one");
}

TARE_TEST(scopes_and_names)
{
    define("a", 9, NULL);
    TARE_CHECK_STR(check(),
                   "x.c:1: error: fixture 'a' has no scope such as TARE_CASE");
    extra[0].scope = TARE_CASE;
    define("a", TARE_CASE, NULL);
    TARE_CHECK_STR(check(), "x.c:2: error: fixture 'a' is defined twice");
}

TARE_TEST(cases_with_unknown_fixtures)
{
    char problem[REGISTRY_TEXT];

    with("one, tow");
    TARE_CHECK_INT(tarei_fixture_check_case(&item, problem), -1);
    TARE_CHECK_STR(problem, "case.c:3: error: 'case' needs fixture 'tow', "
                            "which is not defined; the nearest is 'two'");
    with("one, two");
    TARE_CHECK_INT(tarei_fixture_check_case(&item, problem), 0);
}
