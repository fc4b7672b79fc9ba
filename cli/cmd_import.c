/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare import: results of other harnesses, and Tare's own from elsewhere. */
#include <config.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/nearest.h"
#include "base/scope.h"
#include "cli/baselines.h"
#include "cli/commands.h"
#include "cli/history_import.h"
#include "cli/import_files.h"
#include "cli/record.h"
#include "config/baseline.h"
#include "report/text.h"

DEFINE_SCOPED(struct results *, results_free)

/* The words that are no harness. */
static const char *const word_auto = "auto", *const word_own = "tare";

/* --- which format */

static int unknown_format(const char *word, struct error *err)
{
    struct nearest nearest = {.word = word};
    const struct import_format *format;

    ERROR(err, ERR_USAGE, "'%s' is not a format", word);
    nearest_try(&nearest, word_auto);
    for (size_t i = 0; (format = import_format_at(i)); i++)
        nearest_try(&nearest, import_format_name(format));
    if (file_exists(word))
        return error_help(err, "the format comes first: tare import auto "
                               "FILE...");
    if (nearest_found(&nearest))
        return error_help(err, "did you mean '%s'?", nearest_found(&nearest));
    return error_help(err, "tare import --help lists the formats");
}

/* --- files of our own */

static int check_own(const struct options *options, struct error *err)
{
    static const enum opt_id foreign[] = {
        OPT_BASELINE, OPT_OUTPUT,  OPT_REVISION, OPT_TIME,
        OPT_MACHINE,  OPT_PROGRAM, OPT_APPEND,   OPT_ONE_OCCASION};

    for (size_t i = 0; i < ARRAY_LEN(foreign); i++) {
        if (!options->given[foreign[i]])
            continue;
        ERROR(err, ERR_USAGE, "--%s is for files of other harnesses",
              option(foreign[i])->name);
        return error_help(err, "files of Tare say all of it themselves");
    }
    return 0;
}

static int import_own(struct session *session, struct store *store,
                      struct error *err)
{
    const struct options *options = &session->cli->options;
    int rc = check_own(options, err);

    for (size_t i = 1; i < options->n_operands && rc == 0; i++) {
        struct merged merged;

        rc = history_import(session, store, options->operand[i], &merged, err);
        if (rc == 0 && !options->quiet)
            printf("%s: %zu run%s added, %zu here already\n",
                   options->operand[i], merged.runs,
                   merged.runs == 1 ? "" : "s", merged.present);
    }
    return rc;
}

/* --- what becomes of the others */

/* An occasion counts once, however often it is imported: it is none of the
 * first n, which were there before. */
static int check_twice(const struct results *all, size_t n,
                       const struct results *more, struct error *err)
{
    const struct occasion *b = &more->occasion[0];

    for (size_t i = 0; i < n; i++) {
        const struct occasion *a = &all->occasion[i];

        if (strcmp(a->created, b->created) != 0 ||
            strcmp(a->revision, b->revision) != 0 ||
            strcmp(a->machine_key, b->machine_key) != 0)
            continue;
        ERROR_AT(err, ERR_USAGE, all->file, 0, 0,
                 "an occasion of %s is there already", a->created);
        return error_help(err, "without --append the baseline begins anew");
    }
    return 0;
}

/* All occasions as one set, which begins with those of an old one. */
static int join_all(const struct import_list *list, const char *old,
                    struct results **out, struct error *err)
{
    SCOPED(results_free_scoped) struct results *all = NULL;
    size_t n_old;
    int rc = 0;

    if (old)
        rc = baseline_read(old, &all, err);
    else if (!(all = results_new()))
        rc = ERROR(err, ERR_NOMEM, "no memory for a baseline");
    n_old = rc == 0 ? all->n_occasions : 0;
    for (size_t i = 0; i < list->n && rc == 0; i++) {
        rc = check_twice(all, n_old, list->item[i].results, err);
        if (rc == 0)
            rc = results_join(all, list->item[i].results, 0, err);
    }
    if (rc < 0)
        return rc;
    results_sort(all);
    *out = TAKE(all);
    return 0;
}

