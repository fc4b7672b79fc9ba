/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of executions, by the reports that other harnesses wrote. */
#include <config.h>

#include "adapt/foreign_judge.h"

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "bench/tare.h"
#include "tests/unit/adapt/foreign_data.h"

/* One execution and what is known of it; zeroed, a command that printed nothing
 * and ended well. */
struct ended {
    enum recipe_judge judge;
    const char *pick;
    const char *file; /* recorded; NULL: no report */
    const char *output;
    int status;
};

static struct foreign_verdict the_verdict;

static const struct foreign_verdict *judge_with(const struct ended *e,
                                                struct recipe *recipe)
{
    SCOPED(arena_scoped) struct arena arena = {0};
    struct execution execution = {.failed = "", .status = e->status};
    struct foreign_evidence evidence = {.execution = &execution,
                                        .name = "report",
                                        .output = e->output ? e->output : ""};
    struct error err = {0};

    recipe->foreign.judge = e->judge;
    recipe->foreign.pick = e->pick ? e->pick : "";
    if (e->file)
        evidence.report = recorded(e->file, &arena, &evidence.size);
    if (foreign_judge(recipe, &evidence, &arena, &the_verdict, &err) < 0) {
        error_print(&err, stderr);
        abort();
    }
    return &the_verdict;
}

static const struct foreign_verdict *judge(struct ended e)
{
    struct recipe recipe = {.foreign = {RECIPE_NOT_FOREIGN}};

    return judge_with(&e, &recipe);
}

#define CHECK_VERDICT(end_, text_, ...)                                        \
    do {                                                                       \
        const struct foreign_verdict *v_ = judge((struct ended){__VA_ARGS__}); \
        TARE_CHECK_INT(v_->end, end_);                                         \
        TARE_CHECK_STR(v_->text, text_);                                       \
    } while (0)

TARE_TEST(googletest_failures_keep_their_place)
{
    static const char file[] = "googletest-report.json";

    CHECK_VERDICT(FOREIGN_PASSED, "", RECIPE_GOOGLETEST, "Math.Adds", file, "",
                  0);
    CHECK_VERDICT(FOREIGN_FAILED,
                  "googletest.cc:6: Expected equality of these values: | 1 + 1 "
                  "| Which is: 2 | 3 | with a note <&> (and 1 more)",
                  RECIPE_GOOGLETEST, "Math.Fails", file, "", 1);
    CHECK_VERDICT(FOREIGN_FAILED,
                  "googletest.cc:11: Expected: (GetParam()) < (3), actual: 3 "
                  "vs 3",
                  RECIPE_GOOGLETEST, "Few/Param.IsSmall/2", file, "", 1);
    CHECK_VERDICT(FOREIGN_SKIPPED, "no network", RECIPE_GOOGLETEST,
                  "Math.Skips", file, "x.cc:6: Skipped\nno network\n[ OK ]\n",
                  0);
    CHECK_VERDICT(FOREIGN_SKIPPED, "GTEST_SKIP()", RECIPE_GOOGLETEST,
                  "Math.Skips", file,
                  "x.cc:6: Skipped\n[  SKIPPED ] Math.Skips\n", 0);
}

TARE_TEST(googletest_without_its_test_has_not_passed)
{
    static const char file[] = "googletest-report.json";

    CHECK_VERDICT(FOREIGN_FAILED,
                  "the program no longer has this test, or did not run it",
                  RECIPE_GOOGLETEST, "Math.Gone", file, "", 0);
    CHECK_VERDICT(FOREIGN_FAILED,
                  "the program no longer has this test, or did not run it",
                  RECIPE_GOOGLETEST, "Math.DISABLED_Later", file, "", 0);
    CHECK_VERDICT(FOREIGN_FAILED,
                  "ended with exit status 0 and without a report",
                  RECIPE_GOOGLETEST, "Math.Adds", NULL, "", 0);
    judge((struct ended){RECIPE_GOOGLETEST, "Math.Adds", file, "", 23});
    TARE_CHECK_INT(the_verdict.end, FOREIGN_FAILED);
    TARE_CHECK(strstr(the_verdict.text, "exit status 23") != NULL);
}

