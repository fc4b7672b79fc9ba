/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What more workers buy: speed-up with intervals, and fitted scaling laws. */
#ifndef STATS_SCALING_H
#define STATS_SCALING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "stats/rank_test.h"

/* Throughput of N workers, nested: each law is the next with a parameter 0. */
enum scaling_law {
    SCALING_UNSET = 0,
    SCALING_LINEAR, /* gamma N */
    SCALING_AMDAHL, /* gamma N / (1 + sigma (N - 1)) (Amdahl 1967) */
    SCALING_USL,    /* gamma N / (1 + sigma (N - 1) + kappa N (N - 1))
                     * (Gunther, Guerrilla Capacity Planning, 2007) */
    SCALING_COUNT
};

/* Throughput measured at one count of workers. */
struct scaling_point {
    double workers;    /* 1 or more */
    double throughput; /* more than 0, any unit */
    double weight;     /* 1 / variance, relative; 0 stands for 1 */
};

/* A fitted law.  Parameters that the law does not have are 0, their errors
 * NaN. */
struct scaling_fit {
    enum scaling_law law;
    double gamma;                        /* throughput of one worker */
    double sigma, kappa;                 /* contention; crosstalk */
    double gamma_se, sigma_se, kappa_se; /* standard errors; NaN without
                                          * degrees of freedom */
    double rss;                          /* weighted sum of squared residuals */
    double aicc; /* corrected Akaike information criterion; infinite when the
                  * points are too few for it */
    double peak; /* N* = sqrt((1 - sigma) / kappa), the count beyond which more
                  * workers cost throughput; infinite without kappa; 1 or
                  * more */
};

/* Fit one law by weighted least squares on the throughput, in the logarithms of
 * its parameters so that they stay positive; starts from several places.
 * At least as many points, at different counts, as parameters.
 *
 * Returns 0, ERR_RANGE for too few or unusable points, ERR_INVAL for no law, or
 * ERR_NOMEM.  Cost: below a millisecond. */
int scaling_fit(enum scaling_law law, const struct scaling_point *point,
                size_t n, struct scaling_fit *out, struct error *err);

/* Fit every law there are points for, fit[SCALING_COUNT] (law SCALING_UNSET
 * where there are not), and choose by AICc: Hurvich & Tsai, Biometrika 76
 * (1989).  Returns 0 or the error of the simplest law. */
int scaling_choose(const struct scaling_point *point, size_t n,
                   struct scaling_fit *fit, enum scaling_law *best,
                   struct error *err);

/* Predicted throughput. */
double scaling_at(const struct scaling_fit *fit, double workers);

struct scaling_speedup {
    struct rank_interval speedup; /* throughput over that of one worker */
    double efficiency;            /* speedup / workers */
    double efficiency_low, efficiency_high;
};

/* Speed-up over rounds: base[i] and many[i] are the throughputs of one and of
 * `workers` workers in round i, measured close together in random order.
 * Hodges-Lehmann on the log ratios (signed_rank.h).
 * n >= 1; positive throughputs; confidence in 0..1, exclusive. */
int scaling_speedup(const double *base, const double *many, size_t n,
                    double workers, double confidence,
                    struct scaling_speedup *out, struct error *err);

const char *scaling_law_name(enum scaling_law law);

#endif
