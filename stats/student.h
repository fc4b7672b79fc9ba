/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The noncentral t distribution and the power of t tests. */
#ifndef STATS_STUDENT_H
#define STATS_STUDENT_H

#include <stddef.h>

#include "base/error.h"

/* P(T <= t) of Student's t with df > 0 degrees of freedom and noncentrality
 * ncp, |ncp| <= 37: Lenth, Algorithm AS 243, Applied Statistics 38 (1989).
 * Absolute error below 1e-10.  NaN outside the range.
 * Cost: up to some hundred terms. */
double student_noncentral(double t, double df, double ncp);

enum student_design {
    STUDENT_TWO_SAMPLE = 1, /* n on each side */
    STUDENT_PAIRED,         /* n pairs, or one sample */
};

/* Power of a t test for a difference in units of the standard deviation
 * (effect >= 0), at a level, two-sided counting the right side only (as R's
 * power.t.test does unless strict) or one-sided.  n > 1 may be broken. */
double student_power(enum student_design design, double n, double effect,
                     double level, int sides);

/* The n (of each side, or pairs) that reaches a power, not rounded; NaN when
 * the effect is not positive or 1e7 do not reach it. */
double student_needs(enum student_design design, double effect, double level,
                     int sides, double power);

/* The effect that n reach with a power; NaN when n < 2. */
double student_detectable(enum student_design design, double n, double level,
                          int sides, double power);

#endif
