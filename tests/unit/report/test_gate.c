/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports of comparisons, in every form. */
#include <config.h>

#include "report/gate.h"

#include <math.h>

#include "base/scope.h"
#include "tests/unit/report/golden.h"
#include "tests/unit/report/made_up.h"

enum { CASES = 11 };

static const double pairs[] = {1.051, 1.049, 1.0525, 1.048, 1.0512, 1.0503};

static struct comparison figures(enum verdict verdict,
                                 enum verdict_reason reason, double ratio,
                                 double half_width)
{
    return (struct comparison){
        .verdict = verdict,
        .reason = reason,
        .mode = COMPARE_INTERLEAVED,
        .stage = verdict == VERDICT_REGRESSED ? 2 : 1,
        .margin = 0.02,
        .ratio = ratio,
        .low = ratio - half_width,
        .high = ratio + half_width,
        .confidence = 0.9531,
        .p = 0.0001,
        .p_adjusted = 0.0002,
        .mde = 1.031,
        .layout_floor = 1.04,
        .pairs = 14,
        .blocks = 140,
        .blocks_left_out = 3,
        .ratio_clean = ratio,
        .ratio_total = ratio,
        .bound = NAN,
        .old_side = {1000, 14, 280},
        .new_side = {1000 * ratio, 14, 280},
    };
}

static struct gate_case made_case(const char *id, struct comparison comparison)
{
    return (struct gate_case){
        .id = id,
        .metric = "time",
        .unit = "ns",
        .better = BETTER_LOWER,
        .tags = "unit",
        .comparison = comparison,
        .message = "",
        .waiver = "",
        .settle = "",
        .wall_s = 1.25,
    };
}

/* One of every kind. */
static void make_cases(struct gate_case cases[CASES])
{
    int n = 0;

    cases[n++] = made_case(
        "gsl/fft", figures(VERDICT_UNCHANGED, REASON_EQUIVALENT, 1.001, 0.004));
    cases[n++] =
        made_case("gsl/matrix", figures(VERDICT_UNCHANGED, REASON_SLOWER_WITHIN,
                                        1.009, 0.003));
    cases[n] = made_case(
        "zlib/crc32", figures(VERDICT_REGRESSED, REASON_NONE, 1.0503, 0.003));
    cases[n].pair = pairs;
    cases[n++].n_pairs = ARRAY_LEN(pairs);
    cases[n++] = made_case("zlib/" HOSTILE,
                           figures(VERDICT_REGRESSED, REASON_NONE, 1.5, 0.01));
    cases[n] = made_case("yaml/parse", figures(VERDICT_INCONCLUSIVE,
                                               REASON_BUDGET, 1.015, 0.02));
    cases[n].comparison.n_needed = 24;
    cases[n++].comparison.totals_differ = true;
    cases[n] = made_case("yaml/emit", comparison_without(VERDICT_INCONCLUSIVE,
                                                         REASON_NEEDS_OLD));
    cases[n].wall_s = NAN;
    cases[n++].settle = "tare gate --against-rev 8972934 -k yaml/emit";
    cases[n++] = made_case("libc/memcpy[n=64]",
                           figures(VERDICT_IMPROVED, REASON_NONE, 0.8, 0.002));
    cases[n] = made_case("libc/qsort",
                         comparison_without(VERDICT_FAILED, REASON_CRASHED));
    cases[n++].message = "new: signal 11 (Segmentation fault)";
    cases[n++] =
        made_case("libc/old", comparison_without(VERDICT_GONE, REASON_NONE));
    cases[n++] =
        made_case("libc/strtod",
                  comparison_without(VERDICT_INCOMPARABLE, REASON_VERSION));
    cases[n] = made_case(
        "libc/malloc", figures(VERDICT_REGRESSED, REASON_WAIVED, 1.03, 0.002));
    cases[n].metric = "max_rss";
    cases[n].unit = "B";
    cases[n++].waiver = "safer comparison";
}

static const struct gate_mean means[] = {
    {"", 9, 1.012, 1.004, 1.02, 0.95, 1.011, 1.013, -1, VERDICT_UNSET},
    {"unit", 4, 1.04, 1.031, 1.049, 0.95, 1.039, 1.041, 0.01,
     VERDICT_REGRESSED},
};

static const struct gate_difference differences[] = {
    {"kernel", "6.1", "6.12"},
    {"turbo", NULL, "on"},
};

