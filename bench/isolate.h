/* SPDX-License-Identifier: MIT */
/* One test in a process of its own.
 *
 * The process that forks is small and touches little, and nothing is allocated
 * for a test: a page shared with the child carries its report, a memory file
 * its output, which is read only when there is something to tell. */
#ifndef BENCH_ISOLATE_H
#define BENCH_ISOLATE_H

#include <stddef.h>
#include <stdint.h>

#include "bench/context.h"

struct tarei_tested {
    enum tarei_outcome outcome;
    char message[CONTEXT_MESSAGE]; /* "" when it passed */
    int64_t elapsed_ns;            /* CLOCK_MONOTONIC */
    int64_t user_ns, system_ns;
    int64_t max_rss; /* bytes */
    int64_t switches;
    int cpu;    /* where it ended, -1 unknown */
    int signal; /* that ended it, 0 for none */
    /* The end of its output; borrowed until the next test.  Empty when it
     * passed. */
    const char *output;
    size_t output_size;
};

/* Run a test.
 *
 * t           scratch, overwritten
 * timeout_ms  after which its process group is killed; 0 means no limit.  What
 *             the test declares is the smaller limit of the two
 * hidden_fd   a descriptor the child shall not have, or -1
 *
 * Fixtures wider than the case are set up in this process first. */
void tarei_isolate_test(struct tare *t, const struct tarei_case *item,
                        int64_t timeout_ms, int hidden_fd,
                        struct tarei_tested *out);

/* Kill the process group of the test that runs, if one does.  May be called
 * from a signal handler. */
void tarei_isolate_kill(void);

/* The same in this process: a crash is a crash, output goes where it goes and
 * there is no limit. */
void tarei_run_test(struct tare *t, const struct tarei_case *item,
                    struct tarei_tested *out);

#endif
