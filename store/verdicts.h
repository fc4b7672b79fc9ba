/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comparisons of a run decided.  See db.h for errors and ownership. */
#ifndef STORE_VERDICTS_H
#define STORE_VERDICTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

/* One side's numbers in a comparison. */
struct verdict_side {
    double value; /* NaN when unknown */
    int64_t invocations;
    int64_t samples;
};

/* Decision about one metric of one case, as JSON shows it (design: `cases[]`
 * of gate and compare).  Words are stored as they are. */
struct stored_verdict {
    const char *id, *metric, *unit;
    const char *verdict;                 /* "regressed", "unchanged", ... */
    const char *reason;                  /* "" when none */
    const char *mode;                    /* "interleaved" or "stored" */
    double ratio, low, high, confidence; /* NaN when unknown */
    double p, p_adjusted, mde;
    double margin;
    int64_t pairs;
    struct verdict_side old_side, new_side;
    const char *detail; /* JSON text of anything else, "" when none */
};

/* Replace the verdicts of a run. */
int verdicts_put(struct store *store, int64_t run,
                 const struct stored_verdict *verdict, size_t n,
                 struct error *err);

/* In the order they were put. */
int verdicts_load(struct store *store, int64_t run, struct arena *arena,
                  struct stored_verdict **out, size_t *n, struct error *err);

/* The ratios of past comparisons of one case and metric on one machine that
 * had this verdict in this mode, newest first, at most `max`: what the noise
 * between occasions is learned from, and where layout floors are found. */
int verdicts_past(struct store *store, const char *suite, const char *id,
                  const char *metric, const char *machine_key, const char *mode,
                  const char *verdict, size_t max, struct arena *arena,
                  double **ratio, size_t *n, struct error *err);

#endif
