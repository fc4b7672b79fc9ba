/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From single values to results. */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapt/import_parts.h"
#include "base/hash.h"
#include "base/scope.h"

const struct import_metric import_time = {"time", "ns", BETTER_LOWER};
const struct import_metric import_cpu_time = {"cpu_time", "ns", BETTER_LOWER};
const struct import_metric import_ops = {"throughput", "1/s", BETTER_HIGHER};

int import_no_memory(const struct import *im)
{
    return ERROR(im->err, ERR_NOMEM, "no memory for the results of '%s'",
                 im->name);
}

int import_fail(const struct import *im, struct import_place at,
                const char *fmt, ...)
{
    char text[sizeof im->err->text];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return ERROR_AT(im->err, ERR_PARSE, im->name, at.line, at.column, "%s",
                    text);
}

int import_begin(struct import *im, const char *name, struct error *err)
{
    *im = (struct import){.name = name, .err = err};
    im->results = results_new();
    if (!im->results || !results_add_occasion(im->results))
        return import_no_memory(im);
    im->results->file = import_copy(im, name);
    return im->results->file ? 0 : err->code;
}

void import_clear(struct import *im)
{
    results_free(im->results);
    im->results = NULL;
    arena_clear(&im->arena);
}

int import_end(struct import *im, int rc, const struct import_format *format,
               struct imported *out, struct error *err)
{
    if (rc == 0)
        *out = (struct imported){.format = format,
                                 .results = TAKE(im->results),
                                 .revision_time = im->revision_time};
    else if (err)
        *err = *im->err;
    import_clear(im);
    return rc;
}

struct occasion *import_occasion(const struct import *im)
{
    return &im->results->occasion[0];
}

const char *import_copy(struct import *im, const char *text)
{
    const char *copy = arena_strdup(&im->results->arena, text);

    if (!copy)
        import_no_memory(im);
    return copy;
}

/* --- cases */

uint64_t import_hash(const char *text)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001b3u;
    return h;
}

/* The slot of an id: where it is or where it belongs. */
static uint32_t *find_slot(const struct import *im, const char *id)
{
    size_t at = import_hash(id) & (im->n_slots - 1);

    while (im->slot[at] &&
           strcmp(im->results->cases[im->slot[at] - 1].id, id) != 0)
        at = (at + 1) & (im->n_slots - 1);
    return &im->slot[at];
}

/* At most half of the slots are taken. */
static bool make_slots(struct import *im)
{
    if (2 * (im->results->n_cases + 1) <= im->n_slots)
        return true;
    im->n_slots = im->n_slots ? 2 * im->n_slots : 64;
    im->slot = arena_alloc(&im->arena, im->n_slots, sizeof *im->slot);
    for (size_t i = 0; im->slot && i < im->results->n_cases; i++)
        *find_slot(im, im->results->cases[i].id) = (uint32_t)i + 1;
    return im->slot;
}

int import_case(struct import *im, const char *id, size_t *index, bool *is_new)
{
    uint32_t *slot;

    if (!make_slots(im))
        return import_no_memory(im);
    slot = find_slot(im, id);
    *is_new = *slot == 0;
    if (*is_new) {
        if (!results_add_case(im->results, id))
            return import_no_memory(im);
        *slot = (uint32_t)im->results->n_cases;
    }
    *index = *slot - 1;
    return 0;
}

const char *import_program(const struct import *im, const char *otherwise)
{
    return im->program ? im->program : otherwise;
}

int import_rename(struct import *im, size_t subject, const char *id,
                  const char *program)
{
    struct case_results *c = &im->results->cases[subject];
    const char *new_id = import_copy(im, id);
    const char *new_program = import_copy(im, program);

    if (!new_id || !new_program)
        return im->err->code;
    c->id = new_id;
    c->program = new_program;
    return 0;
}

int import_new(struct import *im, struct import_place at, const char *program,
               const char *name, const struct strbuf *params, size_t *index)
{
    const char *id = import_id(im, program, name, params);
    bool is_new = true;
    int rc = id ? import_case(im, id, index, &is_new) : im->err->code;

    if (rc == 0 && !is_new) {
        import_fail(im, at, "two benchmarks have the id '%.200s'", id);
        return error_help(im->err, "two runs in one file cannot be told apart "
                                   "either: import them from two files");
    }
    return rc < 0 ? rc : import_rename(im, *index, id, program);
}

