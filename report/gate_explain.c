/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a case was judged as it was. */
#include <config.h>

#include "report/gate.h"

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"

enum { MESSAGE_MAX = 400 };

/* Reasons for people; what would settle a case is added by gate_reason(). */
static const char *const meanings[REASON_COUNT] = {
    [REASON_SLOWER_WITHIN] = "measurably worse, within the margin",
    [REASON_FASTER_WITHIN] = "measurably better, within the margin",
    [REASON_IDENTICAL] = "the same program and libraries, not measured",
    [REASON_EXACT] = "equal to the last digit",
    [REASON_BUDGET] = "not decided when its budget ended",
    [REASON_NOT_CONFIRMED] = "suspected, but fresh pairs did not confirm it",
    [REASON_DISTURBED] = "the verdict depends on the disturbed blocks",
    [REASON_NEEDS_OLD] = "stored numbers cannot tell, the old program can",
    [REASON_DRIFT] = "the pairs drift",
    [REASON_NO_STEADY] = "there is no steady state to compare",
    [REASON_CONSTANT] = "the samples do not vary: too coarse a clock or metric",
    [REASON_TOO_FEW] = "too few invocations for any decision",
    [REASON_RESULT_CHANGED] = "old and new compute different results",
    [REASON_VERSION] = "the declared versions differ",
    [REASON_UNIT] = "the units differ",
    [REASON_PARAMETERS] = "the parameters differ",
    [REASON_MACHINE] =
        "the stored numbers are of another or an unknown machine",
    [REASON_METHOD] = "the sides were measured or summed up differently",
    [REASON_NOT_A_NUMBER] = "a measured value is not a number",
    [REASON_CRASHED] = "crashed",
    [REASON_TIMEOUT] = "took longer than its time limit",
    [REASON_MISSING] = "could not be started",
    [REASON_LAYOUT_SUSPECT] = "the layout is suspect",
    [REASON_MACHINE_MOVED] = "the machine moved as well",
    [REASON_WAIVED] = "waived",
};

static void settle_undecided(const struct gate_case *c, struct strbuf *out)
{
    const struct comparison *m = &c->comparison;
    char text[QUANTITY_TEXT];

    if (m->n_needed)
        strbuf_printf(out, "; %zu %s would decide", m->n_needed,
                      m->mode == COMPARE_STORED ? "invocations" : "pairs");
    if (*c->settle) {
        strbuf_puts(out, "; to settle it: ");
        text_escape(out, c->settle, 0);
    }
    if (isfinite(m->mde))
        strbuf_printf(out,
                      "; a change of %s would have been found (80 %% "
                      "power)",
                      format_change(text, m->mde));
}

static void blame_layout(const struct gate_case *c, struct strbuf *out)
{
    char text[QUANTITY_TEXT];

    if (c->comparison.low <= c->comparison.layout_floor)
        strbuf_printf(out,
                      ": linking the same objects in another order changes it "
                      "by as much (%s)",
                      format_change(text, c->comparison.layout_floor));
    else
        strbuf_puts(out, ": slower with the same instruction count");
}

void gate_reason(const struct gate_case *c, struct strbuf *out)
{
    const char *meaning = meanings[c->comparison.reason];

    if (meaning)
        strbuf_puts(out, meaning);
    if (c->comparison.reason == REASON_LAYOUT_SUSPECT)
        blame_layout(c, out);
    if (*c->waiver) {
        strbuf_puts(out, meaning ? ": " : "waived: ");
        text_escape(out, c->waiver, MESSAGE_MAX);
    }
    if (*c->message) {
        strbuf_puts(out, meaning ? ": " : "");
        text_escape(out, c->message, MESSAGE_MAX);
    }
    if (c->comparison.verdict == VERDICT_INCONCLUSIVE)
        settle_undecided(c, out);
}

static void put_side(struct strbuf *out, const char *name,
                     const struct comparison_side *side, const char *unit)
{
    char text[QUANTITY_TEXT];

    strbuf_printf(out, "  %s: %s from ", name,
                  format_quantity(text, side->value, unit));
    text_count(out, side->invocations, "invocation");
    strbuf_puts(out, ", ");
    text_count(out, side->samples, "sample");
    strbuf_putc(out, '\n');
}

static void put_ratio(struct strbuf *out, const struct comparison *m)
{
    char ratio[QUANTITY_TEXT], low[QUANTITY_TEXT], high[QUANTITY_TEXT];
    char share[SHARE_TEXT];

    strbuf_printf(out, "  change: %s", format_change(ratio, m->ratio));
    format_changes(low, high, m->low, m->high);
    if (m->low > 0 && isfinite(m->high))
        strbuf_printf(out, ", %s to %s at %s", low, high,
                      text_share(share, m->confidence));
    else if (!isnan(m->low))
        strbuf_puts(out, ", interval open: too few pairs");
    if (m->pairs) {
        strbuf_puts(out, " from ");
        text_count(out, m->pairs, "pair");
    }
    strbuf_putc(out, '\n');
}

