/* SPDX-License-Identifier: MIT */
/* A quick look at a benchmark: one process, eleven samples of about 10 ms.  For
 * "does it run, and about how fast"; nothing is concluded from it. */
#ifndef BENCH_QUICK_H
#define BENCH_QUICK_H

#include <stddef.h>
#include <stdint.h>

#include "bench/clock.h"
#include "bench/loop.h"
#include "bench/registry.h"

enum { QUICK_SAMPLES = 11, QUICK_TEXT = 64 };

struct tarei_quick {
    uint64_t iterations;          /* of a sample */
    int calibrated;               /* the count has been found */
    double sample[QUICK_SAMPLES]; /* ns an iteration */
    size_t n;
};

/* Let samples take about this long instead of 10 ms: for profilers, which need
 * seconds. */
void tarei_quick_set_sample(int64_t ns);

/* A driver that finds the iteration count by doubling until a sample takes
 * about as long as it should, and then takes the samples.  *quick is zeroed by
 * the caller, borrowed by the driver. */
struct tarei_driver tarei_quick_driver(struct tarei_quick *quick);

/* Median of the samples, and the median distance from it as a share of it. */
void tarei_quick_summary(struct tarei_quick *quick, double *median,
                         double *spread);

/* "1.234 us": four significant digits.  Returns out. */
char *tarei_quick_time(char out[QUICK_TEXT], double ns);

/* "12.3 MB/s", "12.3 M items/s": three significant digits, a prefix of
 * thousands, the unit.  Returns out. */
char *tarei_quick_scaled(char out[QUICK_TEXT], double value, const char *unit);

/* Print the head of the table, and one row: measured in a forked process, or
 * in this one.  prefix stands before each line.  Returns 1 when the benchmark
 * could not be measured, 0 otherwise, also when it was skipped. */
void tarei_quick_header(const char *prefix, int id_width);
int tarei_quick_row(const char *prefix, int id_width,
                    const struct tarei_case *item, int no_fork);

#endif
