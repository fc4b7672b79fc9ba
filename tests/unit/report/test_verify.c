/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What --verify-isolation found, in every form. */
#include <config.h>

#include "report/verify.h"

#include "base/scope.h"
#include "bench/tare.h"
#include "tests/unit/report/golden.h"

#define ENDED(outcome_, message_)                       \
    {                                                   \
        .outcome = TEST_##outcome_, .message = message_ \
    }

static const size_t one[] = {1}, two[] = {1, 0};

static const struct verify_verdict verdicts[] = {
    {VERIFY_SAME, ENDED(PASSED, ""), ENDED(UNSET, ""), NULL, 0},
    {VERIFY_SAME, ENDED(SKIPPED, "no moon"), ENDED(UNSET, ""), NULL, 0},
    {VERIFY_SAME, ENDED(CRASHED, "signal 11"), ENDED(UNSET, ""), NULL, 0},
    {VERIFY_DEPENDS, ENDED(PASSED, ""),
     ENDED(FAILED, "a.c:3: dirt is 1\n]]> \x1b[31m"), one, 1},
    {VERIFY_DEPENDS, ENDED(FAILED, "a.c:9: level is 0"), ENDED(PASSED, ""), two,
     2},
    {VERIFY_BESIDE, ENDED(PASSED, ""), ENDED(TIMEOUT, "ended after 2 s"), NULL,
     0},
    {VERIFY_FLAKY, ENDED(PASSED, ""), ENDED(FAILED, "in a mood"), NULL, 0},
};

static const char *const evil = "a/evil\x1b[2J<b>&\"'", *const fair = "a/fair";
static const char *causes[2];

static struct verify_case cases[ARRAY_LEN(verdicts)];

static struct verify_report make_report(void)
{
    static const char *const ids[] = {"a/fair",   "a/skips", "a/falls",
                                      "a/clean",  "a/high",  "a/port",
                                      "a/[n=1,2]"};
    static const char *const problems[] = {"a: the shelf stays"};

    causes[0] = evil;
    causes[1] = fair;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool depends = verdicts[i].kind == VERIFY_DEPENDS;

        cases[i] = (struct verify_case){
            .id = ids[i],
            .tags = i ? "" : "unit,slow",
            .file = "a.c",
            .line = (uint32_t)i + 1,
            .verdict = &verdicts[i],
            .cause = causes,
            .alone = depends ? "tare test -k a/x" : NULL,
            .behind = depends ? "tare test -k 'a/y' -k a/x" : NULL,
        };
    }
    return (struct verify_report){
        .suite = "shop",
        .isolation = "worker",
        .test = cases,
        .n = ARRAY_LEN(cases),
        .workers = 2,
        .runs = 91,
        .took_ns = 1500000000,
        .seed = 7,
        .problem = problems,
        .n_problems = 1,
    };
}

TARE_TEST(text_of_a_verification)
{
    const struct text_style style = {.columns = 0}, quiet = {.quiet = true};
    struct verify_report report = make_report();
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    verify_text(&report, &style, &out);
    CHECK_GOLDEN("verify.txt", &out);
    strbuf_clear(&out);
    verify_text(&report, &quiet, &out);
    TARE_CHECK_STR(strbuf_text(&out), "1 passed, 5 failed, 1 skipped\n");
}

TARE_TEST(json_of_a_verification)
{
    struct verify_report report = make_report();
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    verify_json(&report, &out);
    CHECK_GOLDEN("verify.json", &out);
}

TARE_TEST(a_verification_as_tests)
{
    struct verify_report report = make_report();
    SCOPED(arena_scoped) struct arena arena = {0};
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct test_report tests;

    TARE_REQUIRE_INT(verify_as_tests(&report, &arena, &tests, NULL), 0);
    TARE_CHECK_INT(test_summarise(&tests).failed, 5);
    TARE_CHECK_INT(test_summarise(&tests).skipped, 1);
    tests_junit(&tests, &out);
    CHECK_GOLDEN("verify-junit.xml", &out);
}
