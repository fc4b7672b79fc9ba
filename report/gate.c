/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting, ordering and summing up comparisons. */
#include <config.h>

#include "report/gate.h"

#include <math.h>
#include <stdlib.h>

#include "base/units.h"

enum { NAMED_MAX = 3 }; /* cases named in the conclusion */

/* What is read first. */
static const int rank[VERDICT_COUNT] = {
    [VERDICT_REGRESSED] = 0,    [VERDICT_FAILED] = 1,
    [VERDICT_GONE] = 2,         [VERDICT_INCONCLUSIVE] = 3,
    [VERDICT_INCOMPARABLE] = 4, [VERDICT_IMPROVED] = 5,
    [VERDICT_NEW] = 6,          [VERDICT_UNCHANGED] = 7,
    [VERDICT_UNSET] = 8,
};

bool gate_is_waived(const struct gate_case *c)
{
    return c->comparison.reason == REASON_WAIVED;
}

struct gate_counts gate_count(const struct gate_report *report)
{
    struct gate_counts n = {.total = report->n_cases};

    for (size_t i = 0; i < report->n_cases; i++) {
        const struct gate_case *c = &report->cases[i];

        n.of[c->comparison.verdict]++;
        n.waived +=
            c->comparison.verdict == VERDICT_REGRESSED && gate_is_waived(c);
    }
    n.compared = n.of[VERDICT_REGRESSED] + n.of[VERDICT_IMPROVED] +
                 n.of[VERDICT_UNCHANGED] + n.of[VERDICT_INCONCLUSIVE];
    return n;
}

static bool mean_regressed(const struct gate_report *report)
{
    for (size_t i = 0; i < report->n_means; i++)
        if (report->mean[i].verdict == VERDICT_REGRESSED)
            return true;
    return false;
}

enum verdict gate_verdict(const struct gate_report *report)
{
    struct gate_counts n = gate_count(report);

    if (n.of[VERDICT_REGRESSED] > n.waived || mean_regressed(report))
        return VERDICT_REGRESSED;
    if (n.of[VERDICT_FAILED])
        return VERDICT_FAILED;
    if (n.compared == 0)
        return VERDICT_INCOMPARABLE;
    if (n.of[VERDICT_INCONCLUSIVE])
        return VERDICT_INCONCLUSIVE;
    return n.of[VERDICT_IMPROVED] ? VERDICT_IMPROVED : VERDICT_UNCHANGED;
}

/* Size of a change for sorting; unknown is none. */
static double size_of(const struct gate_case *c)
{
    double ratio = c->comparison.ratio;

    return ratio > 0 && isfinite(ratio) ? fabs(log(ratio)) : 0;
}

/* A case with its place, since qsort() passes nothing else along. */
struct ranked {
    const struct gate_case *c;
    size_t index;
};

static int by_weight(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int p = rank[x->c->comparison.verdict], q = rank[y->c->comparison.verdict];
    double s = size_of(x->c), t = size_of(y->c);

    if (p == q && gate_is_waived(x->c) != gate_is_waived(y->c))
        return gate_is_waived(x->c) ? 1 : -1;
    if (p != q)
        return p - q;
    if (p < rank[VERDICT_UNCHANGED] && s != t)
        return s > t ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

void gate_sort(const struct gate_report *report, size_t *order)
{
    struct ranked *ranked = malloc((report->n_cases + 1) * sizeof *ranked);

    for (size_t i = 0; i < report->n_cases; i++)
        order[i] = i;
    if (!ranked) /* any order is better than none */
        return;
    for (size_t i = 0; i < report->n_cases; i++)
        ranked[i] = (struct ranked){&report->cases[i], i};
    qsort(ranked, report->n_cases, sizeof *ranked, by_weight);
    for (size_t i = 0; i < report->n_cases; i++)
        order[i] = ranked[i].index;
    free(ranked);
}

static void name_case(struct strbuf *out, const struct gate_case *c,
                      const char *before)
{
    char text[QUANTITY_TEXT];

    strbuf_puts(out, before);
    text_escape(out, c->id, 0);
    if (isfinite(c->comparison.ratio))
        strbuf_printf(out, " %s", format_change(text, c->comparison.ratio));
}

/* The cases of a verdict, the largest changes first, as far as they fit. */
static void name_cases(struct strbuf *out, const struct gate_report *report,
                       enum verdict verdict)
{
    size_t *order = malloc((report->n_cases + 1) * sizeof *order);
    size_t n = 0;

    if (!order) {
        out->failed = true;
        return;
    }
    gate_sort(report, order);
    for (size_t i = 0; i < report->n_cases; i++) {
        const struct gate_case *c = &report->cases[order[i]];

        if (c->comparison.verdict != verdict || gate_is_waived(c))
            continue;
        if (n < NAMED_MAX)
            name_case(out, c, n ? ", " : ": ");
        n++;
    }
    if (n > NAMED_MAX)
        strbuf_printf(out, " and %zu more", n - NAMED_MAX);
    free(order);
}

static void add_count(struct strbuf *out, size_t n, const char *word,
                      const char **gap)
{
    if (n == 0)
        return;
    strbuf_printf(out, "%s%zu %s", *gap, n, word);
    *gap = ", ";
}

/* Everything that is not named, by count. */
static void count_rest(struct strbuf *out, const struct gate_counts *n,
                       enum verdict named, const char *gap)
{
    static const enum verdict order[] = {
        VERDICT_FAILED,       VERDICT_GONE,     VERDICT_INCONCLUSIVE,
        VERDICT_INCOMPARABLE, VERDICT_IMPROVED, VERDICT_NEW,
        VERDICT_UNCHANGED,
    };

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (order[i] != named)
            add_count(out, n->of[order[i]], verdict_name(order[i]), &gap);
    add_count(out, n->waived, "waived", &gap);
}

static void conclude_means(struct strbuf *out, const struct gate_report *report)
{
    char text[QUANTITY_TEXT];

    for (size_t i = 0; i < report->n_means; i++) {
        const struct gate_mean *m = &report->mean[i];

        if (m->verdict != VERDICT_REGRESSED)
            continue;
        strbuf_puts(out, "; the mean of ");
        if (*m->name)
            text_escape(out, m->name, 0);
        else
            strbuf_puts(out, "the suite");
        strbuf_printf(out, " regressed %s", format_change(text, m->ratio));
    }
}

void gate_conclusion(const struct gate_report *report, struct strbuf *out)
{
    struct gate_counts n = gate_count(report);
    size_t bad = n.of[VERDICT_REGRESSED] - n.waived;

    strbuf_puts(out, report->command == REPORT_GATE ? "gate: " : "compare: ");
    if (bad) {
        strbuf_printf(out, "%zu of %zu regressed", bad, n.total);
        name_cases(out, report, VERDICT_REGRESSED);
    } else if (n.of[VERDICT_FAILED]) {
        strbuf_printf(out, "%zu of %zu could not be measured",
                      n.of[VERDICT_FAILED], n.total);
        name_cases(out, report, VERDICT_FAILED);
        count_rest(out, &n, VERDICT_FAILED, "; ");
    } else if (n.compared == 0) {
        strbuf_puts(out, "nothing was compared");
        count_rest(out, &n, VERDICT_UNSET, ": ");
    } else {
        strbuf_printf(out, "nothing regressed");
        count_rest(out, &n, VERDICT_UNSET, ": ");
    }
    conclude_means(out, report);
    if (report->interrupted)
        strbuf_puts(out, "; interrupted");
}
