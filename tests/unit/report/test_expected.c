/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expected ratios and categories by hand. */
#include <config.h>

#include "report/expected.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "bench/tare.h"
#include "report/run_tags.h"

DEFINE_SCOPED(struct results *, results_free)

/* A case whose k-th invocation takes ns * (1 + k / 1000). */
static void add_case(struct results *results, const char *id, const char *tags,
                     double ns, size_t n)
{
    struct case_results *c = results_add_case(results, id);
    struct metric *metric =
        c ? results_need_metric(results, c, "time", "ns", BETTER_LOWER) : NULL;

    if (!metric)
        abort();
    c->tags = tags;
    for (size_t k = 0; k < n; k++) {
        double sample = ns * (1 + (double)k / 1000);

        if (results_add_invocation(results, metric, 0, &sample, 1, NULL) < 0)
            abort();
    }
}

static struct results *two_cases(size_t n)
{
    struct results *results = results_new();

    if (!results || !results_add_occasion(results))
        abort();
    add_case(results, "a", "fast,unit", 1000, n);
    add_case(results, "b", "unit", 4000, n);
    return results;
}

static enum expected_outcome judged(struct tare *t, struct results *results,
                                    double low, double high,
                                    struct expected *out)
{
    static struct expect_ratio wanted;

    wanted = (struct expect_ratio){
        .id = {"a", "b"}, .metric = "time", .low = low, .high = high};
    TARE_REQUIRE_INT(expected_judge(&wanted, results, 0, 0.99, out, NULL), 0);
    return out->outcome;
}

TARE_TEST(a_ratio_holds_or_is_broken)
{
    SCOPED(results_free_scoped) struct results *results = two_cases(12);
    struct expected e;

    TARE_CHECK_INT(judged(t, results, 0.2, 0.3, &e), EXPECTED_HOLDS);
    TARE_CHECK_REL(e.ratio.value, 0.25, 1e-9);
    TARE_CHECK(e.ratio.confidence >= 0.99);
    TARE_CHECK_INT(judged(t, results, 0.3, 0.4, &e), EXPECTED_BROKEN);
    TARE_CHECK_INT(judged(t, results, 0.1, 0.2, &e), EXPECTED_BROKEN);
}

TARE_TEST(few_invocations_decide_nothing)
{
    SCOPED(results_free_scoped) struct results *results = two_cases(3);
    struct expected e;

    TARE_CHECK_INT(judged(t, results, 0.3, 0.4, &e), EXPECTED_OPEN);
    TARE_CHECK_REL(e.ratio.value, 0.25, 1e-9);
}

TARE_TEST(what_was_not_measured_is_unknown)
{
    SCOPED(results_free_scoped) struct results *results = two_cases(12);
    struct expected e;

    results->cases[1].status = CASE_FAILED;
    TARE_CHECK_INT(judged(t, results, 0.2, 0.3, &e), EXPECTED_UNKNOWN);
    results->cases[1].status = CASE_MEASURED;
    results->cases[1].id = "c";
    TARE_CHECK_INT(judged(t, results, 0.2, 0.3, &e), EXPECTED_UNKNOWN);
}

TARE_TEST(categories_add_up)
{
    SCOPED(results_free_scoped) struct results *results = two_cases(12);
    const struct estimate_policy policy = estimate_defaults();
    struct run_report report;

    add_case(results, "c", "fast", 2000, 12);
    add_case(results, "fixture:db/setup", "", 1e9, 1);
    TARE_REQUIRE_INT(run_report_make(results, 0, &policy, &report, NULL), 0);
    TARE_REQUIRE_INT(report.n_tags, 3);
    TARE_CHECK_STR(report.tag[0].name, "");
    TARE_CHECK_INT(report.tag[0].cases, 3);
    TARE_CHECK_REL(report.tag[0].total_ns, 7000, 0.02);
    TARE_CHECK_REL(report.tag[0].mean_ns, 2000, 0.02);
    TARE_CHECK(report.tag[0].low <= 2012 && report.tag[0].high >= 2009);
    TARE_CHECK_STR(report.tag[1].name, "fast");
    TARE_CHECK_INT(report.tag[1].cases, 2);
    TARE_CHECK_REL(report.tag[1].total_ns, 3000, 0.02);
    TARE_CHECK_REL(report.tag[1].own_ns, 2000, 0.02);
    TARE_CHECK_STR(report.tag[2].name, "unit");
    TARE_CHECK_REL(report.tag[2].own_ns, 4000, 0.02);
    TARE_CHECK_REL(report.tag[2].mean_ns, 2000, 0.02);
    run_report_clear(&report);
}
