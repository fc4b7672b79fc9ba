/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workflow commands of GitHub Actions: lines on standard output that become
 * annotations of the check and of the changed files
 * (docs.github.com, "Workflow commands for GitHub Actions").
 *
 * GitHub shows ten errors and ten warnings of a step: the worst come first, and
 * the tenth of a kind counts the rest. */
#ifndef REPORT_ANNOTATIONS_H
#define REPORT_ANNOTATIONS_H

#include "base/strbuf.h"
#include "report/gate.h"
#include "report/run.h"
#include "report/tests.h"

enum { ANNOTATIONS_MAX = 10 }; /* of each level */

/* Errors: regressed, failed, gone.  Warnings: inconclusive, incomparable, a
 * machine that moved.  Notices: improved, waived, and the conclusion. */
void gate_annotations(const struct gate_report *report, struct strbuf *out);

/* Errors: cases that could not be measured. */
void run_annotations(const struct run_report *report, struct strbuf *out);

/* Errors: what failed in any way, at its place in the sources.  Warnings:
 * flaky. */
void tests_annotations(const struct test_report *report, struct strbuf *out);

#endif
