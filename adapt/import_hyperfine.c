/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hyperfine --export-json: each execution of a command is a process, and so an
 * invocation of one sample. */
#include <config.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

static const struct import_metric max_rss = {"max_rss", "B", BETTER_LOWER};

static bool recognise(const struct import *im)
{
    const struct json_value *list = json_get(im->root, "results");
    const struct json_value *first = list ? list->first : NULL;

    return json_get(first, "command") &&
           (json_get(first, "times") || json_get(first, "median"));
}

static int add_times(struct import *im, size_t subject,
                     const struct json_value *result)
{
    const struct json_value *times = json_get(result, "times");
    double median;
    int rc;

    if (times && times->n)
        return import_add_list(im, subject, &import_time, 0, 1, times, "times",
                               &import_seconds);
    rc = import_amount(im, result, "median", &import_seconds, &median);
    return rc < 0 ? rc
                  : import_add_summary(im, subject, &import_time, 0, median,
                                       "median");
}

static int add_result(struct import *im, const struct json_value *result)
{
    SCOPED(strbuf_scoped) struct strbuf params = {0};
    const struct json_value *memory = json_get(result, "memory_usage_byte");
    const char *command = json_get_text(result, "command", "");
    size_t subject;
    int rc;

    if (!*command)
        return import_fail(im, import_place_of(result),
                           "there is no 'command'");
    import_params(&params, json_get(result, "parameters"));
    rc =
        import_new(im, import_place_of(result), import_program(im, "hyperfine"),
                   command, &params, &subject);
    if (rc == 0)
        rc = add_times(im, subject, result);
    if (rc == 0 && memory && memory->n)
        rc = import_add_list(im, subject, &max_rss, 0, 1, memory,
                             "memory_usage_byte", &import_as_is);
    if (rc == 0)
        im->results->cases[subject].iterations = 1;
    return rc;
}

static int read_document(struct import *im)
{
    const struct json_value *list = json_get(im->root, "results");
    int rc = 0;

    if (!list || list->type != JSON_IS_ARRAY) {
        import_fail(im, import_place_of(im->root), "no list 'results' here");
        return error_help(im->err, "write the file with hyperfine "
                                   "--export-json FILE");
    }
    for (const struct json_value *v = list->first; v && rc == 0; v = v->next)
        rc = add_result(im, v);
    return rc;
}

const struct import_format import_hyperfine = {
    .name = "hyperfine",
    .reads = "JSON of --export-json",
    .recognise = recognise,
    .read_json = read_document,
};
