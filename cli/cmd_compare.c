/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare compare: two programs, interleaved; or two stored sets of numbers. */
#include <config.h>

#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "cli/baselines.h"
#include "cli/command_match.h"
#include "cli/commands.h"
#include "cli/contest_show.h"
#include "cli/contest_stored.h"
#include "cli/matches.h"
#include "config/baseline.h"

DEFINE_SCOPED(struct results *, results_free)

enum side_kind { SIDE_PROGRAM = 1, SIDE_BASELINE_FILE, SIDE_NAME, SIDE_RUN };

static bool ends_in_yaml(const char *word)
{
    size_t n = strlen(word);

    return n > 5 && strcmp(word + n - 5, ".yaml") == 0;
}

/* An executable file is a program, a .yaml file a baseline, a bare word a
 * baseline's name; what could be two things is an error naming both. */
static int classify(struct session *session, const char *word,
                    enum side_kind *kind, struct error *err)
{
    const char *path = NULL;
    bool program = file_is_executable(word);
    bool named = false;

    if (strncmp(word, "run:", 4) == 0) {
        *kind = SIDE_RUN;
        return 0;
    }
    if (is_baseline_name(word) && !ends_in_yaml(word)) {
        int rc = baselines_path(session, word, &path, err);

        if (rc < 0)
            return rc;
        named = file_exists(path);
    }
    if (program && named) {
        ERROR(err, ERR_USAGE, "'%s' is a program and a baseline", word);
        return error_help(err,
                          "write ./%s for the program or %s for the "
                          "baseline",
                          word, path);
    }
    if (!program && strchr(word, ' ')) {
        ERROR(err, ERR_USAGE, "'%s' is neither a program nor a baseline", word);
        return error_help(err, "command lines are compared with --old CMD "
                               "--new CMD");
    }
    *kind = program              ? SIDE_PROGRAM
            : ends_in_yaml(word) ? SIDE_BASELINE_FILE
                                 : SIDE_NAME;
    if (*kind == SIDE_NAME && strchr(word, '/')) {
        ERROR(err, ERR_USAGE, "program '%s' %s", word,
              file_exists(word) ? "is not an executable file" : "is not there");
        return error_help(err, "a side is an executable file, a .yaml file, "
                               "the name of a baseline or run:ID");
    }
    return 0;
}

static int hold(struct session *session, const struct opponents *opponents,
                const struct contest_names *names, struct error *err)
{
    struct contest contest = {.session = session};
    int rc = contest_init(&contest, session, session->n_selected, err);

    if (rc == 0)
        rc = matches_with_opponents(&contest, opponents, err);
    if (rc == 0)
        rc = contest_run(&contest, RUN_KIND_COMPARE, err);
    rc = contest_finish(&contest, names, NULL, rc, err);
    contest_clear(&contest);
    return rc;
}

static int compare_programs(struct session *session, const char *old,
                            const char *new, struct error *err)
{
    struct contest_names names = {
        .command = REPORT_COMPARE, .old_name = old, .new_name = new};
    struct opponents opponents = {.n = 0};
    int rc = session_programs(session, &new, 1, err);

    if (rc == 0)
        rc = session_list(session, CASE_BENCH, err);
    if (rc == 0)
        rc = session_place(session, err);
    if (rc == 0)
        rc = opponents_named(session, old, &opponents, err);
    if (rc == 0)
        rc = hold(session, &opponents, &names, err);
    opponents_clear(&opponents);
    return rc;
}

/* --- command lines --- */

static int check_both(const struct options *options, struct error *err)
{
    if (options->n_operands) {
        ERROR(err, ERR_USAGE, "'%s' and a command are too much to compare",
              options->operand[0]);
        return error_help(err, "give either OLD NEW or --old CMD --new CMD");
    }
    if (options->old_command && options->new_command)
        return 0;
    ERROR(err, ERR_USAGE, "%s is missing",
          options->old_command ? "--new" : "--old");
    return error_help(err, "tare compare --old 'gzip -6 f' --new 'gzip -7 f'");
}

static int compare_commands(struct session *session, struct error *err)
{
    const struct options *options = &session->cli->options;
    struct contest_names names = {.command = REPORT_COMPARE,
                                  .old_name = options->old_command,
                                  .new_name = options->new_command};
    struct opponents opponents = {.n = 0};
    int rc = check_both(options, err);

    if (rc == 0)
        rc = session_programs(session, NULL, 0, err);
    if (rc == 0)
        rc = session_list(session, CASE_BENCH, err);
    if (rc == 0)
        rc = session_place(session, err);
    if (rc == 0)
        rc = opponents_command(session, &opponents, err);
    if (rc == 0)
        rc = hold(session, &opponents, &names, err);
    opponents_clear(&opponents);
    return rc;
}

