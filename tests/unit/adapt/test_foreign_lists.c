/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of cases that other harnesses wrote, and lists that nobody wrote. */
#include <config.h>

#include "adapt/foreign.h"

#include <string.h>

#include "base/scope.h"
#include "base/strbuf.h"
#include "bench/tare.h"
#include "tests/unit/adapt/foreign_data.h"

static int read_text(const struct foreign_program *program, const char *text,
                     const char *status, struct arena *arena,
                     struct foreign_list *out, struct error *err)
{
    struct foreign_answer answer = {.name = "list",
                                    .text = text,
                                    .size = text ? strlen(text) : 0,
                                    .status = status};

    return foreign_read(program, &answer, arena, out, err);
}

static int read_recorded(const struct foreign_program *program,
                         const char *file, struct arena *arena,
                         struct foreign_list *out, struct error *err)
{
    size_t size;
    const char *text = recorded(file, arena, &size);

    return read_text(program, text, "", arena, out, err);
}

static const struct foreign_case *find(const struct foreign_list *list,
                                       const char *name)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->item[i].name, name) == 0)
            return &list->item[i];
    fprintf(stderr, "no case '%s'\n", name);
    abort();
}

static bool has(const struct recipe_words *words, const char *word)
{
    for (size_t i = 0; i < words->n; i++)
        if (strcmp(words->word[i], word) == 0)
            return true;
    return false;
}

TARE_TEST(googletest_is_asked_for_its_tests)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    struct foreign_program program = program_of(PROGRAM_GOOGLETEST, "tests");
    struct foreign_question question;

    TARE_REQUIRE(recipe_words_add(&arena, &program.args, "--verbose"));
    TARE_REQUIRE_INT(foreign_ask(&program, &arena, &question, NULL), 0);
    TARE_CHECK_STR(question.run.word[0], "./tests");
    TARE_CHECK_STR(question.run.word[1], "--verbose");
    TARE_CHECK(has(&question.run, "--gtest_list_tests"));
    TARE_CHECK_STR(question.report, "/folder/googletest.json");
}

TARE_TEST(googletest_tells_names_and_places)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    struct foreign_program program = program_of(PROGRAM_GOOGLETEST, "b/gt");
    const struct foreign_case *c;
    struct foreign_list list;

    TARE_REQUIRE_INT(
        read_recorded(&program, "googletest-list.json", &arena, &list, NULL),
        0);
    TARE_REQUIRE_INT(list.n, 10);
    c = find(&list, "Few/Param.IsSmall/2");
    TARE_CHECK_STR(c->file, "googletest.cc");
    TARE_CHECK_INT(c->line, 11);
    TARE_CHECK_STR(c->recipe.run.word[0], "b/gt");
    TARE_CHECK(has(&c->recipe.run, "--gtest_filter=Few/Param.IsSmall/2"));
    TARE_CHECK(has(&c->recipe.foreign.report, "--gtest_output=json:{}"));
    TARE_CHECK(c->recipe.is_test);
    TARE_CHECK_INT(c->recipe.timeout_ns, 1000);
    TARE_CHECK_STR(c->recipe.foreign.skip, "");
    TARE_CHECK_STR(find(&list, "Math.DISABLED_Later")->recipe.foreign.skip,
                   "disabled");
}

TARE_TEST(ctest_tells_commands_with_their_properties)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    struct foreign_program program = program_of(PROGRAM_CTEST, "build");
    const struct foreign_case *c;
    struct foreign_list list;

    TARE_REQUIRE_INT(
        read_recorded(&program, "ctest-list.json", &arena, &list, NULL), 0);
    TARE_REQUIRE_INT(list.n, 12); /* set-up and clean-up are no cases */
    c = find(&list, "bad");
    TARE_CHECK_STR(c->file, "/project/CMakeLists.txt");
    TARE_CHECK_INT(c->line, 7);
    TARE_CHECK_STR(c->recipe.cwd, "/project/b");
    TARE_CHECK_STR(c->recipe.run.word[0], "/bin/sh");
    TARE_CHECK_STR(c->recipe.run.word[2], "echo oops; exit 3");
    c = find(&list, "skip");
    TARE_CHECK_STR(c->tags, "slow-one,unit");
    TARE_CHECK_INT(c->recipe.foreign.skip_exit, 42);
    TARE_CHECK(find(&list, "will_fail")->recipe.foreign.inverted);
    c = find(&list, "re");
    TARE_CHECK_INT(c->recipe.foreign.pass.n, 2);
    TARE_CHECK(has(&c->recipe.env, "C=d e"));
    c = find(&list, "fre");
    TARE_CHECK_STR(c->recipe.foreign.fail.word[0], "ERROR");
    TARE_CHECK_INT(c->recipe.timeout_ns, 5000000000);
    c = find(&list, "serial");
    TARE_CHECK(c->exclusive);
    TARE_CHECK_INT(c->slots, 2);
    TARE_CHECK_STR(c->uses, "db,gpu 1");
    TARE_CHECK_STR(find(&list, "off")->recipe.foreign.skip, "disabled");
    TARE_CHECK(find(&list, "missing")->recipe.foreign.broken[0] != '\0');
}

