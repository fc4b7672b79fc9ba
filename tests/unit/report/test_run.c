/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports of a run made up by hand, in every form. */
#include <config.h>

#include "report/run.h"

#include <math.h>

#include "base/scope.h"
#include "report/expected.h"
#include "report/run_tags.h"
#include "tests/unit/report/golden.h"
#include "tests/unit/report/made_up.h"

DEFINE_SCOPED(struct results *, results_free)

/* The last digits belong to the machine's logarithm: golden files hold six. */
static void round_figure(double *x)
{
    char text[32];

    snprintf(text, sizeof text, "%.6g", *x);
    *x = strtod(text, NULL);
}

static void round_case(struct run_case *c)
{
    for (size_t i = 0; i < c->n_metrics; i++) {
        struct estimate *e = &c->metric[i].estimate;
        double *const figures[] = {&e->value,      &e->low,     &e->high,
                                   &e->half_width, &e->between, &e->within,
                                   &e->icc,        &e->lag1};

        for (size_t k = 0; k < ARRAY_LEN(figures); k++)
            round_figure(figures[k]);
    }
    round_figure(&c->ratio.value);
    round_figure(&c->ratio.low);
    round_figure(&c->ratio.high);
    round_figure(&c->ratio.confidence);
}

/* Digits that depend on the order of additions are no part of a golden. */
static void round_tag(struct run_tag *t)
{
    double *figure[] = {&t->total_ns, &t->own_ns, &t->mean_ns,
                        &t->low,      &t->high,   &t->confidence};

    for (size_t i = 0; i < ARRAY_LEN(figure); i++)
        round_figure(figure[i]);
}

/* One of each outcome; figures by hand. */
static void add_expected(struct run_report *report)
{
    static const struct expect_ratio wanted[] = {
        {.id = {"a", "b"}, .metric = "time", .low = 0.4, .high = 0.6},
        {.id = {"b", "a"}, .metric = "max_rss", .low = 1, .high = 1.5},
        {.id = {"a", "gone\n"}, .metric = "time", .low = 0.4, .high = 0.6},
    };
    static const struct expected all[] = {
        {.wanted = &wanted[0],
         .outcome = EXPECTED_HOLDS,
         .ratio =
             {.value = 0.5, .low = 0.45, .high = 0.55, .confidence = 0.99}},
        {.wanted = &wanted[1],
         .outcome = EXPECTED_BROKEN,
         .ratio = {.value = 2, .low = 1.75, .high = 2.25, .confidence = 0.99}},
        {.wanted = &wanted[2], .outcome = EXPECTED_UNKNOWN},
    };

    report->expected = all;
    report->n_expected = ARRAY_LEN(all);
}

static struct run_report report_of(struct results *results)
{
    const struct estimate_policy policy = estimate_defaults();
    struct run_report report;

    if (run_report_make(results, 0, &policy, &report, NULL) < 0)
        abort();
    for (size_t i = 0; i < report.n_cases; i++)
        round_case(&report.cases[i]);
    for (size_t i = 0; i < report.n_tags; i++)
        round_tag((struct run_tag *)&report.tag[i]);
    report.run = 12;
    report.place = "core 1";
    report.wall_s = 34.5;
    return report;
}

TARE_TEST(text_of_a_run)
{
    const struct text_style style = {.columns = 0};
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct run_report report;

    results->cases[1].tags = "unit"; /* else no tag says more than all */
    report = report_of(results);
    add_expected(&report);
    run_text(&report, &style, &out);
    CHECK_GOLDEN("run.txt", &out);
    run_report_clear(&report);
}

TARE_TEST(text_of_a_run_verbose_on_a_terminal)
{
    const struct text_style style = {
        .columns = 80, .color = true, .verbose = true};
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct run_report report = report_of(results);

    report.interrupted = report.resumes = true;
    run_text(&report, &style, &out);
    CHECK_GOLDEN("run-verbose.txt", &out);
    run_report_clear(&report);
}

TARE_TEST(long_series_are_classified)
{
    const struct text_style style = {.verbose = true};
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    SCOPED(strbuf_scoped) struct strbuf text = {0}, json = {0};
    struct metric *time = results_metric(&results->cases[0], "time");
    struct run_report report;
    double sample[STEADY_LEAST];

    for (int late = 0; late < 3; late++) { /* the last one warms up */
        for (size_t i = 0; i < STEADY_LEAST; i++)
            sample[i] = (late == 2 && i < 100 ? 1500 : 1000) + (double)(i % 7);
        TARE_REQUIRE_INT(results_add_invocation(results, time, 0, sample,
                                                STEADY_LEAST, NULL),
                         0);
    }
    report = report_of(results);
    TARE_CHECK_INT(report.cases[0].series.n, 3);
    TARE_CHECK_INT(report.cases[1].series.n, 0);
    run_text(&report, &style, &text);
    TARE_CHECK(strstr(strbuf_text(&text), "series: 2 flat, 1 warm-up\n"));
    run_json(&report, &json);
    TARE_CHECK(strstr(strbuf_text(&json), "\"warm-up\": 1,"));
    TARE_CHECK(strstr(strbuf_text(&json), "\"series\": null,"));
    run_report_clear(&report);
}