struct baseline_file {
    const char *path; /* NULL: none was asked for */
    struct strbuf text;
    size_t cases, occasions;
};

static void baseline_file_scoped(struct baseline_file *file)
{
    strbuf_clear(&file->text);
}

static int baseline_file_path(struct session *session,
                              struct baseline_file *file, struct error *err)
{
    const struct options *options = &session->cli->options;
    int rc;

    if (options->baseline && options->output) {
        ERROR(err, ERR_USAGE, "--baseline and --output both say where");
        return error_help(err, "a name or a file, not both");
    }
    if (options->append && !options->baseline && !options->output) {
        ERROR(err, ERR_USAGE, "--append adds to a baseline");
        return error_help(err, "say which with --baseline NAME or -o FILE");
    }
    file->path = options->output;
    if (!options->baseline)
        return 0;
    rc = baselines_path(session, options->baseline, &file->path, err);
    return rc < 0 ? rc : file_may_write(file->path, err);
}

/* The text of the baseline: nothing is stored of results that cannot be one.
 */
static int print_baseline(struct session *session,
                          const struct import_list *list,
                          struct baseline_file *file, struct error *err)
{
    const struct options *options = &session->cli->options;
    SCOPED(results_free_scoped) struct results *all = NULL;
    bool append = options->append && file->path && file_exists(file->path);
    int rc = join_all(list, append ? file->path : NULL, &all, err);

    if (rc < 0)
        return rc;
    if (!append)
        all->name =
            options->baseline ? options->baseline : session->suite->name;
    file->cases = all->n_cases;
    file->occasions = all->n_occasions;
    return baseline_print(all, &file->text, err);
}

/* --- what is said of it */

/* How many invocations cases have of their first metric; those that have
 * something. */
static void count_invocations(const struct results *results, size_t *least,
                              size_t *most)
{
    *least = SIZE_MAX;
    *most = 0;
    for (size_t i = 0; i < results->n_cases; i++) {
        const struct case_results *c = &results->cases[i];
        size_t n = c->n_metrics ? c->metric[0].occasion[0].n : 0;

        *least = n && n < *least ? n : *least;
        *most = n > *most ? n : *most;
    }
}

static size_t count_failed(const struct results *results)
{
    size_t n = 0;

    for (size_t i = 0; i < results->n_cases; i++)
        n += results->cases[i].status == CASE_FAILED;
    return n;
}

static void add_processes(struct strbuf *out, const struct results *results)
{
    size_t least, most;

    count_invocations(results, &least, &most);
    if (least < most)
        strbuf_printf(out, "%zu to ", least);
    strbuf_printf(out, "%zu process%s%s", most, most == 1 ? "" : "es",
                  results->n_cases > 1 ? " each" : "");
}

static void print_item(const struct import_list *list, size_t i, int64_t run,
                       bool is_new)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    const struct results *results = list->item[i].results;
    const struct occasion *o = &results->occasion[0];
    const char *summary = facts_get(&o->plan, "summary");

    text_escape(&out, list->label[i], 0);
    strbuf_printf(&out, ": %s, ", import_format_name(list->item[i].format));
    text_count(&out, results->n_cases, "benchmark");
    strbuf_puts(&out, ", ");
    add_processes(&out, results);
    if (summary)
        strbuf_printf(&out, ", only the %s", summary);
    if (count_failed(results))
        strbuf_printf(&out, ", %zu failed", count_failed(results));
    strbuf_printf(&out, "; run:%lld%s%s\n", (long long)run,
                  is_new ? "" : ", here already",
                  *o->machine_key ? "" : "; machine unknown");
    fwrite(strbuf_text(&out), 1, out.size, stdout);
}

static void print_hint(const struct import_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        if (*list->item[i].results->occasion[0].machine_key)
            continue;
        puts("help: to compare what is of an unknown machine, import it with "
             "--machine here\n"
             "      or --machine KEY");
        return;
    }
}

/* --- all of it */