TARE_TEST(ctest_modifies_the_environment)
{
    static char path[] = "PATH=/usr/bin";
    static char *env[] = {path, NULL};
    SCOPED(arena_scoped) struct arena arena = {0};
    struct foreign_program program = program_of(PROGRAM_CTEST, "build");
    const struct recipe *r;
    struct foreign_list list;

    program.env = env;
    TARE_REQUIRE_INT(
        read_recorded(&program, "ctest-list.json", &arena, &list, NULL), 0);
    r = &find(&list, "envmod")->recipe;
    TARE_CHECK(has(&r->env, "PATH=/x:/usr/bin"));
    TARE_CHECK(has(&r->env, "R=1"));
    TARE_CHECK_STR(r->run.word[0], "env");
    TARE_CHECK_STR(r->run.word[1], "-u");
    TARE_CHECK_STR(r->run.word[2], "Q");
    TARE_CHECK_STR(r->run.word[3], "/bin/sh");
}

TARE_TEST(ctest_runs_what_a_test_needs_around_it)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    struct foreign_program program = program_of(PROGRAM_CTEST, "build");
    const struct foreign_case *c;
    struct foreign_list list;

    TARE_REQUIRE_INT(
        read_recorded(&program, "ctest-list.json", &arena, &list, NULL), 0);
    c = find(&list, "uses");
    TARE_REQUIRE_INT(c->recipe.before.n, 3);
    TARE_CHECK_STR(c->recipe.before.word[2],
                   "(cd /project/b && env /bin/sh -c 'echo x >made') && :");
    TARE_CHECK_STR(c->recipe.after.word[2],
                   "(cd /project/b && env /bin/sh -c 'rm made'); :");
    TARE_CHECK(strstr(c->uses, "ctest-fixture:F") != NULL);
    c = find(&list, "dep");
    TARE_CHECK_STR(c->recipe.before.word[2],
                   "(cd /project/b && env /bin/sh -c 'exit 0'); "
                   "(cd /project/b && env /bin/sh -c 'echo oops; exit 3'); :");
    TARE_CHECK_STR(c->uses, "ctest-test:ok,ctest-test:bad");
    TARE_CHECK_STR(find(&list, "bad")->uses, "ctest-test:bad");
    TARE_CHECK_STR(find(&list, "re")->uses, "");
}

TARE_TEST(ctest_with_what_it_does_not_know_is_refused)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    struct foreign_program program = program_of(PROGRAM_CTEST, "build");
    struct foreign_list list;
    struct error err = {0};

    TARE_CHECK_INT(
        read_text(&program,
                  "{\"kind\":\"ctestInfo\",\"version\":{\"major\":1},"
                  "\"tests\":[{\"name\":\"t\",\"command\":[\"x\"],"
                  "\"properties\":[{\"name\":\"ENVIRONMENT_MODIFICATION\","
                  "\"value\":[\"A=twist:b\"]}]}]}",
                  "", &arena, &list, &err),
        ERR_RANGE);
    TARE_CHECK(strstr(err.text, "A=twist:b") != NULL);
    TARE_CHECK_INT(read_text(&program,
                             "{\"kind\":\"ctestInfo\",\"version\":"
                             "{\"major\":2},\"tests\":[]}",
                             "", &arena, &list, NULL),
                   ERR_PARSE);
    TARE_CHECK_INT(read_text(&program,
                             "{\"kind\":\"ctestInfo\",\"version\":"
                             "{\"major\":1},\"tests\":[{}]}",
                             "", &arena, &list, NULL),
                   ERR_PARSE);
}

