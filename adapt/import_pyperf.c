/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pyperf -o FILE: a run is a process and so an invocation, its values are
 * samples.  Runs without values calibrated the others.  Format 1.0 of pyperf's
 * documentation, "JSON file format". */
#include <config.h>

#include <string.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

static const struct import_metric memory = {"memory", "B", BETTER_LOWER};
static const struct import_metric max_rss = {"max_rss", "B", BETTER_LOWER};
static const struct import_metric number = {"value", "1", BETTER_NONE};

static const struct {
    const char *word;
    const struct import_metric *metric;
    const struct import_unit *unit;
} units[] = {
    {"second", &import_time, &import_seconds},
    {"byte", &memory, &import_as_is},
    {"integer", &number, &import_as_is},
};

/* A benchmark being read. */
struct bench {
    struct import *im;
    const struct json_value *own, *common; /* metadata */
    const struct import_metric *metric;
    const struct import_unit *unit;
    size_t subject, invocations;
};

static bool recognise(const struct import *im)
{
    const struct json_value *list = json_get(im->root, "benchmarks");

    return json_get(list ? list->first : NULL, "runs");
}

/* What the benchmark says, or else all of them. */
static const struct json_value *metadata(const struct bench *b, const char *key)
{
    const struct json_value *own = json_get(b->own, key);

    return own ? own : json_get(b->common, key);
}

static const char *text_of(const struct bench *b, const char *key,
                           const char *fallback)
{
    const struct json_value *v = metadata(b, key);

    return v && v->type == JSON_IS_STRING ? v->text : fallback;
}

static uint64_t count_of(const struct bench *b, const char *key)
{
    const struct json_value *v = metadata(b, key);

    return v && v->type == JSON_IS_NUMBER && v->number >= 1 &&
                   v->number < 0x1p31
               ? (uint64_t)v->number
               : 1;
}

/* --- one benchmark */

static int choose_unit(struct bench *b, const struct json_value *place)
{
    const char *word = text_of(b, "unit", "second");

    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        if (strcmp(word, units[i].word) == 0) {
            b->metric = units[i].metric;
            b->unit = units[i].unit;
            return 0;
        }
    return import_fail(b->im, import_place_of(place),
                       "a unit that is not known: '%.40s'", word);
}

static int add_run(struct bench *b, const struct json_value *run)
{
    const struct json_value *values = json_get(run, "values");
    const struct json_value *own = json_get(run, "metadata");
    const struct json_value *warmups = json_get(run, "warmups");
    struct case_results *c = &b->im->results->cases[b->subject];
    double rss;
    int rc;

    if (!values)
        return 0;
    rc = import_add_list(b->im, b->subject, b->metric, b->invocations, 0,
                         values, "values", b->unit);
    if (rc == 0 && json_get(own, "mem_max_rss")) {
        rc = import_amount(b->im, own, "mem_max_rss", &import_as_is, &rss);
        if (rc == 0)
            rc = import_add(b->im, b->subject, &max_rss, b->invocations, rss);
    }
    c->warmup = warmups ? (int64_t)warmups->n : 0;
    b->invocations++;
    if (rc == 0 && !*import_occasion(b->im)->created)
        rc = import_created(b->im, json_get_text(own, "date", ""));
    return rc;
}

static int add_tags(struct bench *b)
{
    SCOPED(strbuf_scoped) struct strbuf tags = {0};
    const struct json_value *list = metadata(b, "tags");

    for (const struct json_value *v = list ? list->first : NULL; v;
         v = v->next) {
        strbuf_puts(&tags, tags.size ? "," : "");
        import_escape(&tags, v->text, strlen(v->text));
    }
    b->im->results->cases[b->subject].tags =
        import_copy(b->im, strbuf_text(&tags));
    return b->im->results->cases[b->subject].tags ? 0 : b->im->err->code;
}

static int add_benchmark(struct import *im, const struct json_value *value)
{
    const struct json_value *runs = json_get(value, "runs");
    struct bench b = {.im = im,
                      .own = json_get(value, "metadata"),
                      .common = json_get(im->root, "metadata")};
    const char *name = text_of(&b, "name", "");
    int rc;

    if (!runs || runs->type != JSON_IS_ARRAY)
        return import_fail(im, import_place_of(value), "no list 'runs' here");
    if (!*name)
        return import_fail(im, import_place_of(value),
                           "no name in its metadata");
    rc = choose_unit(&b, value);
    if (rc == 0)
        rc = import_new(im, import_place_of(value),
                        import_program(im, "pyperf"), name, NULL, &b.subject);
    if (rc == 0)
        rc = add_tags(&b);
    if (rc < 0)
        return rc;
    im->results->cases[b.subject].iterations =
        count_of(&b, "loops") * count_of(&b, "inner_loops");
    for (const struct json_value *v = runs->first; v && rc == 0; v = v->next)
        rc = add_run(&b, v);
    return rc;
}

/* --- the document */

static int add_machine(struct import *im, const struct json_value *metadata)
{
    int rc = import_machine_member(im, "hostname", metadata, "hostname");

    if (rc == 0)
        rc = import_machine_member(im, "cpu", metadata, "cpu_model_name");
    if (rc == 0)
        rc = import_machine_member(im, "cpus", metadata, "cpu_count");
    if (rc == 0)
        rc = import_build_member(im, "platform", metadata, "platform");
    if (rc == 0)
        rc = import_build_member(im, "python_implementation", metadata,
                                 "python_implementation");
    if (rc == 0)
        rc = import_build_member(im, "python_version", metadata,
                                 "python_version");
    return rc;
}

static int read_document(struct import *im)
{
    const struct json_value *list = json_get(im->root, "benchmarks");
    const char *version = json_get_text(im->root, "version", "");
    int rc;

    if (!list || list->type != JSON_IS_ARRAY)
        return import_fail(im, import_place_of(im->root),
                           "no list 'benchmarks' here");
    if (strncmp(version, "1.", 2) != 0) {
        import_fail(im, import_place_of(im->root),
                    "version '%.20s' of the format, not 1.x", version);
        return error_help(im->err, "pyperf convert FILE -o NEW writes the "
                                   "current version");
    }
    rc = add_machine(im, json_get(im->root, "metadata"));
    for (const struct json_value *v = list->first; v && rc == 0; v = v->next)
        rc = add_benchmark(im, v);
    return rc;
}

const struct import_format import_pyperf = {
    .name = "pyperf",
    .reads = "JSON of pyperf, -o FILE",
    .recognise = recognise,
    .read_json = read_document,
};
