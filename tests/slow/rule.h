/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plays the two-stage rule over a suite whose pairs come from a source. */
#ifndef SLOW_RULE_H
#define SLOW_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include <gsl/gsl_rng.h>

#include "stats/verdict.h"

enum { RULE_CASES = 100, RULE_PAIRS = 300 };

/* One more log ratio of a case. */
typedef double rule_source(void *ctx, size_t index);

struct rule_outcome {
    enum verdict verdict[RULE_CASES];
    size_t pairs[RULE_CASES]; /* both stages */
    bool suspected[RULE_CASES];
    size_t suspects;
};

/* Explore every case, looking after each pair, and convict the suspects. */
void rule_play(size_t cases, const struct compare_policy *policy,
               rule_source *source, void *ctx, struct rule_outcome *out);

/* Student's t noise scaled to a standard deviation of 1 (normal for df 0). */
double rule_noise(const gsl_rng *random, double df);

/* Free what rule_play() keeps between calls. */
void rule_end(void);

#endif