TARE_TEST(pytest_tells_nodes_marks_and_lines)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    struct foreign_program program = program_of(PROGRAM_PYTEST, "tests");
    const struct foreign_case *c;
    struct foreign_list list;

    TARE_REQUIRE(recipe_words_add(&arena, &program.own, "PYTHONPATH=lib"));
    TARE_REQUIRE(recipe_words_add(&arena, &program.args, "-p"));
    TARE_REQUIRE(recipe_words_add(&arena, &program.args, "no:randomly"));
    TARE_REQUIRE_INT(
        read_recorded(&program, "pytest-list.json", &arena, &list, NULL), 0);
    TARE_REQUIRE_INT(list.n, 12);
    c = find(&list, "test_recorded.py::test_param[1-x y]");
    TARE_CHECK_STR(c->tags, "slow");
    TARE_CHECK_STR(c->file, "tests/test_recorded.py");
    TARE_CHECK_INT(c->line, 37);
    TARE_CHECK_STR(c->recipe.run.word[0], "python3");
    TARE_CHECK_STR(c->recipe.run.word[4], "no:randomly");
    TARE_CHECK_STR(c->recipe.run.word[5],
                   "tests/test_recorded.py::test_param[1-x y]");
    TARE_CHECK_STR(c->recipe.env.word[0], "PYTHONPATH=/folder:lib");
    TARE_CHECK(has(&c->recipe.foreign.report, "--tare-report={}"));
    find(&list, "test_recorded.py::TestForm::test_crash");
}

TARE_TEST(what_pytest_cannot_collect_is_one_error)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    struct foreign_program program = program_of(PROGRAM_PYTEST, "broken");
    struct foreign_list list;
    struct error err = {0};

    TARE_CHECK_INT(
        read_recorded(&program, "pytest-broken.json", &arena, &list, &err),
        ERR_PEER);
    TARE_CHECK_STR(err.text, "pytest cannot collect 'broken/test_x.py': "
                             "ModuleNotFoundError: No module named 'nosuch'");
    err = (struct error){0};
    TARE_CHECK_INT(read_text(&program, NULL,
                             "exit status 1: No module named pytest", &arena,
                             &list, &err),
                   ERR_PEER);
    TARE_CHECK(strstr(err.help, "install pytest") != NULL);
}

TARE_TEST(google_benchmark_tells_names)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    struct foreign_program program =
        program_of(PROGRAM_GOOGLE_BENCHMARK, "b/gb");
    const struct foreign_case *c;
    struct foreign_list list;

    TARE_REQUIRE_INT(
        read_recorded(&program, "gbench-list.txt", &arena, &list, NULL), 0);
    TARE_REQUIRE_INT(list.n, 6);
    c = find(&list, "BM_T<int, double>/real_time/threads:2");
    TARE_CHECK(!c->recipe.is_test);
    TARE_CHECK_INT(c->threads, 2);
    TARE_CHECK(has(&c->recipe.run, "--benchmark_filter="
                                   "^BM_T<int, double>/real_time/threads:2$"));
    c = find(&list, "BM_Rep/min_time:0.020/repeats:3");
    TARE_CHECK(has(&c->recipe.run, "--benchmark_filter="
                                   "^BM_Rep/min_time:0\\.020/repeats:3$"));
    TARE_CHECK(has(&c->recipe.foreign.report, "--benchmark_out={}"));
}

/* What is no program of its kind is said so, with what it printed. */
TARE_TEST(another_program_is_named_as_such)
{
    static const enum program_kind kinds[] = {PROGRAM_GOOGLETEST, PROGRAM_CTEST,
                                              PROGRAM_GOOGLE_BENCHMARK};
    SCOPED(arena_scoped) struct arena arena = {0};

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        struct foreign_program program = program_of(kinds[i], "/bin/x");
        bool report = kinds[i] == PROGRAM_GOOGLETEST;
        struct foreign_list list = {.n = 77};
        struct error err = {0};

        TARE_CHECK_INT(read_text(&program, report ? NULL : "",
                                 "exit status 2: no such option", &arena, &list,
                                 &err),
                       ERR_PEER);
        TARE_CHECK(strstr(err.text, program_kind_words[kinds[i]]) != NULL);
        TARE_CHECK(strstr(err.text, "no such option") != NULL);
        TARE_CHECK(strstr(err.help, "commands:") != NULL);
        TARE_CHECK_INT(list.n, 77);
    }
}

TARE_TEST(labels_become_what_a_tag_can_hold)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    struct foreign_program program = program_of(PROGRAM_CTEST, "build");
    struct foreign_list list;

    TARE_REQUIRE_INT(
        read_text(&program,
                  "{\"kind\":\"ctestInfo\",\"version\":{\"major\":1},"
                  "\"tests\":[{\"name\":\"t\",\"command\":[\"x\"],"
                  "\"properties\":[{\"name\":\"LABELS\",\"value\":"
                  "[\"a,b\",\"9\",\"a-b\",\"3rd party\",\"\"]}]}]}",
                  "", &arena, &list, NULL),
        0);
    TARE_CHECK_STR(list.item[0].tags, "a-b,rd-party");
}
