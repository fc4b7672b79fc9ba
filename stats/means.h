/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments, and tests and intervals of means. */
#ifndef STATS_MEANS_H
#define STATS_MEANS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct moments {
    double mean;
    double sd; /* with n - 1; 0 for one value */
    size_t n;
};

/* Mean and standard deviation.  n >= 1.  Cost: O(n). */
int stats_moments(const double *x, size_t n, struct moments *out,
                  struct error *err);

/* A t test of mean(y) - mean(x) = difference with unequal variances. */
struct welch {
    double difference; /* mean(y) - mean(x) */
    double t, df;
    double p_greater; /* small when y lies above */
    double p_less, p_two;
    double low, high; /* of the difference, at `confidence` */
    double confidence;
};

/* Welch, Biometrika 34 (1947).  n, m >= 2, confidence in 0..1, exclusive.  With
 * no variance on either side t is infinite or NaN, and so are the p-values of
 * an undecidable case NaN.  Cost: O(n + m). */
int stats_welch(const double *x, size_t n, const double *y, size_t m,
                double difference, double confidence, struct welch *out,
                struct error *err);

/* Two one-sided Welch tests of low < mean(y) - mean(x) < high: *p is the larger
 * of the two p-values.  Schuirmann, J. Pharmacokinet. Biopharm. 15 (1987). */
int stats_tost(const double *x, size_t n, const double *y, size_t m, double low,
               double high, double *p, struct error *err);

struct mean_ratio {
    double ratio; /* mean(y) / mean(x) */
    double low, high;
    double confidence, df;
    bool open; /* mean(x) is not distinguishable from 0: no finite interval */
};

/* The ratio of two means with Fieller's interval for independent samples:
 * Fieller, JRSS B 16 (1954); degrees of freedom after Satterthwaite at the
 * estimated ratio (Tamhane & Logan, Biostatistics 5, 2004).
 * n, m >= 2, mean(x) != 0. */
int stats_mean_ratio(const double *x, size_t n, const double *y, size_t m,
                     double confidence, struct mean_ratio *out,
                     struct error *err);

#endif
