/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/openmetrics.h"

#include <math.h>

#include "base/scope.h"
#include "report/text.h"

/* Behind the name of a family that has a unit. */
static void begin(struct strbuf *out, const char *name, const char *type,
                  const char *unit, const char *help)
{
    strbuf_printf(out, "# TYPE %s %s\n", name, type);
    if (unit)
        strbuf_printf(out, "# UNIT %s %s\n", name, unit);
    strbuf_printf(out, "# HELP %s %s\n", name, help);
}

/* A label's value may hold anything but a bare quote, backslash or newline
 * (OpenMetrics 1.0, "Escaping"); control characters are made visible besides.
 */
static void label(struct strbuf *out, const char *gap, const char *name,
                  const char *untrusted)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    text_escape(&text, untrusted, 0);
    strbuf_printf(out, "%s%s=\"", gap, name);
    for (const char *p = strbuf_text(&text); *p; p++) {
        if (*p == '"' || *p == '\\')
            strbuf_putc(out, '\\');
        strbuf_putc(out, *p);
    }
    strbuf_putc(out, '"');
    out->failed |= text.failed;
}

static void value(struct strbuf *out, double x)
{
    strbuf_puts(out, "} ");
    strbuf_double(out, x);
    strbuf_putc(out, '\n');
}

static void end(struct strbuf *out)
{
    strbuf_puts(out, "# EOF\n");
}

/* Where and of what the figures are. */
static void put_info(struct strbuf *out, const char *suite,
                     const struct occasion *o)
{
    begin(out, "tare_run", "info", NULL, "Sources and machine of the figures.");
    strbuf_puts(out, "tare_run_info{");
    label(out, "", "suite", suite);
    label(out, ",", "revision", o->revision);
    label(out, ",", "branch", o->branch);
    label(out, ",", "machine", o->machine_key);
    label(out, ",", "created", o->created);
    value(out, 1);
}

/* --- runs */

enum end_of { THE_VALUE = 0, ITS_LOW, ITS_HIGH };

static double run_figure(const struct estimate *e, enum end_of which)
{
    switch (which) {
    case ITS_LOW:
        return e->open ? NAN : e->low;
    case ITS_HIGH:
        return e->open ? NAN : e->high;
    default:
        return e->value;
    }
}

static void run_family(const struct run_report *report, const char *name,
                       enum end_of which, const char *help, struct strbuf *out)
{
    begin(out, name, "gauge", NULL, help);
    for (size_t i = 0; i < report->n_cases; i++)
        for (size_t k = 0; k < report->cases[i].n_metrics; k++) {
            const struct run_metric *m = &report->cases[i].metric[k];
            double x = run_figure(&m->estimate, which);

            if (!isfinite(x))
                continue;
            strbuf_printf(out, "%s{", name);
            label(out, "", "suite", report->results->name);
            label(out, ",", "id", report->cases[i].result->id);
            label(out, ",", "metric", m->metric->name);
            label(out, ",", "unit", m->metric->unit);
            value(out, x);
        }
}

void run_openmetrics(const struct run_report *report, struct strbuf *out)
{
    put_info(out, report->results->name, report->occasion);
    run_family(report, "tare_value", THE_VALUE,
               "Estimate of a metric of a case, in its unit.", out);
    run_family(report, "tare_value_low", ITS_LOW,
               "Lower end of the estimate's interval.", out);
    run_family(report, "tare_value_high", ITS_HIGH,
               "Upper end of the estimate's interval.", out);
    end(out);
}

/* --- comparisons */

static void gate_labels(struct strbuf *out, const struct gate_report *report,
                        const struct gate_case *c, const char *name)
{
    strbuf_printf(out, "%s{", name);
    label(out, "", "suite", report->suite);
    label(out, ",", "id", c->id);
    label(out, ",", "metric", c->metric);
}

static double gate_figure(const struct comparison *c, enum end_of which)
{
    switch (which) {
    case ITS_LOW:
        return c->low > 0 ? c->low : NAN;
    case ITS_HIGH:
        return c->high;
    default:
        return c->ratio;
    }
}

static void gate_family(const struct gate_report *report, const char *name,
                        enum end_of which, const char *help, struct strbuf *out)
{
    begin(out, name, "gauge", NULL, help);
    for (size_t i = 0; i < report->n_cases; i++) {
        double x = gate_figure(&report->cases[i].comparison, which);

        if (!isfinite(x))
            continue;
        gate_labels(out, report, &report->cases[i], name);
        value(out, x);
    }
}

static void gate_counts_family(const struct gate_report *report,
                               struct strbuf *out)
{
    struct gate_counts n = gate_count(report);

    begin(out, "tare_cases", "gauge", NULL, "Cases by verdict.");
    for (int v = VERDICT_REGRESSED; v < VERDICT_COUNT; v++) {
        strbuf_puts(out, "tare_cases{");
        label(out, "", "suite", report->suite);
        label(out, ",", "verdict", verdict_name((enum verdict)v));
        value(out, (double)n.of[v]);
    }
}

void gate_openmetrics(const struct gate_report *report, struct strbuf *out)
{
    put_info(out, report->suite, report->now);
    gate_family(report, "tare_ratio", THE_VALUE, "New over old.", out);
    gate_family(report, "tare_ratio_low", ITS_LOW,
                "Lower end of the ratio's interval.", out);
    gate_family(report, "tare_ratio_high", ITS_HIGH,
                "Upper end of the ratio's interval.", out);
    begin(out, "tare_regressed", "gauge", NULL,
          "1 where a regression was found that is not waived.");
    for (size_t i = 0; i < report->n_cases; i++) {
        const struct gate_case *c = &report->cases[i];

        gate_labels(out, report, c, "tare_regressed");
        value(out,
              c->comparison.verdict == VERDICT_REGRESSED && !gate_is_waived(c));
    }
    gate_counts_family(report, out);
    end(out);
}

/* --- tests */

static void test_labels(struct strbuf *out, const struct test_report *report,
                        const char *name, const char *key, const char *word)
{
    strbuf_printf(out, "%s{", name);
    label(out, "", "suite", report->suite);
    if (key)
        label(out, ",", key, word);
}

void tests_openmetrics(const struct test_report *report, struct strbuf *out)
{
    struct test_summary s = test_summarise(report);

    begin(out, "tare_test_seconds", "gauge", "seconds",
          "Duration of a test, set-up and tear-down included.");
    for (size_t i = 0; i < report->n; i++) {
        test_labels(out, report, "tare_test_seconds", "id", report->test[i].id);
        value(out, (double)report->test[i].duration_ns / 1e9);
    }
    begin(out, "tare_test_passed", "gauge", NULL,
          "1 where a test passed, 0 where it failed; skipped ones are absent.");
    for (size_t i = 0; i < report->n; i++) {
        enum test_verdict verdict = test_verdict(report->test[i].outcome);

        if (verdict == TEST_VERDICT_SKIPPED)
            continue;
        test_labels(out, report, "tare_test_passed", "id", report->test[i].id);
        value(out, verdict == TEST_VERDICT_PASSED);
    }
    begin(out, "tare_tests", "gauge", NULL, "Tests by outcome.");
    for (int o = TEST_PASSED; o < TEST_OUTCOMES; o++) {
        test_labels(out, report, "tare_tests", "outcome",
                    test_outcome_name((enum test_outcome)o));
        value(out, (double)s.count[o]);
    }
    begin(out, "tare_tests_makespan_seconds", "gauge", "seconds",
          "Time from the first start to the last end.");
    test_labels(out, report, "tare_tests_makespan_seconds", NULL, NULL);
    value(out, s.makespan_s);
    end(out);
}
