/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/junit.h"

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "report/parts.h"

enum outcome { PASSED = 0, FAILURE, BROKEN, SKIPPED, OUTCOMES };

/* One test case.  Text is untrusted. */
struct entry {
    const char *id;
    const char *metric; /* NULL for the main one */
    enum outcome outcome;
    const char *type;    /* our own word */
    const char *message; /* "" */
    const char *output;  /* "" */
    double seconds;      /* NaN unknown */
};

struct counts {
    size_t of[OUTCOMES];
    double seconds;
};

static void add_entry(struct counts *counts, const struct entry *e)
{
    counts->of[e->outcome]++;
    if (isfinite(e->seconds))
        counts->seconds += e->seconds;
}

static void put_counts(struct strbuf *out, const char *suite,
                       const struct counts *c)
{
    xml_attribute(out, "name", *suite ? suite : "tare");
    strbuf_printf(out,
                  " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
                  "skipped=\"%zu\" time=\"%.6f\">\n",
                  c->of[PASSED] + c->of[FAILURE] + c->of[BROKEN] +
                      c->of[SKIPPED],
                  c->of[FAILURE], c->of[BROKEN], c->of[SKIPPED], c->seconds);
}

static void put_head(struct strbuf *out, const char *suite,
                     const struct counts *counts)
{
    strbuf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    put_counts(out, suite, counts);
    strbuf_puts(out, "  <testsuite");
    put_counts(out, suite, counts);
}

static void put_names(struct strbuf *out, const struct entry *e)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    size_t size = strcspn(e->id, "/[");
    bool has_program = e->id[size] == '/';

    strbuf_add(&text, e->id, has_program ? size : 0);
    xml_attribute(out, "classname", has_program ? strbuf_text(&text) : "tare");
    out->failed |= text.failed;
    strbuf_clear(&text);
    strbuf_puts(&text, has_program ? e->id + size + 1 : e->id);
    if (e->metric)
        strbuf_printf(&text, " %s", e->metric);
    xml_attribute(out, "name", strbuf_text(&text));
    out->failed |= text.failed;
}

static void put_entry(struct strbuf *out, const struct entry *e)
{
    static const char *const element[OUTCOMES] = {NULL, "failure", "error",
                                                  "skipped"};

    strbuf_puts(out, "    <testcase");
    put_names(out, e);
    if (isfinite(e->seconds))
        strbuf_printf(out, " time=\"%.6f\"", e->seconds);
    strbuf_puts(out, ">\n");
    if (element[e->outcome]) {
        strbuf_printf(out, "      <%s", element[e->outcome]);
        if (e->outcome != SKIPPED)
            strbuf_printf(out, " type=\"%s\"", e->type);
        xml_attribute(out, "message", e->message);
        strbuf_puts(out, "/>\n");
    }
    if (*e->output) {
        strbuf_puts(out, "      <system-out>");
        xml_text(out, e->output, "\n");
        strbuf_puts(out, "</system-out>\n");
    }
    strbuf_puts(out, "    </testcase>\n");
}

static void put_end(struct strbuf *out)
{
    strbuf_puts(out, "  </testsuite>\n</testsuites>\n");
}

/* --- comparisons */

static enum outcome outcome_of(const struct gate_case *c)
{
    static const enum outcome outcomes[VERDICT_COUNT] = {
        [VERDICT_REGRESSED] = FAILURE,    [VERDICT_GONE] = FAILURE,
        [VERDICT_FAILED] = BROKEN,        [VERDICT_INCONCLUSIVE] = SKIPPED,
        [VERDICT_INCOMPARABLE] = SKIPPED, [VERDICT_NEW] = SKIPPED,
        [VERDICT_UNSET] = SKIPPED,
    };

    return gate_is_waived(c) ? PASSED : outcomes[c->comparison.verdict];
}

/* "regressed +5.10 % (+4.81 % to +5.42 % at 95.3 %): reason" */
static void describe(struct strbuf *out, const struct gate_case *c)
{
    const struct comparison *m = &c->comparison;
    SCOPED(strbuf_scoped) struct strbuf reason = {0};
    char change[QUANTITY_TEXT], high[QUANTITY_TEXT], share[SHARE_TEXT];

    strbuf_puts(out, verdict_name(m->verdict));
    if (isfinite(m->ratio))
        strbuf_printf(out, " %s", format_change(change, m->ratio));
    if (m->low > 0 && isfinite(m->high)) {
        format_changes(change, high, m->low, m->high);
        strbuf_printf(out, " (%s to %s at %s)", change, high,
                      text_share(share, m->confidence));
    }
    gate_reason(c, &reason);
    if (reason.size)
        strbuf_printf(out, ": %s", strbuf_text(&reason));
    out->failed |= reason.failed;
}

