/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pytest --benchmark-json, --benchmark-autosave: one process measured it all.
 * With --benchmark-save-data the rounds are there and become samples of it;
 * else the median is all there is. */
#include <config.h>

#include <string.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

static bool recognise(const struct import *im)
{
    const struct json_value *list = json_get(im->root, "benchmarks");
    const struct json_value *first = list ? list->first : NULL;

    return json_get(json_get(first, "stats"), "rounds") ||
           json_get(im->root, "machine_info");
}

/* --- ids: "tests/test_a.py::TestB::test_c[param]" */

static void add_params(struct strbuf *params, const struct json_value *b,
                       const char *bracket)
{
    const char *end = bracket ? strrchr(bracket, ']') : NULL;

    import_params(params, json_get(b, "params"));
    if (params->size == 0 && end)
        import_param(params, "param", 5, bracket + 1,
                     (size_t)(end - bracket - 1));
}

static int add_case(struct import *im, const struct json_value *b,
                    size_t *subject)
{
    SCOPED(strbuf_scoped) struct strbuf params = {0};
    const char *full = json_get_text(b, "fullname", "");
    const char *colons = strstr(full, "::");
    const char *name = colons ? colons + 2 : full;
    const char *bracket = strchr(name, '['), *program;

    if (!*full)
        return import_fail(im, import_place_of(b), "there is no 'fullname'");
    add_params(&params, b, bracket);
    program = colons ? arena_memdup(&im->arena, full, (size_t)(colons - full))
                     : "pytest";
    if (bracket)
        name = arena_memdup(&im->arena, name, (size_t)(bracket - name));
    if (!program || !name)
        return import_no_memory(im);
    return import_new(im, import_place_of(b), import_program(im, program), name,
                      &params, subject);
}

/* --- values */

static int add_benchmark(struct import *im, const struct json_value *b)
{
    const struct json_value *stats = json_get(b, "stats");
    const struct json_value *data = json_get(stats, "data");
    double value, iterations;
    size_t subject;
    int rc = add_case(im, b, &subject);

    if (rc == 0 && !stats)
        rc = import_fail(im, import_place_of(b), "there is no 'stats'");
    if (rc == 0)
        rc = import_amount(im, stats, "iterations", &import_as_is, &iterations);
    if (rc < 0)
        return rc;
    if (iterations < 0x1p63)
        im->results->cases[subject].iterations = (uint64_t)iterations;
    if (data && data->n)
        return import_add_list(im, subject, &import_time, 0, 0, data, "data",
                               &import_seconds);
    rc = import_amount(im, stats, "median", &import_seconds, &value);
    return rc < 0 ? rc
                  : import_add_summary(im, subject, &import_time, 0, value,
                                       "median");
}

/* --- the occasion */

static int add_machine(struct import *im, const struct json_value *machine)
{
    const struct json_value *cpu = json_get(machine, "cpu");
    int rc = import_machine_member(im, "hostname", machine, "node");

    if (rc == 0)
        rc = import_machine_member(im, "arch", machine, "machine");
    if (rc == 0)
        rc = import_machine_member(im, "os", machine, "system");
    if (rc == 0)
        rc = import_machine_member(
            im, "cpu", cpu, json_get(cpu, "brand_raw") ? "brand_raw" : "brand");
    if (rc == 0)
        rc = import_build_member(im, "python_implementation", machine,
                                 "python_implementation");
    if (rc == 0)
        rc = import_build_member(im, "python_version", machine,
                                 "python_version");
    return rc < 0 ? rc
                  : import_build_member(im, "python_compiler", machine,
                                        "python_compiler");
}

static int add_commit(struct import *im, const struct json_value *commit)
{
    struct occasion *o = import_occasion(im);

    o->revision = import_copy(im, json_get_text(commit, "id", ""));
    o->branch = import_copy(im, json_get_text(commit, "branch", ""));
    o->dirty = json_get_bool(commit, "dirty", false);
    im->revision_time = import_seconds_of(json_get_text(commit, "time", ""));
    return o->revision && o->branch ? 0 : im->err->code;
}

static int read_document(struct import *im)
{
    const struct json_value *list = json_get(im->root, "benchmarks");
    int rc;

    if (!list || list->type != JSON_IS_ARRAY) {
        import_fail(im, import_place_of(im->root), "no list 'benchmarks' here");
        return error_help(im->err, "write the file with pytest "
                                   "--benchmark-json=FILE "
                                   "--benchmark-save-data");
    }
    rc = add_machine(im, json_get(im->root, "machine_info"));
    if (rc == 0)
        rc = add_commit(im, json_get(im->root, "commit_info"));
    if (rc == 0)
        rc = import_created(im, json_get_text(im->root, "datetime", ""));
    for (const struct json_value *v = list->first; v && rc == 0; v = v->next)
        rc = add_benchmark(im, v);
    return rc;
}

const struct import_format import_pytest_benchmark = {
    .name = "pytest-benchmark",
    .reads = "JSON of --benchmark-json",
    .recognise = recognise,
    .read_json = read_document,
};
