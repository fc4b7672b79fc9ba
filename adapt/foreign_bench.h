/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A benchmark of another harness in the worker that executes commands.
 *
 * libtare is told how many iterations the next sample has; the harness is told
 * for how long to measure and says how long an iteration takes on average.  A
 * sample is one execution, a fresh process: with the length that the iterations
 * come to, counted as that many iterations of the length it said. */
#ifndef ADAPT_FOREIGN_BENCH_H
#define ADAPT_FOREIGN_BENCH_H

#include "adapt/foreign_judge.h"
#include "adapt/series.h"
#include "bench/tare.h"

struct foreign_bench {
    char min_time[64]; /* the word that is changed for each execution */
    double time_ns;    /* of an iteration, as it was said last; 0 unknown */
    struct foreign_tally {
        char name[64], unit[32];
        enum better better;
        struct series series;
    } tally[FOREIGN_FIGURES];
    size_t n_tallies;
};

/* Put the word behind those of the recipe, once a case.  False: no memory. */
bool foreign_bench_open(struct foreign_bench *bench, struct recipe *recipe,
                        struct arena *arena);
void foreign_bench_close(struct foreign_bench *bench);

/* Before an execution that stands for n iterations, 1 or more. */
void foreign_bench_aim(struct foreign_bench *bench, uint64_t n);

/* Behind one that passed: its figures are kept, its time goes to libtare. */
void foreign_bench_take(struct foreign_bench *bench, struct tare *b, uint64_t n,
                        const struct foreign_verdict *verdict);

/* Say the figures beside time; of each the median over the executions. */
void foreign_bench_say(struct foreign_bench *bench, struct tare *b);

#endif
