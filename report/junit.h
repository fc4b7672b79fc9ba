/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons and runs as JUnit XML, which every CI server shows: a case is a
 * test that passed, failed or was skipped.  Tests are tests.h. */
#ifndef REPORT_JUNIT_H
#define REPORT_JUNIT_H

#include "base/strbuf.h"
#include "report/gate.h"
#include "report/run.h"

/* regressed and gone are failures, failed is an error; inconclusive,
 * incomparable and new are skipped with their reason; the rest and what is
 * waived passed. */
void gate_junit(const struct gate_report *report, struct strbuf *out);

/* Measured cases passed. */
void run_junit(const struct run_report *report, struct strbuf *out);

#endif
