/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare baseline save|list|show|bless|rm. */
#include <config.h>

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "cli/baselines.h"
#include "cli/command_match.h"
#include "cli/commands.h"
#include "cli/measure.h"
#include "cli/occasion.h"
#include "config/baseline.h"
#include "report/baseline.h"
#include "report/run.h"

DEFINE_SCOPED(struct results *, results_free)

/* --- save --- */

/* A case of another program under the same id would mix two distributions. */
static int check_append(const struct results *old, const struct results *now,
                        const char *path, struct error *err)
{
    for (size_t i = 0; i < now->n_cases; i++) {
        const struct case_results *c = &now->cases[i];
        const struct case_results *before = results_find(old, c->id);

        if (!before || (strcmp(before->hash, c->hash) == 0 &&
                        before->version == c->version))
            continue;
        ERROR_AT(err, ERR_RANGE, path, 0, 0,
                 "'%s' was another program when the baseline was saved", c->id);
        return error_help(err, "--append adds an occasion of the same "
                               "programs; save without it to begin anew");
    }
    return 0;
}

static int append_to_old(struct session *session, const char *name,
                         const char *path, const struct results *now,
                         struct results **out, struct error *err)
{
    SCOPED(results_free_scoped) struct results *old = NULL;
    int rc = baselines_read(session, name, &old, err);

    if (rc == 0)
        rc = check_append(old, now, path, err);
    if (rc == 0)
        rc = results_join(old, now, 0, err);
    if (rc == 0) {
        results_sort(old);
        *out = TAKE(old);
    }
    return rc;
}

static int keep_programs(struct session *session, struct error *err)
{
    for (size_t i = 0; i < session->n_programs; i++) {
        char hash[HASH_HEX];
        int rc = programs_keep(session->kept, session->program[i].argv[0], hash,
                               err);

        if (rc < 0)
            return rc;
    }
    return command_keep_selected(session, err);
}

/* Only what was really measured goes into a baseline. */
static int write_baseline(struct session *session, const char *name,
                          struct results *now, struct error *err)
{
    const struct options *options = &session->cli->options;
    SCOPED(results_free_scoped) struct results *joined = NULL;
    struct results *all = now;
    const char *path;
    int rc = baselines_path(session, name, &path, err);

    if (rc == 0 && options->append && file_exists(path)) {
        rc = append_to_old(session, name, path, now, &joined, err);
        all = joined;
    }
    if (rc == 0 && !options->no_keep_programs)
        rc = keep_programs(session, err);
    if (rc < 0)
        return rc;
    all->name = name;
    results_sort(all);
    rc = baseline_write(path, all, err);
    if (rc == 0 && !options->quiet)
        printf("saved %s: %zu benchmark%s, %zu occasion%s%s\n", path,
               all->n_cases, all->n_cases == 1 ? "" : "s", all->n_occasions,
               all->n_occasions == 1 ? "" : "s",
               options->no_keep_programs ? "" : ", programs kept");
    return rc;
}

static int show_measured(const struct session *session,
                         const struct measured_suite *suite, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const struct cli *cli = session->cli;
    const struct text_style style = cli_style(cli);
    struct estimate_policy policy = estimate_defaults();
    struct run_report report;
    int rc = run_report_make(suite->results, 0, &policy, &report, err);

    report.run = suite->record.store ? suite->record.run : 0;
    report.wall_s = suite->wall_s;
    report.interrupted = suite->interrupted;
    report.resumes = true;
    if (rc == 0 && !cli->options.quiet) {
        run_text(&report, &style, &text);
        fwrite(strbuf_text(&text), 1, text.size, stdout);
    }
    run_report_clear(&report);
    return rc;
}

static int not_saved(const char *why, struct error *err)
{
    ERROR(err, ERR_PEER, "the baseline was not saved: %s", why);
    return error_help(err, "a baseline with holes would let changes through; "
                           "leave cases out with -k or -m");
}

static int measure_and_save(struct session *session, const char *name,
                            struct error *err)
{
    struct measured_suite suite;
    enum cli_exit status = CLI_UNMEASURED;
    int rc = measure_suite(session, RUN_KIND_RUN, &suite, err);

    if (rc == 0)
        rc = show_measured(session, &suite, err);
    if (rc == 0) {
        status = measured_suite_status(&suite);
        if (suite.interrupted)
            rc = ERROR(err, ERR_STOPPED,
                       "interrupted; the baseline was not saved");
        else if (suite.n_failed)
            rc = not_saved("a benchmark could not be measured", err);
        else
            rc = write_baseline(session, name, suite.results, err);
    }
    if (suite.record.session)
        record_end(&suite.record, &status, rc < 0 ? NULL : err);
    measured_suite_clear(&suite);
    return rc < 0 ? rc : (int)status;
}

