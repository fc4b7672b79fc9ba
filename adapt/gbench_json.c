/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "adapt/gbench_json.h"

#include <stdio.h>
#include <string.h>

#include "adapt/gbench_parts.h"
#include "base/scope.h"

/* A document being read. */
struct gbench {
    struct import *im;
    double *repetition; /* last one of each case; -1 unknown */
};

/* What an entry says that is no user counter. */
static const char *const known_keys[] = {
    "name",
    "family_index",
    "per_family_instance_index",
    "run_name",
    "run_type",
    "repetitions",
    "repetition_index",
    "threads",
    "aggregate_name",
    "aggregate_unit",
    "label",
    "iterations",
    "real_time",
    "cpu_time",
    "time_unit",
    "error_occurred",
    "error_message",
    "skipped",
    "skip_message",
    "complexity_n",
};

static const struct {
    const char *key;
    struct import_metric metric;
} named_counters[] = {
    {"items_per_second", {"items_per_second", "1/s", BETTER_HIGHER}},
    {"bytes_per_second", {"bytes_per_second", "B/s", BETTER_HIGHER}},
    {"allocs_per_iter", {"allocs", "1", BETTER_LOWER}},
    {"max_bytes_used", {"max_bytes_used", "B", BETTER_LOWER}},
    {"total_allocated_bytes", {"total_allocated_bytes", "B", BETTER_LOWER}},
    {"net_heap_growth", {"net_heap_growth", "B", BETTER_LOWER}},
};

/* --- what an entry is */

static const char *text_of(const struct json_value *entry, const char *key)
{
    return json_get_text(entry, key, "");
}

/* Versions before 1.5 tell aggregates by the end of the name alone. */
static const char *suffix_of(const char *name)
{
    static const char *const suffixes[] = {"_mean", "_median", "_stddev",
                                           "_cv",   "_BigO",   "_RMS"};
    size_t size = strlen(name);

    for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
        size_t n = strlen(suffixes[i]);

        if (size > n && strcmp(name + size - n, suffixes[i]) == 0)
            return name + size - n;
    }
    return NULL;
}

static bool is_aggregate(const struct json_value *entry)
{
    const char *type = json_get_text(entry, "run_type", NULL);

    return type ? strcmp(type, "aggregate") == 0
                : suffix_of(text_of(entry, "name")) != NULL;
}

/* "median", "mean", ...; "" when it does not say. */
static const char *aggregate_of(const struct json_value *entry)
{
    const char *said = json_get_text(entry, "aggregate_name", NULL);
    const char *suffix = suffix_of(text_of(entry, "name"));

    return said ? said : suffix ? suffix + 1 : "";
}

/* The name without the aggregate's; in the arena of the reading. */
static const char *name_of(struct import *im, const struct json_value *entry)
{
    const char *said = json_get_text(entry, "run_name", NULL);
    const char *name = text_of(entry, "name");
    const char *suffix = is_aggregate(entry) ? suffix_of(name) : NULL;

    if (said || !suffix)
        return said ? said : name;
    name = arena_memdup(&im->arena, name, (size_t)(suffix - name));
    if (!name)
        import_no_memory(im);
    return name;
}

/* --- one entry */

static bool is_known_key(const char *key)
{
    for (size_t i = 0; i < ARRAY_LEN(known_keys); i++)
        if (strcmp(key, known_keys[i]) == 0)
            return true;
    return false;
}

static int add_counter(struct import *im, size_t subject,
                       const struct json_value *v)
{
    struct import_metric metric = {"", "1", BETTER_NONE};
    enum better better;
    const char *unit;
    char name[160];

    for (size_t i = 0; i < ARRAY_LEN(named_counters); i++)
        if (strcmp(v->key, named_counters[i].key) == 0)
            return import_add(im, subject, &named_counters[i].metric, 0,
                              v->number);
    snprintf(name, sizeof name, "%s%s",
             metric_known(v->key, &unit, &better) ? "counter_" : "", v->key);
    metric.name = name;
    return import_add(im, subject, &metric, 0, v->number);
}

/* kind  of the aggregate that stands for all samples; NULL for a sample */
static int add_times(struct import *im, const struct json_value *entry,
                     size_t subject, const char *kind)
{
    const char *word = json_get_text(entry, "time_unit", NULL);
    const struct import_unit *unit = import_time_unit(word ? word : "");
    double real, cpu;
    int rc = unit ? 0
                  : import_fail(im, import_place_of(entry),
                                "no time unit that is known: '%.40s'",
                                word ? word : "");

    if (rc == 0)
        rc = import_amount(im, entry, "real_time", unit, &real);
    if (rc == 0)
        rc = import_amount(im, entry, "cpu_time", unit, &cpu);
    if (rc == 0)
        rc = kind ? import_add_summary(im, subject, &import_time, 0, real, kind)
                  : import_add(im, subject, &import_time, 0, real);
    return rc < 0 ? rc : import_add(im, subject, &import_cpu_time, 0, cpu);
}

static int add_sample(struct import *im, const struct json_value *entry,
                      size_t subject, bool is_new, const char *kind)
{
    struct case_results *c = &im->results->cases[subject];
    double iterations = 0;
    int rc = add_times(im, entry, subject, kind);

    if (rc == 0 && json_get(entry, "iterations"))
        rc = import_amount(im, entry, "iterations", &import_as_is, &iterations);
    if (iterations < 0x1p63)
        c->iterations = is_new || c->iterations == (uint64_t)iterations
                            ? (uint64_t)iterations
                            : 0;
    for (const struct json_value *v = entry->first; v && rc == 0; v = v->next)
        if (v->type == JSON_IS_NUMBER && !is_known_key(v->key))
            rc = add_counter(im, subject, v);
    return rc;
}

