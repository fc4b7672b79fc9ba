/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JMH -rf json: a fork is a process and so an invocation, its iterations are
 * samples.  Scores are times where their unit is one per operation, else
 * operations per time. */
#include <config.h>

#include <string.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

/* A score being read. */
struct score {
    struct import_metric metric;
    struct import_unit unit;
    char name[160];
};

static bool recognise(const struct import *im)
{
    const struct json_value *first =
        im->root && im->root->type == JSON_IS_ARRAY ? im->root->first : NULL;

    return json_get(first, "primaryMetric") != NULL;
}

/* --- units: "ns/op", "ops/ms", "B/op", "MB/sec" */

static bool choose_primary(struct score *score, const char *word)
{
    char time[16] = "";
    const struct import_unit *unit;

    if (strncmp(word, "ops/", 4) == 0) {
        unit = import_time_unit(word + 4);
        score->metric = import_ops;
        score->unit = unit ? (struct import_unit){"", 9 - unit->exponent,
                                                  1 / unit->factor}
                           : (struct import_unit){"", 0, 0};
        return unit;
    }
    if (strcspn(word, "/") < sizeof time)
        memcpy(time, word, strcspn(word, "/"));
    unit = import_time_unit(time);
    score->metric = import_time;
    score->unit = unit ? *unit : import_as_is;
    return unit && strcmp(word + strlen(time), "/op") == 0;
}

static const struct {
    const char *word, *unit;
    int exponent;
} secondary_units[] = {
    {"B/op", "B", 0},   {"MB/sec", "B/s", 6}, {"ms", "ns", 6},
    {"counts", "1", 0}, {"#/op", "1", 0},     {"---", "1", 0},
};

/* What a profiler added; which way is better it does not say. */
static void choose_secondary(struct score *score, const char *name,
                             const char *word)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    enum better better;
    const char *unit;

    import_escape(&out, name, strlen(name));
    snprintf(score->name, sizeof score->name, "%s%s",
             metric_known(strbuf_text(&out), &unit, &better) ? "counter_" : "",
             strbuf_text(&out));
    score->metric = (struct import_metric){score->name, word, BETTER_NONE};
    score->unit = import_as_is;
    for (size_t i = 0; i < ARRAY_LEN(secondary_units); i++)
        if (strcmp(word, secondary_units[i].word) == 0) {
            score->metric.unit = secondary_units[i].unit;
            score->unit.exponent = secondary_units[i].exponent;
        }
}

/* --- scores */

static int add_forks(struct import *im, size_t subject,
                     const struct score *score, const struct json_value *forks)
{
    size_t n = 0;
    int rc = 0;

    for (const struct json_value *v = forks->first; v && rc == 0; v = v->next)
        rc = import_add_list(im, subject, &score->metric, n++, 0, v, "rawData",
                             &score->unit);
    return rc;
}

static int add_score(struct import *im, size_t subject,
                     const struct score *score, const struct json_value *value)
{
    const struct json_value *raw = json_get(value, "rawData");
    double mean;
    int rc;

    if (raw && raw->type == JSON_IS_ARRAY && raw->n)
        return add_forks(im, subject, score, raw);
    rc = import_amount(im, value, "score", &score->unit, &mean);
    return rc < 0 ? rc
                  : import_add_summary(im, subject, &score->metric, 0, mean,
                                       "mean");
}

/* JMH writes "NaN" where there was nothing to measure. */
static bool is_number(const struct json_value *value)
{
    const struct json_value *score = json_get(value, "score");

    return score && score->type == JSON_IS_NUMBER && score->number >= 0;
}

static int add_secondary(struct import *im, size_t subject,
                         const struct json_value *all)
{
    int rc = 0;

    for (const struct json_value *v = all ? all->first : NULL; v && rc == 0;
         v = v->next) {
        struct score score;

        if (!v->key || !is_number(v))
            continue;
        choose_secondary(&score, v->key, json_get_text(v, "scoreUnit", "1"));
        rc = add_score(im, subject, &score, v);
    }
    return rc;
}

/* --- one benchmark */

/* The same method may be there in several modes: as many metrics of one case.
 */
static int find_case(struct import *im, const struct json_value *b,
                     size_t *subject)
{
    SCOPED(strbuf_scoped) struct strbuf params = {0};
    const struct json_value *threads = json_get(b, "threads");
    const char *full = json_get_text(b, "benchmark", "");
    const char *dot = strrchr(full, '.'), *program, *id;
    bool is_new;
    int rc;

    if (!*full)
        return import_fail(im, import_place_of(b), "there is no 'benchmark'");
    import_params(&params, json_get(b, "params"));
    if (threads && threads->type == JSON_IS_NUMBER && threads->number != 1)
        import_param(&params, "threads", 7, threads->text,
                     strlen(threads->text));
    program =
        dot ? arena_memdup(&im->arena, full, (size_t)(dot - full)) : "jmh";
    if (!program)
        return import_no_memory(im);
    program = import_program(im, program);
    id = import_id(im, program, dot ? dot + 1 : full, &params);
    if (!id)
        return im->err->code;
    rc = import_case(im, id, subject, &is_new);
    return rc == 0 && is_new ? import_rename(im, *subject, id, program) : rc;
}

static int add_benchmark(struct import *im, const struct json_value *b)
{
    const struct json_value *primary = json_get(b, "primaryMetric");
    struct score score;
    size_t subject;
    double warmup;
    int rc = find_case(im, b, &subject);

    if (rc < 0)
        return rc;
    if (!choose_primary(&score, json_get_text(primary, "scoreUnit", "")))
        return import_fail(im, import_place_of(primary ? primary : b),
                           "no time and no rate: '%.40s'",
                           json_get_text(primary, "scoreUnit", ""));
    if (results_metric(&im->results->cases[subject], score.metric.name))
        return import_fail(im, import_place_of(b),
                           "two benchmarks have the id '%.200s'",
                           im->results->cases[subject].id);
    rc = add_score(im, subject, &score, primary);
    if (rc == 0)
        rc = add_secondary(im, subject, json_get(b, "secondaryMetrics"));
    warmup = json_get_number(b, "warmupIterations", -1);
    if (warmup >= 0 && warmup < 1e9)
        im->results->cases[subject].warmup = (int64_t)warmup;
    return rc;
}

static int read_document(struct import *im)
{
    const struct json_value *first = im->root->first;
    int rc = import_build_member(im, "jmh", first, "jmhVersion");

    if (rc == 0)
        rc = import_build_member(im, "jdk", first, "jdkVersion");
    if (rc == 0)
        rc = import_build_member(im, "vm", first, "vmName");
    for (const struct json_value *v = first; v && rc == 0; v = v->next)
        rc = add_benchmark(im, v);
    return rc;
}

const struct import_format import_jmh = {
    .name = "jmh",
    .reads = "JSON of -rf json",
    .recognise = recognise,
    .read_json = read_document,
};
