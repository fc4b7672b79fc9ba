/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How large a change the two-stage rule finds, and how many pairs it takes.
 *
 * A stage asks for two things: a one-sided signed-rank p at its level, and a
 * Hodges-Lehmann estimate beyond a threshold.  Over n pairs of noise z and an
 * effect e, in units of the spread, the first says e > -W(c), with W(c) the
 * c-th smallest Walsh average of z and c from the exact null, the second
 * e > threshold - HL(z).  So each simulated batch of noise has one smallest
 * effect that it would have found, and the power at e is the share of batches
 * below e: no search, no normal approximation.  Noise is Student's t with 4
 * degrees of freedom scaled to the spread Qn: the values of real pairs have
 * heavier tails than the normal.  At a given Qn the Hodges-Lehmann estimator has
 * the same standard error within 0.5 % for t3, t5 and the normal, so that only
 * small batches, where the smallest values decide, notice the choice.  Monte
 * Carlo error of a power: 1.3 points.
 *
 * Everything is in logarithms; effects are in the worse direction, >= 0. */
#ifndef STATS_POWER_H
#define STATS_POWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Standard error of the Hodges-Lehmann centre of n values of this spread (Qn):
 * 1.02 spread / sqrt(n).  Normal: sqrt(pi / 3) (Hodges & Lehmann 1963). */
double power_standard_error(double spread, size_t n);

/* One stage: simulated batches of n pairs tested at a one-sided level. */
struct power_stage {
    double *bound;  /* [reps] -W(c) of each batch, in spreads; owned */
    double *centre; /* [reps] -HL of each batch, in spreads; owned */
    size_t reps;
    size_t n;
};

/* Simulate batches of n pairs at a one-sided level.  When n pairs cannot reach
 * the level every bound is infinite.  n >= 1, reps >= 1.
 * The caller ends it with power_stage_clear().
 * Cost: O(reps n^2): 20 ms for 1000 batches of 64. */
int power_stage_init(struct power_stage *stage, size_t n, double level,
                     size_t reps, uint64_t seed, struct error *err);

/* Free.  A zeroed stage is allowed. */
void power_stage_clear(struct power_stage *stage);

/* Power at an effect, for noise of a spread (> 0) and an estimate that must
 * exceed the threshold.  Cost: O(reps). */
double power_at(const struct power_stage *stage, double effect, double spread,
                double threshold);

/* What a batch is made for, in logarithms turned so that more is worse. */
struct power_target {
    double effect; /* estimate of the first stage, > 0 */
    double spread; /* of its pairs */
    size_t n;      /* its pairs */
    double margin; /* log(1 + margin) */
    size_t most;   /* pairs that the budget allows the batch */
};

/* What one look sees of one simulated path of noise, in spreads. */
struct power_view {
    double bound;  /* the least effect with a one-sided p <= 5 % */
    double centre; /* Hodges-Lehmann */
    double upper;  /* limit of the look's interval; +inf off the fixed looks */
    double spread; /* Qn of the path so far */
};

struct power_look {
    size_t n;
    struct power_view *view; /* [paths]; owned */
};

/* The whole rule: exploring with up to n_explore pairs (level 5 %, half the
 * margin, at any of the looks), then a batch of at most n_convict fresh pairs
 * at a level.  Stages are simulated when first needed and kept. */
struct power_rule {
    size_t n_explore, n_convict;
    double level;
    uint64_t seed;
    struct power_look *look; /* of the first stage; owned */
    size_t looks;
    bool explored;             /* the looks are simulated */
    struct power_stage *batch; /* sizes of the second, ascending; owned */
    size_t batches;
};

/* level  one-sided level of each batch: alpha over the number of suspects
 * The caller ends the rule with power_rule_clear().  Returns 0 or ERR_NOMEM. */
int power_rule_init(struct power_rule *rule, size_t n_explore, size_t n_convict,
                    double level, uint64_t seed, struct error *err);

/* Free.  A zeroed rule is allowed. */
void power_rule_clear(struct power_rule *rule);

/* Pairs for one batch: the least of the rule's sizes at which the power is 99 %
 * for an estimate beyond the margin (95 % are left when the spread was
 * mistaken), at least 8 and cut to target->most.  The effect counted on is the estimate,
 * shrunk towards the margin by what its own error explains,
 *     margin + (effect - margin) / (1 + (se / (effect - margin))^2),
 * and at least 1.5 margins: selection has favoured lucky estimates, but a real
 * change may also have been unlucky.  The spread, from few pairs, is widened by
 * its own standard error, 1 + 1 / sqrt(2 (n - 1)).
 * Cost: that of power_stage_init() for each size not yet simulated. */
int power_batch_size(struct power_rule *rule, const struct power_target *t,
                     size_t *size, struct error *err);

/* The effect that the whole rule finds with a probability (0.8), for noise of a
 * spread (>= 0) and a margin, all in logarithms, to one part in a thousand.
 * Infinite when so few pairs cannot convict, NaN when the spread is.
 * Cost: 5 ms once the stages are simulated, 0.1 s for those. */
int power_detectable(struct power_rule *rule, double spread, double margin,
                     double power, double *effect, struct error *err);

#endif
