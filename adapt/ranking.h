/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much slower than one command others are, from executions that alternate
 * with it on its core (statistics.md, section 4, of which this is the estimate
 * without the verdict). */
#ifndef ADAPT_RANKING_H
#define ADAPT_RANKING_H

#include "runner/measure/executor.h"
#include "stats/rank_test.h"

/* Zero means the default in brackets. */
struct ranking_plan {
    int64_t sample_ns;   /* aim for one slice [1 ms] */
    int64_t budget_ns;   /* per command [5 s] */
    int64_t deadline_ns; /* of the run, on the executor's clock; 0: none */
    double precision;    /* relative half-width to reach [0.01] */
    double confidence;   /* [0.95] */
    uint64_t seed;
    /* Told before each pair; may be NULL. */
    void (*progress)(void *ctx, double share, const char *id);
    void *ctx;
};

/* The ratio of one command's time to the reference's. */
struct ranking_ratio {
    bool known; /* false: it could not be measured, or is the reference */
    struct rank_interval log_ratio;
    size_t pairs;
};

/* Compare n subjects with subject[reference].
 *
 * Rounds of one pair each, in seeded random order; a command is done when its
 * interval is narrow enough or its budget ends.
 *
 * out  n of them; filled in on success and when the user interrupted
 *
 * Returns 0, ERR_STOPPED, ERR_SYS or ERR_NOMEM. */
int ranking(const struct executor *executor, const struct subject *subject,
            size_t n, size_t reference, const struct ranking_plan *plan,
            struct ranking_ratio *out, struct error *err);

#endif