/* One transaction: all files or none. */
static int store_all(struct session *session, struct store *store,
                     const struct import_list *list, int64_t *run, bool *is_new,
                     struct error *err)
{
    int rc = store_hold(store, err);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < list->n && rc == 0; i++)
        rc = history_add_occasion(
            store, session->suite->name, list->item[i].results, 0,
            list->item[i].revision_time, &run[i], &is_new[i], err);
    if (rc < 0) {
        store_undo(store);
        return rc;
    }
    return store_release(store, err);
}

static int keep_all(struct session *session, struct store *store,
                    const struct import_list *list, struct error *err)
{
    const struct options *options = &session->cli->options;
    SCOPED(baseline_file_scoped) struct baseline_file file = {.path = NULL};
    int64_t *run = arena_alloc(&session->arena, list->n, sizeof *run);
    bool *is_new = arena_alloc(&session->arena, list->n, sizeof *is_new);
    int rc = baseline_file_path(session, &file, err);

    if (rc == 0 && (!run || !is_new))
        rc = ERROR(err, ERR_NOMEM, "no memory for an import");
    if (rc == 0)
        rc = print_baseline(session, list, &file, err);
    if (rc == 0)
        rc = store_all(session, store, list, run, is_new, err);
    if (rc == 0 && file.path)
        rc = file_write_atomic(file.path, strbuf_text(&file.text),
                               file.text.size, err);
    if (rc < 0 || options->quiet)
        return rc;
    for (size_t i = 0; i < list->n; i++)
        print_item(list, i, run[i], is_new[i]);
    print_hint(list);
    if (file.path)
        printf("saved %s: %zu benchmark%s, %zu occasion%s\n", file.path,
               file.cases, file.cases == 1 ? "" : "s", file.occasions,
               file.occasions == 1 ? "" : "s");
    return 0;
}

static int import_foreign(struct session *session, struct store *store,
                          const struct import_format *format, struct error *err)
{
    const struct options *options = &session->cli->options;
    struct import_list list;
    int rc = import_files(session, format, options->operand + 1,
                          options->n_operands - 1, &list, err);

    if (rc == 0)
        rc = keep_all(session, store, &list, err);
    import_list_clear(&list);
    return rc;
}

static int run(struct cli *cli, struct error *err)
{
    const char *const *word = cli->options.operand;
    const struct import_format *format = import_format_find(word[0]);
    bool is_auto = strcmp(word[0], word_auto) == 0;
    bool own =
        strcmp(word[0], word_own) == 0 || (is_auto && import_is_own(word[1]));
    struct store *store = NULL;
    struct session session;
    int rc;

    if (!format && !is_auto && !own)
        return unknown_format(word[0], err);
    rc = session_open(&session, cli, err);
    if (rc == 0)
        rc = store_open(record_store_path(&session), STORE_WRITE, &store, err);
    if (rc == 0)
        rc = own ? import_own(&session, store, err)
                 : import_foreign(&session, store, format, err);
    store_close(store);
    session_close(&session);
    return rc;
}

static const char *word(size_t index)
{
    const struct import_format *format =
        index < 2 ? NULL : import_format_at(index - 2);

    if (index < 2)
        return index ? word_own : word_auto;
    return format ? import_format_name(format) : NULL;
}

static const enum opt_id options[] = {
    OPT_BASELINE, OPT_OUTPUT,  OPT_APPEND,  OPT_REVISION,
    OPT_TIME,     OPT_MACHINE, OPT_PROGRAM, OPT_ONE_OCCASION,
    OPT_FILE,     OPT_DB,      OPT_QUIET,   OPT_END};

static const char *const examples[] = {
    "tare import auto bench.json",
    "tare import go-bench --baseline main --machine here old.txt",
    NULL,
};

const struct cli_cmd cli_cmd_import = {
    .name = "import",
    .args = "FORMAT FILE...",
    .summary = "Take over results of other harnesses",
    .group = CLI_RECORDS,
    .min_args = 2,
    .max_args = -1,
    .options = options,
    .word = word,
    .examples = examples,
    .run = run,
};
