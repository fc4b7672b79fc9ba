/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the self-test says of trials with known outcomes. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/json_read.h"
#include "base/scope.h"
#include "bench/tare.h"
#include "cli/selftest.h"

static double seconds[] = {0.5, 0.7, 0.9, 1.1};
static const struct kernel calm = {"k_calm", true, "x"},
                           noisy = {"k_noisy", false, "x"};

static struct layout_trial layout_trials[2];
static struct layout_case layout_cases[] = {
    {.id = "p/a|b", .trial = layout_trials}};
static struct relinked builds[2] = {{.seed = 1}, {.seed = 2}};
static struct layout layout = {
    .program = "p",
    .build = builds,
    .n_builds = 2,
    .cases = layout_cases,
    .n_cases = 1,
    .margin = 0.02,
    .alpha = 0.01,
};

static void make_up(struct selftest_row row[2], struct selftest *test)
{
    static const struct trials good = {4, 4, 0, seconds},
                               same = {4, 0, 4, seconds};

    for (int r = 0; r < 2; r++) {
        row[r] = (struct selftest_row){.kernel = r ? &noisy : &calm,
                                       .trial = {same, same, good, good, good},
                                       .smallest = {NAN, 1.01, 1.005},
                                       .failed = ""};
    }
    row[1].trial[0].regressed = 1; /* a false alarm */
    for (int i = 0; i < 2; i++)
        layout_trials[i] = (struct layout_trial){
            .comparison = comparison_unknown(), .failed = ""};
    layout_trials[1].comparison.ratio = 1.25;
    layout_trials[1].comparison.verdict = VERDICT_REGRESSED;
    layout_conclude(&layout_cases[0], 2);
    *test =
        (struct selftest){.row = row, .n = 2, .wall_s = 12, .layout = &layout};
}

TARE_TEST(alarms_are_counted_over_both_kinds_of_unchanged_code)
{
    struct selftest_row row[2];
    struct selftest test;
    size_t alarms, n;

    make_up(row, &test);
    selftest_alarms(&test, &alarms, &n);
    TARE_CHECK_INT(alarms, 1);
    TARE_CHECK_INT(n, 16);
}

TARE_TEST(every_form_shows_rates_and_relinked_builds)
{
    struct text_style style = {.columns = 120};
    SCOPED(strbuf_scoped) struct strbuf text = {0}, table = {0}, json = {0};
    const struct json_value *root = NULL;
    struct selftest_row row[2];
    struct selftest test;
    struct arena arena = {0};

    make_up(row, &test);
    selftest_text(&test, &style, &text);
    TARE_CHECK(strstr(strbuf_text(&text), "false alarms: 1 of 16 "));
    TARE_CHECK(strstr(strbuf_text(&text), "relinked: 1 of 1 comparisons"));
    TARE_CHECK(strstr(strbuf_text(&text), "largest ratio 25.0 %"));
    selftest_markdown(&test, &table);
    TARE_CHECK(strstr(strbuf_text(&table),
                      "| noisy | unchanged | 0.5 % | 1 of 4 (0.6 to 80.6 %) | "
                      "4 of 4 (39.8 to 100.0 %) | 0.80 s |"));
    TARE_CHECK(strstr(strbuf_text(&table), "| calm | – | 1.00 % | 0.50 % | "));
    TARE_CHECK(strstr(strbuf_text(&table), " | 25.00 % | – | 1 of 1 |"));
    selftest_json(&test, &json);
    TARE_REQUIRE_INT(json_read("made up", strbuf_text(&json), json.size, &arena,
                               &root, NULL),
                     0);
    TARE_CHECK(strstr(strbuf_text(&json), "\"schema\": \"tare/layout/1\""));
    arena_clear(&arena);
}
