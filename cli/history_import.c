/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/history_import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/scope.h"
#include "config/baseline.h"
#include "report/document.h"

DEFINE_SCOPED(struct results *, results_free)

enum { UUID_TEXT = 37 };

/* --- the name of an occasion */

static void add_text(struct hash *hash, const char *text)
{
    hash_add(hash, text, strlen(text) + 1);
}

static void add_metric(struct hash *hash, const struct metric *metric,
                       size_t occasion)
{
    const struct invocations *all = &metric->occasion[occasion];

    add_text(hash, metric->name);
    add_text(hash, metric->unit);
    for (size_t i = 0; i < all->n; i++)
        hash_add(hash, all->invocation[i].sample,
                 all->invocation[i].n * sizeof *all->invocation[i].sample);
}

/* A UUID of the content, RFC 9562 version 8. */
static void content_uuid(const char *suite, const struct results *results,
                         size_t occasion, char out[UUID_TEXT])
{
    const struct occasion *o = &results->occasion[occasion];
    struct hash hash;
    char hex[HASH_HEX];

    hash_init(&hash);
    add_text(&hash, suite);
    add_text(&hash, o->created);
    add_text(&hash, o->revision);
    add_text(&hash, o->machine_key);
    for (size_t i = 0; i < results->n_cases; i++) {
        const struct case_results *c = &results->cases[i];

        add_text(&hash, c->id);
        for (size_t k = 0; k < c->n_metrics; k++)
            add_metric(&hash, &c->metric[k], occasion);
    }
    hash_end(&hash, hex);
    snprintf(out, UUID_TEXT, "%.8s-%.4s-8%.3s-a%.3s-%.12s", hex, hex + 8,
             hex + 12, hex + 15, hex + 18);
}

/* --- adding */

static int put_occasion(struct store *store, const struct run_plan *plan,
                        const struct results *results, size_t occasion,
                        int64_t *run, struct error *err)
{
    int rc = runs_begin(store, plan, run, err);

    if (rc == 0)
        rc = runs_add_results(store, *run, SIDE_NEW, results, occasion, err);
    if (rc == 0)
        rc = runs_finish(store, *run, RUN_COMPLETE, plan->occasion->created, 0,
                         err);
    return rc;
}

int history_add_occasion(struct store *store, const char *suite,
                         const struct results *results, size_t occasion,
                         int64_t revision_time, int64_t *run, bool *is_new,
                         struct error *err)
{
    struct error ignored = {0};
    char uuid[UUID_TEXT];
    const struct run_plan plan = {.kind = RUN_KIND_IMPORT,
                                  .suite = suite,
                                  .occasion = &results->occasion[occasion],
                                  .revision_time = revision_time,
                                  .uuid = uuid};
    int rc;

    content_uuid(suite, results, occasion, uuid);
    *is_new = runs_find(store, uuid, run, &ignored) < 0;
    if (!*is_new)
        return 0;
    rc = store_hold(store, err);
    if (rc < 0)
        return rc;
    rc = put_occasion(store, &plan, results, occasion, run, err);
    if (rc < 0) {
        store_undo(store);
        return rc;
    }
    return store_release(store, err);
}

static int add_results(struct store *store, const struct results *results,
                       const char *suite, struct merged *out, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < results->n_occasions && rc == 0; i++) {
        int64_t run;
        bool is_new;

        rc = history_add_occasion(store, suite, results, i, 0, &run, &is_new,
                                  err);
        if (rc == 0)
            *(is_new ? &out->runs : &out->present) += 1;
    }
    return rc;
}

/* A run belongs to the suite it says; a baseline is named after itself, not
 * after a suite. */
static int add_baseline(struct session *session, struct store *store,
                        const char *path, const char *text, size_t size,
                        struct merged *out, struct error *err)
{
    SCOPED(results_free_scoped) struct results *results = NULL;
    int rc = baseline_parse(path, text, size, &results, err);

    return rc < 0 ? rc
                  : add_results(store, results, session->suite->name, out, err);
}

static int add_document(struct store *store, const char *path, const char *text,
                        size_t size, struct merged *out, struct error *err)
{
    struct document document;
    int rc = document_read(path, text, size, &document, err);

    if (rc == 0 && document.kind != DOCUMENT_RUN) {
        rc = ERROR_AT(err, ERR_USAGE, path, 0, 0,
                      "only the JSON of 'tare run' can be imported");
        error_help(err, "for other runs: tare history export there, tare "
                        "import tare here");
    }
    if (rc == 0)
        rc = add_results(store, document.results, document.results->name, out,
                         err);
    document_clear(&document);
    return rc;
}

static bool is_database(const char *path)
{
    static const char magic[] = "SQLite format 3";
    SCOPED(fclose_scoped) FILE *in = fopen(path, "re");
    char head[sizeof magic];

    return in && fread(head, 1, sizeof head, in) == sizeof head &&
           memcmp(head, magic, sizeof magic) == 0;
}

int history_import(struct session *session, struct store *store,
                   const char *path, struct merged *out, struct error *err)
{
    SCOPED(free_scoped) char *text = NULL;
    size_t size;
    int rc;

    *out = (struct merged){0};
    if (is_database(path))
        return store_merge(store, path, out, err);
    rc = file_read(path, DOCUMENT_MAX_BYTES, &text, &size, err);
    if (rc < 0)
        return rc;
    return text[strspn(text, " \t\r\n\xef\xbb\xbf")] == '{'
               ? add_document(store, path, text, size, out, err)
               : add_baseline(session, store, path, text, size, out, err);
}
