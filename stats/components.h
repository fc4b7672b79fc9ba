/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the variation comes from: between and within invocations. */
#ifndef STATS_COMPONENTS_H
#define STATS_COMPONENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/results.h"

struct components {
    double between; /* variance between invocations, 0 or more */
    double within;  /* variance between samples of one invocation */
    double icc;     /* between / (between + within), 0..1; NaN when both 0 */
    double deff;    /* design effect: the factor by which pooling the samples
                     * understates the variance of the mean; 1 or more, NaN
                     * when icc is */
    double f, p;    /* F ratio of the analysis of variance and its p-value;
                     * NaN when nothing varies within */
    bool negative;  /* the estimate of `between` was below 0 and set to 0 */
};

/* One-way random effects by the analysis of variance, for groups of unequal
 * size: Searle, Casella & McCulloch, Variance Components, section 3.6; Kish,
 * Survey Sampling (1965), for the design effect.
 *
 * n >= 2 invocations, each with a sample, one of them with two.
 * Cost: O(samples). */
int stats_components(const struct invocation *invocation, size_t n,
                     struct components *out, struct error *err);

/* Samples per invocation that make the most of a budget:
 * ceil(sqrt(process_cost / sample_cost * within / between)), at least 1 and at
 * most `most`, which is also the answer when between is 0.  Costs are positive
 * and in one unit.  Kalibera & Jones, "Rigorous benchmarking in reasonable
 * time", ISMM 2013. */
size_t stats_best_samples(const struct components *c, double process_cost,
                          double sample_cost, size_t most);

#endif
