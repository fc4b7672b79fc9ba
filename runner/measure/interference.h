/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do neighbours disturb?  Before benchmarks are measured side by side, some of
 * them are measured alone and beside busy neighbours.
 *
 * Each process is measured in both ways, in four phases of ABBA or BAAB order
 * by a fair coin, so that what differs between processes and what drifts
 * cancels; its value is the log ratio of beside to alone of the medians.  The
 * processes are the n: Hodges-Lehmann centre and Walsh-average interval
 * (stats/signed_rank.h) at 90 %, looked at after 6, 9 and 12 of them.  A case is
 * cleared when the interval lies within the margin, as where two versions are
 * shown equivalent (statistics.md, section 4).
 *
 * A seeded sample of the cases is looked at; when one of those is not cleared,
 * so are all others. */
#ifndef RUNNER_MEASURE_INTERFERENCE_H
#define RUNNER_MEASURE_INTERFERENCE_H

#include "runner/measure/lanes.h"

/* Zero means the default in brackets. */
struct interference_settings {
    double margin;       /* relative change that matters [0.02] */
    int64_t budget_ns;   /* per case [10 s] */
    int64_t sample_ns;   /* aim for one sample [0.5 ms] */
    size_t sample;       /* cases looked at first [16] */
    int64_t deadline_ns; /* on the executor's clock; 0: none */
    uint64_t seed;
};

enum interference {
    INTERFERENCE_UNCHECKED = 0, /* not in the sample, and that was cleared; or
                                 * it could not be measured */
    INTERFERENCE_NONE,          /* cleared */
    INTERFERENCE_FOUND,         /* its time changes by more than the margin */
    INTERFERENCE_UNDECIDED,     /* neither shown within the budget */
};

struct interference_case {
    enum interference state;
    double ratio;      /* time beside neighbours over time alone; NaN unless
                        * processes > 0 */
    double low, high;  /* 0 and infinite when open */
    double confidence; /* of the interval, achieved */
    size_t processes;
};

/* Neighbours of what is measured. */
struct crowd {
    void *ctx;

    /* Let each neighbour choose a case anew and get ready; they rest then. */
    int (*renew)(void *ctx, struct error *err);

    /* Let them work, or rest.  Returns once all do; 0 or an error that ends the
     * check. */
    int (*set)(void *ctx, bool busy, struct error *err);
};

/* Told what is looked at next.  May be NULL. */
typedef void interference_progress(void *ctx, double share, const char *id);

/* Look at the cases.  out[n]; 0, ERR_STOPPED, ERR_SYS or ERR_NOMEM. */
int interference_check(const struct executor *executor,
                       const struct crowd *crowd, const struct subject *subject,
                       size_t n, const struct interference_settings *settings,
                       interference_progress *progress, void *ctx,
                       struct interference_case *out, struct error *err);

/* The same with the first lane to measure on and all others as neighbours,
 * which run cases of the same list drawn at random. */
int interference_check_on(const struct lanes *lanes,
                          const struct subject *subject, size_t n,
                          const struct interference_settings *settings,
                          interference_progress *progress, void *ctx,
                          struct interference_case *out, struct error *err);

/* May it be measured beside others? */
bool interference_is_clear(const struct interference_case *c);

/* "unchecked", "none", "found", "undecided": the words of JSON. */
const char *interference_name(enum interference state);

#endif
