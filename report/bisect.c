/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/bisect.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/scope.h"
#include "base/units.h"
#include "report/parts.h"
#include "report/table.h"

enum { SHORT_HASH = 12, SUBJECT_BYTES = 60 };

/* The word of the JSON document. */
static const char *bisect_outcome_name(enum bisect_outcome outcome)
{
    static const char *const names[] = {
        [BISECT_FOUND] = "found",         [BISECT_RANGE] = "range",
        [BISECT_SPREAD] = "spread",       [BISECT_SAME] = "same",
        [BISECT_UNDECIDED] = "undecided", [BISECT_STOPPED] = "interrupted",
    };

    return names[outcome];
}

/* --- text */

void bisect_ratio(const struct comparison *c, struct strbuf *out)
{
    char ratio[QUANTITY_TEXT], low[QUANTITY_TEXT], high[QUANTITY_TEXT];
    char share[SHARE_TEXT];

    if (c->reason == REASON_IDENTICAL) {
        strbuf_puts(out, "the same program");
        return;
    }
    if (!isfinite(c->ratio)) {
        strbuf_puts(out, "unknown");
        return;
    }
    strbuf_puts(out, format_change(ratio, c->ratio));
    if (c->mode == COMPARE_EXACT)
        strbuf_puts(out, ", exact");
    else if (isfinite(c->low) && isfinite(c->high)) {
        format_changes(low, high, c->low, c->high);
        strbuf_printf(out, " (%s to %s at %s)", low, high,
                      text_share(share, c->confidence));
    }
    if (c->pairs) {
        strbuf_puts(out, ", ");
        text_count(out, c->pairs, "pair");
    }
}

static void put_subject(struct strbuf *out, const char *revision,
                        const char *subject)
{
    strbuf_printf(out, "%.*s", SHORT_HASH, revision);
    if (*subject) {
        strbuf_putc(out, ' ');
        text_escape(out, subject, SUBJECT_BYTES);
    }
}

static void put_what(const struct bisect_report *r, struct strbuf *out)
{
    text_escape(out, r->id, 0);
    strbuf_putc(out, ' ');
    text_escape(out, r->metric, 0);
}

static enum paint paint_of(const char *found)
{
    return strcmp(found, "bad") == 0    ? PAINT_BAD
           : strcmp(found, "good") == 0 ? PAINT_GOOD
                                        : PAINT_WARN;
}

static void put_steps(const struct bisect_report *r,
                      const struct text_style *style, struct strbuf *out)
{
    struct table table = {0};

    table_column(&table, "revision", COLUMN_NAME);
    table_column(&table, "is", COLUMN_TEXT);
    table_column(&table, "against the good end", COLUMN_TEXT);
    for (size_t i = 0; i < r->n_steps; i++) {
        SCOPED(strbuf_scoped) struct strbuf name = {0};
        SCOPED(strbuf_scoped) struct strbuf ratio = {0};
        const struct bisect_step *s = &r->step[i];

        put_subject(&name, s->revision, s->subject);
        bisect_ratio(&s->comparison, &ratio);
        table_row(&table);
        table_cell(&table, PAINT_NONE, strbuf_text(&name));
        table_cell(&table, paint_of(s->found), s->found);
        table_cell(&table, PAINT_DIM, strbuf_text(&ratio));
        if (*s->why)
            table_note(&table, PAINT_DIM, "%s", s->why);
        table.failed |= name.failed || ratio.failed;
    }
    if (r->n_steps)
        table_print(&table, style, out);
    table_clear(&table);
}

static void put_culprit(const struct bisect_report *r,
                        const struct text_style *style, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf name = {0};

    put_subject(&name, r->first_bad, r->subject);
    strbuf_putc(out, '\n');
    text_paint(out, style, PAINT_STRONG, strbuf_text(&name));
    strbuf_puts(out, "\n    ");
    text_escape(out, r->author, SUBJECT_BYTES);
    strbuf_printf(out, ", %.10s\n    ", r->date);
    bisect_ratio(&r->culprit, out);
    strbuf_printf(out, " against %.*s\n", SHORT_HASH, r->last_good);
    if (*r->merged) {
        const char *bad = strchr(r->merged, ' ');

        strbuf_printf(
            out, "    a merge; to look inside: --good %.*s --bad %s\n",
            (int)strcspn(r->merged, " "), r->merged, bad ? bad + 1 : "");
    }
    for (size_t i = 0; i < r->n_skipped; i++)
        strbuf_printf(out, "    or %.*s, which was skipped\n", SHORT_HASH,
                      r->skipped[i]);
    out->failed |= name.failed;
}

