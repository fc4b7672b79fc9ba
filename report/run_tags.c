/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/run_tags.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/scope.h"
#include "base/units.h"
#include "report/parts.h"
#include "report/table.h"
#include "stats/family.h"

enum { TAGS_MAX = 200 };

static bool has_time(const struct run_case *c)
{
    return c->time && strcmp(c->time->metric->name, "time") == 0 &&
           strncmp(c->result->id, "fixture:", 8) != 0 &&
           c->time->estimate.value > 0;
}

/* "" is the suite. */
static bool is_of(const struct run_case *c, const char *tag)
{
    return has_time(c) &&
           (!*tag || names_has(c->result->tags, tag, strlen(tag)));
}

static struct run_tag *find_tag(struct run_tag *all, size_t n, const char *name,
                                size_t size)
{
    for (size_t i = 1; i < n; i++)
        if (strlen(all[i].name) == size && memcmp(all[i].name, name, size) == 0)
            return &all[i];
    return NULL;
}

/* The suite, then each tag once. */
static struct run_tag *list_tags(struct run_report *report, size_t *n)
{
    struct run_tag *all = arena_alloc(&report->arena, TAGS_MAX, sizeof *all);

    if (!all)
        return NULL;
    all[0] = (struct run_tag){.name = ""};
    *n = 1;
    for (size_t i = 0; i < report->n_cases; i++) {
        const char *at = report->cases[i].result->tags, *tag;
        size_t size;

        if (!has_time(&report->cases[i]))
            continue;
        while ((tag = names_next(&at, &size))) {
            if (*n == TAGS_MAX || find_tag(all, *n, tag, size))
                continue;
            all[*n] = (struct run_tag){
                .name = arena_memdup(&report->arena, tag, size)};
            if (!all[(*n)++].name)
                return NULL;
        }
    }
    return all;
}

/* The mean of the figures that the cases show, with their errors. */
static int mean_of(const struct run_report *report,
                   const struct estimate_policy *policy, struct run_tag *tag,
                   struct error *err)
{
    SCOPED(free_scoped)
    struct family_case *all = calloc(report->n_cases + 1, sizeof *all);
    struct family_mean mean;
    size_t n = 0;
    int rc;

    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for a mean");
    for (size_t i = 0; i < report->n_cases; i++) {
        const struct run_case *c = &report->cases[i];

        if (is_of(c, tag->name))
            all[n++] = (struct family_case){
                .ratio = c->time->estimate.value,
                .low = c->time->estimate.low,
                .high = c->time->estimate.high,
                .confidence = c->time->estimate.confidence,
                .df = (double)c->time->estimate.invocations - 1,
            };
    }
    rc = family_measured(all, n, policy->confidence, &mean, err);
    if (rc < 0)
        return rc;
    tag->mean_ns = mean.ratio;
    tag->low = mean.low;
    tag->high = mean.high;
    tag->confidence = mean.confidence;
    tag->open = mean.open;
    return 0;
}

static void add_up(const struct run_report *report, struct run_tag *tag)
{
    for (size_t i = 0; i < report->n_cases; i++) {
        const struct run_case *c = &report->cases[i];

        if (!is_of(c, tag->name))
            continue;
        tag->cases++;
        tag->total_ns += c->time->estimate.value;
        if (strcmp(c->result->tags, tag->name) == 0)
            tag->own_ns += c->time->estimate.value;
    }
}

int run_report_tags(struct run_report *report,
                    const struct estimate_policy *policy, struct error *err)
{
    size_t n = 0;
    struct run_tag *all = list_tags(report, &n);
    int rc = all ? 0 : ERROR(err, ERR_NOMEM, "no memory for tags");

    for (size_t i = 0; i < n && rc == 0; i++) {
        all[i].mean_ns = all[i].low = all[i].high = all[i].confidence = NAN;
        add_up(report, &all[i]);
        if (all[0].cases < 2)
            return 0;
        rc = mean_of(report, policy, &all[i], err);
    }
    report->tag = all;
    report->n_tags = rc < 0 ? 0 : n;
    return rc;
}

bool run_tags_tell(const struct run_report *report)
{
    for (size_t i = 1; i < report->n_tags; i++)
        if (report->tag[i].cases < report->tag[0].cases)
            return true;
    return false;
}

/* Where tags do not overlap, what only one of them has is its total. */
static bool tags_overlap(const struct run_report *report)
{
    for (size_t i = 1; i < report->n_tags; i++)
        if (report->tag[i].own_ns < report->tag[i].total_ns)
            return true;
    return false;
}

static void own_cell(struct table *table, const struct run_tag *tag)
{
    char text[QUANTITY_TEXT];

    if (!*tag->name)
        table_cell(table, PAINT_NONE, "");
    else
        table_cell(table, PAINT_NONE,
                   tag->own_ns > 0 ? format_quantity(text, tag->own_ns, "ns")
                                   : "none");
}

void run_tags_text(const struct run_report *report,
                   const struct text_style *style, struct strbuf *out)
{
    struct table table = {0};
    char text[QUANTITY_TEXT], low[QUANTITY_TEXT], share[SHARE_TEXT];

    table_column(&table, "tag", COLUMN_NAME);
    table_column(&table, "cases", COLUMN_NUMBER);
    table_column(&table, "total", COLUMN_NUMBER);
    if (tags_overlap(report))
        table_column(&table, "no other tag", COLUMN_NUMBER);
    table_column(&table, "geometric mean", COLUMN_NUMBER);
    table_column(&table, "interval", COLUMN_NUMBER);
    for (size_t i = 0; i < report->n_tags; i++) {
        const struct run_tag *t = &report->tag[i];

        table_row(&table);
        table_cell(&table, PAINT_NONE, *t->name ? t->name : "(all)");
        table_cellf(&table, PAINT_NONE, "%zu", t->cases);
        table_cell(&table, PAINT_NONE,
                   format_quantity(text, t->total_ns, "ns"));
        if (tags_overlap(report))
            own_cell(&table, t);
        table_cell(&table, PAINT_STRONG,
                   format_quantity(text, t->mean_ns, "ns"));
        if (t->open || isnan(t->mean_ns))
            table_cell(&table, PAINT_WARN, "open");
        else
            table_cellf(&table, PAINT_NONE, "%s to %s at %s",
                        format_quantity(low, t->low, "ns"),
                        format_quantity(text, t->high, "ns"),
                        text_share(share, t->confidence));
    }
    table_print(&table, style, out);
    table_clear(&table);
}

void run_tags_json(const struct run_report *report, struct json *json)
{
    json_key(json, "tags");
    json_list(json);
    for (size_t i = 0; i < report->n_tags; i++) {
        const struct run_tag *t = &report->tag[i];

        json_object(json);
        json_set_string(json, "tag", *t->name ? t->name : NULL);
        json_set_int(json, "cases", (int64_t)t->cases);
        json_set_double(json, "total_ns", t->total_ns);
        json_set_double(json, "own_ns", t->own_ns);
        json_set_double(json, "mean_ns", t->mean_ns);
        json_set_double(json, "low", t->open ? NAN : t->low);
        json_set_double(json, "high", t->open ? NAN : t->high);
        json_set_double(json, "confidence", t->open ? NAN : t->confidence);
        json_object_end(json);
    }
    json_array_end(json);
}
