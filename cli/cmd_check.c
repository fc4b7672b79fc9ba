/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare check: suites and baselines, told apart by what is in them. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "cli/commands.h"
#include "config/baseline.h"
#include "config/suite.h"
#include "report/text.h"

DEFINE_SCOPED(struct suite *, suite_free)
DEFINE_SCOPED(struct results *, results_free)

/* A baseline says "tare: baseline/N" in a line of its own; whatever else is in
 * the file, its reader finds out. */
static bool is_baseline(const char *text)
{
    static const char key[] = "tare:";

    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, sizeof key - 1) != 0)
            continue;
        line += sizeof key - 1;
        line += strspn(line, " '\"");
        return strncmp(line, "baseline", 8) == 0;
    }
    return false;
}

/* ", 3 programs"; nothing for none. */
static void add_count(struct strbuf *out, size_t n, const char *noun)
{
    if (n == 0)
        return;
    strbuf_puts(out, ", ");
    text_count(out, n, noun);
}

static int check_suite(const char *path, const char *text, size_t size,
                       struct strbuf *out, struct error *err)
{
    SCOPED(suite_free_scoped) struct suite *suite = NULL;
    int rc = suite_parse(path, text, size, &suite, err);

    if (rc < 0)
        return rc;
    strbuf_puts(out, "suite");
    strbuf_puts(out, *suite->name ? " " : "");
    text_escape(out, suite->name, 0);
    add_count(out, suite->n_programs, "program");
    add_count(out, suite->n_commands, "command");
    add_count(out, suite->n_fixtures, "fixture");
    add_count(out, suite->tags.n, "tag");
    add_count(out, suite->gate.n_rules, "gate rule");
    add_count(out, suite->gate.n_waivers, "waiver");
    add_count(out, suite->n_alerts, "alert");
    return 0;
}

static int check_baseline(const char *path, const char *text, size_t size,
                          struct strbuf *out, struct error *err)
{
    SCOPED(results_free_scoped) struct results *results = NULL;
    int rc = baseline_parse(path, text, size, &results, err);

    if (rc < 0)
        return rc;
    strbuf_puts(out, "baseline");
    strbuf_puts(out, *results->name ? " " : "");
    text_escape(out, results->name, 0);
    add_count(out, results->n_cases, "benchmark");
    add_count(out, results->n_occasions, "occasion");
    return 0;
}

static int check(const char *path, struct strbuf *out, struct error *err)
{
    SCOPED(free_scoped) char *text = NULL;
    SCOPED(strbuf_scoped) struct strbuf found = {0};
    size_t size;
    int rc = file_read(path, BASELINE_MAX_BYTES, &text, &size, err);

    if (rc == 0 && is_baseline(text))
        rc = check_baseline(path, text, size, &found, err);
    else if (rc == 0)
        rc = check_suite(path, text, size, &found, err);
    if (rc < 0)
        return rc;
    text_escape(out, path, 0);
    strbuf_printf(out, ": ok (%s)\n", strbuf_text(&found));
    return 0;
}

/* Every file is looked at, so that one call tells of all that is wrong.  A
 * file that cannot be read is an error of the configuration like one that is
 * malformed. */
static int run(struct cli *cli, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    const struct options *options = &cli->options;
    enum cli_exit status = CLI_OK;
    int rc;

    for (size_t i = 0; i < options->n_operands; i++) {
        struct error why = {0};

        if (check(options->operand[i], &out, &why) == 0)
            continue;
        error_print(&why, stderr);
        status = cli_worst(status,
                           why.code == ERR_NOMEM ? CLI_UNMEASURED : CLI_USAGE);
    }
    if (options->quiet)
        return status;
    rc = cli_write(cli, &out, err);
    return rc < 0 ? rc : (int)status;
}

static const enum opt_id options[] = {OPT_OUTPUT, OPT_QUIET, OPT_END};

static const char *const examples[] = {
    "tare check tare.yaml baselines/*.yaml",
    NULL,
};

const struct cli_cmd cli_cmd_check = {
    .name = "check",
    .args = "FILE...",
    .summary = "Validate suites and baselines",
    .group = CLI_SUPPORT,
    .min_args = 1,
    .max_args = -1,
    .options = options,
    .examples = examples,
    .run = run,
};
