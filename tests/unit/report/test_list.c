/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of cases and of baselines. */
#include <config.h>

#include "report/list.h"

#include "base/scope.h"
#include "report/baseline.h"
#include "tests/unit/report/golden.h"
#include "tests/unit/report/made_up.h"

static const struct list_case cases[] = {
    {"sort/qsort[n=10]", false, "build/sort", "unit,sort", "", "", 2,
     "bench/sort.c", 12},
    {"sort/merge[n=10]", false, "build/sort", "unit", "", "sort/qsort[n=10]", 0,
     "", 0},
    {HOSTILE, true, "build/shop", "<i>", "database", "", 0, "tests/shop.c", 40},
};

static void golden_list(struct tare *t, const char *name,
                        const struct text_style *style, size_t n)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    list_text(cases, n, style, &out);
    CHECK_GOLDEN(name, &out);
}

TARE_TEST(text_of_a_list)
{
    const struct text_style wide = {.columns = 0};
    const struct text_style quiet = {.quiet = true};

    golden_list(t, "list.txt", &wide, ARRAY_LEN(cases));
    golden_list(t, "list-plain.txt", &wide, 0);
    golden_list(t, "list-quiet.txt", &quiet, ARRAY_LEN(cases));
}

TARE_TEST(json_of_a_list)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    list_json("shop", cases, ARRAY_LEN(cases), &out);
    CHECK_GOLDEN("list.json", &out);
}

DEFINE_SCOPED(struct results *, results_free)

/* The made-up run and the same a day later, 1 % slower. */
static struct results *two_occasions(void)
{
    struct results *results = made_up_results();
    struct occasion *o = results_add_occasion(results);

    if (!o)
        abort();
    o->created = "2026-11-23T08:00:00Z";
    o->revision = "abcdef0123456789";
    o->dirty = true;
    o->machine_key = "0badcafe";
    for (size_t i = 0; i < 3; i++) {
        static const double later[] = {1250, 1251, 1252, 1253, 1254, 1255};

        for (size_t k = 0; k < ARRAY_LEN(later); k++)
            if (results_add_invocation(results, &results->cases[i].metric[0], 1,
                                       &later[k], 1, NULL) < 0)
                abort();
    }
    return results;
}

TARE_TEST(text_of_baselines)
{
    const struct text_style style = {.columns = 0};
    SCOPED(results_free_scoped) struct results *one = made_up_results();
    SCOPED(results_free_scoped) struct results *two = two_occasions();
    const struct baseline_item items[] = {
        {"main", "baselines/main.yaml", one, true},
        {"release-1.0", "baselines/release-1.0.yaml", two, false},
    };
    const struct estimate_policy policy = estimate_defaults();
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    baselines_text(items, 2, &style, &out);
    TARE_CHECK_INT(baseline_text(&items[1], &policy, &style, &out, NULL), 0);
    CHECK_GOLDEN("baseline.txt", &out);
}

/* Inputs whose figures are exact on any machine: all samples equal. */
static struct results *exact_results(void)
{
    static const double samples[] = {1, 1, 1};
    struct results *results = results_new();
    struct case_results *c;
    struct metric *m;

    if (!results || !results_add_occasion(results))
        abort();
    c = results_add_case(results, "sort/qsort");
    m = c ? results_need_metric(results, c, "lines", "1", BETTER_NONE) : NULL;
    if (!m || results_add_invocation(results, m, 0, samples, 3, NULL) < 0)
        abort();
    return results;
}

TARE_TEST(json_of_baselines)
{
    SCOPED(results_free_scoped) struct results *results = exact_results();
    const struct baseline_item item = {"main", "baselines/main.yaml", results,
                                       true};
    const struct estimate_policy policy = estimate_defaults();
    SCOPED(strbuf_scoped) struct strbuf out = {0}, brief = {0};

    TARE_CHECK_INT(baselines_json(&item, 1, true, &policy, &out, NULL), 0);
    CHECK_GOLDEN("baseline.json", &out);
    TARE_CHECK_INT(baselines_json(&item, 1, false, &policy, &brief, NULL), 0);
    CHECK_GOLDEN("baseline-list.json", &brief);
}
