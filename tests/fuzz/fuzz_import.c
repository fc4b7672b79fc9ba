/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Result files of other harnesses, by every format and by none: results exactly
 * on success, an error with a text exactly on failure, and what was read is
 * what Tare can keep: ids that are unique and mean nothing else, figures that
 * are finite, times that are not negative. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "adapt/gbench_json.h"
#include "adapt/import.h"
#include "tests/fuzz/target.h"

/* A folder that criterion-rs can make an id of. */
static const char *const file = "target/criterion/a/b/new/sample.json";

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void check_id(const char *id)
{
    const char *bracket = strchr(id, '[');

    for (const char *p = id; *p; p++) {
        MUST((unsigned char)*p > ' ' && *p != 0x7f && !strchr("*?\\\"'", *p));
        MUST(!strchr("[],=", *p) || (bracket && p >= bracket));
    }
    MUST(!bracket || id[strlen(id) - 1] == ']');
}

static void check_ids(const struct results *r)
{
    const char **id = malloc((r->n_cases + 1) * sizeof *id);

    MUST(id);
    for (size_t i = 0; i < r->n_cases; i++) {
        id[i] = r->cases[i].id;
        check_id(id[i]);
    }
    qsort(id, r->n_cases, sizeof *id, by_text);
    for (size_t i = 1; i < r->n_cases; i++)
        MUST(strcmp(id[i - 1], id[i]) != 0);
    free(id);
}

static void check_metric(const struct metric *m)
{
    const struct invocations *all = &m->occasion[0];

    MUST(m->name && m->unit);
    for (size_t i = 0; i < all->n; i++) {
        MUST(all->invocation[i].n > 0);
        for (size_t k = 0; k < all->invocation[i].n; k++) {
            double value = all->invocation[i].sample[k];

            MUST(isfinite(value));
            MUST(value >= 0 || strcmp(m->unit, "ns") != 0);
        }
    }
}

static void check_results(const struct results *r, bool ids)
{
    MUST(r->n_occasions == 1);
    if (ids)
        check_ids(r);
    for (size_t i = 0; i < r->n_cases; i++)
        for (size_t m = 0; m < r->cases[i].n_metrics; m++)
            check_metric(&r->cases[i].metric[m]);
}

static void check_format(const struct import_format *format, const char *text,
                         size_t size)
{
    struct imported out = {.results = NULL};
    struct error err = {0};
    int rc = import_read(format, NULL, file, text, size, &out, &err);

    MUST(rc == (int)err.code);
    MUST((rc == 0) == (out.results != NULL));
    MUST(rc == 0 || err.text[0]);
    if (rc < 0)
        return;
    MUST(out.results->n_cases > 0 && (!format || out.format == format));
    check_results(out.results, true);
    results_free(out.results);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const struct import_format *format;
    struct results *results = NULL;
    struct error err = {0};

    check_format(NULL, text, size);
    for (size_t i = 0; (format = import_format_at(i)); i++)
        check_format(format, text, size);
    if (gbench_json_read("fuzz", text, size, &results, &err) == 0)
        check_results(results, false);
    else
        MUST(err.code < 0 && err.text[0] && !results);
    results_free(results);
    return 0;
}