/* --- stored sets --- */

static int load_run(struct session *session, const char *word,
                    struct results **out, struct error *err)
{
    struct store *store = NULL;
    int64_t run;
    int rc = store_open(record_store_path(session), STORE_READ, &store, err);

    if (rc == 0)
        rc = runs_find(store, word, &run, err);
    if (rc == 0)
        rc = runs_load(store, run, SIDE_NEW, out, err);
    store_close(store);
    return rc;
}

static int load(struct session *session, const char *word, enum side_kind kind,
                struct results **out, struct error *err)
{
    if (kind == SIDE_RUN)
        return load_run(session, word, out, err);
    return kind == SIDE_BASELINE_FILE ? baseline_read(word, out, err)
                                      : baselines_read(session, word, out, err);
}

static int compare_stored(struct session *session, const char *const word[2],
                          const enum side_kind kind[2], struct error *err)
{
    SCOPED(results_free_scoped) struct results *old = NULL;
    SCOPED(results_free_scoped) struct results *new = NULL;
    struct contest_names names = {
        .command = REPORT_COMPARE, .old_name = word[0], .new_name = word[1]};
    struct contest contest = {.session = session};
    int rc = load(session, word[0], kind[0], &old, err);

    if (rc == 0)
        rc = load(session, word[1], kind[1], &new, err);
    if (rc == 0)
        rc = contest_init(&contest, session, old->n_cases + new->n_cases, err);
    if (rc == 0)
        rc = contest_of_stored(&contest, old, new, err);
    if (rc == 0) {
        if (old->n_occasions)
            names.then = &old->occasion[old->n_occasions - 1];
        rc = contest_finish(&contest, &names, old, rc, err);
    }
    contest_clear(&contest);
    return rc;
}

static int mixed(const char *program, struct error *err)
{
    ERROR(err, ERR_USAGE, "'%s' is a program and the other side is not",
          program);
    return error_help(err, "to compare a program with a baseline: tare gate "
                           "--baseline NAME PROGRAM");
}

static int compare(struct session *session, const char *const word[2],
                   struct error *err)
{
    enum side_kind kind[2] = {SIDE_PROGRAM, SIDE_PROGRAM};
    const struct options *options = &session->cli->options;
    int rc = 0;

    if (options->old_command || options->new_command)
        return compare_commands(session, err);
    if (options->n_operands != 2) {
        ERROR(err, ERR_USAGE, "two things to compare are needed");
        return error_help(err, "give OLD NEW, programs or baselines, or --old "
                               "CMD --new CMD");
    }
    for (int i = 0; i < 2 && rc == 0; i++)
        rc = classify(session, word[i], &kind[i], err);
    if (rc < 0)
        return rc;
    if (kind[0] == SIDE_PROGRAM && kind[1] == SIDE_PROGRAM)
        return compare_programs(session, word[0], word[1], err);
    if (kind[0] == SIDE_PROGRAM || kind[1] == SIDE_PROGRAM)
        return mixed(word[kind[0] == SIDE_PROGRAM ? 0 : 1], err);
    return compare_stored(session, word, kind, err);
}

static int run(struct cli *cli, struct error *err)
{
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = compare(&session, cli->options.operand, err);
    session_close(&session);
    return rc;
}

static const enum opt_id options[] = {
    OPT_KIND,          OPT_OLD,     OPT_NEW,
    OPT_MARGIN,        OPT_ALPHA,   OPT_ID,
    OPT_TAGS,          OPT_BUDGET,  OPT_MAX_TIME,
    OPT_EXPLAIN,       OPT_TIMEOUT, OPT_BIND,
    OPT_SEED,          OPT_FORMAT,  OPT_OUTPUT,
    OPT_FILE,          OPT_DB,      OPT_PROGRESS,
    OPT_COLOR,         OPT_QUIET,   OPT_VERBOSE,
    OPT_OVERSUBSCRIBE, OPT_REQUIRE, OPT_END,
};

static const char *const examples[] = {
    "tare compare old/sort_bench new/sort_bench",
    "tare compare main run:last",
    "tare compare --old 'python3 a.py' --new 'python3 b.py'",
    NULL,
};

const struct cli_cmd cli_cmd_compare = {
    .name = "compare",
    .args = "[OLD NEW]",
    .summary = "Compare programs, commands or stored sets",
    .group = CLI_MEASURE,
    .min_args = 0,
    .max_args = 2,
    .options = options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON) |
               FORMAT_BIT(FORMAT_CSV) | FORMAT_BIT(FORMAT_MARKDOWN),
    .examples = examples,
    .needs_guardian = true,
    .run = run,
};
