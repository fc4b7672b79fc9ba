/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a whole suite took, stored beside its cases, so that it has a history
 * like theirs (tare history '@*'):
 *
 *   @suite[workers=N]  makespan, efficiency           of tests
 *   @suite             sequential, cpu_time, max_rss, read_bytes, write_bytes
 *   @tag/TAG           duration: the tests of a tag, one after the other
 *   @suite, @tag/TAG   geomean, total                 of benchmarks
 *
 * Only of runs of all there is: figures of a part would look like a change. */
#ifndef CLI_FIGURES_H
#define CLI_FIGURES_H

#include "cli/record.h"
#include "report/run.h"
#include "report/tests.h"

/* Before record_end().  A store that cannot be written is given up with a
 * warning, as elsewhere. */
void figures_of_run(struct record *record, const struct run_report *report);
void figures_of_tests(struct record *record, const struct test_report *report);

#endif