static struct entry gate_entry(const struct gate_case *c,
                               const struct strbuf *text)
{
    enum outcome outcome = outcome_of(c);

    return (struct entry){
        .id = c->id,
        .metric = strcmp(c->metric, "time") ? c->metric : NULL,
        .outcome = outcome,
        .type = verdict_name(c->comparison.verdict),
        .message = outcome == PASSED ? "" : strbuf_text(text),
        .output = outcome == PASSED ? strbuf_text(text) : "",
        .seconds = c->wall_s,
    };
}

static void gate_entries(const struct gate_report *report, struct strbuf *out,
                         struct counts *counts)
{
    for (size_t i = 0; i < report->n_cases; i++) {
        SCOPED(strbuf_scoped) struct strbuf text = {0};
        struct entry e;

        describe(&text, &report->cases[i]);
        e = gate_entry(&report->cases[i], &text);
        if (counts)
            add_entry(counts, &e);
        else
            put_entry(out, &e);
        out->failed |= text.failed;
    }
}

/* A gated mean is a test as well. */
static void mean_entries(const struct gate_report *report, struct strbuf *out,
                         struct counts *counts)
{
    for (size_t i = 0; i < report->n_means; i++) {
        const struct gate_mean *m = &report->mean[i];
        SCOPED(strbuf_scoped) struct strbuf name = {0}, text = {0};
        bool regressed = m->verdict == VERDICT_REGRESSED;
        char change[QUANTITY_TEXT];
        struct entry e;

        if (m->verdict == VERDICT_UNSET)
            continue;
        strbuf_printf(&name, "mean/%s", *m->name ? m->name : "suite");
        strbuf_printf(&text, "%s %s", verdict_name(m->verdict),
                      format_change(change, m->ratio));
        e = (struct entry){.id = strbuf_text(&name),
                           .outcome = regressed ? FAILURE : PASSED,
                           .type = verdict_name(m->verdict),
                           .message = regressed ? strbuf_text(&text) : "",
                           .output = regressed ? "" : strbuf_text(&text),
                           .seconds = NAN};
        if (counts)
            add_entry(counts, &e);
        else
            put_entry(out, &e);
        out->failed |= name.failed || text.failed;
    }
}

void gate_junit(const struct gate_report *report, struct strbuf *out)
{
    struct counts counts = {.seconds = 0};

    gate_entries(report, out, &counts);
    mean_entries(report, out, &counts);
    put_head(out, report->suite, &counts);
    gate_entries(report, out, NULL);
    mean_entries(report, out, NULL);
    put_end(out);
}

/* --- runs */

static struct entry run_entry(const struct run_case *c, struct strbuf *text)
{
    static const enum outcome outcomes[] = {[CASE_MEASURED] = PASSED,
                                            [CASE_FAILED] = BROKEN,
                                            [CASE_SKIPPED] = SKIPPED};
    const struct case_results *r = c->result;
    char quantity[QUANTITY_TEXT], share[SHARE_TEXT], at[SHARE_TEXT];

    if (c->time) {
        const struct estimate *e = &c->time->estimate;

        strbuf_puts(text,
                    format_quantity(quantity, e->value, c->time->metric->unit));
        if (!e->open)
            strbuf_printf(text, " \xc2\xb1%s at %s",
                          text_share(share, e->half_width),
                          text_share(at, e->confidence));
    }
    return (struct entry){.id = r->id,
                          .outcome = outcomes[r->status],
                          .type = case_status_name(r->status),
                          .message = r->message,
                          .output = strbuf_text(text),
                          .seconds = NAN};
}

void run_junit(const struct run_report *report, struct strbuf *out)
{
    struct counts counts = {.of = {[PASSED] = report->n_measured,
                                   [BROKEN] = report->n_failed,
                                   [SKIPPED] = report->n_skipped},
                            .seconds = report->wall_s > 0 ? report->wall_s : 0};

    put_head(out, report->results->name, &counts);
    for (size_t i = 0; i < report->n_cases; i++) {
        SCOPED(strbuf_scoped) struct strbuf text = {0};
        struct entry e = run_entry(&report->cases[i], &text);

        put_entry(out, &e);
        out->failed |= text.failed;
    }
    put_end(out);
}
