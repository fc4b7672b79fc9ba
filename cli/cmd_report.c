/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare report: stored runs and documents, for people, pages and CI servers. */
#include <config.h>

#include "base/scope.h"
#include "cli/commands.h"
#include "cli/forms.h"
#include "cli/report_page.h"
#include "cli/report_source.h"

static void document_scoped(struct document *document)
{
    document_clear(document);
}

static int write_run(const struct cli *cli, const struct document *document,
                     struct strbuf *out, struct error *err)
{
    const struct estimate_policy policy = estimate_defaults();
    struct run_report report;
    int rc = run_report_make(document->results, 0, &policy, &report, err);

    report.run = document->run;
    report.wall_s = document->wall_s;
    report.interrupted = document->interrupted;
    report.resumes = document->resumes;
    if (rc == 0)
        rc = forms_run(cli, &report, out, err);
    run_report_clear(&report);
    return rc;
}

static int write_document(const struct cli *cli,
                          const struct document *document, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    int rc = 0;

    switch (document->kind) {
    case DOCUMENT_RUN:
        rc = write_run(cli, document, &text, err);
        break;
    case DOCUMENT_GATE:
        rc = forms_gate(cli, &document->gate, &text, err);
        break;
    case DOCUMENT_TESTS:
        rc = forms_tests(cli, &document->tests, &text, err);
        break;
    case DOCUMENT_UNSET:
        break;
    }
    return rc < 0 ? rc : cli_write(cli, &text, err);
}

/* The parts stay until all is written: the first borrows from them. */
static int merge(struct session *session, struct document *part,
                 struct error *err)
{
    const struct options *options = &session->cli->options;
    int rc = 0;

    for (size_t i = 0; i < options->n_operands && rc == 0; i++) {
        rc = report_source_read(session, options->operand[i], &part[i], err);
        if (rc < 0)
            error_wrap(err, "'%s'", options->operand[i]);
    }
    if (rc == 0)
        rc = document_check_parts(part, options->operand, options->n_operands,
                                  err);
    for (size_t i = 1; i < options->n_operands && rc == 0; i++) {
        rc = document_join(&part[0], &part[i], err);
        if (rc < 0)
            error_wrap(err, "'%s'", options->operand[i]);
    }
    return rc < 0 ? rc : write_document(session->cli, &part[0], err);
}

static int report_parts(struct session *session, struct error *err)
{
    size_t n = session->cli->options.n_operands;
    struct document *part = arena_alloc(&session->arena, n, sizeof *part);
    int rc = part ? merge(session, part, err)
                  : ERROR(err, ERR_NOMEM, "no memory for %zu documents", n);

    for (size_t i = 0; part && i < n; i++)
        document_clear(&part[i]);
    return rc;
}

static int report_one(struct session *session, struct error *err)
{
    const struct options *options = &session->cli->options;
    SCOPED(document_scoped) struct document document;
    int rc = report_source_read(
        session, options->n_operands ? options->operand[0] : "run:last",
        &document, err);

    return rc < 0 ? rc : write_document(session->cli, &document, err);
}

/* What chooses a part of the history has no meaning for a single run. */
static int refuse_history(const struct options *options, struct error *err)
{
    static const enum opt_id only_html[] = {OPT_SINCE, OPT_BRANCH, OPT_MACHINE,
                                            OPT_METRIC};

    for (size_t i = 0; i < ARRAY_LEN(only_html); i++)
        if (options->given[only_html[i]]) {
            ERROR(err, ERR_USAGE, "--%s chooses a part of the history",
                  option(only_html[i])->name);
            return error_help(err, "use it with --format html, or with 'tare "
                                   "history'");
        }
    return 0;
}

static int report(struct session *session, struct error *err)
{
    const struct options *options = &session->cli->options;

    if (options->format == (int)FORMAT_HTML)
        return report_page(session, err);
    if (refuse_history(options, err) < 0)
        return ERR_USAGE;
    if (options->n_operands < 2)
        return report_one(session, err);
    if (options->merge)
        return report_parts(session, err);
    ERROR(err, ERR_USAGE, "several runs are one report only with --merge");
    return error_help(err, "--merge joins the parts of a suite that ran on "
                           "several machines");
}

static int run(struct cli *cli, struct error *err)
{
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = report(&session, err);
    session_close(&session);
    return rc;
}

static const enum opt_id options[] = {
    OPT_FORMAT,  OPT_OUTPUT,  OPT_MERGE, OPT_SINCE, OPT_BRANCH,
    OPT_MACHINE, OPT_METRIC,  OPT_FILE,  OPT_DB,    OPT_COLOR,
    OPT_QUIET,   OPT_VERBOSE, OPT_END,
};

static const char *const examples[] = {
    "tare report --format markdown -o comment.md",
    "tare report --format html -o page.html",
    "tare report gate.json --format github",
    "tare report --merge shard-*.json --format junit -o tests.xml",
    NULL,
};

const struct cli_cmd cli_cmd_report = {
    .name = "report",
    .args = "[RUN|FILE...]",
    .summary = "Write a run as files for people and CI",
    .group = CLI_RECORDS,
    .max_args = -1,
    .options = options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON) |
               FORMAT_BIT(FORMAT_CSV) | FORMAT_BIT(FORMAT_MARKDOWN) |
               FORMAT_BIT(FORMAT_JUNIT) | FORMAT_BIT(FORMAT_TAP) |
               FORMAT_BIT(FORMAT_OPENMETRICS) | FORMAT_BIT(FORMAT_GITHUB) |
               FORMAT_BIT(FORMAT_HTML),
    .examples = examples,
    .needs_guardian = true,
    .run = run,
};
