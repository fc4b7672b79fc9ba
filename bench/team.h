/* SPDX-License-Identifier: MIT */
/* The threads of a benchmark with `.threads`.  Each runs the whole body with a
 * context of its own; thread 0 is the one that opened the case and alone
 * speaks with the driver.
 *
 * A sample begins when all are ready and ends for each thread when it has done
 * its own iterations; who is early goes on untimed until the last one is done,
 * so that every timed iteration ran beside all others.  Between samples the
 * threads sleep. */
#ifndef BENCH_TEAM_H
#define BENCH_TEAM_H

#include "bench/loop.h"

/* Run the body of the benchmark b in as many threads as its case says; the
 * outcome is in b. */
void tarei_team_run(struct tare *b);

/* Take the next order: from the driver in thread 0, from thread 0 elsewhere.
 * 1, or 0 when the loop is over. */
int tarei_team_next(struct tare *b, struct tarei_order *out);

/* Wait, spinning, until every thread is here. */
void tarei_team_start(struct tarei_bench *bench);

/* This thread's timed part is done. */
void tarei_team_stop(struct tarei_bench *bench);

/* Are all done? */
int tarei_team_all_stopped(const struct tarei_bench *bench);

/* Deliver what this thread measured: thread 0 waits for the others and hands
 * the driver the mean of the times, the sums of the counts and the largest
 * run-queue delay. */
void tarei_team_deliver(struct tare *b, const struct tarei_sample *sample);

#endif