static struct anchor then_anchors[] = {{"integer", 100}, {"gone", 7}};
static const struct occasion then = {.anchor = then_anchors, .n_anchors = 2};

/* Valid while results and cases live. */
static struct gate_report made_report(const struct results *results,
                                      struct gate_case cases[CASES])
{
    make_cases(cases);
    return (struct gate_report){
        .command = REPORT_GATE,
        .suite = "shop",
        .old_name = "baseline main (2026-11-20, 8972934)",
        .new_name = "build/zlib_bench",
        .place = "core 1",
        .cases = cases,
        .n_cases = CASES,
        .mean = means,
        .n_means = ARRAY_LEN(means),
        .now = results->occasion,
        .then = &then,
        .difference = differences,
        .n_differences = ARRAY_LEN(differences),
        .moved = NAN,
        .alpha = 0.01,
        .wall_s = 61,
        .run = 7,
    };
}

DEFINE_SCOPED(struct results *, results_free)

typedef void write_fn(const struct gate_report *report, struct strbuf *out);

static void in_text(const struct gate_report *report, struct strbuf *out)
{
    const struct text_style style = {.columns = 0};

    gate_text(report, &style, out);
}

static void in_verbose_text(const struct gate_report *report,
                            struct strbuf *out)
{
    const struct text_style style = {
        .columns = 90, .color = true, .verbose = true};

    gate_text(report, &style, out);
}

static void in_markdown(const struct gate_report *report, struct strbuf *out)
{
    gate_markdown(report, false, out);
}

static void explained(const struct gate_report *report, struct strbuf *out)
{
    const struct text_style style = {.columns = 80};

    for (size_t i = 2; i < 6; i++)
        gate_explain(report, &report->cases[i], &style, out);
}

static const struct {
    const char *golden;
    write_fn *write;
} forms[] = {
    {"gate.txt", in_text},    {"gate-verbose.txt", in_verbose_text},
    {"gate.json", gate_json}, {"gate.csv", gate_csv},
    {"gate.md", in_markdown}, {"gate-explain.txt", explained},
};

TARE_TEST(every_form_is_as_agreed)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    struct gate_case cases[CASES];
    struct gate_report report = made_report(results, cases);

    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        SCOPED(strbuf_scoped) struct strbuf out = {0};

        forms[i].write(&report, &out);
        CHECK_GOLDEN(forms[i].golden, &out);
    }
}

TARE_TEST(counts)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    struct gate_case cases[CASES];
    struct gate_report report = made_report(results, cases);
    struct gate_counts n = gate_count(&report);

    TARE_CHECK_INT(n.total, CASES);
    TARE_CHECK_INT(n.of[VERDICT_REGRESSED], 3);
    TARE_CHECK_INT(n.waived, 1);
    TARE_CHECK_INT(n.of[VERDICT_UNCHANGED], 2);
    TARE_CHECK_INT(n.compared, 8);
}

static const char *concluded(struct gate_case *c, size_t n)
{
    static char line[300];
    const struct occasion now = {.seed = 1};
    const struct gate_report report = {.command = REPORT_COMPARE,
                                       .cases = c,
                                       .n_cases = n,
                                       .now = &now,
                                       .moved = NAN};
    struct strbuf out = {0};

    gate_conclusion(&report, &out);
    snprintf(line, sizeof line, "%s|%s", verdict_name(gate_verdict(&report)),
             strbuf_text(&out));
    strbuf_clear(&out);
    return line;
}

TARE_TEST(conclusions)
{
    struct gate_case all[CASES], some[5];

    make_cases(all);
    TARE_CHECK_STR(concluded(all, 0), "incomparable|compare: nothing was "
                                      "compared");
    TARE_CHECK_STR(concluded(all, 2),
                   "unchanged|compare: nothing regressed: 2 unchanged");
    TARE_CHECK_STR(concluded(all, 3), "regressed|compare: 1 of 3 regressed: "
                                      "zlib/crc32 +5.03 %");
    TARE_CHECK_STR(concluded(&all[4], 3),
                   "inconclusive|compare: nothing regressed: 2 inconclusive, 1 "
                   "improved");
    TARE_CHECK_STR(concluded(&all[7], 3),
                   "failed|compare: 1 of 3 could not be measured: libc/qsort; "
                   "1 gone, 1 incomparable");
    TARE_CHECK_STR(concluded(&all[9], 1),
                   "incomparable|compare: nothing was compared: 1 "
                   "incomparable");
    TARE_CHECK_STR(concluded(&all[10], 1),
                   "unchanged|compare: nothing regressed: 1 waived");
    TARE_CHECK_STR(concluded(&all[6], 1),
                   "improved|compare: nothing regressed: 1 improved");
    for (size_t i = 0; i < ARRAY_LEN(some); i++) {
        some[i] = all[2];
        some[i].comparison.ratio = 1.1 + 0.1 * (double)i;
    }
    TARE_CHECK_STR(concluded(some, 5),
                   "regressed|compare: 5 of 5 regressed: zlib/crc32 +50.0 %, "
                   "zlib/crc32 +40.0 %, zlib/crc32 +30.0 % and 2 more");
}

