/* SPDX-License-Identifier: MIT */
/* What can be counted beside time: allocations, bytes read and written, events
 * of the processor and the kernel, instructions under valgrind.
 *
 * Nothing is counted unless TARE_METRICS asks for it, which tare does only in
 * processes whose time nobody looks at. */
#ifndef BENCH_COUNTS_H
#define BENCH_COUNTS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TARE_METRICS_ENVIRONMENT "TARE_METRICS"

enum tarei_count {
    COUNT_ALLOCS = 0,
    COUNT_ALLOC_BYTES,
    COUNT_READ_BYTES,
    COUNT_WRITE_BYTES,
    COUNT_EVENTS, /* from here on of a thread, before of the process */
    COUNT_INSTRUCTIONS = COUNT_EVENTS,
    COUNT_CYCLES,
    COUNT_BRANCHES,
    COUNT_BRANCH_MISSES,
    COUNT_CACHE_REFERENCES,
    COUNT_CACHE_MISSES,
    COUNT_MIGRATIONS,
    COUNTS
};

/* Name and unit as in counters; lower is better for all. */
extern const char *const tarei_count_name[COUNTS];
const char *tarei_count_unit(enum tarei_count id);

/* Totals so far; -1 unknown.  Events that share counters run only part of the
 * time, the same part for the whole group. */
struct tarei_totals {
    int64_t value[COUNTS];
    uint64_t enabled_ns, running_ns;
};

struct tarei_counts {
    /* Totals of the calling thread and its process.  The begin of a timed part
     * and its end both come here: what the call itself reads is left out. */
    void (*read)(void *ctx, struct tarei_totals *out);
    /* A timed part begins or ends now: tells valgrind. */
    void (*toggle)(void *ctx);
    void *ctx;
};

/* What happened in between, at least 0 each; NaN unknown.  An event that was
 * counted for a part of the time is scaled to all of it (perf_event_open(2)),
 * and unknown when it was counted for none. */
void tarei_counts_between(const struct tarei_totals *begin,
                          const struct tarei_totals *end, double out[COUNTS]);

/* The counters of this machine for a list such as "allocs,cycles"; NULL when
 * the list is NULL or empty.  Static: one list a process. */
const struct tarei_counts *tarei_counts_open(const char *list);

/* Close what the calling thread opened. */
void tarei_counts_close(void);

/* perf_event_open(2) and read(2), so that tests script them. */
struct tarei_event_system {
    int (*open)(void *ctx, uint32_t type, uint64_t config, int group);
    ssize_t (*read)(void *ctx, int fd, void *to, size_t size);
    void *ctx;
};
extern const struct tarei_event_system tarei_event_system;

/* A group of events of one thread. */
struct tarei_events {
    int fd[COUNTS]; /* the first that is open leads; -1 not there */
    int leader;     /* -1 for none */
    size_t n;
    enum tarei_count id[COUNTS]; /* in the order they were opened */
};

/* Open those of `wanted` (a bit per enum tarei_count) that the kernel gives. */
void tarei_events_open(struct tarei_events *events,
                       const struct tarei_event_system *system,
                       uint32_t wanted);
/* Returns the bytes that were read. */
int64_t tarei_events_read(const struct tarei_events *events,
                          const struct tarei_event_system *system,
                          struct tarei_totals *out);

#endif
