/* SPDX-License-Identifier: GPL-3.0-or-later */
/* airspeed velocity's result files, results/MACHINE/COMMIT-ENV.json, versions 1
 * and 2 of the format ("Developer Docs" of asv).  asv pools what its processes
 * measured: samples, where they were recorded, are of one invocation; else there
 * is one value, the median. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

/* What a benchmark is follows from the beginning of its name. */
static const struct kind {
    const char *prefix;
    struct import_metric metric;
    struct import_unit unit;
} kinds[] = {
    {"timeraw_", {"time", "ns", BETTER_LOWER}, {"s", 9, 1}},
    {"time_", {"time", "ns", BETTER_LOWER}, {"s", 9, 1}},
    {"peakmem_", {"max_rss", "B", BETTER_LOWER}, {"", 0, 1}},
    {"mem_", {"memory", "B", BETTER_LOWER}, {"", 0, 1}},
    {"track_", {"value", "1", BETTER_NONE}, {"", 0, 1}},
};

/* One benchmark of the file, whatever its version. */
struct bench {
    const char *name;
    const struct kind *kind;
    const struct json_value *place;
    const struct json_value *result;  /* a value or a list of them */
    const struct json_value *params;  /* lists of values */
    const struct json_value *samples; /* as many lists as results, or NULL */
    const char *version;              /* "" unknown */
};

static bool recognise(const struct import *im)
{
    const struct json_value *results = json_get(im->root, "results");

    return results && results->type == JSON_IS_OBJECT &&
           json_get(im->root, "commit_hash");
}

static const char *last_part(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot ? dot + 1 : name;
}

static const struct kind *kind_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strncmp(last_part(name), kinds[i].prefix,
                    strlen(kinds[i].prefix)) == 0)
            return &kinds[i];
    return &kinds[ARRAY_LEN(kinds) - 1];
}

/* --- the n-th combination of parameters, the last varying fastest */

static size_t combinations(const struct json_value *params)
{
    size_t n = 1;

    for (const struct json_value *v = params ? params->first : NULL; v;
         v = v->next)
        if (v->n && n <= SIZE_MAX / v->n)
            n *= v->n;
    return n;
}

static const struct json_value *nth(const struct json_value *list, size_t n)
{
    const struct json_value *v =
        list && list->type == JSON_IS_ARRAY ? list->first : NULL;

    while (v && n--)
        v = v->next;
    return v;
}

/* The names of parameters are in benchmarks.json alone. */
static void add_params(struct strbuf *out, const struct json_value *params,
                       size_t index)
{
    size_t below = combinations(params), number = 1;
    char key[32];

    for (const struct json_value *v = params ? params->first : NULL; v;
         v = v->next, number++) {
        const struct json_value *value;

        below = v->n && below >= v->n ? below / v->n : below;
        value = v->n ? nth(v, index / below % v->n) : NULL;
        snprintf(key, sizeof key, "param%zu", number);
        if (value)
            import_param(out, key, strlen(key), value->text,
                         strlen(value->text));
    }
}

/* --- one result */

/* Versions are texts of any kind; ours are numbers, which are only ever asked
 * whether they are equal. */
static int64_t version_of(const char *text)
{
    if (import_is_count(text) && strlen(text) < 10)
        return strtoll(text, NULL, 10);
    return *text ? (int64_t)(import_hash(text) >> 2) : 0;
}

static int add_case(struct import *im, const struct bench *b, size_t index,
                    size_t *subject)
{
    SCOPED(strbuf_scoped) struct strbuf params = {0};
    const char *dot = strrchr(b->name, '.');
    const char *program =
        dot ? arena_memdup(&im->arena, b->name, (size_t)(dot - b->name))
            : "asv";
    int rc;

    if (!program)
        return import_no_memory(im);
    add_params(&params, b->params, index);
    rc = import_new(im, import_place_of(b->place), import_program(im, program),
                    last_part(b->name), &params, subject);
    if (rc == 0)
        im->results->cases[*subject].version = version_of(b->version);
    return rc;
}

/* null is a failure; NaN, here an empty text, a benchmark that did not apply. */
static int add_result(struct import *im, const struct bench *b,
                      const struct json_value *result, size_t index)
{
    const struct json_value *samples = nth(b->samples, index);
    double value;
    size_t subject;
    int rc;

    if (result->type == JSON_IS_STRING && !*result->text)
        return 0;
    rc = add_case(im, b, index, &subject);
    if (rc < 0)
        return rc;
    if (result->type == JSON_IS_NULL) {
        im->results->cases[subject].status = CASE_FAILED;
        im->results->cases[subject].message = "it failed under asv";
        return 0;
    }
    if (samples && samples->type == JSON_IS_ARRAY && samples->n)
        return import_add_list(im, subject, &b->kind->metric, 0, 0, samples,
                               "samples", &b->kind->unit);
    rc = import_number(im, result, b->name, &b->kind->unit, &value);
    return rc < 0 ? rc
                  : import_add_summary(im, subject, &b->kind->metric, 0, value,
                                       "median");
}

