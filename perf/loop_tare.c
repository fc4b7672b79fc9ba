/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sample of a body in TARE_LOOP. */
#include <config.h>

#include "perf/loop_tare.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/loop.h"

struct one_sample {
    uint64_t iterations;
    int64_t elapsed_ns; /* -1 before */
};

static int next(void *ctx, struct tare *b, struct tarei_order *out)
{
    const struct one_sample *sample = ctx;

    (void)b;
    *out = (struct tarei_order){.iterations = sample->iterations};
    return sample->elapsed_ns < 0;
}

static void done(void *ctx, struct tare *b, const struct tarei_sample *sample)
{
    (void)b;
    ((struct one_sample *)ctx)->elapsed_ns = sample->elapsed_ns;
}

double loop_tare_ns(void (*run)(struct tare *), uint64_t iterations)
{
    static struct tarei_case item;
    static struct tarei_bench bench;
    static struct tare b;
    struct one_sample sample = {iterations, -1};
    const struct tarei_driver driver = {next, done, &sample};

    item.def.run = run;
    tarei_context_begin(&b, &item);
    tarei_bench_begin(&b, &bench, &tarei_system_clock, &driver);
    tarei_bench_run(&b);
    if (b.outcome != OUTCOME_PASSED) {
        fprintf(stderr, "%s\n", b.message);
        exit(1);
    }
    return (double)sample.elapsed_ns / (double)iterations;
}
