/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures for monitoring systems, in the text format of OpenMetrics 1.0
 * (openmetrics.io), which Prometheus and others scrape or are pushed.
 *
 * Names of cases and metrics are labels, never names of families, so that none
 * can break the exposition or collide.  What is unknown is left out. */
#ifndef REPORT_OPENMETRICS_H
#define REPORT_OPENMETRICS_H

#include "base/strbuf.h"
#include "report/gate.h"
#include "report/run.h"
#include "report/tests.h"

/* tare_value, tare_value_low, tare_value_high{suite,id,metric,unit} */
void run_openmetrics(const struct run_report *report, struct strbuf *out);

/* tare_ratio, tare_ratio_low, tare_ratio_high, tare_regressed{suite,id,metric}
 * and tare_cases{suite,verdict} */
void gate_openmetrics(const struct gate_report *report, struct strbuf *out);

/* tare_test_seconds, tare_test_passed{suite,id}, tare_tests{suite,outcome},
 * tare_tests_makespan_seconds{suite} */
void tests_openmetrics(const struct test_report *report, struct strbuf *out);

#endif
