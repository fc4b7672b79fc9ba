/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison for programs, spreadsheets and pull requests. */
#include <config.h>

#include "report/gate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/scope.h"
#include "base/units.h"
#include "report/parts.h"

/* A limit of an open interval is unknown. */
static double known_low(const struct comparison *m)
{
    return m->low > 0 ? m->low : NAN;
}

static void put_side(struct json *json, const char *key,
                     const struct comparison_side *side)
{
    json_key(json, key);
    json_object(json);
    json_set_double(json, "value", side->value);
    json_set_int(json, "invocations", (int64_t)side->invocations);
    json_set_int(json, "samples", (int64_t)side->samples);
    json_object_end(json);
}

static void put_text(struct json *json, const char *key, const char *text)
{
    json_set_string(json, key, *text ? text : NULL);
}

static void put_figures(struct json *json, const struct comparison *m)
{
    json_set_double(json, "ratio", m->ratio);
    json_set_double(json, "low", known_low(m));
    json_set_double(json, "high", m->high);
    json_set_double(json, "confidence", m->confidence);
    json_set_double(json, "p", m->p);
    json_set_double(json, "p_adjusted", m->p_adjusted);
    json_set_double(json, "mde", m->mde);
    json_set_double(json, "bound", m->bound > 1 ? m->bound : NAN);
    json_set_double(json, "margin", m->margin);
    json_set_double(json, "layout_floor", m->layout_floor);
    put_side(json, "old", &m->old_side);
    put_side(json, "new", &m->new_side);
    put_text(json, "mode", mode_name(m->mode));
    json_set_int(json, "stage", m->stage);
    json_set_int(json, "pairs", (int64_t)m->pairs);
    json_key(json, "pairs_needed");
    if (m->n_needed)
        json_int(json, (int64_t)m->n_needed);
    else
        json_null(json);
    json_set_int(json, "blocks", (int64_t)m->blocks);
    json_set_int(json, "blocks_left_out", (int64_t)m->blocks_left_out);
    json_set_double(json, "ratio_clean", m->ratio_clean);
    json_set_double(json, "ratio_total", m->ratio_total);
    json_set_bool(json, "totals_differ", m->totals_differ);
}

static void put_case(struct json *json, const struct gate_case *c)
{
    json_object(json);
    json_set_string(json, "id", c->id);
    json_set_string(json, "metric", c->metric);
    json_set_string(json, "unit", c->unit);
    json_set_string(json, "better", better_name(c->better));
    json_words(json, "tags", c->tags);
    json_set_string(json, "verdict", verdict_name(c->comparison.verdict));
    put_text(json, "reason", reason_name(c->comparison.reason));
    put_text(json, "message", c->message);
    put_text(json, "waiver", c->waiver);
    put_figures(json, &c->comparison);
    json_set_int(json, "excluded", (int64_t)c->n_excluded);
    json_set_double(json, "wall_s", c->wall_s);
    json_key(json, "pair_ratios");
    json_array(json);
    for (size_t i = 0; i < c->n_pairs; i++)
        json_double(json, c->pair[i]);
    json_array_end(json);
    json_object_end(json);
}

static void put_mean(struct json *json, const struct gate_mean *m)
{
    json_object(json);
    json_set_string(json, "tag", *m->name ? m->name : NULL);
    json_set_int(json, "cases", (int64_t)m->cases);
    json_set_double(json, "ratio", m->ratio);
    json_set_double(json, "low", m->low);
    json_set_double(json, "high", m->high);
    json_set_double(json, "confidence", m->confidence);
    json_set_double(json, "measured_low", m->measured_low);
    json_set_double(json, "measured_high", m->measured_high);
    json_set_double(json, "margin", m->margin < 0 ? NAN : m->margin);
    json_set_string(json, "verdict",
                    m->verdict == VERDICT_UNSET ? NULL
                                                : verdict_name(m->verdict));
    json_object_end(json);
}

static double anchor_value(const struct occasion *occasion, const char *name)
{
    for (size_t i = 0; occasion && i < occasion->n_anchors; i++)
        if (strcmp(occasion->anchor[i].name, name) == 0)
            return occasion->anchor[i].value;
    return NAN;
}

