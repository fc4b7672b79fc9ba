/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Baselines to text: a file that people review as a diff, so one line per fact,
 * one invocation after the other, lines of at most 80 columns where numbers
 * allow it. */
#include <config.h>

#include "config/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/names.h"
#include "base/scope.h"
#include "config/baseline_schema.h"
#include "config/yaml_text.h"

enum {
    LINE = 79,          /* columns of samples */
    SAMPLE_INDENT = 11, /* of the lines after an invocation's first */
};

/* ---- keys and values; what is unknown or empty is left out */

static void put_key(struct strbuf *out, const char *indent, const char *key)
{
    strbuf_puts(out, indent);
    yaml_text(out, key);
    strbuf_putc(out, ':');
}

static void put_text(struct strbuf *out, const char *indent, const char *key,
                     const char *value)
{
    put_key(out, indent, key);
    strbuf_putc(out, ' ');
    yaml_text(out, value);
    strbuf_putc(out, '\n');
}

static void put_text_if(struct strbuf *out, const char *indent, const char *key,
                        const char *value)
{
    if (*value)
        put_text(out, indent, key, value);
}

static void put_u64(struct strbuf *out, const char *indent, const char *key,
                    uint64_t value)
{
    put_key(out, indent, key);
    strbuf_printf(out, " %llu\n", (unsigned long long)value);
}

static void put_double(struct strbuf *out, const char *indent, const char *key,
                       double value)
{
    put_key(out, indent, key);
    strbuf_putc(out, ' ');
    strbuf_double(out, value);
    strbuf_putc(out, '\n');
}

static void put_double_if(struct strbuf *out, const char *indent,
                          const char *key, double value, bool known)
{
    if (known)
        put_double(out, indent, key, value);
}

/* ---- occasions */

static void put_facts(struct strbuf *out, const char *key,
                      const struct facts *facts)
{
    if (facts->n == 0)
        return;
    strbuf_printf(out, "  %s:\n", key);
    for (size_t i = 0; i < facts->n; i++)
        put_text(out, "    ", facts->fact[i].name, facts->fact[i].value);
}

static void put_anchors(struct strbuf *out, const struct occasion *o)
{
    if (o->n_anchors)
        strbuf_puts(out, "  anchors:\n");
    for (size_t i = 0; i < o->n_anchors; i++)
        put_double(out, "    ", o->anchor[i].name, o->anchor[i].value);
}

static void put_occasion(struct strbuf *out, const struct occasion *o)
{
    strbuf_printf(out, "- created: %s\n", o->created);
    put_text_if(out, "  ", "revision", o->revision);
    if (o->dirty)
        strbuf_puts(out, "  dirty: true\n");
    put_text_if(out, "  ", "branch", o->branch);
    put_u64(out, "  ", "seed", o->seed);
    put_text_if(out, "  ", "machine_key", o->machine_key);
    put_facts(out, "machine", &o->machine);
    put_facts(out, "build", &o->build);
    put_facts(out, "plan", &o->plan);
    put_anchors(out, o);
}

/* ---- samples */

/* `column` is where the opening bracket stands. */
static void put_invocation(struct strbuf *out, const struct invocation *in)
{
    size_t column = SAMPLE_INDENT;

    strbuf_putc(out, '[');
    for (size_t i = 0; i < in->n; i++) {
        char text[32];
        size_t n = (size_t)double_print(text, in->sample[i]);

        if (i && column + n + 3 > LINE) {
            strbuf_printf(out, ",\n%*s", SAMPLE_INDENT, "");
            column = SAMPLE_INDENT;
        } else if (i) {
            strbuf_puts(out, ", ");
            column += 2;
        }
        strbuf_add(out, text, n);
        column += n;
    }
    strbuf_puts(out, "]\n");
}

static bool has_samples(const struct invocations *in)
{
    for (size_t i = 0; i < in->n; i++)
        if (in->invocation[i].n)
            return true;
    return false;
}

static void put_invocations(struct strbuf *out, const struct invocations *in)
{
    const char *lead = "      - - ";

    if (!has_samples(in)) {
        strbuf_puts(out, "      - []\n");
        return;
    }
    for (size_t i = 0; i < in->n; i++) {
        if (in->invocation[i].n == 0)
            continue;
        strbuf_puts(out, lead);
        put_invocation(out, &in->invocation[i]);
        lead = "        - ";
    }
}

/* ---- metrics and benchmarks */

static bool metric_has_samples(const struct metric *m, size_t n_occasions)
{
    for (size_t o = 0; o < n_occasions; o++)
        if (has_samples(&m->occasion[o]))
            return true;
    return false;
}

static void put_metric(struct strbuf *out, const struct metric *m,
                       size_t n_occasions)
{
    put_key(out, "    ", m->name);
    strbuf_putc(out, '\n');
    put_text(out, "      ", "unit", m->unit);
    put_text(out, "      ", "better", better_name(m->better));
    strbuf_puts(out, "      samples:\n");
    for (size_t o = 0; o < n_occasions; o++)
        put_invocations(out, &m->occasion[o]);
}