static void conclude(const struct bisect_report *r, struct strbuf *out)
{
    char margin[SHARE_TEXT];

    switch (r->outcome) {
    case BISECT_FOUND:
        strbuf_printf(out, "%.*s changed ", SHORT_HASH, r->first_bad);
        put_what(r, out);
        strbuf_puts(out, ": ");
        bisect_ratio(&r->culprit, out);
        break;
    case BISECT_RANGE:
        strbuf_printf(out, "one of %zu revisions changed ", r->n_skipped + 1);
        put_what(r, out);
        strbuf_puts(out, ": ");
        bisect_ratio(&r->culprit, out);
        break;
    case BISECT_SPREAD:
        strbuf_puts(out, "no single revision changed ");
        put_what(r, out);
        strbuf_printf(out, "; half of it had come by %.*s", SHORT_HASH,
                      r->first_bad);
        break;
    case BISECT_SAME:
        strbuf_puts(out, "nothing to find: ");
        put_what(r, out);
        strbuf_printf(
            out, " is the same within %s: ", text_share(margin, r->margin));
        bisect_ratio(&r->ends, out);
        break;
    case BISECT_UNDECIDED:
    case BISECT_STOPPED:
        strbuf_puts(out, r->outcome == BISECT_STOPPED ? "interrupted: "
                                                      : "undecided: ");
        put_what(r, out);
        strbuf_printf(out, " between %.*s and %.*s", SHORT_HASH, r->last_good,
                      SHORT_HASH, r->first_bad);
        break;
    }
}

/* What would go on where this one ended. */
static void put_next(const struct bisect_report *r, struct strbuf *out)
{
    if (r->outcome != BISECT_UNDECIDED && r->outcome != BISECT_STOPPED)
        return;
    if (r->ends.verdict == VERDICT_INCONCLUSIVE) {
        strbuf_puts(out, "the ends cannot be told apart in this time: ");
        bisect_ratio(&r->ends, out);
        strbuf_puts(out, "; a longer --budget may\n");
        return;
    }
    strbuf_printf(out, "to go on: tare bisect --good %.*s --bad %.*s ",
                  SHORT_HASH, r->last_good, SHORT_HASH, r->first_bad);
    if (strcmp(r->metric, "time") != 0) {
        strbuf_puts(out, "--metric '");
        text_escape(out, r->metric, 0);
        strbuf_puts(out, "' ");
    }
    strbuf_putc(out, '\'');
    text_escape(out, r->id, 0);
    strbuf_puts(out, "'\n");
}

void bisect_text(const struct bisect_report *report,
                 const struct text_style *style, struct strbuf *out)
{
    bool found = report->outcome <= BISECT_SPREAD;

    if (!style->quiet) {
        put_steps(report, style, out);
        if (found)
            put_culprit(report, style, out);
        if (report->n_steps || found)
            strbuf_putc(out, '\n');
        put_next(report, out);
    }
    strbuf_puts(out, "bisect: ");
    conclude(report, out);
    strbuf_putc(out, '\n');
}

/* --- JSON */

static void put_comparison(struct json *json, const char *key,
                           const struct comparison *c)
{
    json_key(json, key);
    json_object(json);
    json_set_string(json, "verdict", verdict_name(c->verdict));
    json_set_string(json, "reason", reason_name(c->reason));
    json_set_string(json, "mode", mode_name(c->mode));
    json_set_double(json, "margin", c->margin);
    json_set_double(json, "ratio", c->ratio);
    json_set_double(json, "low", c->low);
    json_set_double(json, "high", c->high);
    json_set_double(json, "confidence", c->confidence);
    json_set_int(json, "pairs", (int64_t)c->pairs);
    json_object_end(json);
}

static void put_steps_json(struct json *json, const struct bisect_report *r)
{
    json_key(json, "steps");
    json_list(json);
    for (size_t i = 0; i < r->n_steps; i++) {
        const struct bisect_step *s = &r->step[i];

        json_object(json);
        json_set_string(json, "revision", s->revision);
        json_set_string(json, "subject", s->subject);
        json_set_string(json, "found", s->found);
        json_set_string(json, "why", *s->why ? s->why : NULL);
        put_comparison(json, "comparison", &s->comparison);
        json_set_double(json, "seconds", s->seconds);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_culprit_json(struct json *json, const struct bisect_report *r)
{
    json_key(json, "culprit");
    if (r->outcome > BISECT_SPREAD) {
        json_null(json);
        return;
    }
    json_object(json);
    json_set_string(json, "revision", r->first_bad);
    json_set_string(json, "subject", r->subject);
    json_set_string(json, "author", r->author);
    json_set_string(json, "date", r->date);
    json_set_bool(json, "merge", *r->merged);
    put_comparison(json, "comparison", &r->culprit);
    json_key(json, "skipped");
    json_list(json);
    for (size_t i = 0; i < r->n_skipped; i++)
        json_string(json, r->skipped[i]);
    json_array_end(json);
    json_object_end(json);
}

void bisect_json(const struct bisect_report *report, struct strbuf *out)
{
    struct json json = {.out = out};

    json_object(&json);
    json_set_string(&json, "schema", "tare/bisect/1");
    json_set_string(&json, "suite", report->suite);
    json_set_string(&json, "id", report->id);
    json_set_string(&json, "metric", report->metric);
    json_set_string(&json, "outcome", bisect_outcome_name(report->outcome));
    json_set_string(&json, "good", report->good);
    json_set_string(&json, "bad", report->bad);
    json_set_int(&json, "revisions", (int64_t)report->revisions);
    json_set_double(&json, "margin", report->margin);
    put_comparison(&json, "ends", &report->ends);
    put_culprit_json(&json, report);
    json_set_string(&json, "last_good", report->last_good);
    json_set_string(&json, "first_bad", report->first_bad);
    put_steps_json(&json, report);
    json_seed(&json, report->seed);
    json_set_double(&json, "wall_s", report->wall_s);
    json_object_end(&json);
}