TARE_TEST(the_worst_comes_first)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    static const size_t want[CASES] = {3, 2, 10, 7, 8, 4, 5, 9, 6, 0, 1};
    struct gate_case cases[CASES];
    struct gate_report report = made_report(results, cases);
    size_t order[CASES];

    gate_sort(&report, order);
    for (size_t i = 0; i < CASES; i++)
        TARE_CHECK_INT(order[i], want[i]);
}

TARE_TEST(the_machine_is_blamed_where_it_moved)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct gate_case cases[CASES];
    struct gate_report report = made_report(results, cases);

    report.moved = 1.04;
    in_text(&report, &out);
    TARE_CHECK(strstr(strbuf_text(&out),
                      "machine: most cases and the anchors moved together by "
                      "+4.00 %"));
}

TARE_TEST(quiet_is_the_conclusion)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    const struct text_style style = {.quiet = true};
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct gate_case cases[CASES];
    struct gate_report report = made_report(results, cases);

    report.n_means = 1;
    report.n_cases = 3;
    gate_text(&report, &style, &out);
    TARE_CHECK_STR(strbuf_text(&out),
                   "gate: 1 of 3 regressed: zlib/crc32 +5.03 %\n");
}

TARE_TEST(what_was_not_measured_is_said)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    SCOPED(strbuf_scoped) struct strbuf out = {0}, all = {0};
    struct gate_case cases[CASES];
    struct gate_report report = made_report(results, cases);

    report.n_cases = 2;
    cases[0].comparison.reason = REASON_IDENTICAL;
    cases[1].comparison.reason = REASON_EQUIVALENT;
    in_text(&report, &out);
    TARE_CHECK(strstr(strbuf_text(&out),
                      "\n2 unchanged, 1 of them the same program and "
                      "libraries, not measured\n"));
    cases[1].comparison.reason = REASON_IDENTICAL;
    in_text(&report, &all);
    TARE_CHECK(strstr(strbuf_text(&all), "\n2 unchanged: the same program and "
                                         "libraries, not measured\n"));
}

TARE_TEST(explored_pairs_are_told_from_those_that_judge)
{
    static const double ratio[] = {1.07, 1.03, 1.05, 1.05};
    struct text_style style = {.verbose = true, .columns = 200};
    struct gate_case c =
        made_case("a/b", figures(VERDICT_REGRESSED, REASON_NONE, 1.05, 0.01));
    struct occasion now = {.machine_key = "", .created = ""};
    struct gate_report report = {.command = REPORT_GATE,
                                 .old_name = "o",
                                 .new_name = "n",
                                 .suite = "",
                                 .cases = &c,
                                 .n_cases = 1,
                                 .now = &now,
                                 .moved = NAN,
                                 .alpha = 0.01};
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    c.pair = ratio;
    c.n_pairs = 4;
    TARE_CHECK_INT(gate_explored(&c), 0);
    c.comparison.pairs = 3;
    TARE_CHECK_INT(gate_explored(&c), 1);
    gate_explain(&report, &c, &style, &out);
    TARE_CHECK(strstr(strbuf_text(&out), "  explored: +7.00 %\n"));
    TARE_CHECK(
        strstr(strbuf_text(&out), "  pairs: +3.00 %, +5.00 %, +5.00 %\n"));
    c.comparison.stage = 1;
    TARE_CHECK_INT(gate_explored(&c), 0);
}

TARE_TEST(a_comparison_has_a_schema_of_its_own)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct gate_case cases[CASES];
    struct gate_report report = made_report(results, cases);

    report.command = REPORT_COMPARE;
    gate_json(&report, &out);
    TARE_CHECK(strstr(strbuf_text(&out), "\"schema\": \"tare/compare/1\""));
    TARE_CHECK(strstr(strbuf_text(&out), "\"conclusion\": \"compare: "));
}