static void put_anchors(struct json *json, const struct gate_report *report)
{
    json_key(json, "anchors");
    json_object(json);
    for (size_t i = 0; i < report->now->n_anchors; i++) {
        const struct anchor *now = &report->now->anchor[i];
        double old = anchor_value(report->then, now->name);

        json_key(json, now->name);
        json_object(json);
        json_set_double(json, "old", old);
        json_set_double(json, "new", now->value);
        json_set_double(json, "ratio", now->value / old);
        json_object_end(json);
    }
    json_object_end(json);
    json_set_double(json, "machine_moved", report->moved);
}

static void put_differences(struct json *json, const struct gate_report *report)
{
    json_key(json, "machine_differences");
    json_list(json);
    for (size_t i = 0; i < report->n_differences; i++) {
        const struct gate_difference *d = &report->difference[i];

        json_object(json);
        json_set_string(json, "name", d->name);
        json_set_string(json, "old", d->old_value);
        json_set_string(json, "new", d->new_value);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_counts(struct json *json, const struct gate_report *report)
{
    struct gate_counts n = gate_count(report);

    json_key(json, "counts");
    json_object(json);
    for (int v = VERDICT_REGRESSED; v < VERDICT_COUNT; v++)
        json_set_int(json, verdict_name((enum verdict)v), (int64_t)n.of[v]);
    json_set_int(json, "waived", (int64_t)n.waived);
    json_object_end(json);
}

static void put_conclusion(struct json *json, const struct gate_report *report)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};

    gate_conclusion(report, &line);
    json_set_string(json, "conclusion", strbuf_text(&line));
    json->out->failed |= line.failed;
}

static void put_head(struct json *json, const struct gate_report *report)
{
    json_set_string(json, "schema",
                    report->command == REPORT_GATE ? "tare/gate/1"
                                                   : "tare/compare/1");
    put_text(json, "suite", report->suite);
    json_set_string(json, "verdict", verdict_name(gate_verdict(report)));
    put_conclusion(json, report);
    json_set_double(json, "alpha", report->alpha);
    put_text(json, "old", report->old_name);
    put_text(json, "new", report->new_name);
    json_key(json, "run");
    if (report->run)
        json_int(json, report->run);
    else
        json_null(json);
    put_text(json, "created", report->now->created);
    put_text(json, "revision", report->now->revision);
    json_set_bool(json, "dirty", report->now->dirty);
    put_text(json, "branch", report->now->branch);
    json_seed(json, report->now->seed);
    json_machine(json, report->now);
    put_differences(json, report);
    put_anchors(json, report);
    json_set_string(json, "place", report->place);
    json_set_double(json, "wall_s", report->wall_s);
    json_set_bool(json, "interrupted", report->interrupted);
    put_counts(json, report);
}

void gate_json(const struct gate_report *report, struct strbuf *out)
{
    struct json json = {.out = out};

    json_object(&json);
    put_head(&json, report);
    json_key(&json, "means");
    json_list(&json);
    for (size_t i = 0; i < report->n_means; i++)
        put_mean(&json, &report->mean[i]);
    json_array_end(&json);
    json_key(&json, "cases");
    json_list(&json);
    for (size_t i = 0; i < report->n_cases; i++)
        put_case(&json, &report->cases[i]);
    json_array_end(&json);
    json_object_end(&json);
}

static void csv_case(struct strbuf *out, const struct gate_case *c)
{
    const struct comparison *m = &c->comparison;
    const double figures[] = {m->ratio,         known_low(m), m->high,
                              m->confidence,    m->p,         m->p_adjusted,
                              m->mde,           m->margin,    m->old_side.value,
                              m->new_side.value};

    csv_text(out, c->id);
    strbuf_putc(out, ',');
    csv_text(out, c->metric);
    strbuf_putc(out, ',');
    csv_text(out, c->unit);
    strbuf_printf(out, ",%s,%s,%s", verdict_name(m->verdict),
                  reason_name(m->reason), mode_name(m->mode));
    for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
        strbuf_putc(out, ',');
        csv_double(out, figures[i]);
    }
    strbuf_printf(out, ",%zu,", m->pairs);
    csv_double(out, c->wall_s);
    strbuf_putc(out, '\n');
}

void gate_csv(const struct gate_report *report, struct strbuf *out)
{
    strbuf_puts(out, "id,metric,unit,verdict,reason,mode,ratio,low,high,"
                     "confidence,p,p_adjusted,mde,margin,old,new,pairs,"
                     "wall_s\n");
    for (size_t i = 0; i < report->n_cases; i++)
        csv_case(out, &report->cases[i]);
}
