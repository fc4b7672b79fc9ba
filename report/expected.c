/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/expected.h"

#include <math.h>
#include <string.h>

#include "report/parts.h"

static const struct {
    const char *name;
    enum paint paint;
} outcomes[] = {
    [EXPECTED_UNKNOWN] = {"unknown", PAINT_DIM},
    [EXPECTED_HOLDS] = {"holds", PAINT_GOOD},
    [EXPECTED_BROKEN] = {"broken", PAINT_BAD},
    [EXPECTED_OPEN] = {"undecided", PAINT_WARN},
};

static const struct metric *metric_of(const struct results *results,
                                      const char *id, const char *name)
{
    const struct case_results *c = results_find(results, id);

    return c && c->status == CASE_MEASURED ? results_metric(c, name) : NULL;
}

static enum expected_outcome outcome_of(const struct expect_ratio *wanted,
                                        const struct run_ratio *ratio)
{
    if (ratio->open)
        return EXPECTED_OPEN;
    if (ratio->low >= wanted->low && ratio->high <= wanted->high)
        return EXPECTED_HOLDS;
    if (ratio->high < wanted->low || ratio->low > wanted->high)
        return EXPECTED_BROKEN;
    return EXPECTED_OPEN;
}

int expected_judge(const struct expect_ratio *wanted,
                   const struct results *results, size_t occasion,
                   double confidence, struct expected *out, struct error *err)
{
    struct estimate_policy policy = estimate_defaults();
    const struct metric *of = metric_of(results, wanted->id[0], wanted->metric);
    const struct metric *to = metric_of(results, wanted->id[1], wanted->metric);
    int rc;

    *out = (struct expected){.wanted = wanted};
    if (!of || !to || of->occasion[occasion].n == 0 ||
        to->occasion[occasion].n == 0)
        return 0;
    policy.confidence = confidence;
    rc = run_ratio_of(of, to, occasion, &policy, &out->ratio, err);
    if (rc == 0 && out->ratio.against)
        out->outcome = outcome_of(wanted, &out->ratio);
    return rc;
}

/* "holds", "broken", "undecided", "unknown". */
static const char *expected_name(enum expected_outcome outcome)
{
    return outcomes[outcome].name;
}

void expected_words(const struct expected *e, struct strbuf *out)
{
    char share[SHARE_TEXT];

    if (e->outcome == EXPECTED_UNKNOWN)
        strbuf_puts(out, "not both measured");
    else if (e->ratio.open)
        strbuf_printf(out, "%.3g, interval open", e->ratio.value);
    else
        strbuf_printf(out, "%.3g, %.3g to %.3g at %s", e->ratio.value,
                      e->ratio.low, e->ratio.high,
                      text_share(share, e->ratio.confidence));
    strbuf_printf(out, "; expected between %g and %g", e->wanted->low,
                  e->wanted->high);
}

void expected_text(const struct expected *e, const struct text_style *style,
                   struct strbuf *out)
{
    if (strcmp(e->wanted->metric, "time") != 0) {
        text_escape(out, e->wanted->metric, 0);
        strbuf_puts(out, " ");
    }
    text_escape(out, e->wanted->id[0], 0);
    strbuf_puts(out, " : ");
    text_escape(out, e->wanted->id[1], 0);
    strbuf_puts(out, ": ");
    expected_words(e, out);
    strbuf_puts(out, ": ");
    text_paint(out, style, outcomes[e->outcome].paint,
               expected_name(e->outcome));
    strbuf_putc(out, '\n');
}

void expected_json(const struct expected *e, struct json *json)
{
    bool known = e->outcome != EXPECTED_UNKNOWN;
    bool closed = known && !e->ratio.open;

    json_object(json);
    json_key(json, "ratio");
    json_list(json);
    json_string(json, e->wanted->id[0]);
    json_string(json, e->wanted->id[1]);
    json_array_end(json);
    json_set_string(json, "metric", e->wanted->metric);
    json_key(json, "between");
    json_list(json);
    json_double(json, e->wanted->low);
    json_double(json, e->wanted->high);
    json_array_end(json);
    json_set_double(json, "value", known ? e->ratio.value : NAN);
    json_set_double(json, "low", closed ? e->ratio.low : NAN);
    json_set_double(json, "high", closed ? e->ratio.high : NAN);
    json_set_double(json, "confidence", closed ? e->ratio.confidence : NAN);
    json_set_string(json, "outcome", expected_name(e->outcome));
    json_object_end(json);
}
