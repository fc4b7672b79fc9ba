/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare history prune, export, merge: the store as a file. */
#include <config.h>

#include <string.h>
#include <time.h>

#include "base/units.h"
#include "cli/cmd_history.h"
#include "cli/history_view.h"
#include "cli/history_when.h"
#include "cli/occasion.h"
#include "cli/record.h"
#include "store/merge.h"

/* What all of them do: open the suite and the store, and close both. */
typedef int with_store(struct session *session, struct store *store,
                       struct error *err);

static int use_store(struct cli *cli, enum store_mode mode, with_store *use,
                     struct error *err)
{
    struct store *store = NULL;
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = store_open(record_store_path(&session), mode, &store, err);
    if (rc == 0)
        rc = use(&session, store, err);
    store_close(store);
    session_close(&session);
    return rc;
}

static int read_date(struct session *session, const char *option,
                     const char *word, const char **out, struct error *err)
{
    char when[WHEN_TEXT];

    *out = NULL;
    if (!word)
        return 0;
    if (!history_when(word, time(NULL), when)) {
        ERROR(err, ERR_USAGE, "%s: '%s' is not a date", option, word);
        return error_help(err, "write 2026-11-22 or, for so many days ago, "
                               "90d");
    }
    *out = arena_strdup(&session->arena, when);
    return *out ? 0 : ERROR(err, ERR_NOMEM, "no memory for a date");
}

/* --- prune */

static int check_prune(const struct options *options, struct error *err)
{
    if (options->before || options->given[OPT_KEEP])
        return 0;
    ERROR(err, ERR_USAGE, "pruning needs --before or --keep");
    return error_help(err, "tare history prune --before 365d --keep 100");
}

static int prune_store(struct session *session, struct store *store,
                       struct error *err)
{
    const struct options *options = &session->cli->options;
    struct prune what = {.keep_last = (size_t)options->keep,
                         .suite = session->suite->name,
                         .branch = options->branch,
                         .samples_only = options->samples_only};
    const char *now = occasion_now(&session->arena);
    struct store_size before, after;
    char text[QUANTITY_TEXT];
    size_t removed = 0;
    int rc = read_date(session, "--before", options->before, &what.before, err);

    if (rc == 0 && !now)
        rc = ERROR(err, ERR_NOMEM, "no memory for a date");
    if (rc == 0)
        rc = store_measure(store, &before, err);
    if (rc == 0)
        rc = runs_prune(store, &what, now, &removed, err);
    if (rc == 0 && removed)
        rc = store_compact(store, err);
    if (rc == 0)
        rc = store_measure(store, &after, err);
    if (rc == 0 && !options->quiet)
        printf("%s %zu run%s; %s given back, %lld run%s in %s\n",
               what.samples_only ? "dropped the samples of" : "removed",
               removed, removed == 1 ? "" : "s",
               format_quantity(text, (double)(before.bytes - after.bytes), "B"),
               (long long)after.runs, after.runs == 1 ? "" : "s",
               store_path(store));
    return rc;
}

static int prune(struct cli *cli, struct error *err)
{
    int rc = check_prune(&cli->options, err);

    return rc < 0 ? rc : use_store(cli, STORE_WRITE, prune_store, err);
}

/* --- export */

static int export_store(struct session *session, struct store *store,
                        struct error *err)
{
    const struct options *options = &session->cli->options;
    struct run_filter filter = {
        .suite = *session->suite->name ? session->suite->name : NULL,
        .branch = options->branch};
    size_t n = 0;
    int rc = read_date(session, "--since", options->since, &filter.since, err);

    if (rc == 0)
        rc = store_export(store, &filter, options->operand[0], &n, err);
    if (rc == 0 && !options->quiet)
        printf("exported %zu run%s to %s\n", n, n == 1 ? "" : "s",
               options->operand[0]);
    return rc;
}

static int export(struct cli *cli, struct error *err)
{
    return use_store(cli, STORE_READ, export_store, err);
}

/* --- merge */

static void print_added(const struct session *session, const char *file,
                        const struct merged *merged)
{
    if (!session->cli->options.quiet)
        printf("%s: %zu run%s added, %zu here already\n", file, merged->runs,
               merged->runs == 1 ? "" : "s", merged->present);
}

static int merge_stores(struct session *session, struct store *store,
                        struct error *err)
{
    const struct options *options = &session->cli->options;
    int rc = 0;

    for (size_t i = 0; i < options->n_operands && rc == 0; i++) {
        struct merged merged;

        rc = store_merge(store, options->operand[i], &merged, err);
        if (rc == 0)
            print_added(session, options->operand[i], &merged);
    }
    return rc;
}

static int merge(struct cli *cli, struct error *err)
{
    return use_store(cli, STORE_WRITE, merge_stores, err);
}

static const enum opt_id prune_options[] = {
    OPT_BEFORE, OPT_KEEP, OPT_SAMPLES_ONLY, OPT_BRANCH,
    OPT_FILE,   OPT_DB,   OPT_QUIET,        OPT_END};
static const enum opt_id export_options[] = {OPT_SINCE, OPT_BRANCH, OPT_FILE,
                                             OPT_DB,    OPT_QUIET,  OPT_END};
static const enum opt_id small_options[] = {OPT_FILE, OPT_DB, OPT_QUIET,
                                            OPT_END};
static const char *const prune_examples[] = {
    "tare history prune --before 365d --keep 100",
    "tare history prune --before 90d --samples-only", NULL};
const struct cli_cmd cli_cmd_history_prune = {
    .name = "prune",
    .parent = "history",
    .args = "",
    .summary = "Remove old runs",
    .options = prune_options,
    .examples = prune_examples,
    .run = prune,
};

const struct cli_cmd cli_cmd_history_export = {
    .name = "export",
    .parent = "history",
    .args = "FILE",
    .summary = "Write runs to a store of their own",
    .min_args = 1,
    .max_args = 1,
    .options = export_options,
    .run = export,
};

const struct cli_cmd cli_cmd_history_merge = {
    .name = "merge",
    .parent = "history",
    .args = "FILE...",
    .summary = "Add the runs of other stores",
    .min_args = 1,
    .max_args = -1,
    .options = small_options,
    .run = merge,
};
