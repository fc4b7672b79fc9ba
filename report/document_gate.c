/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison from its JSON. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "report/document_parts.h"

static enum verdict verdict_of(struct document_reader *r,
                               const struct json_value *o)
{
    enum verdict verdict = verdict_parse(document_text(r, o, "verdict"));

    if (verdict == VERDICT_UNSET && r->rc == 0)
        document_wrong(r, o, "a known verdict");
    return verdict;
}

enum verdict_reason document_reason(const char *word)
{
    for (int i = REASON_NONE; i < REASON_COUNT; i++)
        if (strcmp(word, reason_name((enum verdict_reason)i)) == 0)
            return (enum verdict_reason)i;
    return REASON_NONE;
}

enum compare_mode document_mode(const char *word)
{
    for (int i = COMPARE_UNSET; i <= COMPARE_EXACT; i++)
        if (strcmp(word, mode_name((enum compare_mode)i)) == 0)
            return (enum compare_mode)i;
    return COMPARE_UNSET;
}

static struct comparison_side side_of(struct document_reader *r,
                                      const struct json_value *o,
                                      const char *key)
{
    const struct json_value *side = document_object(r, o, key);

    return (struct comparison_side){
        .value = document_number(r, side, "value"),
        .invocations = (size_t)document_count(r, side, "invocations", 0),
        .samples = (size_t)document_count(r, side, "samples", 0),
    };
}

/* null stands for an end that is open, where there is a ratio at all. */
static double open_end(double end, double ratio, double open)
{
    return isnan(end) && isfinite(ratio) ? open : end;
}

static struct comparison comparison_of(struct document_reader *r,
                                       const struct json_value *o)
{
    struct comparison c = {
        .verdict = verdict_of(r, o),
        .reason = document_reason(document_text(r, o, "reason")),
        .mode = document_mode(document_text(r, o, "mode")),
        .margin = document_number(r, o, "margin"),
        .ratio = document_number(r, o, "ratio"),
        .low = document_number(r, o, "low"),
        .high = document_number(r, o, "high"),
        .confidence = document_number(r, o, "confidence"),
        .p = document_number(r, o, "p"),
        .p_adjusted = document_number(r, o, "p_adjusted"),
        .mde = document_number(r, o, "mde"),
        .pairs = (size_t)document_count(r, o, "pairs", 0),
        .old_side = side_of(r, o, "old"),
        .new_side = side_of(r, o, "new"),
    };

    c.low = open_end(c.low, c.ratio, 0);
    c.high = open_end(c.high, c.ratio, INFINITY);
    return c;
}

static const double *read_pairs(struct document_reader *r,
                                const struct json_value *o, size_t *n)
{
    const struct json_value *list =
        document_list(r, o, "pair_ratios", JSON_IS_NUMBER);
    double *pair;

    *n = 0;
    if (!list || list->n == 0)
        return NULL;
    pair = arena_alloc(&r->out->arena, list->n, sizeof *pair);
    if (!pair) {
        document_no_memory(r);
        return NULL;
    }
    for (const struct json_value *v = list->first; v; v = v->next)
        pair[(*n)++] = v->number;
    return pair;
}

void document_case_details(struct document_reader *r,
                           const struct json_value *o, struct gate_case *out)
{
    struct comparison *c = &out->comparison;

    out->tags = document_words(r, o, "tags");
    out->message = document_text(r, o, "message");
    out->waiver = document_text(r, o, "waiver");
    out->wall_s = document_number(r, o, "wall_s");
    out->pair = read_pairs(r, o, &out->n_pairs);
    c->stage = (int)document_count(r, o, "stage", 0);
    c->n_needed = (size_t)document_count(r, o, "pairs_needed", 0);
    c->blocks = (size_t)document_count(r, o, "blocks", 0);
    c->blocks_left_out = (size_t)document_count(r, o, "blocks_left_out", 0);
    c->layout_floor = document_number(r, o, "layout_floor");
    c->ratio_clean = document_number(r, o, "ratio_clean");
    c->bound = document_number(r, o, "bound");
    c->ratio_total = document_number(r, o, "ratio_total");
    c->totals_differ = document_bool(r, o, "totals_differ");
}

static void read_case(struct document_reader *r, const struct json_value *o,
                      struct gate_case *out)
{
    *out = (struct gate_case){
        .id = document_text(r, o, "id"),
        .metric = document_text(r, o, "metric"),
        .unit = document_text(r, o, "unit"),
        .comparison = comparison_of(r, o),
        .settle = "",
    };
    document_case_details(r, o, out);
    if (better_parse(document_text(r, o, "better"), &out->better) < 0)
        document_wrong(r, o, "a direction (lower, higher, none)");
    if (!*out->id)
        document_wrong(r, o, "a case with an id");
}

static void read_mean(struct document_reader *r, const struct json_value *o,
                      struct gate_mean *out)
{
    double margin = document_number(r, o, "margin");

