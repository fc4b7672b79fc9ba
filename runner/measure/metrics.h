/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metrics beside time that have to be asked for (measure.metrics of tare.yaml):
 * allocations, bytes read and written, events of the processor, instructions.
 *
 * To count is to slow down, so it is done in fresh processes of their own, over
 * a fixed number of iterations, and their time is looked at by nobody:
 * allocations with libtare-alloc.so preloaded, instructions under valgrind's
 * callgrind (in user space; the C library picks its variants by the processor
 * that valgrind shows), or by the processor's counters where there is no
 * valgrind. */
#ifndef RUNNER_MEASURE_METRICS_H
#define RUNNER_MEASURE_METRICS_H

#include "runner/measure/executor.h"
#include "runner/process/guardian.h"

/* What counts; tests script it. */
struct counting {
    void *ctx;

    /* Count in a fresh process, or in one for each way of counting.
     *
     * iterations  the counted ones; some before are not
     * out         its counters are filled in, per iteration; strings live as
     *             long as what counts.  What cannot be counted is missing
     *
     * Returns 0; ERR_STOPPED, ERR_SYS or ERR_NOMEM. */
    int (*count)(void *ctx, const struct subject *subject, uint64_t iterations,
                 struct side_report *out, struct error *err);
};

/* How many iterations: few enough under an interpreter fifty times slower, and
 * the same number for about the same time, since a count per iteration holds
 * its share of what happens once. */
uint64_t counting_iterations(double iteration_ns);

enum {
    COUNTING_LEAST = 2, /* processes that show whether a count repeats itself */
    COUNTING_MOST = 10, /* processes for those that do not */
};

/* After n processes were counted for case `i`: does it need another?  Not once
 * every count repeats itself. */
bool counting_wants(const struct results *results, size_t i, size_t n);

/* Put counters into the newest occasion of case i.  ERR_NOMEM. */
int counting_record(struct results *results, size_t i,
                    const struct side_report *counted, struct error *err);

struct metrics;

/* name           asked for; free ones ("time", "max_rss", ...) are passed over
 * alloc_library  path of libtare-alloc.so, NULL when it is not there
 * valgrind       path, NULL when it is not there
 * preloaded      LD_PRELOAD of the environment, NULL when not set; borrowed
 * the rest       as in struct live_options */
struct metrics_options {
    struct guardian *guardian;
    const int *cpus;
    size_t n_cpus;
    int stop_fd;
    uint64_t seed;
    const char *tmpdir;
    const char *const *name;
    size_t n_names;
    const char *alloc_library;
    const char *valgrind;
    const char *preloaded;
};

/* Get ready to count.  *counting works until metrics_close(); its `count` is
 * NULL when nothing was asked for that is not free.
 *
 * Returns 0, ERR_RANGE for a name that is no metric, ERR_SYS or ERR_NOMEM. */
int metrics_open(const struct metrics_options *options, struct metrics **out,
                 struct counting *counting, struct error *err);
void metrics_close(struct metrics *metrics); /* NULL is allowed */

/* Why something that was asked for is missing, "" when nothing is: clauses with
 * "; " between, each said once however many cases it concerns. */
const char *metrics_notes(const struct metrics *metrics);

/* "totals: 123" of a file of callgrind: what all threads collected, in
 * instructions.  Returns 0 or ERR_PARSE. */
int callgrind_total(const char *name, const char *bytes, size_t size,
                    double *out, struct error *err);

#endif