static void put_tags(struct strbuf *out, const char *tags)
{
    const char *lead = "  tags: [", *name;
    size_t size;

    while ((name = names_next(&tags, &size))) {
        SCOPED(free_scoped) char *tag = strndup(name, size);

        if (!tag) {
            out->failed = true;
            return;
        }
        strbuf_puts(out, lead);
        yaml_flow_text(out, tag);
        lead = ", ";
    }
    if (lead[0] == ',')
        strbuf_puts(out, "]\n");
}

static void put_case_head(struct strbuf *out, const struct case_results *c)
{
    strbuf_puts(out, "- id: ");
    yaml_text(out, c->id);
    strbuf_putc(out, '\n');
    if (c->version)
        put_u64(out, "  ", "version", (uint64_t)c->version);
    put_text_if(out, "  ", "program", c->program);
    put_text_if(out, "  ", "hash", c->hash);
    put_tags(out, c->tags + strspn(c->tags, ","));
    put_text_if(out, "  ", "result", c->result);
    put_text_if(out, "  ", "baseline", c->baseline);
    if (c->iterations)
        put_u64(out, "  ", "iterations", c->iterations);
    if (c->warmup >= 0)
        put_u64(out, "  ", "warmup", (uint64_t)c->warmup);
    put_double_if(out, "  ", "items", c->items, c->items > 0);
    put_double_if(out, "  ", "bytes", c->bytes, c->bytes > 0);
    put_double_if(out, "  ", "empty_ns", c->empty_ns, c->empty_ns > 0);
    put_double_if(out, "  ", "disturbed", c->disturbed, c->disturbed >= 0);
    if (c->stopped_by != STOPPED_UNSET)
        put_text(out, "  ", "stopped_by", stopped_by_name(c->stopped_by));
}

static int by_metric_name(const void *a, const void *b)
{
    const struct metric *const *x = a, *const *y = b;

    return strcmp((*x)->name, (*y)->name);
}

/* The metrics with samples, by name. */
static size_t sort_metrics(const struct case_results *c, size_t n_occasions,
                           const struct metric **out)
{
    size_t n = 0;

    for (size_t i = 0; i < c->n_metrics; i++)
        if (metric_has_samples(&c->metric[i], n_occasions))
            out[n++] = &c->metric[i];
    if (n)
        qsort(out, n, sizeof(const struct metric *), by_metric_name);
    return n;
}

static int put_case(struct strbuf *out, const struct case_results *c,
                    size_t n_occasions, struct error *err)
{
    const struct metric *metric[BASELINE_MAX_METRICS];
    size_t n = sort_metrics(c, n_occasions, metric);

    for (size_t i = 1; i < n; i++)
        if (strcmp(metric[i - 1]->name, metric[i]->name) == 0)
            return ERROR(err, ERR_RANGE, "'%s' has the metric '%s' twice",
                         c->id, metric[i]->name);
    put_case_head(out, c);
    strbuf_puts(out, "  metrics:\n");
    for (size_t i = 0; i < n; i++)
        put_metric(out, metric[i], n_occasions);
    return 0;
}

/* ---- the file */

static bool case_has_samples(const struct case_results *c, size_t n_occasions)
{
    for (size_t i = 0; i < c->n_metrics; i++)
        if (metric_has_samples(&c->metric[i], n_occasions))
            return true;
    return false;
}

static int by_id(const void *a, const void *b)
{
    const struct case_results *const *x = a, *const *y = b;

    return strcmp((*x)->id, (*y)->id);
}

static int put_cases(struct strbuf *out, const struct results *r,
                     struct error *err)
{
    SCOPED(free_scoped)
    const struct case_results **all = calloc(r->n_cases + 1, sizeof *all);
    size_t n = 0;
    int rc = 0;

    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory to write a baseline");
    for (size_t i = 0; i < r->n_cases; i++)
        if (case_has_samples(&r->cases[i], r->n_occasions))
            all[n++] = &r->cases[i];
    qsort(all, n, sizeof *all, by_id);
    for (size_t i = 1; i < n; i++)
        if (strcmp(all[i - 1]->id, all[i]->id) == 0)
            return ERROR(err, ERR_RANGE, "the id '%.200s' is there twice",
                         all[i]->id);
    strbuf_puts(out, n ? "benchmarks:\n" : "benchmarks: []\n");
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = put_case(out, all[i], r->n_occasions, err);
    return rc;
}

int baseline_print(const struct results *results, struct strbuf *out,
                   struct error *err)
{
    int rc = baseline_check(results, err);

    if (rc < 0)
        return rc;
    strbuf_printf(out, "tare: %s%d\n", BASELINE_SCHEMA, BASELINE_MAJOR);
    put_text(out, "", "name", results->name);
    strbuf_puts(out, "occasions:\n");
    for (size_t i = 0; i < results->n_occasions; i++)
        put_occasion(out, &results->occasion[i]);
    rc = put_cases(out, results, err);
    if (rc == 0 && out->failed)
        rc = ERROR(err, ERR_NOMEM, "no memory to write a baseline");
    return rc;
}

int baseline_write(const char *path, const struct results *results,
                   struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    int rc = baseline_print(results, &text, err);

    return rc < 0 ? rc
                  : file_write_atomic(path, strbuf_text(&text), text.size, err);
}