/* --- values */

int import_add(struct import *im, size_t subject,
               const struct import_metric *metric, size_t invocation,
               double value)
{
    struct case_results *c = &im->results->cases[subject];
    struct metric *m = results_need_metric(im->results, c, metric->name,
                                           metric->unit, metric->better);
    struct import_row *all =
        arena_grow(&im->arena, im->row, im->n_rows, sizeof *all);

    if (!m || !all)
        return import_no_memory(im);
    im->row = all;
    all[im->n_rows] = (struct import_row){
        .subject = (uint32_t)subject,
        .metric = (uint32_t)(m - c->metric),
        .invocation = (uint32_t)invocation,
        .at = (uint32_t)im->n_rows,
        .value = value,
    };
    im->n_rows++;
    return 0;
}

static int by_group(const void *a, const void *b)
{
    const struct import_row *x = a, *y = b;

    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    if (x->metric != y->metric)
        return x->metric < y->metric ? -1 : 1;
    if (x->invocation != y->invocation)
        return x->invocation < y->invocation ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static size_t group_size(const struct import *im, size_t from)
{
    const struct import_row *first = &im->row[from];
    size_t n = 1;

    while (from + n < im->n_rows && first[n].subject == first->subject &&
           first[n].metric == first->metric &&
           first[n].invocation == first->invocation)
        n++;
    return n;
}

/* A machine that the file says enough about has a key of its own kind, so that
 * it is never taken for one that Tare measured on.  A number of CPUs alone is
 * not enough. */
static int set_machine_key(struct import *im)
{
    static const char version[] = "imported machine 1";
    struct occasion *o = import_occasion(im);
    char hex[HASH_HEX];
    struct hash hash;

    if (!facts_get(&o->machine, "hostname") && !facts_get(&o->machine, "cpu"))
        return 0;
    hash_init(&hash);
    hash_add(&hash, version, sizeof version);
    for (size_t i = 0; i < o->machine.n; i++) {
        const struct fact *fact = &o->machine.fact[i];

        hash_add(&hash, fact->name, strlen(fact->name) + 1);
        hash_add(&hash, fact->value, strlen(fact->value) + 1);
    }
    hash_end(&hash, hex);
    o->machine_key = import_copy(im, hex);
    return o->machine_key ? 0 : im->err->code;
}

/* Of the first metric of each case, which is what it is about. */
static int refine_summary(struct import *im)
{
    const char *kind = facts_get(&import_occasion(im)->plan, "summary");
    bool some = false;

    for (size_t i = 0; i < im->n_rows; i++)
        some = some || (im->row[i].metric == 0 && !im->row[i].summary);
    if (!kind || !some)
        return 0;
    kind = arena_printf(&im->arena, "%s of some", kind);
    return kind ? import_plan(im, "summary", kind) : import_no_memory(im);
}

int import_finish(struct import *im)
{
    SCOPED(free_scoped)
    double *sample = calloc(im->n_rows + 1, sizeof *sample);
    int rc = 0;

    if (!sample)
        return import_no_memory(im);
    if (im->n_rows)
        qsort(im->row, im->n_rows, sizeof *im->row, by_group);
    for (size_t at = 0, n; at < im->n_rows && rc == 0; at += n) {
        const struct import_row *row = &im->row[at];
        struct case_results *c = &im->results->cases[row->subject];

        n = group_size(im, at);
        for (size_t i = 0; i < n; i++)
            sample[i] = row[i].value;
        rc = results_add_invocation(im->results, &c->metric[row->metric], 0,
                                    sample, n, im->err);
    }
    if (rc == 0)
        rc = refine_summary(im);
    return rc < 0 ? rc : set_machine_key(im);
}

/* --- facts */

static int set_fact(struct import *im, struct facts *facts, const char *name,
                    const char *value)
{
    if (!value || !*value)
        return 0;
    return facts_set(&im->results->arena, facts, name, value, im->err);
}

int import_machine(struct import *im, const char *name, const char *value)
{
    return set_fact(im, &import_occasion(im)->machine, name, value);
}

int import_build(struct import *im, const char *name, const char *value)
{
    return set_fact(im, &import_occasion(im)->build, name, value);
}

int import_plan(struct import *im, const char *name, const char *value)
{
    return set_fact(im, &import_occasion(im)->plan, name, value);
}