static int add_benchmark(struct import *im, const struct bench *b)
{
    size_t index = 0;
    int rc = 0;

    if (!b->result)
        return 0;
    if (b->result->type == JSON_IS_NULL && b->params && b->params->n)
        return 0; /* none of its combinations was measured */
    if (b->result->type != JSON_IS_ARRAY)
        return add_result(im, b, b->result, 0);
    for (const struct json_value *v = b->result->first; v && rc == 0;
         v = v->next)
        rc = add_result(im, b, v, index++);
    return rc;
}

/* --- the two versions */

static struct bench of_version_1(const struct import *im,
                                 const struct json_value *v)
{
    bool is_object = v->type == JSON_IS_OBJECT;

    return (struct bench){
        .result = is_object ? json_get(v, "result") : v,
        .params = is_object ? json_get(v, "params") : NULL,
        .samples = is_object ? json_get(v, "samples") : NULL,
        .version =
            json_get_text(json_get(im->root, "benchmark_version"), v->key, ""),
    };
}

static const struct json_value *column(const struct json_value *columns,
                                       const struct json_value *row,
                                       const char *name)
{
    size_t n = 0;

    for (const struct json_value *v = columns->first; v; v = v->next, n++)
        if (strcmp(v->text, name) == 0)
            return nth(row, n);
    return NULL;
}

static struct bench of_version_2(const struct json_value *columns,
                                 const struct json_value *v)
{
    const struct json_value *version = column(columns, v, "version");

    return (struct bench){
        .result = column(columns, v, "result"),
        .params = column(columns, v, "params"),
        .samples = column(columns, v, "samples"),
        .version = version ? version->text : "",
    };
}

/* When the first of them began. */
static int add_begin(struct import *im, const struct json_value *columns)
{
    const struct json_value *results = json_get(im->root, "results");
    double first = 0;

    for (const struct json_value *v = results->first; v; v = v->next) {
        const struct json_value *at = column(columns, v, "started_at");

        if (at && at->type == JSON_IS_NUMBER && at->number > 0 &&
            (first == 0 || at->number < first))
            first = at->number;
    }
    return first > 0 && first < 1e15
               ? import_created_at(im, (int64_t)(first / 1e3))
               : 0;
}

static int add_all(struct import *im)
{
    const struct json_value *results = json_get(im->root, "results");
    const struct json_value *columns = json_get(im->root, "result_columns");
    int rc = 0;

    if (columns && columns->type == JSON_IS_ARRAY)
        rc = add_begin(im, columns);
    else
        columns = NULL;
    for (const struct json_value *v = results->first; v && rc == 0;
         v = v->next) {
        struct bench b =
            columns ? of_version_2(columns, v) : of_version_1(im, v);

        b.name = v->key;
        b.kind = kind_of(v->key);
        b.place = v;
        rc = add_benchmark(im, &b);
    }
    return rc;
}

/* --- the document */

/* The commit's date orders the history; where nothing says when it was
 * measured it stands for that as well. */
static int add_commit(struct import *im)
{
    struct occasion *o = import_occasion(im);
    double date = json_get_number(im->root, "date", 0);

    if (date > 0 && date < 1e15)
        im->revision_time = (int64_t)(date / 1e3);
    o->revision = import_copy(im, json_get_text(im->root, "commit_hash", ""));
    if (!o->revision)
        return im->err->code;
    return import_created_at(im, im->revision_time);
}

static int read_document(struct import *im)
{
    static const char *const names[][2] = {
        {"hostname", "machine"}, {"cpu", "cpu"}, {"cpus", "num_cpu"},
        {"arch", "arch"},        {"os", "os"},   {"memory", "ram"},
    };
    const struct json_value *machine = json_get(im->root, "params");
    int rc = add_commit(im);

    for (size_t i = 0; i < ARRAY_LEN(names) && rc == 0; i++)
        rc = import_machine_member(im, names[i][0], machine, names[i][1]);
    if (rc == 0)
        rc = import_build_member(im, "python", im->root, "python");
    if (rc == 0)
        rc = import_build_member(im, "environment", im->root, "env_name");
    return rc < 0 ? rc : add_all(im);
}

const struct import_format import_asv = {
    .name = "asv",
    .reads = "a file of asv's results/MACHINE",
    .recognise = recognise,
    .read_json = read_document,
};
