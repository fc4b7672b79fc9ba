/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/gate_stored.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/scope.h"
#include "report/document_parts.h"
#include "report/parts.h"

static const char whole[] = "@gate";

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for verdicts");
}

/* --- writing */

static void put_text(struct json *json, const char *key, const char *text)
{
    if (*text)
        json_set_string(json, key, text);
}

static void put_number(struct json *json, const char *key, double x)
{
    if (isfinite(x))
        json_set_double(json, key, x);
}

static void put_count(struct json *json, const char *key, size_t n)
{
    if (n)
        json_set_int(json, key, (int64_t)n);
}

/* What the columns of a row do not hold. */
static void put_detail(struct strbuf *out, const struct gate_case *c)
{
    const struct comparison *m = &c->comparison;
    struct json json = {.out = out};

    json_object(&json);
    json_set_string(&json, "better", better_name(c->better));
    json_words(&json, "tags", c->tags);
    put_text(&json, "message", c->message);
    put_text(&json, "waiver", c->waiver);
    put_text(&json, "settle", c->settle);
    put_number(&json, "wall_s", c->wall_s);
    put_count(&json, "stage", (size_t)m->stage);
    put_count(&json, "pairs_needed", m->n_needed);
    put_count(&json, "blocks", m->blocks);
    put_count(&json, "blocks_left_out", m->blocks_left_out);
    put_number(&json, "layout_floor", m->layout_floor);
    put_number(&json, "ratio_clean", m->ratio_clean);
    put_number(&json, "bound", m->bound);
    put_number(&json, "ratio_total", m->ratio_total);
    json_set_bool(&json, "totals_differ", m->totals_differ);
    json_key(&json, "pair_ratios");
    json_array(&json);
    for (size_t i = 0; i < c->n_pairs; i++)
        json_double(&json, c->pair[i]);
    json_array_end(&json);
    json_object_end(&json);
}

static const char *kept(struct strbuf *text, struct arena *arena)
{
    return text->failed ? NULL : arena_strdup(arena, strbuf_text(text));
}

static struct stored_verdict columns_of(const struct comparison *m)
{
    return (struct stored_verdict){
        .verdict = verdict_name(m->verdict),
        .reason = reason_name(m->reason),
        .mode = mode_name(m->mode),
        .ratio = m->ratio,
        .low = m->low,
        .high = m->high,
        .confidence = m->confidence,
        .p = m->p,
        .p_adjusted = m->p_adjusted,
        .mde = m->mde,
        .margin = m->margin,
        .pairs = (int64_t)m->pairs,
        .old_side = {m->old_side.value, (int64_t)m->old_side.invocations,
                     (int64_t)m->old_side.samples},
        .new_side = {m->new_side.value, (int64_t)m->new_side.invocations,
                     (int64_t)m->new_side.samples},
    };
}

struct stored_verdict document_row(const char *id, const char *json)
{
    const struct comparison none = comparison_unknown();
    struct stored_verdict row = columns_of(&none);

    row.id = id;
    row.metric = row.unit = "";
    row.detail = json;
    return row;
}

static int put_row(const struct gate_case *c, struct arena *arena,
                   struct stored_verdict *out, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf detail = {0};

    put_detail(&detail, c);
    *out = columns_of(&c->comparison);
    out->id = c->id;
    out->metric = c->metric;
    out->unit = c->unit;
    out->detail = kept(&detail, arena);
    return out->detail ? 0 : no_memory(err);
}

static int put_whole(const struct gate_report *report, struct arena *arena,
                     struct stored_verdict *out, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct gate_report head = *report;

    head.n_cases = 0;
    gate_json(&head, &text);
    *out = document_row(whole, kept(&text, arena));
    out->verdict = verdict_name(gate_verdict(report));
    out->ratio = report->moved;
    return out->detail ? 0 : no_memory(err);
}

int gate_to_stored(const struct gate_report *report, struct arena *arena,
                   struct stored_verdict **out, size_t *n, struct error *err)
{
    struct stored_verdict *all =
        arena_alloc(arena, report->n_cases + 1, sizeof *all);
    int rc = all ? 0 : no_memory(err);

    for (size_t i = 0; i < report->n_cases && rc == 0; i++)
        rc = put_row(&report->cases[i], arena, &all[i], err);
    if (rc == 0)
        rc = put_whole(report, arena, &all[report->n_cases], err);
    if (rc < 0)
        return rc;
    *out = all;
    *n = report->n_cases + 1;
    return 0;
}

/* --- reading */

/* A row without detail is an empty object. */
static const struct json_value *detail_of(struct document_reader *r,
                                          const struct stored_verdict *row)
{
    const char *text = *row->detail ? row->detail : "{}";
    const struct json_value *root = NULL;

    if (r->rc == 0)
        r->rc = json_read(r->name, text, strlen(text), &r->out->arena, &root,
                          r->err);
    return root;
}

static struct comparison_side side_of(const struct verdict_side *side)
{
    return (struct comparison_side){side->value, (size_t)side->invocations,
                                    (size_t)side->samples};
}

static void read_columns(const struct stored_verdict *row,
                         struct comparison *out)
{
    out->verdict = verdict_parse(row->verdict);
    out->reason = document_reason(row->reason);
    out->mode = document_mode(row->mode);
    out->margin = row->margin;
    out->ratio = row->ratio;
    out->low = row->low;
    out->high = row->high;
    out->confidence = row->confidence;
    out->p = row->p;
    out->p_adjusted = row->p_adjusted;
    out->mde = row->mde;
    out->pairs = (size_t)row->pairs;
    out->old_side = side_of(&row->old_side);
    out->new_side = side_of(&row->new_side);
}

static void read_row(struct document_reader *r,
                     const struct stored_verdict *row, struct gate_case *out)
{
    const struct json_value *o = detail_of(r, row);
    const char *better = document_text(r, o, "better");

    *out = (struct gate_case){
        .id = row->id,
        .metric = row->metric,
        .unit = row->unit,
        .better = BETTER_LOWER,
        .settle = document_text(r, o, "settle"),
    };
    better_parse(better, &out->better);
    read_columns(row, &out->comparison);
    document_case_details(r, o, out);
}

/* The report as a whole; without its row an empty one. */
static int read_whole(const char *name, const struct stored_verdict *row,
                      size_t n, struct document *out, struct error *err)
{
    static const char empty[] = "{\"schema\": \"tare/gate/1\"}";
    const char *text = empty;

    for (size_t i = 0; i < n; i++)
        if (strcmp(row[i].id, whole) == 0)
            text = row[i].detail;
    return document_read(name, text, strlen(text), out, err);
}

int gate_from_stored(const char *name, const struct stored_verdict *row,
                     size_t n, struct document *out, struct error *err)
{
    struct document_reader reader = {.name = name, .out = out, .err = err};
    int rc = read_whole(name, row, n, out, err);
    struct gate_case *all;

    if (rc < 0)
        return rc;
    all = arena_alloc(&out->arena, n, sizeof *all);
    if (!all)
        return no_memory(err);
    out->gate.cases = all;
    out->gate.n_cases = 0;
    for (size_t i = 0; i < n && reader.rc == 0; i++)
        if (row[i].id[0] != '@')
            read_row(&reader, &row[i], &all[out->gate.n_cases++]);
    return reader.rc;
}
