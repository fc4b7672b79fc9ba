/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/forms.h"

#include "report/annotations.h"
#include "report/junit.h"
#include "report/openmetrics.h"

static int no_such_form(const struct cli *cli, const char *what,
                        struct error *err)
{
    return ERROR(err, ERR_USAGE, "%s cannot be written as %s", what,
                 option(OPT_FORMAT)->words[cli->options.format]);
}

int forms_run(const struct cli *cli, const struct run_report *report,
              struct strbuf *out, struct error *err)
{
    const struct text_style style = cli_style(cli);

    switch ((enum format)cli->options.format) {
    case FORMAT_TEXT:
        run_text(report, &style, out);
        return 0;
    case FORMAT_JSON:
        run_json(report, out);
        return 0;
    case FORMAT_CSV:
        run_csv(report, out);
        return 0;
    case FORMAT_MARKDOWN:
        run_markdown(report, style.verbose, out);
        return 0;
    case FORMAT_JUNIT:
        run_junit(report, out);
        return 0;
    case FORMAT_OPENMETRICS:
        run_openmetrics(report, out);
        return 0;
    case FORMAT_GITHUB:
        run_annotations(report, out);
        return 0;
    default:
        return no_such_form(cli, "a run of benchmarks", err);
    }
}

int forms_gate(const struct cli *cli, const struct gate_report *report,
               struct strbuf *out, struct error *err)
{
    const struct text_style style = cli_style(cli);

    switch ((enum format)cli->options.format) {
    case FORMAT_TEXT:
        gate_text(report, &style, out);
        return 0;
    case FORMAT_JSON:
        gate_json(report, out);
        return 0;
    case FORMAT_CSV:
        gate_csv(report, out);
        return 0;
    case FORMAT_MARKDOWN:
        gate_markdown(report, style.verbose, out);
        return 0;
    case FORMAT_JUNIT:
        gate_junit(report, out);
        return 0;
    case FORMAT_OPENMETRICS:
        gate_openmetrics(report, out);
        return 0;
    case FORMAT_GITHUB:
        gate_annotations(report, out);
        return 0;
    default:
        return no_such_form(cli, "a comparison", err);
    }
}

int forms_tests(const struct cli *cli, const struct test_report *report,
                struct strbuf *out, struct error *err)
{
    const struct text_style style = cli_style(cli);

    switch ((enum format)cli->options.format) {
    case FORMAT_TEXT:
        tests_text(report, &style, out);
        return 0;
    case FORMAT_JSON:
        tests_json(report, out);
        return 0;
    case FORMAT_CSV:
        tests_csv(report, out);
        return 0;
    case FORMAT_MARKDOWN:
        tests_markdown(report, style.verbose, out);
        return 0;
    case FORMAT_JUNIT:
        tests_junit(report, out);
        return 0;
    case FORMAT_TAP:
        tests_tap(report, out);
        return 0;
    case FORMAT_OPENMETRICS:
        tests_openmetrics(report, out);
        return 0;
    case FORMAT_GITHUB:
        tests_annotations(report, out);
        return 0;
    default:
        return no_such_form(cli, "a run of tests", err);
    }
}