/* Whether it said that there is nothing to measure; then the case knows. */
static int check_skipped(struct import *im, const struct json_value *entry,
                         size_t subject, bool *skipped)
{
    struct case_results *c = &im->results->cases[subject];
    bool failed = json_get_bool(entry, "error_occurred", false);

    *skipped = failed || json_get_bool(entry, "skipped", false);
    if (!*skipped)
        return 0;
    c->status = failed ? CASE_FAILED : CASE_SKIPPED;
    c->message = import_copy(
        im, text_of(entry, failed ? "error_message" : "skip_message"));
    return c->message ? 0 : im->err->code;
}

/* --- passes over the document */

/* Repetitions count up; what begins again is another benchmark. */
static int check_repetition(struct gbench *g, const struct json_value *entry,
                            size_t subject, bool is_new)
{
    double now = json_get_number(entry, "repetition_index", -1);
    double *all = g->repetition;

    if (is_new) {
        all = arena_grow(&g->im->arena, all, subject, sizeof *all);
        if (!all)
            return import_no_memory(g->im);
        g->repetition = all;
    } else if (now >= 0 && now <= all[subject]) {
        import_fail(g->im, import_place_of(entry),
                    "two benchmarks are called '%.200s'",
                    g->im->results->cases[subject].id);
        return error_help(g->im->err, "names make ids, which are unique: "
                                      "register them under two names");
    }
    all[subject] = now;
    return 0;
}

static int subject_of(struct gbench *g, const struct json_value *entry,
                      size_t *subject, bool *is_new)
{
    const char *name = name_of(g->im, entry);

    if (!name)
        return g->im->err->code;
    if (!*name)
        return import_fail(g->im, import_place_of(entry),
                           "a benchmark without a name");
    return import_case(g->im, name, subject, is_new);
}

static int add_iteration(struct gbench *g, const struct json_value *entry)
{
    size_t subject;
    bool is_new, skipped;
    int rc = subject_of(g, entry, &subject, &is_new);

    if (rc == 0)
        rc = check_repetition(g, entry, subject, is_new);
    if (rc == 0)
        rc = check_skipped(g->im, entry, subject, &skipped);
    return rc < 0 || skipped ? rc
                             : add_sample(g->im, entry, subject, is_new, NULL);
}

/* An aggregate of what has no samples stands for them. */
static int add_aggregate(struct gbench *g, const struct json_value *entry)
{
    size_t subject;
    bool is_new;
    int rc = subject_of(g, entry, &subject, &is_new);

    return rc < 0 || !is_new
               ? rc
               : add_sample(g->im, entry, subject, is_new, aggregate_of(entry));
}

static int add_aggregates(struct gbench *g, const struct json_value *list,
                          const char *which)
{
    int rc = 0;

    for (const struct json_value *e = list->first; e && rc == 0; e = e->next)
        if (is_aggregate(e) && strcmp(aggregate_of(e), which) == 0)
            rc = add_aggregate(g, e);
    return rc;
}

static int add_entries(struct gbench *g, const struct json_value *list)
{
    int rc = 0;

    for (const struct json_value *e = list->first; e && rc == 0; e = e->next) {
        if (e->type != JSON_IS_OBJECT)
            rc = import_fail(g->im, import_place_of(e),
                             "expected a benchmark, an object");
        else if (!is_aggregate(e))
            rc = add_iteration(g, e);
    }
    if (rc == 0)
        rc = add_aggregates(g, list, "median");
    return rc < 0 ? rc : add_aggregates(g, list, "mean");
}

/* --- the context */

static int add_context(struct import *im, const struct json_value *context)
{
    int rc = import_machine_member(im, "hostname", context, "host_name");

    if (rc == 0)
        rc = import_machine_member(im, "cpus", context, "num_cpus");
    if (rc == 0)
        rc = import_build_member(im, "library_build_type", context,
                                 "library_build_type");
    if (rc == 0)
        rc = import_build_member(im, "library_version", context,
                                 "library_version");
    if (rc == 0)
        rc = import_created(im, text_of(context, "date"));
    if (rc < 0)
        return rc;
    im->results->name = import_copy(im, text_of(context, "executable"));
    return im->results->name ? 0 : im->err->code;
}

bool gbench_is_document(const struct json_value *root)
{
    const struct json_value *list = json_get(root, "benchmarks");
    const struct json_value *first =
        list && list->type == JSON_IS_ARRAY ? list->first : NULL;

    return json_get(first, "real_time") || json_get(first, "run_type") ||
           json_get(json_get(root, "context"), "library_build_type");
}

int gbench_fill(struct import *im)
{
    const struct json_value *list = json_get(im->root, "benchmarks");
    struct gbench g = {.im = im};
    int rc;

    if (!list || list->type != JSON_IS_ARRAY) {
        import_fail(im, import_place_of(im->root), "no list 'benchmarks' here");
        return error_help(im->err, "write the file with --benchmark_out=FILE "
                                   "--benchmark_out_format=json");
    }
    rc = add_context(im, json_get(im->root, "context"));
    return rc < 0 ? rc : add_entries(&g, list);
}

int gbench_json_read(const char *name, const char *text, size_t size,
                     struct results **out, struct error *err)
{
    struct error why = {0};
    struct import im;
    int rc = import_begin(&im, name, &why);

    if (rc == 0)
        rc = json_read(name, text, size, &im.arena, &im.root, &why);
    if (rc == 0)
        rc = gbench_fill(&im);
    if (rc == 0)
        rc = import_finish(&im);
    if (rc == 0)
        *out = TAKE(im.results);
    else if (err)
        *err = why;
    import_clear(&im);
    return rc;
}
