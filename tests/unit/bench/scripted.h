/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine for tests of the measuring loop: clocks that stand still unless the
 * body moves them, counters that are set, and a log of every read. */
#ifndef TESTS_UNIT_BENCH_SCRIPTED_H
#define TESTS_UNIT_BENCH_SCRIPTED_H

#include <stddef.h>
#include <stdint.h>

#include "bench/loop.h"

enum { SCRIPT_ORDERS = 16 };

/* One letter for each read, in order: W wall clock, M monotonic, C CPU time,
 * U usage, D run-queue delay, P processor.  A body may add its own. */
struct scripted {
    int64_t now_ns, cpu_ns, run_delay_ns, switches, minor_faults, major_faults;
    int32_t cpu;
    const struct tarei_counts *counts; /* NULL: nobody asks */
    char log[4096];
    size_t logged;

    struct tarei_order order[SCRIPT_ORDERS];
    size_t n_orders, next;
    struct tarei_sample sample[SCRIPT_ORDERS];
    size_t n_samples;

    struct tare context;
    struct tarei_bench bench;
    struct tarei_case item;
};

/* The one that runs; bodies reach it. */
extern struct scripted *scripted;

void scripted_log(char c);

/* The clocks of `scripted`. */
extern const struct tarei_clock scripted_clock;

/* Run def's body through n orders.  The outcome is in s->context, what was
 * measured in s->sample.  Returns s->context.message. */
const char *scripted_run(struct scripted *s, const struct tare_case *def,
                         const struct tarei_order *order, size_t n);

#endif
