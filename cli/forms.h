/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report in the form that --format asks for, whether it was measured just now
 * or read from the store. */
#ifndef CLI_FORMS_H
#define CLI_FORMS_H

#include "cli/cmd.h"
#include "report/gate.h"
#include "report/run.h"
#include "report/tests.h"

/* Append the report to out.  0, or ERR_USAGE when what was measured has no such
 * form; out is then as it was. */
int forms_run(const struct cli *cli, const struct run_report *report,
              struct strbuf *out, struct error *err);
int forms_gate(const struct cli *cli, const struct gate_report *report,
               struct strbuf *out, struct error *err);
int forms_tests(const struct cli *cli, const struct test_report *report,
                struct strbuf *out, struct error *err);

#endif