TARE_TEST(json_of_a_run)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct run_report report = report_of(results);

    add_expected(&report);
    run_json(&report, &out);
    CHECK_GOLDEN("run.json", &out);
    run_report_clear(&report);
}

TARE_TEST(tables_of_a_run)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    SCOPED(strbuf_scoped) struct strbuf csv = {0}, markdown = {0};
    struct run_report report = report_of(results);

    run_csv(&report, &csv);
    CHECK_GOLDEN("run.csv", &csv);
    run_markdown(&report, false, &markdown);
    CHECK_GOLDEN("run.md", &markdown);
    run_report_clear(&report);
}

TARE_TEST(counts_and_doubts)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    struct run_report report = report_of(results);

    TARE_CHECK_INT(report.n_cases, 6);
    TARE_CHECK_INT(report.n_measured, 4);
    TARE_CHECK_INT(report.n_failed, 1);
    TARE_CHECK_INT(report.n_skipped, 1);
    TARE_CHECK_INT(run_doubt(&report.cases[0]), DOUBT_NONE);
    TARE_CHECK_INT(run_doubt(&report.cases[1]), DOUBT_DISTURBED);
    TARE_CHECK_INT(run_doubt(&report.cases[2]), DOUBT_EMPTY);
    TARE_CHECK_INT(run_doubt(&report.cases[3]), DOUBT_OPEN);
    TARE_CHECK(report.cases[4].time == NULL);
    TARE_CHECK_STR(report.cases[1].ratio.against, "sort/qsort[n=1000]");
    TARE_CHECK_REL(report.cases[1].ratio.value, 2, 1e-12);
    TARE_CHECK(report.cases[0].ratio.against == NULL);
    run_report_clear(&report);
}

TARE_TEST(a_sample_that_is_not_finite_is_unknown)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    struct run_report report;

    results->cases[0].metric[0].occasion[0].invocation[2].sample[1] = NAN;
    report = report_of(results);
    TARE_CHECK(isnan(report.cases[0].metric[0].estimate.value));
    TARE_CHECK(report.cases[1].ratio.against == NULL);
    run_report_clear(&report);
}

TARE_TEST(nothing_measured)
{
    const struct text_style style = {.columns = 0};
    SCOPED(results_free_scoped) struct results *results = results_new();
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct run_report report;

    results_add_occasion(results);
    report = report_of(results);
    run_text(&report, &style, &out);
    TARE_CHECK_STR(strbuf_text(&out),
                   "machine unknown; core 1; seed 0\n\ncase  time  interval  "
                   "spread  disturbed\n\n0 measured in 34.5 s; stored as "
                   "run:12\n");
    run_report_clear(&report);
}

static const struct beside_case side_by_side[] = {
    {.how = BESIDE_OTHERS,
     .seen = {INTERFERENCE_NONE, 1.001, 0.996, 1.007, 0.92, 6}},
    {.how = BESIDE_INTERFERENCE,
     .seen = {INTERFERENCE_FOUND, 1.084, 1.061, 1.112, 0.92, 6}},
    {.how = BESIDE_INTERFERENCE,
     .seen = {INTERFERENCE_UNDECIDED, 1.02, 0, INFINITY, 0.5, 1}},
    {.how = BESIDE_INTERFERENCE,
     .seen = {.state = INTERFERENCE_UNDECIDED, .ratio = NAN}},
    {.how = BESIDE_THREADS, .seen = {.ratio = NAN}},
    {.how = BESIDE_OTHERS, .seen = {.ratio = NAN}},
};

static const struct beside beside = {
    .workers = 4,
    .margin = 0.02,
    .case_ = side_by_side,
    .n = ARRAY_LEN(side_by_side),
};

TARE_TEST(a_run_side_by_side)
{
    const struct text_style style = {.columns = 0};
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    SCOPED(strbuf_scoped) struct strbuf out = {0}, json = {0};
    struct run_report report = report_of(results);

    report.beside = &beside;
    report.cases[0].oversubscribed = true;
    run_text(&report, &style, &out);
    CHECK_GOLDEN("run-beside.txt", &out);
    run_json(&report, &json);
    TARE_CHECK(strstr(strbuf_text(&json), "\"side_by_side\": {\n"
                                          "    \"workers\": 4,\n"
                                          "    \"trusted\": false,\n"
                                          "    \"margin\": 0.02,\n"
                                          "    \"checked\": 4,\n"
                                          "    \"alone\": 4\n"));
    TARE_CHECK(strstr(strbuf_text(&json), "\"state\": \"found\""));
    TARE_CHECK(strstr(strbuf_text(&json), "\"oversubscribed\": true"));
    run_report_clear(&report);
}
