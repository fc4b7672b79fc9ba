/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data made up by hand. */
#include <config.h>

#include "tests/unit/report/made_up.h"

#include <math.h>
#include <stdlib.h>

static double thousandths(double x)
{
    return round(x * 1000) / 1000;
}

/* Eight invocations around `level`, three samples each, spread by eye. */
static void add_samples(struct results *results, struct metric *metric,
                        double level, size_t n)
{
    static const double shape[] = {1,     1.002, 0.998, 1.004,
                                   0.996, 1.001, 0.999, 1.003};

    for (size_t i = 0; i < n; i++) {
        const double sample[] = {thousandths(level * shape[i]),
                                 thousandths(level * shape[i] * 1.001),
                                 thousandths(level * shape[i] * 0.998)};

        if (results_add_invocation(results, metric, 0, sample, 3, NULL) < 0)
            abort();
    }
}

static struct case_results *add_case(struct results *results, const char *id,
                                     double ns, size_t n)
{
    struct case_results *c = results_add_case(results, id);

    if (!c)
        abort();
    c->program = "build/sort_bench";
    c->hash = "0123456789abcdef";
    c->tags = "unit,sort";
    c->warmup = 3;
    c->iterations = 1000;
    c->empty_ns = 0.68;
    c->disturbed = 0.002;
    c->stopped_by = STOPPED_PRECISE;
    if (n) {
        add_samples(results,
                    results_need_metric(results, c, "time", "ns", BETTER_LOWER),
                    ns, n);
        add_samples(
            results,
            results_need_metric(results, c, "max_rss", "B", BETTER_LOWER),
            4194304, n);
    }
    return c;
}

static void add_occasion(struct results *results)
{
    static struct anchor anchors[] = {{"integer", 101.5}, {"memory", 2048}};
    struct occasion *o = results_add_occasion(results);
    struct arena *a = &results->arena;

    if (!o)
        abort();
    o->created = "2026-11-22T22:53:14Z";
    o->revision = "8972934";
    o->branch = "main";
    o->machine_key = "f00dfeed";
    o->seed = 42;
    o->anchor = anchors;
    o->n_anchors = 2;
    if (facts_set(a, &o->machine, "cpu", "AMD EPYC 7B13", NULL) < 0 ||
        facts_set(a, &o->machine, "hypervisor", "KVM", NULL) < 0 ||
        facts_set(a, &o->machine, "topology",
                  "packages 1, cores 2, PUs 2, L3 1x32768 KiB", NULL) < 0 ||
        facts_set(a, &o->plan, "budget", "10s", NULL) < 0 ||
        facts_set(a, &o->plan, "cpus", "1", NULL) < 0 ||
        facts_set(a, &o->plan, "placement", "no core left", NULL) < 0)
        abort();
}

struct results *made_up_results(void)
{
    struct results *results = results_new();
    struct case_results *c;

    if (!results)
        abort();
    results->name = "shop";
    add_occasion(results);
    c = add_case(results, "sort/qsort[n=1000]", 12345, 8);
    c->items = 1000;
    c = add_case(results, "sort/merge[n=1000]", 24690, 8);
    c->baseline = "sort/qsort[n=1000]";
    c->disturbed = 0.125;
    c->stopped_by = STOPPED_BUDGET;
    c->bytes = 8000;
    add_samples(results,
                results_need_metric(results, c, "hits", "1", BETTER_HIGHER),
                250, 8);
    add_case(results, "sort/nothing", 0.66, 8)->disturbed = -1;
    add_case(results, HOSTILE, 3.2e9, 4)->stopped_by = STOPPED_MAX_TIME;
    c = add_case(results, "sort/crash", 0, 0);
    c->status = CASE_FAILED;
    c->message = "signal 11 (Segmentation fault)\nlast words: \x1b[2J";
    c->stopped_by = STOPPED_UNSET;
    c = add_case(results, "sort/skip", 0, 0);
    c->status = CASE_SKIPPED;
    c->message = "needs a database";
    c->stopped_by = STOPPED_UNSET;
    return results;
}