static int save(struct cli *cli, struct error *err)
{
    const char *name = cli->options.operand[0];
    const char *path;
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = baselines_path(&session, name, &path, err);
    if (rc == 0)
        rc = session_programs(&session, cli->options.operand + 1,
                              cli->options.n_operands - 1, err);
    if (rc == 0)
        rc = session_list(&session, CASE_BENCH, err);
    if (rc == 0)
        rc = session_place(&session, err);
    if (rc == 0)
        rc = measure_and_save(&session, name, err);
    session_close(&session);
    return rc;
}

/* --- list, show --- */

static int read_item(struct session *session, const char *name,
                     const char *here, struct results **results,
                     struct baseline_item *item, struct error *err)
{
    int rc = baselines_path(session, name, &item->path, err);

    if (rc == 0)
        rc = baselines_read(session, name, results, err);
    if (rc < 0)
        return rc;
    item->name = name;
    item->results = *results;
    item->here =
        (*results)->n_occasions &&
        strcmp((*results)->occasion[(*results)->n_occasions - 1].machine_key,
               here) == 0;
    return 0;
}

static int write_items(const struct cli *cli, const struct baseline_item *item,
                       size_t n, bool cases, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const struct text_style style = cli_style(cli);
    struct estimate_policy policy = estimate_defaults();
    int rc = 0;

    if (cli->options.format == FORMAT_JSON)
        rc = baselines_json(item, n, cases, &policy, &text, err);
    else if (cases)
        rc = baseline_text(item, &policy, &style, &text, err);
    else if (n > 0)
        baselines_text(item, n, &style, &text);
    else if (!cli->options.quiet)
        strbuf_puts(&text, "no baseline yet; 'tare baseline save NAME' makes "
                           "one\n");
    return rc < 0 ? rc : cli_write(cli, &text, err);
}

static int list_all(struct session *session, struct error *err)
{
    const char *here = occasion_machine_key(session);
    struct results **results;
    struct baseline_item *item;
    const char **names;
    size_t n;
    int rc = baselines_list(session, &names, &n, err);

    if (rc < 0)
        return rc;
    results = arena_alloc(&session->arena, n, sizeof *results);
    item = arena_alloc(&session->arena, n, sizeof *item);
    if (!results || !item || !here)
        return ERROR(err, ERR_NOMEM, "no memory for a list");
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = read_item(session, names[i], here, &results[i], &item[i], err);
    if (rc == 0)
        rc = write_items(session->cli, item, n, false, err);
    for (size_t i = 0; i < n; i++)
        results_free(results[i]);
    return rc;
}

static int list(struct cli *cli, struct error *err)
{
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = list_all(&session, err);
    session_close(&session);
    return rc;
}

static int show(struct cli *cli, struct error *err)
{
    SCOPED(results_free_scoped) struct results *results = NULL;
    struct baseline_item item = {.name = ""};
    struct session session;
    int rc = session_open(&session, cli, err);
    const char *here = rc == 0 ? occasion_machine_key(&session) : NULL;

    if (rc == 0 && !here)
        rc = ERROR(err, ERR_NOMEM, "no memory for a baseline");
    if (rc == 0)
        rc = read_item(&session,
                       cli->options.n_operands ? cli->options.operand[0]
                                               : baselines_chosen(&session),
                       here, &results, &item, err);
    if (rc == 0)
        rc = write_items(cli, &item, 1, true, err);
    session_close(&session);
    return rc;
}

/* --- bless, rm --- */

/* Keep the programs of a run where they still are what was measured. */
static void keep_if_same(struct session *session, const struct results *run)
{
    for (size_t i = 0; i < run->n_cases; i++) {
        const struct case_results *c = &run->cases[i];
        struct error ignored = {0};
        char hash[HASH_HEX];

        if (programs_fingerprint(session->kept, c->program, hash, &ignored) ==
                0 &&
            strcmp(hash, c->hash) == 0)
            programs_keep(session->kept, c->program, hash, &ignored);
    }
}

