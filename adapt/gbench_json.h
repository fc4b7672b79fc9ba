/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON that Google Benchmark writes (--benchmark_format=json, or
 * --benchmark_out) as results, for running its programs and for importing
 * their files.  Facts of the format: its docs/user_guide.md and
 * src/json_reporter.cc; every version since 1.0 is read.
 *
 * A file is what one process measured, so a benchmark has one invocation and
 * its repetitions are the samples of it. */
#ifndef ADAPT_GBENCH_JSON_H
#define ADAPT_GBENCH_JSON_H

#include <stddef.h>

#include "base/error.h"
#include "base/results.h"

/* Read a document.
 *
 * name  of the source, for errors
 * text  size bytes; no NUL needed
 * out   receives results with one occasion; ended with results_free()
 *
 * Cases have the benchmark's name as their id, as it is written and in the
 * order of the file, without a program and its '/'.  Metrics: "time" and
 * "cpu_time" (ns per iteration), "items_per_second" ("1/s"),
 * "bytes_per_second" ("B/s"), "allocs", and the user's counters (unit "1",
 * no direction; a name that Tare gives another meaning to gets "counter_" in
 * front).  A benchmark that said SkipWithError() is CASE_FAILED, one that said
 * SkipWithMessage() CASE_SKIPPED, with its message.
 *
 * results->name is the executable, "" when the file does not say; the occasion
 * has the time and what the file says of the machine and the build.  Where
 * there are only aggregates, a case has one sample, the median of the
 * repetitions or else their mean; the fact "summary" of the plan says so.  All
 * other aggregates are left out: they follow from the samples.
 *
 * Returns 0; ERR_PARSE with the place (not JSON, not this format, a figure
 * missing, negative or no number, two benchmarks of one name); ERR_RANGE or
 * ERR_NOMEM.  Cost: linear. */
int gbench_json_read(const char *name, const char *text, size_t size,
                     struct results **out, struct error *err);

#endif
