/* SPDX-License-Identifier: MIT */
/* Clocks and counters of the calling thread, behind functions so that tests
 * script them. */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdint.h>

#include "bench/counts.h"

/* getrusage(RUSAGE_THREAD): totals of the thread so far. */
struct tarei_usage {
    int64_t switches; /* involuntary context switches */
    int64_t minor_faults;
    int64_t major_faults;
};

/* A source of time.  ctx is passed to each function. */
struct tarei_clock {
    int64_t (*wall_ns)(void *ctx);      /* CLOCK_MONOTONIC_RAW, some 30 ns */
    int64_t (*monotonic_ns)(void *ctx); /* CLOCK_MONOTONIC, some 30 ns */
    int64_t (*cpu_ns)(void *ctx);       /* of this thread; -1 unknown; 350 ns */
    void (*usage)(void *ctx, struct tarei_usage *out); /* some 500 ns */
    /* Time runnable without running (schedstat); -1 unknown; 1 us. */
    int64_t (*run_delay_ns)(void *ctx);
    int32_t (*cpu)(void *ctx); /* OS index, -1 unknown; 10 ns */
    void *ctx;
    const struct tarei_counts *counts; /* NULL: nobody asked for any */
};

/* The clocks of this machine.  schedstat is opened at the first use in a
 * thread and kept open; tarei_clock_close() closes it, before the thread ends
 * and in a forked child, where it would still be the parent's. */
extern const struct tarei_clock tarei_system_clock;
void tarei_clock_close(void);

/* VmHWM: the peak of this process's memory in bytes; -1 unknown. */
int64_t tarei_peak_memory(void);

#endif