static void put_blocks(struct strbuf *out, const struct comparison *m)
{
    char text[QUANTITY_TEXT];

    if (m->blocks == 0)
        return;
    strbuf_printf(out, "  blocks: %zu, %zu of them disturbed", m->blocks,
                  m->blocks_left_out);
    if (m->blocks_left_out && isfinite(m->ratio_clean))
        strbuf_printf(out, "; without those the change is %s",
                      format_change(text, m->ratio_clean));
    strbuf_putc(out, '\n');
    if (isfinite(m->ratio_total))
        strbuf_printf(out, "  total times: %s%s\n",
                      format_change(text, m->ratio_total),
                      m->totals_differ ? ", on the other side of the margin: a "
                                         "minority of the slices changed"
                                       : "");
}

static void put_test(struct strbuf *out, const struct comparison *m)
{
    static const char *const stages[] = {
        "", "decided while exploring",
        "suspected while exploring, then judged by fresh pairs alone"};
    char text[QUANTITY_TEXT], share[SHARE_TEXT];

    if (m->stage == 1 || m->stage == 2)
        strbuf_printf(out, "  stage: %s\n", stages[m->stage]);
    if (isnan(m->margin))
        return;
    strbuf_printf(out, "  margin: %s\n", text_share(share, m->margin));
    if (m->bound > 1 && isfinite(m->bound))
        strbuf_printf(out,
                      "  between occasions: the same code moves, so that only "
                      "a change beyond %s counts\n",
                      format_change(text, m->bound));
    if (!isnan(m->p))
        strbuf_printf(out, "  p, one-sided: %.3g", m->p);
    if (!isnan(m->p) && !isnan(m->p_adjusted))
        strbuf_printf(out, "; adjusted for all cases tested: %.3g",
                      m->p_adjusted);
    if (!isnan(m->p))
        strbuf_putc(out, '\n');
    if (isfinite(m->mde))
        strbuf_printf(out, "  detectable: %s with 80 %% power\n",
                      format_change(text, m->mde));
}

static void put_pairs(struct strbuf *out, const struct text_style *style,
                      const char *what, const double *ratio, size_t n)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    char text[QUANTITY_TEXT];

    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        strbuf_printf(&line, "%s%s", i ? ", " : "",
                      format_change(text, ratio[i]));
    strbuf_printf(out, "  %s: ", what);
    text_wrap(out, style, PAINT_NONE, 4 + (int)strlen(what), 4,
              strbuf_text(&line));
    out->failed |= line.failed;
}

size_t gate_explored(const struct gate_case *c)
{
    size_t judged = c->comparison.pairs;

    return c->comparison.stage == 2 && judged < c->n_pairs ? c->n_pairs - judged
                                                           : 0;
}

void gate_explain(const struct gate_report *report, const struct gate_case *c,
                  const struct text_style *style, struct strbuf *out)
{
    size_t explored = gate_explored(c);
    const struct comparison *m = &c->comparison;
    SCOPED(strbuf_scoped) struct strbuf reason = {0};
    char share[SHARE_TEXT], floor[QUANTITY_TEXT];

    text_escape(out, c->id, 0);
    strbuf_puts(out, ", ");
    text_escape(out, c->metric, 0);
    strbuf_printf(out, ": %s\n", verdict_name(m->verdict));
    gate_reason(c, &reason);
    if (reason.size) {
        strbuf_puts(out, "  reason: ");
        text_wrap(out, style, PAINT_NONE, 10, 4, strbuf_text(&reason));
    }
    if (m->mode != COMPARE_UNSET)
        strbuf_printf(out, "  mode: %s\n", mode_name(m->mode));
    if (m->old_side.invocations)
        put_side(out, "old", &m->old_side, c->unit);
    if (m->new_side.invocations)
        put_side(out, "new", &m->new_side, c->unit);
    if (!isnan(m->ratio))
        put_ratio(out, m);
    put_blocks(out, m);
    put_test(out, m);
    if (isfinite(c->comparison.layout_floor))
        strbuf_printf(out, "  layout floor: %s by relinking alone\n",
                      format_change(floor, c->comparison.layout_floor));
    strbuf_printf(out, "  alpha: %s over the whole suite\n",
                  text_share(share, report->alpha));
    put_pairs(out, style, "explored", c->pair, explored);
    if (c->n_pairs)
        put_pairs(out, style, "pairs", c->pair + explored,
                  c->n_pairs - explored);
    out->failed |= reason.failed;
}