    *out = (struct gate_mean){
        .name = document_text(r, o, "tag"),
        .cases = (size_t)document_count(r, o, "cases", 0),
        .ratio = document_number(r, o, "ratio"),
        .low = document_number(r, o, "low"),
        .high = document_number(r, o, "high"),
        .confidence = document_number(r, o, "confidence"),
        .measured_low = document_number(r, o, "measured_low"),
        .measured_high = document_number(r, o, "measured_high"),
        .margin = isnan(margin) ? -1 : margin,
        .verdict = verdict_parse(document_text(r, o, "verdict")),
    };
}

static void read_difference(struct document_reader *r,
                            const struct json_value *o,
                            struct gate_difference *out)
{
    const char *old = document_text(r, o, "old"),
               *now = document_text(r, o, "new");

    *out = (struct gate_difference){document_text(r, o, "name"),
                                    *old ? old : NULL, *now ? now : NULL};
}

/* Each anchor has both sides. */
static void read_anchors(struct document_reader *r, const struct json_value *o,
                         struct occasion *now, struct occasion *then)
{
    const struct json_value *all = document_object(r, o, "anchors");
    size_t n = all ? all->n : 0;

    now->anchor = arena_alloc(&r->out->arena, n, sizeof *now->anchor);
    then->anchor = arena_alloc(&r->out->arena, n, sizeof *then->anchor);
    if (!now->anchor || !then->anchor) {
        document_no_memory(r);
        return;
    }
    for (const struct json_value *v = all ? all->first : NULL; v; v = v->next) {
        double old = document_number(r, v, "old");

        now->anchor[now->n_anchors++] =
            (struct anchor){v->key, document_number(r, v, "new")};
        if (isfinite(old))
            then->anchor[then->n_anchors++] = (struct anchor){v->key, old};
    }
}

static void read_occasions(struct document_reader *r,
                           const struct json_value *root,
                           struct gate_report *out)
{
    static const struct occasion empty = {
        .created = "", .revision = "", .branch = "", .machine_key = ""};
    struct arena *arena = &r->out->arena;
    struct occasion *now = arena_alloc(arena, 1, sizeof *now);
    struct occasion *then = arena_alloc(arena, 1, sizeof *then);

    if (!now || !then) {
        out->now = &empty;
        document_no_memory(r);
        return;
    }
    *now = *then = empty;
    document_occasion(r, root, arena, now);
    read_anchors(r, root, now, then);
    out->now = now;
    out->then = then->n_anchors ? then : NULL;
}

/* Room for as many as a list has; n is 0 without one. */
static void *room(struct document_reader *r, const struct json_value *list,
                  size_t size, size_t *n)
{
    void *out = arena_alloc(&r->out->arena, list ? list->n : 0, size);

    *n = list && out ? list->n : 0;
    if (!out)
        document_no_memory(r);
    return out;
}

static void read_lists(struct document_reader *r, const struct json_value *root,
                       struct gate_report *out)
{
    const struct json_value *cases =
        document_list(r, root, "cases", JSON_IS_OBJECT);
    const struct json_value *means =
        document_list(r, root, "means", JSON_IS_OBJECT);
    const struct json_value *differences =
        document_list(r, root, "machine_differences", JSON_IS_OBJECT);
    struct gate_case *c = room(r, cases, sizeof *c, &out->n_cases);
    struct gate_mean *m = room(r, means, sizeof *m, &out->n_means);
    struct gate_difference *d =
        room(r, differences, sizeof *d, &out->n_differences);
    const struct json_value *v;

    out->cases = c;
    out->mean = m;
    out->difference = d;
    v = out->n_cases ? cases->first : NULL;
    for (; v; v = v->next)
        read_case(r, v, c++);
    v = out->n_means ? means->first : NULL;
    for (; v; v = v->next)
        read_mean(r, v, m++);
    v = out->n_differences ? differences->first : NULL;
    for (; v; v = v->next)
        read_difference(r, v, d++);
}

void document_gate(struct document_reader *r, const struct json_value *root)
{
    struct gate_report *out = &r->out->gate;
    const char *place = document_text(r, root, "place");

    *out = (struct gate_report){
        .command = strcmp(document_text(r, root, "schema"), "tare/gate/1") == 0
                       ? REPORT_GATE
                       : REPORT_COMPARE,
        .suite = document_text(r, root, "suite"),
        .old_name = document_text(r, root, "old"),
        .new_name = document_text(r, root, "new"),
        .place = *place ? place : NULL,
        .moved = document_number(r, root, "machine_moved"),
        .alpha = document_number(r, root, "alpha"),
        .wall_s = document_number(r, root, "wall_s"),
        .run = document_count(r, root, "run", 0),
        .interrupted = document_bool(r, root, "interrupted"),
    };
    read_occasions(r, root, out);
    read_lists(r, root, out);
}