TARE_TEST(pytest_phases_become_outcomes)
{
    static const struct {
        const char *file;
        enum foreign_end end;
        int status;
        const char *text;
    } row[] = {
        {"pytest-good.json", FOREIGN_PASSED, 0, ""},
        {"pytest-mended.json", FOREIGN_PASSED, 0, ""},
        {"pytest-bad.json", FOREIGN_FAILED, 1,
         "tests/test_recorded.py:14: AssertionError: note <&> | assert 3 == 4"},
        {"pytest-skipped.json", FOREIGN_SKIPPED, 0, "no network"},
        {"pytest-known.json", FOREIGN_XFAILED, 0, "bug 7: assert 0"},
        {"pytest-strict.json", FOREIGN_FAILED, 1, "[XPASS(strict)] bug 9"},
        {"pytest-setup.json", FOREIGN_FAILED, 1,
         "tests/test_recorded.py:45: set-up: RuntimeError: no database"},
        {"pytest-teardown.json", FOREIGN_FAILED, 1,
         "tests/test_recorded.py:55: tear-down: RuntimeError: cannot remove"},
        {"pytest-broken.json", FOREIGN_FAILED, 2,
         "pytest cannot collect 'broken/test_x.py': ModuleNotFoundError: No "
         "module named 'nosuch'"},
        {"pytest-good.json", FOREIGN_FAILED, 3,
         "the test passed, but pytest ended with exit status 3"},
        {NULL, FOREIGN_FAILED, 0,
         "pytest ended with exit status 0 and without a report"},
    };

    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        judge(
            (struct ended){RECIPE_PYTEST, "n", row[i].file, "", row[i].status});
        TARE_CHECK_INT(the_verdict.end, row[i].end);
        TARE_CHECK_STR(the_verdict.text, row[i].text);
    }
}

TARE_TEST(tap_names_the_points_that_failed)
{
    static const struct {
        const char *output;
        int status;
        enum foreign_end end;
        const char *text;
    } row[] = {
        {"TAP version 14\n1..2\nok 1 - a\nok 2 - b\n", 0, FOREIGN_PASSED, ""},
        {"ok\nok\r\n1..2\r\n", 0, FOREIGN_PASSED, ""},
        {"1..3\nok 1\nnot ok 2 - b\n  ---\n  at: 3\n  ...\nnot ok 3 - c\n", 1,
         FOREIGN_FAILED, "2 of 3 failed: 2 - b; 3 - c"},
        {"1..1\nnot ok 1 - later # todo some day\n", 0, FOREIGN_PASSED, ""},
        {"1..2\nok 1 # skip no net\nok 2\n", 0, FOREIGN_PASSED, ""},
        {"1..1\nok 1 - a # SKIP no net\n", 0, FOREIGN_SKIPPED,
         "all 1 test points skipped"},
        {"1..0 # SKIP no compiler\n", 0, FOREIGN_SKIPPED,
         "skipped: no compiler"},
        {"1..2\nok\nBail out! disk full\n", 1, FOREIGN_FAILED,
         "bailed out: disk full"},
        {"1..3\nok\nok\n", 0, FOREIGN_FAILED,
         "planned 3 test points and ran 2, exit status 0"},
        {"ok\nok\n", 0, FOREIGN_FAILED,
         "printed no plan (1..N) after 2 test points, exit status 0"},
        {"hello\n", 0, FOREIGN_FAILED,
         "printed no TAP (0 test points), exit status 0"},
        {"1..1\nok\n", 7, FOREIGN_FAILED,
         "all 1 test points passed, but exit status 7"},
        {"1..1\n    not ok 1 - inner\n    1..1\nok 1 - outer\n", 0,
         FOREIGN_PASSED, ""},
        {"1..1\nokay, this is text\nok 1\n", 0, FOREIGN_PASSED, ""},
        {"1..1\nnot ok 1 - a \\# todo is in its name\n", 1, FOREIGN_FAILED,
         "1 of 1 failed: 1 - a \\# todo is in its name"},
    };

    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        judge(
            (struct ended){RECIPE_TAP, "", NULL, row[i].output, row[i].status});
        TARE_CHECK_INT(the_verdict.end, row[i].end);
        TARE_CHECK_STR(the_verdict.text, row[i].text);
    }
}

TARE_TEST(tap_names_no_more_than_some)
{
    judge((struct ended){RECIPE_TAP, "", NULL,
                         "not ok 1\nnot ok 2\nnot ok 3\nnot ok 4\nnot ok 5\n"
                         "not ok 6\nnot ok 7\n1..7\n",
                         1});
    TARE_CHECK_STR(the_verdict.text, "7 of 7 failed: 1; 2; 3; 4; 5; ...");
}

