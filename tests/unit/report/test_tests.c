/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports of tests, in every form. */
#include <config.h>

#include "report/tests.h"

#include <math.h>

#include "base/scope.h"
#include "tests/unit/report/golden.h"
#include "tests/unit/report/made_up.h"

#define USED                                                     \
    {                                                            \
        .user_s = 0.25, .system_s = 0.125, .max_rss = 4194304,   \
        .write_bytes = 512, .ctx_switches = 3, .page_faults = 70 \
    }
#define UNKNOWN                    \
    {                              \
        -1, -1, -1, -1, -1, -1, -1 \
    }

static const struct test_result tests[] = {
    {"shop/adds_up", "unit", "tests/shop.c", 12, TEST_PASSED, 1, 1500000,
     300000, 1000000, 200000, 0, 2, "", "it left 1 file in TARE_TMPDIR", "",
     USED, 0},
    {"shop/" HOSTILE, "unit,slow", "tests/<shop>.c", 40, TEST_FAILED, 2,
     250000000, -1, -1, -1, 1, 3,
     "tests/shop.c:41: total is 3, expected 4\nsecond line ]]> \x01",
     "it left descriptor 5 open (/etc/<x>\x1b)",
     "before\n\tindented \x1b[2J <&>\n", USED, 1000000},
    {"gzip[in=a/b]", "", "", 0, TEST_SKIPPED, 1, 0, -1, -1, -1, -1, -1,
     "needs gzip # SKIP twice", "", "", UNKNOWN, 250000000},
    {"shop/falls", "", "tests/shop.c", 60, TEST_CRASHED, 1, 3000000, -1, -1, -1,
     1, 3, "signal 11 (Segmentation fault)", "", "", USED, 260000000},
    {"db/hangs", "integration", "tests/db.c", 7, TEST_TIMEOUT, 1, 2000000000,
     -1, -1, -1, 0, 2, "longer than 2.0 s", "", "waiting\n", USED, -1},
    {"db/forks", "", "tests/db.c", 30, TEST_LEAKED, 1, 1000000, -1, -1, -1, 0,
     2, "left 1 process behind", "", "", USED, 264000000},
    {"db/later", "", "tests/db.c", 50, TEST_XFAILED, 1, 1000000, -1, -1, -1, 0,
     2, "issue # 12: not yet", "", "", USED, 265000000},
    {"db/moody", "", "tests/db.c", 70, TEST_FLAKY, 3, 1000000, -1, -1, -1, 0, 2,
     "tests/db.c:71: x is 1, expected 2", "", "", USED, 266000000},
};

static const char *const problems[] = {
    "shop: tear-down of fixture 'db' failed: \x1b[31m]]>\xff #1",
};

static const struct test_report report = {
    .suite = "shop & co",
    .test = tests,
    .n = ARRAY_LEN(tests),
    .workers = 2,
    .makespan_ns = 2010000000,
    .seed = 42,
    .run = 3,
    .problem = problems,
    .n_problems = ARRAY_LEN(problems),
};

TARE_TEST(text_of_tests)
{
    const struct text_style style = {.columns = 0};
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    tests_text(&report, &style, &out);
    CHECK_GOLDEN("test.txt", &out);
}

TARE_TEST(verbose_text_in_colour)
{
    const struct text_style style = {
        .columns = 60, .color = true, .verbose = true};
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    tests_text(&report, &style, &out);
    CHECK_GOLDEN("test-verbose.txt", &out);
}

TARE_TEST(quiet_text_is_the_last_line)
{
    const struct text_style style = {.quiet = true, .verbose = true};
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    tests_text(&report, &style, &out);
    TARE_CHECK_STR(strbuf_text(&out), "2 passed, 4 failed, 2 skipped\n");
}

TARE_TEST(json_of_tests)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    tests_json(&report, &out);
    CHECK_GOLDEN("test.json", &out);
}

TARE_TEST(tap_of_tests)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    tests_tap(&report, &out);
    CHECK_GOLDEN("test.tap", &out);
}

TARE_TEST(junit_of_tests)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    tests_junit(&report, &out);
    CHECK_GOLDEN("test-junit.xml", &out);
}

TARE_TEST(markdown_of_tests)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    tests_markdown(&report, false, &out);
    CHECK_GOLDEN("test.md", &out);
}

/* Worked by hand: durations 0.0015 + 0.25 + 0 + 0.003 + 2 + 3 * 0.001 s. */
TARE_TEST(summary)
{
    struct test_summary s = test_summarise(&report);

    TARE_CHECK_INT(s.passed, 2);
    TARE_CHECK_INT(s.failed, 4);
    TARE_CHECK_INT(s.skipped, 2);
    TARE_CHECK_INT(s.count[TEST_FLAKY], 1);
    TARE_CHECK_REL(s.sequential_s, 2.2575, 1e-12);
    TARE_CHECK_REL(s.lower_bound_s, 2, 1e-12);
    TARE_CHECK_REL(s.makespan_s, 2.01, 1e-12);
    TARE_CHECK_REL(s.efficiency, 2.2575 / 4.02, 1e-12);
}

TARE_TEST(no_tests_at_all)
{
    const struct test_report none = {.suite = "", .workers = 1};
    const struct text_style style = {.columns = 0};
    SCOPED(strbuf_scoped) struct strbuf out = {0}, junit = {0};

    TARE_CHECK(isnan(test_summarise(&none).efficiency));
    tests_text(&none, &style, &out);
    TARE_CHECK_STR(strbuf_text(&out), "0 tests in 0 us; seed 0\n0 passed, 0 "
                                      "failed, 0 skipped\n");
    tests_junit(&none, &junit);
    TARE_CHECK(strstr(strbuf_text(&junit), "tests=\"0\"") != NULL);
}
