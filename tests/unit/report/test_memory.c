/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nth allocation fails, for every n: a report is complete or says that it
 * is not.  Linked with --wrap, so that only our own calls are counted. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "bench/tare.h"
#include "report/gate.h"
#include "report/list.h"
#include "report/run.h"
#include "report/tests.h"
#include "tests/unit/nomem.h"
#include "tests/unit/report/made_up.h"

DEFINE_SCOPED(struct results *, results_free)

static const struct results *results; /* of the test that runs */

static const struct text_style style = {.columns = 60, .verbose = true};

static const struct run_report *run; /* of the test that runs */

static void write_run(struct strbuf *out)
{
    run_text(run, &style, out);
    run_json(run, out);
    run_csv(run, out);
    run_markdown(run, false, out);
}

static void write_gate(struct strbuf *out)
{
    static const struct gate_case cases[] = {
        {.id = "a/" HOSTILE,
         .metric = "time",
         .unit = "ns",
         .tags = "x,y",
         .message = "m",
         .waiver = "",
         .settle = "",
         .comparison = {.verdict = VERDICT_REGRESSED,
                        .ratio = 1.1,
                        .low = 1.05,
                        .high = 1.15,
                        .confidence = 0.95}},
        {.id = "a/b",
         .metric = "hits",
         .unit = "1",
         .tags = "",
         .message = "",
         .waiver = "w",
         .settle = "s",
         .comparison = {.verdict = VERDICT_UNCHANGED, .ratio = 1}},
    };
    const struct gate_report report = {.suite = "s",
                                       .old_name = "old",
                                       .new_name = "new",
                                       .cases = cases,
                                       .n_cases = ARRAY_LEN(cases),
                                       .now = results->occasion,
                                       .moved = NAN};

    gate_text(&report, &style, out);
    gate_json(&report, out);
    gate_csv(&report, out);
    gate_markdown(&report, false, out);
    gate_explain(&report, &cases[0], &style, out);
}

static void write_tests(struct strbuf *out)
{
    static const struct test_result tests[] = {
        {.id = "b/" HOSTILE,
         .tags = "t",
         .file = "f.c",
         .line = 3,
         .outcome = TEST_FAILED,
         .message = "m\nn",
         .note = "",
         .output = "o\n"},
        {.id = "a/c",
         .tags = "",
         .file = "",
         .outcome = TEST_PASSED,
         .message = "",
         .note = "",
         .output = ""},
    };
    const struct test_report report = {
        .suite = "s", .test = tests, .n = ARRAY_LEN(tests), .workers = 1};

    tests_text(&report, &style, out);
    tests_json(&report, out);
    tests_tap(&report, out);
    tests_junit(&report, out);
    tests_markdown(&report, false, out);
}

static void write_list(struct strbuf *out)
{
    static const struct list_case list[] = {{.id = HOSTILE,
                                             .program = "p",
                                             .tags = "t,u",
                                             .fixtures = "f",
                                             .baseline = "",
                                             .file = "f.c",
                                             .line = 1}};

    list_text(list, 1, &style, out);
    list_json("s", list, 1, out);
}

/* Every allocation of a writer fails once; returns how many there were, or
 * minus the one after which a broken text was taken for a whole one. */
static int fail_each(void (*write)(struct strbuf *out))
{
    SCOPED(strbuf_scoped) struct strbuf whole = {0};

    fail_at = 0;
    write(&whole);
    for (int nth = 1; nth < 100000; nth++) {
        struct strbuf out = {0};
        bool good, reached;

        fail_at = nth;
        write(&out);
        reached = fail_at <= 0;
        fail_at = 0;
        good =
            out.failed || strcmp(strbuf_text(&out), strbuf_text(&whole)) == 0;
        strbuf_clear(&out);
        if (!good)
            return -nth;
        if (!reached)
            return nth;
    }
    return 0;
}

TARE_TEST(writers_say_when_a_text_is_incomplete)
{
    SCOPED(results_free_scoped) struct results *made = made_up_results();
    const struct estimate_policy policy = estimate_defaults();
    struct run_report report;

    results = made;
    run = &report;
    TARE_REQUIRE_INT(run_report_make(made, 0, &policy, &report, NULL), 0);
    TARE_CHECK(fail_each(write_run) > 50);
    TARE_CHECK(fail_each(write_gate) > 20);
    TARE_CHECK(fail_each(write_tests) > 20);
    TARE_CHECK(fail_each(write_list) > 10);
    run_report_clear(&report);
}

/* Diagnostics that ran out of memory are unknown; that is no failure. */
TARE_TEST(a_report_is_made_or_not_made)
{
    SCOPED(results_free_scoped) struct results *made = made_up_results();
    const struct estimate_policy policy = estimate_defaults();
    int failed = 0;

    for (int nth = 1; nth < 100000; nth++) {
        struct run_report report;
        struct error err = {0};
        bool reached;
        int rc;

        fail_at = nth;
        rc = run_report_make(made, 0, &policy, &report, &err);
        reached = fail_at <= 0;
        fail_at = 0;
        TARE_CHECK(rc == 0 || rc == ERR_NOMEM);
        TARE_CHECK_INT(err.code, rc);
        failed += rc < 0;
        run_report_clear(&report);
        if (!reached)
            break;
    }
    TARE_CHECK(failed > 10);
}