/* As cmCTestRunTest decides. */
TARE_TEST(ctest_judges_by_properties)
{
    static const char *const good[] = {"all [a-z]+", "fine"}, *const bad[] = {
                                                                  "ERROR"};
    static const struct {
        bool pass, fail, skips, inverted;
        int64_t skip_exit;
        const char *output;
        int status;
        enum foreign_end end;
    } row[] = {
        {.status = 0, .end = FOREIGN_PASSED},
        {.status = 3, .end = FOREIGN_FAILED},
        {.inverted = true, .status = 3, .end = FOREIGN_PASSED},
        {.inverted = true, .status = 0, .end = FOREIGN_FAILED},
        {.skip_exit = 42, .status = 42, .end = FOREIGN_SKIPPED},
        {.skip_exit = 42, .status = 41, .end = FOREIGN_FAILED},
        {.pass = true,
         .output = "all good",
         .status = 9,
         .end = FOREIGN_PASSED},
        {.pass = true, .output = "no", .status = 0, .end = FOREIGN_FAILED},
        {.fail = true, .output = "an ERROR", .end = FOREIGN_FAILED},
        {.fail = true, .output = "an error", .end = FOREIGN_PASSED},
        {.pass = true,
         .fail = true,
         .output = "fine ERROR",
         .end = FOREIGN_FAILED},
        {.fail = true,
         .inverted = true,
         .output = "ERROR",
         .end = FOREIGN_PASSED},
        {.skips = true, .output = "ERROR", .status = 1, .end = FOREIGN_SKIPPED},
    };

    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct recipe recipe = {.foreign = {RECIPE_NOT_FOREIGN}};
        struct recipe_foreign *f = &recipe.foreign;
        const struct recipe_words expect = {(const char **)good, 2};
        const struct recipe_words error = {(const char **)bad, 1};

        if (row[i].pass)
            f->pass = expect;
        if (row[i].fail)
            f->fail = error;
        if (row[i].skips)
            f->skips = error;
        f->inverted = row[i].inverted;
        f->skip_exit = row[i].skip_exit;
        judge_with(&(struct ended){RECIPE_CTEST, "", NULL, row[i].output,
                                   row[i].status},
                   &recipe);
        TARE_CHECK_INT(the_verdict.end, row[i].end);
        TARE_CHECK_INT(the_verdict.text[0] == '\0',
                       row[i].end == FOREIGN_PASSED);
    }
}

static double figure(const char *name)
{
    for (size_t i = 0; i < the_verdict.n_figures; i++)
        if (strcmp(the_verdict.figure[i].name, name) == 0)
            return the_verdict.figure[i].value;
    return NAN;
}

/* The figures are those of gbench-report.json. */
TARE_TEST(google_benchmark_says_figures)
{
    static const char file[] = "gbench-report.json";

    judge((struct ended){RECIPE_GOOGLE_BENCHMARK, "BM_Copy/64", file, "", 0});
    TARE_CHECK_INT(the_verdict.end, FOREIGN_PASSED);
    TARE_CHECK_REL(figure("hits"), 42, 1e-12);
    TARE_CHECK_REL(figure("bytes_per_second") / figure("items_per_second"), 64,
                   1e-9);
    TARE_CHECK_REL(figure("cpu_time") * figure("items_per_second"), 1e9, 1e-9);
    TARE_CHECK(the_verdict.time_ns > 0.1 && the_verdict.time_ns < 1000);
    judge((struct ended){RECIPE_GOOGLE_BENCHMARK, "BM_Tiny", file, "", 0});
    TARE_CHECK(the_verdict.time_ns > 0.01 && the_verdict.time_ns < 100);
    CHECK_VERDICT(FOREIGN_FAILED, "no device", RECIPE_GOOGLE_BENCHMARK,
                  "BM_Err", file, "", 0);
    CHECK_VERDICT(FOREIGN_FAILED,
                  "the program did not run this benchmark: Failed to match",
                  RECIPE_GOOGLE_BENCHMARK, "BM_Gone", file, "Failed to match\n",
                  0);
    CHECK_VERDICT(FOREIGN_FAILED,
                  "ended with exit status 1 and without a report",
                  RECIPE_GOOGLE_BENCHMARK, "BM_Tiny", NULL, "", 1);
}
