/* SPDX-License-Identifier: MIT */
/* The measuring loop.  A driver (the worker's script, the quick table, a test)
 * says what to run next and receives what was measured; the loop reads clocks
 * and counters and hands out iteration counts.
 *
 * Between the two reads of the wall clock nothing happens but the loop of the
 * program itself; every other figure is read outside of them. */
#ifndef BENCH_LOOP_H
#define BENCH_LOOP_H

#include <stddef.h>
#include <stdint.h>

#include "bench/clock.h"
#include "bench/context.h"
#include "bench/histogram.h"
#include "bench/wire.h"

struct tarei_team;

/* What to run next. */
struct tarei_order {
    uint64_t iterations; /* timed, 1 or more */
    uint64_t rewarm;     /* untimed ones before, 0 for none */
    uint32_t flags;      /* enum wire_flags */
};

/* What was measured; units as in struct wire_slice. */
struct tarei_sample {
    int64_t begin_ns;
    int64_t elapsed_ns;
    int64_t cpu_ns;
    int64_t run_delay_ns;
    int64_t switches;
    int64_t minor_faults;
    int64_t major_faults;
    int32_t cpu_begin;
    int32_t cpu_end;
};

struct tarei_driver {
    /* Wait for the next order.  Returns 1, or 0 when the loop shall end, also
     * after tarei_context_fail(). */
    int (*next)(void *ctx, struct tare *b, struct tarei_order *out);
    /* The order is done. */
    void (*done)(void *ctx, struct tare *b, const struct tarei_sample *sample);
    void *ctx;
};

enum tarei_form { FORM_NONE = 0, FORM_LOOP, FORM_BATCH, FORM_LATENCY };

enum tarei_phase {
    PHASE_BEFORE = 0, /* the body has not come to its loop */
    PHASE_WARM,       /* in iterations that do not count */
    PHASE_TIMED,      /* the clock runs */
    PHASE_TAIL,       /* threads: others are still being timed */
    PHASE_PREPARE,    /* in a batch, before TARE_TIMED */
    PHASE_FINISH,     /* in a batch, after TARE_TIMED */
    PHASE_OVER        /* the loop has ended, well or not */
};

struct tarei_loop {
    enum tarei_phase phase;
    enum tarei_form form;
    struct tarei_order order;
    int in_order;         /* an order is being worked on */
    uint64_t rewarm_left; /* of the order, not yet begun */
    uint64_t timed_left;
    uint64_t chunk;         /* iterations handed out last */
    int64_t begin_ns;       /* wall clock at the start of the timed part */
    int64_t cpu_begin_ns;   /* CPU clock there */
    int64_t delay_begin_ns; /* run-queue delay when the order was taken */
    int64_t switches_begin; /* context switches there */
    struct tarei_usage usage;
    struct tarei_totals totals;
    struct tarei_sample sample; /* sums over the timed parts of the order */
    int64_t manual_ns;
    uint64_t manual_calls;
    int64_t paused_ns; /* in this timed part */
    int64_t pause_began_ns;
    int paused;
    int64_t lap_began_ns;
    int64_t lap_manual_ns; /* manual_ns there */
    int64_t laps_ns; /* sum of the laps of this timed part */
};

struct tarei_counter {
    char name[64], unit[32];
    double value;
    enum tare_better better;
};

enum { COUNTERS_MAX = 64 };

/* How fast each thread of a team was, over all slices that are not warm-up. */
struct tarei_pace {
    uint64_t iterations;
    int64_t elapsed_ns;
    int threads;                /* in the sums below; 0 with one thread */
    double sum, sum_of_squares; /* of the threads' iterations per second */
    double slowest, fastest;    /* of them */
};

/* What a benchmark's context has besides. */
struct tarei_bench {
    const struct tarei_clock *clock;
    struct tarei_driver driver;
    struct tarei_loop loop;
    struct tarei_team *team; /* NULL when there is one thread */
    int thread;              /* number of this one */
    uint32_t part;           /* timed parts of the order begun in a team */
    uint64_t items, bytes;   /* per iteration, 0 when not declared */
    uint64_t result;
    int has_result;
    struct tarei_counter counter[COUNTERS_MAX];
    size_t n_counters;
    uint64_t pauses;      /* pairs in timed iterations */
    uint64_t orders;      /* begun */
    uint64_t iterations;  /* timed so far */
    uint64_t counted;     /* of these, those in `count` */
    double count[COUNTS]; /* NaN once unknown */
    struct tarei_pace pace;
    struct tarei_histogram *histogram; /* of TARE_LATENCY, NULL before */
    int64_t lap_floor_ns;              /* of an empty lap, -1 unknown */
};

/* Prepare *bench and tie it to the context. */
void tarei_bench_begin(struct tare *b, struct tarei_bench *bench,
                       const struct tarei_clock *clock,
                       const struct tarei_driver *driver);

/* Run the body in the calling thread; a body that did not keep to the rules
 * has failed.  The outcome is in the context. */
void tarei_bench_run(struct tare *b);

/* Release what the benchmark allocated. */
void tarei_bench_end(struct tarei_bench *bench);

/* What one pair of tare_pause() and tare_resume() leaves in the time: the
 * smallest of many pairs around nothing. */
int64_t tarei_pause_cost_ns(const struct tarei_clock *clock);

/* The name of the loop's form for `opened`. */
const char *tarei_form_name(const struct tare *b);

#endif