static int bless_run(struct session *session, const char *name,
                     const char *which, struct error *err)
{
    SCOPED(results_free_scoped) struct results *results = NULL;
    struct store *store = NULL;
    const char *path;
    int64_t run;
    int rc = baselines_path(session, name, &path, err);

    if (rc == 0)
        rc = store_open(record_store_path(session), STORE_READ, &store, err);
    if (rc == 0)
        rc = runs_find(store, which, &run, err);
    if (rc == 0)
        rc = runs_load(store, run, SIDE_NEW, &results, err);
    store_close(store);
    if (rc < 0)
        return rc;
    keep_if_same(session, results);
    results->name = name;
    results_sort(results);
    rc = baseline_write(path, results, err);
    if (rc == 0 && !session->cli->options.quiet)
        printf("%s is now run %lld: %zu benchmark%s\n", path, (long long)run,
               results->n_cases, results->n_cases == 1 ? "" : "s");
    return rc;
}

static int bless(struct cli *cli, struct error *err)
{
    const struct options *options = &cli->options;
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = bless_run(&session,
                       options->n_operands > 0 ? options->operand[0]
                                               : baselines_chosen(&session),
                       options->n_operands > 1 ? options->operand[1] : "last",
                       err);
    session_close(&session);
    return rc;
}

static int remove_one(struct session *session, const char *name,
                      struct error *err)
{
    SCOPED(results_free_scoped) struct results *results = NULL;
    const char *path;
    int rc = baselines_path(session, name, &path, err);

    if (rc == 0 && !file_exists(path)) /* say which there are */
        rc = baselines_read(session, name, &results, err);
    if (rc == 0 && unlink(path) < 0)
        rc = ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot remove");
    if (rc == 0 && !session->cli->options.quiet)
        printf("removed %s\n", path);
    return rc;
}

static int rm(struct cli *cli, struct error *err)
{
    struct session session;
    int rc = session_open(&session, cli, err);

    for (size_t i = 0; i < cli->options.n_operands && rc == 0; i++)
        rc = remove_one(&session, cli->options.operand[i], err);
    session_close(&session);
    return rc;
}

static const enum opt_id save_options[] = {
    OPT_KIND,
    OPT_APPEND,
    OPT_NO_KEEP_PROGRAMS,
    OPT_ID,
    OPT_TAGS,
    OPT_BUDGET,
    OPT_MAX_TIME,
    OPT_TIMEOUT,
    OPT_BIND,
    OPT_SEED,
    OPT_FILE,
    OPT_DB,
    OPT_PROGRESS,
    OPT_COLOR,
    OPT_QUIET,
    OPT_OVERSUBSCRIBE,
    OPT_REQUIRE,
    OPT_END,
};
static const enum opt_id show_options[] = {OPT_FILE,  OPT_FORMAT,  OPT_OUTPUT,
                                           OPT_COLOR, OPT_VERBOSE, OPT_END};
static const enum opt_id small_options[] = {OPT_FILE, OPT_DB, OPT_QUIET,
                                            OPT_END};

static const struct cli_cmd cmd_save = {
    .name = "save",
    .parent = "baseline",
    .args = "NAME [PROGRAM...]",
    .summary = "Measure and write baselines/NAME.yaml",
    .min_args = 1,
    .max_args = -1,
    .options = save_options,
    .needs_guardian = true,
    .run = save,
};
static const struct cli_cmd cmd_list = {
    .name = "list",
    .parent = "baseline",
    .args = "",
    .summary = "List the baselines",
    .options = show_options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON),
    .run = list,
};
static const struct cli_cmd cmd_show = {
    .name = "show",
    .parent = "baseline",
    .args = "[NAME]",
    .summary = "Show the newest occasion of a baseline",
    .max_args = 1,
    .options = show_options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON),
    .run = show,
};
static const struct cli_cmd cmd_bless = {
    .name = "bless",
    .parent = "baseline",
    .args = "[NAME [RUN]]",
    .summary = "Make a stored run (the last) the baseline",
    .max_args = 2,
    .options = small_options,
    .run = bless,
};
static const struct cli_cmd cmd_rm = {
    .name = "rm",
    .parent = "baseline",
    .args = "NAME...",
    .summary = "Remove baselines",
    .min_args = 1,
    .max_args = -1,
    .options = small_options,
    .run = rm,
};

static const struct cli_cmd *const subs[] = {
    &cmd_save, &cmd_list, &cmd_show, &cmd_bless, &cmd_rm, NULL,
};

static const char *const examples[] = {
    "tare baseline save main",
    "tare baseline save main --append",
    NULL,
};

const struct cli_cmd cli_cmd_baseline = {
    .name = "baseline",
    .args = "save|list|show|bless|rm",
    .summary = "Manage baselines",
    .group = CLI_MEASURE,
    .subs = subs,
    .examples = examples,
};
