/* SPDX-License-Identifier: MIT */
/* One test and what becomes of it, seen from the process that runs many.
 *
 * The process that forks is small and touches little, and nothing is allocated
 * for a test: a page shared with the child carries its report, a memory file
 * its output, which is read only when there is something to tell. */
#ifndef BENCH_ISOLATE_H
#define BENCH_ISOLATE_H

#include <stddef.h>
#include <stdint.h>

#include "bench/context.h"
#include "bench/tested.h"

/* How to run it.  A zeroed struct has no limits.
 *
 * timeout_ms  after which its process group is ended; what the test declares
 *             is the smaller limit of the two
 * cpu_ms      the same for CPU time
 * grace_ms    from SIGTERM to SIGKILL; 0: SIGKILL at once
 * channel     a descriptor the test shall not have, whose end interrupts it; 0
 *             for none
 * stream      output goes where that of this process goes
 * isolation   limits of time hold in a process of its own only, which a test
 *             that is expected to end badly has in any case */
struct tarei_manner {
    int64_t timeout_ms, cpu_ms, grace_ms;
    int channel;
    int stream;
    enum tarei_isolation isolation;
};

struct tarei_tested {
    enum tarei_outcome outcome;
    char message[CONTEXT_MESSAGE]; /* "" when it passed */
    char note[TESTED_NOTE];        /* what does not fail it, "" */
    int64_t elapsed_ns;            /* CLOCK_MONOTONIC, all of it */
    int64_t part_ns[PARTS];        /* set-up, call, tear-down; -1 unknown */
    int64_t user_ns, system_ns;
    int64_t max_rss;                 /* bytes, -1 unknown */
    int64_t read_bytes, write_bytes; /* from and to storage */
    int64_t switches, faults;
    int cpu;    /* where it ended, -1 unknown */
    int signal; /* that ended it, 0 for none */
    int left;   /* processes it left behind, which were killed */
    int shared; /* namespaces were asked for and are not allowed */
    /* The end of its output; borrowed until the next test.  Empty when it
     * passed. */
    const char *output;
    size_t output_size;
};

/* Run a test.
 *
 * t  scratch, overwritten
 *
 * Fixtures wider than the case are set up in this process first. */
void tarei_isolate_test(struct tare *t, const struct tarei_case *item,
                        const struct tarei_manner *manner,
                        struct tarei_tested *out);

/* Kill the process group of the test that runs, if one does.  May be called
 * from a signal handler. */
void tarei_isolate_kill(void);

/* The same in this process: a crash is a crash, output goes where it goes and
 * there is no limit. */
void tarei_run_test(struct tare *t, const struct tarei_case *item,
                    struct tarei_tested *out);

#endif
