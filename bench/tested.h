/* SPDX-License-Identifier: MIT */
/* What happens to a test inside the process that runs it: a forked one, or the
 * worker's own. */
#ifndef BENCH_TESTED_H
#define BENCH_TESTED_H

#include <stdint.h>

#include "bench/context.h"
#include "bench/crash.h"

/* Where a test is; what is said when it ends there by accident. */
enum tarei_part { PART_SETUP = 0, PART_CALL, PART_TEARDOWN, PARTS };

enum { TESTED_NOTE = 256 };

/* What the process of a test tells, in memory that outlives it. */
struct tarei_report {
    int finished; /* 1 when the rest is meant */
    enum tarei_outcome outcome;
    int cpu;
    int shared;           /* namespaces were asked for and are not allowed */
    enum tarei_part part; /* it is in, or was in last */
    int64_t elapsed_ns[PARTS]; /* -1 for those that were not reached */
    char message[CONTEXT_MESSAGE];
    char note[TESTED_NOTE]; /* what it left open, "" */
    struct tarei_crash crash;
    struct tarei_tmpdirs tmpdirs;
};

/* How the process is separated from others. */
enum tarei_isolation {
    ISOLATE_PROCESS = 0, /* a forked process */
    ISOLATE_NONE,        /* the worker's own process */
    ISOLATE_NAMESPACES   /* a forked process with its own /tmp and network */
};

/* Forget what the last test told. */
void tarei_report_clear(struct tarei_report *report);

/* Set up, call, tear down, all with a scope of one case. */
void tarei_tested_run(struct tare *t, struct tarei_report *report);

/* Give this process CPU time alone for so long; beyond it the kernel sends
 * SIGXCPU.  0 is no limit. */
void tarei_tested_limit_cpu(int64_t cpu_ms);

/* A /tmp and a network (with a loopback) of its own.  What of it the test has
 * to see stays: the private folder of the worker and the working folder.
 * Returns 0, or -1 with errno where that is not allowed: the process is as
 * before then, unless it was half-way, which shows in *torn. */
int tarei_tested_enter_namespaces(int *torn);

/* A folder of others that has to be seen there as well (copied). */
void tarei_tested_show_folder(const char *path);

#endif
