/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keeps more workers from helping, from where their time went: pure.
 *
 * N workers have N seconds a second.  Against the smallest count, a unit of the
 * work at N workers took more of them for one of these reasons: all waited for
 * fixtures; they had nothing to do (behind one long test, or because the work
 * could not be divided); the same work took more CPU time (shared caches,
 * memory bandwidth, siblings, spinning); or it took longer without using a CPU
 * (locks, devices, others on the CPUs).  The largest part is the limit. */
#ifndef RUNNER_SCALE_LIMIT_H
#define RUNNER_SCALE_LIMIT_H

#include "runner/scale/analysis.h"

enum scale_limit {
    SCALE_LIMIT_UNKNOWN = 0, /* nothing is known about its time */
    SCALE_LIMIT_NONE,        /* 95 % of what the workers could give */
    SCALE_LIMIT_LONGEST,     /* one long test */
    SCALE_LIMIT_FIXTURE,     /* fixtures that everybody waits for */
    SCALE_LIMIT_IDLE,        /* workers without work: too few pieces, or pieces
                              * that exclude each other */
    SCALE_LIMIT_SERIAL,      /* a command that leaves its cores idle */
    SCALE_LIMIT_MEMORY,      /* more CPU time for the same work */
    SCALE_LIMIT_WAITING,     /* more waiting for the same work */
    SCALE_LIMIT_OTHERS,      /* other processes or the hypervisor */
};

struct scale_loss {
    enum scale_limit limit;
    size_t at;     /* index of the count it is about */
    double lost;   /* of the workers' time at that count, share; NaN unknown */
    double share;  /* of what was lost, the limit's part */
    double growth; /* MEMORY: CPU time for the same work, over that with the
                    * smallest count; WAITING: time; else NaN */
    const char *name; /* of the long test, NULL unknown */
};

/* What limits the largest count.
 *
 * divisible  its pieces are its own to divide (a command): idle means serial */
struct scale_loss scale_limit_of(const struct scale_analysis *analysis,
                                 bool divisible);

/* "none", "longest-test", "fixture", "idle", "serial", "memory", "waiting",
 * "others", "unknown": the words of JSON. */
const char *scale_limit_name(enum scale_limit limit);

#endif
