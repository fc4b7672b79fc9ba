/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run from its JSON: samples are the truth, every figure follows from them.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "report/document_parts.h"

static enum case_status status_of(struct document_reader *r,
                                  const struct json_value *o)
{
    const char *word = document_text(r, o, "status");

    for (int s = CASE_MEASURED; s <= CASE_SKIPPED; s++)
        if (strcmp(word, case_status_name((enum case_status)s)) == 0)
            return (enum case_status)s;
    document_wrong(r, o, "a status (measured, failed, skipped)");
    return CASE_FAILED;
}

static enum stopped_by stopped_of(struct document_reader *r,
                                  const struct json_value *o)
{
    const char *word = document_text(r, o, "stopped_by");

    for (int s = STOPPED_UNSET; s <= STOPPED_INTERRUPT; s++)
        if (strcmp(word, stopped_by_name((enum stopped_by)s)) == 0)
            return (enum stopped_by)s;
    return STOPPED_UNSET;
}

static void read_invocation(struct document_reader *r,
                            const struct json_value *list,
                            struct metric *metric)
{
    struct results *results = r->out->results;
    SCOPED(free_scoped)
    double *sample = calloc(list->n + 1, sizeof *sample);
    size_t n = 0;

    for (const struct json_value *v = list->first; v && sample; v = v->next) {
        if (v->type != JSON_IS_NUMBER && v->type != JSON_IS_NULL)
            document_wrong(r, v, "a number or null");
        sample[n++] = v->type == JSON_IS_NUMBER ? v->number : NAN;
    }
    if (!sample ||
        results_add_invocation(results, metric, 0, sample, n, NULL) < 0)
        document_no_memory(r);
}

static void read_metric(struct document_reader *r, const struct json_value *o,
                        struct case_results *c)
{
    const struct json_value *all =
        document_list(r, o, "invocations", JSON_IS_ARRAY);
    const char *word = document_text(r, o, "better");
    enum better better = BETTER_NONE;
    struct metric *metric;

    if (o->type != JSON_IS_OBJECT)
        document_wrong(r, o, "an object");
    if (r->rc == 0 && better_parse(word, &better) < 0)
        document_wrong(r, o, "a direction (lower, higher, none)");
    if (r->rc < 0)
        return;
    metric = results_need_metric(r->out->results, c, o->key,
                                 document_text(r, o, "unit"), better);
    if (!metric)
        document_no_memory(r);
    for (const struct json_value *v = all ? all->first : NULL; v && r->rc == 0;
         v = v->next)
        read_invocation(r, v, metric);
}

/* Items and bytes per iteration are told as what they come to in a second. */
static void read_throughput(struct document_reader *r,
                            const struct json_value *o, struct case_results *c)
{
    const struct json_value *throughput = document_object(r, o, "throughput");
    const struct json_value *time = json_get(json_get(o, "metrics"), "time");
    double rate = document_number(r, throughput, "value");
    double ns = document_number(r, time, "value");
    double each = rate * ns / 1e9;

    if (!isfinite(each) || each <= 0)
        return;
    /* nearly always a whole number; rates are rounded twice on the way */
    if (fabs(each - round(each)) < 1e-9 * each)
        each = round(each);
    if (strcmp(document_text(r, throughput, "unit"), "B/s") == 0)
        c->bytes = each;
    else
        c->items = each;
}

static double or_zero(double x)
{
    return isfinite(x) ? x : 0;
}

static void read_case(struct document_reader *r, const struct json_value *o)
{
    const char *id = document_text(r, o, "id");
    const struct json_value *metrics = document_object(r, o, "metrics");
    const struct json_value *baseline = document_object(r, o, "baseline");
    struct case_results *c;
    double disturbed = document_number(r, o, "disturbed");

    if (!*id)
        document_wrong(r, o, "a case with an id");
    if (r->rc < 0)
        return;
    c = results_add_case(r->out->results, id);
    if (!c) {
        document_no_memory(r);
        return;
    }
    c->status = status_of(r, o);
    c->message = document_text(r, o, "message");
    c->version = document_count(r, o, "version", 0);
    c->program = document_text(r, o, "program");
    c->hash = document_text(r, o, "hash");
    c->tags = document_words(r, o, "tags");
    c->result = document_text(r, o, "result");
    c->baseline = document_text(r, baseline, "id");
    c->warmup = document_count(r, o, "warmup", -1);
    c->iterations = (uint64_t)document_count(r, o, "iterations", 0);
    c->excluded = (size_t)document_count(r, o, "excluded", 0);
    c->empty_ns = or_zero(document_number(r, o, "empty_ns"));
    c->disturbed = isfinite(disturbed) ? disturbed : -1;
    c->stopped_by = stopped_of(r, o);
    read_throughput(r, o, c);
    for (const struct json_value *v = metrics ? metrics->first : NULL;
         v && r->rc == 0; v = v->next)
        read_metric(r, v, c);
}

static void read_anchors(struct document_reader *r, const struct json_value *o,
                         struct occasion *out)
{
    const struct json_value *all = document_object(r, o, "anchors");
    struct arena *arena = &r->out->results->arena;

    if (!all)
        return;
    out->anchor = arena_alloc(arena, all->n, sizeof *out->anchor);
    if (!out->anchor)
        document_no_memory(r);
    for (const struct json_value *v = all->first; v && r->rc == 0;
         v = v->next) {
        if (v->type != JSON_IS_NUMBER)
            document_wrong(r, v, "a number");
        out->anchor[out->n_anchors++] =
            (struct anchor){.name = v->key, .value = v->number};
    }
}

void document_run(struct document_reader *r, const struct json_value *root)
{
    const struct json_value *cases =
        document_list(r, root, "cases", JSON_IS_OBJECT);
    struct results *results = r->out->results = results_new();
    struct occasion *occasion = results ? results_add_occasion(results) : NULL;

    if (!occasion) {
        document_no_memory(r);
        return;
    }
    results->name = document_text(r, root, "suite");
    results->file = r->name;
    document_occasion(r, root, &results->arena, occasion);
    read_anchors(r, root, occasion);
    r->out->wall_s = document_number(r, root, "wall_s");
    r->out->run = document_count(r, root, "run", 0);
    r->out->interrupted = document_bool(r, root, "interrupted");
    for (const struct json_value *v = cases ? cases->first : NULL;
         v && r->rc == 0; v = v->next)
        read_case(r, v);
}
