/* SPDX-License-Identifier: MIT */
/* The threads of a benchmark with `.threads`.  Each runs the whole body with a
 * context of its own; thread 0 is the one that opened the case, and alone
 * speaks with the driver and sets up fixtures.
 *
 * A timed part begins when all threads are ready, and ends for each when it has
 * done its own iterations; in TARE_LOOP and TARE_LATENCY who is early goes on
 * untimed until the last one is done, so that every timed iteration ran beside
 * all others.  Between samples the threads sleep.
 *
 * Without `.threads` there is no team: bench->team is NULL and the calls below
 * cost a comparison. */
#ifndef BENCH_TEAM_H
#define BENCH_TEAM_H

#include <stddef.h>

#include "bench/loop.h"

/* Run the body of the benchmark b in as many threads as its case says.  The
 * outcome is in b, and with it, summed over the threads, items, bytes, pauses
 * and percentiles; counters are those of thread 0.  Results must agree. */
void tarei_team_run(struct tare *b);

/* Take the next order: from the driver in thread 0, from thread 0 elsewhere;
 * fixtures of scope TARE_BATCH have been set up then.  1, or 0 when the loop is
 * over. */
int tarei_team_next(struct tare *b, struct tarei_order *out);

/* Wait, spinning, until every thread is about to start this timed part. */
void tarei_team_start(struct tarei_bench *bench);

/* This thread's timed part is done. */
void tarei_team_stop(struct tarei_bench *bench);

/* Are those of all threads done? */
int tarei_team_all_stopped(const struct tarei_bench *bench);

/* Hand over what this thread measured.  Thread 0 waits for the others and gives
 * the driver the means of elapsed and CPU time, the sums of the counts and the
 * largest run-queue delay; then fixtures of scope TARE_BATCH are torn down. */
void tarei_team_deliver(struct tare *b, const struct tarei_sample *sample);

/* Read a list of CPUs, "0,2,4-7".  Returns how many there are, of which the
 * first max are in out; 0 when the text is no such list. */
size_t tarei_team_cpus(const char *text, int *out, size_t max);

#endif
