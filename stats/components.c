/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/components.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "stats/order.h"

struct sums {
    double all;             /* samples */
    double squares;         /* of the group sizes */
    double mean;            /* of all samples */
    double between, within; /* sums of squares */
};

static int check(const struct invocation *invocation, size_t n,
                 struct error *err)
{
    size_t all = 0;

    if (n < 2)
        return ERROR(err, ERR_RANGE, "%zu invocations where 2 are needed", n);
    for (size_t i = 0; i < n; i++) {
        int rc = stats_need(invocation[i].sample, invocation[i].n, 1, err);

        if (rc < 0)
            return rc;
        all += invocation[i].n;
    }
    if (all == n)
        return ERROR(err, ERR_RANGE, "no invocation has two samples");
    return 0;
}

static struct sums sum_up(const struct invocation *invocation, size_t n)
{
    struct sums s = {0};

    for (size_t i = 0; i < n; i++) {
        double size = (double)invocation[i].n;
        double mean = gsl_stats_mean(invocation[i].sample, 1, invocation[i].n);

        s.all += size;
        s.squares += size * size;
        s.mean += (mean - s.mean) * (size / s.all);
    }
    for (size_t i = 0; i < n; i++) {
        size_t size = invocation[i].n;
        double mean = gsl_stats_mean(invocation[i].sample, 1, size);

        s.between += (double)size * (mean - s.mean) * (mean - s.mean);
        s.within += gsl_stats_tss_m(invocation[i].sample, 1, size, mean);
    }
    return s;
}

int stats_components(const struct invocation *invocation, size_t n,
                     struct components *out, struct error *err)
{
    int rc = check(invocation, n, err);
    struct components c = {0};
    struct sums s;
    double groups = (double)n, ms_between, size;

    if (rc < 0)
        return rc;
    s = sum_up(invocation, n);
    size = (s.all - s.squares / s.all) / (groups - 1);
    ms_between = s.between / (groups - 1);
    c.within = s.within / (s.all - groups);
    c.between = (ms_between - c.within) / size;
    c.negative = c.between < 0;
    c.between = fmax(c.between, 0);
    c.icc = c.between / (c.between + c.within);
    c.deff = 1 + (size - 1) * c.icc;
    c.f = c.within > 0 ? ms_between / c.within : NAN;
    c.p = c.within > 0 ? gsl_cdf_fdist_Q(c.f, groups - 1, s.all - groups) : NAN;
    *out = c;
    return 0;
}

size_t stats_best_samples(const struct components *c, double process_cost,
                          double sample_cost, size_t most)
{
    double best =
        ceil(sqrt(process_cost / sample_cost * c->within / c->between));

    if (!(best < (double)most))
        return most;
    return best < 1 ? 1 : (size_t)best;
}
