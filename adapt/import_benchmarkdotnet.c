/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BenchmarkDotNet's JSON exporters.  The full one has measurements with the
 * launch they are of: a launch is a process and so an invocation.  Without them
 * the values of all launches are one list, which is samples of one invocation;
 * without that as well the median is all there is. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

static const struct import_unit ns = {"ns", 0, 1};
static const struct import_metric alloc_bytes = {"alloc_bytes", "B",
                                                 BETTER_LOWER};

static bool recognise(const struct import *im)
{
    return json_get(json_get(im->root, "HostEnvironmentInfo"),
                    "BenchmarkDotNetVersion") != NULL;
}

/* --- ids */

/* "N=10&Kind=a" */
static void add_params(struct strbuf *params, const char *text)
{
    while (*text) {
        size_t size = strcspn(text, "&");
        const char *equals = memchr(text, '=', size);

        if (equals)
            import_param(params, text, (size_t)(equals - text), equals + 1,
                         size - (size_t)(equals + 1 - text));
        text += size + (text[size] == '&');
    }
}

/* "Type.Method: LongRun(LaunchCount=3) [N=10]": the job, unless it is the
 * default one. */
static void add_job(struct strbuf *params, const char *display)
{
    const char *job = strstr(display, ": ");
    size_t size = job ? strcspn(job + 2, "([ ") : 0;

    if (size && strncmp(job + 2, "DefaultJob", size) != 0)
        import_param(params, "job", 3, job + 2, size);
}

static int add_case(struct import *im, const struct json_value *b,
                    size_t *subject)
{
    SCOPED(strbuf_scoped) struct strbuf params = {0};
    const char *space = json_get_text(b, "Namespace", "");
    const char *type = json_get_text(b, "Type", "");
    const char *method = json_get_text(b, "Method", "");
    const char *program = arena_printf(&im->arena, "%s%s%s", space,
                                       *space && *type ? "." : "", type);

    if (!program)
        return import_no_memory(im);
    if (!*method)
        return import_fail(im, import_place_of(b), "there is no 'Method'");
    add_params(&params, json_get_text(b, "Parameters", ""));
    add_job(&params, json_get_text(b, "DisplayInfo", ""));
    return import_new(im, import_place_of(b), import_program(im, program),
                      method, &params, subject);
}

/* --- values */

/* What is left when the overhead is taken off; old versions call it so in
 * another member. */
static bool is_result(const struct json_value *m)
{
    return strcmp(json_get_text(m, "IterationStage", ""), "Result") == 0 ||
           strcmp(json_get_text(m, "IterationMode", ""), "Result") == 0;
}

static int add_measurement(struct import *im, size_t subject,
                           const struct json_value *m)
{
    double launch, operations, total;
    int rc = import_amount(im, m, "LaunchIndex", &import_as_is, &launch);

    if (rc == 0)
        rc = import_amount(im, m, "Operations", &import_as_is, &operations);
    if (rc == 0)
        rc = import_amount(im, m, "Nanoseconds", &ns, &total);
    if (rc < 0)
        return rc;
    if (!(operations > 0) || !(launch < 1e6))
        return import_fail(im, import_place_of(m),
                           "a measurement of no operations or launch");
    return import_add(im, subject, &import_time, (size_t)launch,
                      total / operations);
}

static int add_times(struct import *im, size_t subject,
                     const struct json_value *b)
{
    const struct json_value *stats = json_get(b, "Statistics");
    const struct json_value *all = json_get(b, "Measurements");
    const struct json_value *values = json_get(stats, "OriginalValues");
    size_t before = im->n_rows;
    double median;
    int rc = 0;

    for (const struct json_value *v = all ? all->first : NULL; v && rc == 0;
         v = v->next)
        if (is_result(v))
            rc = add_measurement(im, subject, v);
    if (rc < 0 || im->n_rows > before)
        return rc;
    if (values && values->n)
        return import_add_list(im, subject, &import_time, 0, 0, values,
                               "OriginalValues", &ns);
    rc = import_amount(im, stats ? stats : b, "Median", &ns, &median);
    return rc < 0 ? rc
                  : import_add_summary(im, subject, &import_time, 0, median,
                                       "median");
}

/* A benchmark that failed has no statistics. */
static int add_benchmark(struct import *im, const struct json_value *b)
{
    const struct json_value *stats = json_get(b, "Statistics");
    const struct json_value *memory = json_get(b, "Memory");
    double bytes;
    size_t subject;
    int rc = add_case(im, b, &subject);

    if (rc < 0)
        return rc;
    if (!stats || stats->type == JSON_IS_NULL) {
        im->results->cases[subject].status = CASE_FAILED;
        im->results->cases[subject].message = "it has no statistics";
        return 0;
    }
    rc = add_times(im, subject, b);
    if (rc < 0 || !json_get(memory, "BytesAllocatedPerOperation") ||
        json_get(memory, "BytesAllocatedPerOperation")->type == JSON_IS_NULL)
        return rc;
    rc = import_amount(im, memory, "BytesAllocatedPerOperation", &import_as_is,
                       &bytes);
    return rc < 0 ? rc : import_add(im, subject, &alloc_bytes, 0, bytes);
}

/* --- the document */

static int add_host(struct import *im, const struct json_value *host)
{
    const struct json_value *cpu = json_get(host, "ProcessorName");
    int rc = cpu && cpu->type == JSON_IS_OBJECT
                 ? import_machine_member(im, "cpu", cpu, "Value")
                 : import_machine_member(im, "cpu", host, "ProcessorName");

    if (rc == 0)
        rc = import_machine_member(im, "cpus", host,
                                   json_get(host, "LogicalCoreCount")
                                       ? "LogicalCoreCount"
                                       : "ProcessorCount");
    if (rc == 0)
        rc = import_machine_member(im, "arch", host, "Architecture");
    if (rc == 0)
        rc = import_machine_member(im, "os", host, "OsVersion");
    if (rc == 0)
        rc = import_build_member(im, "runtime", host, "RuntimeVersion");
    if (rc == 0)
        rc = import_build_member(im, "configuration", host, "Configuration");
    return rc < 0 ? rc
                  : import_build_member(im, "benchmarkdotnet", host,
                                        "BenchmarkDotNetVersion");
}

static int read_document(struct import *im)
{
    const struct json_value *list = json_get(im->root, "Benchmarks");
    int rc = add_host(im, json_get(im->root, "HostEnvironmentInfo"));

    if (rc == 0 && (!list || list->type != JSON_IS_ARRAY))
        rc = import_fail(im, import_place_of(im->root),
                         "no list 'Benchmarks' here");
    for (const struct json_value *v = rc == 0 ? list->first : NULL;
         v && rc == 0; v = v->next)
        rc = add_benchmark(im, v);
    return rc;
}

const struct import_format import_benchmarkdotnet = {
    .name = "benchmarkdotnet",
    .reads = "JSON of --exporters fulljson (or json)",
    .recognise = recognise,
    .read_json = read_document,
};
