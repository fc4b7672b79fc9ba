/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/series.h"

#include <math.h>

#include <gsl/gsl_statistics_double.h>

#include "stats/order.h"

static void add_products(const struct invocation *v, double *next,
                         double *square)
{
    double mean = gsl_stats_mean(v->sample, 1, v->n);

    for (size_t i = 0; i < v->n; i++) {
        double d = v->sample[i] - mean;

        *square += d * d;
        if (i > 0)
            *next += d * (v->sample[i - 1] - mean);
    }
}

int stats_serial(const struct invocation *invocation, size_t n,
                 struct serial *out, struct error *err)
{
    double next = 0, square = 0, all = 0, r;

    for (size_t i = 0; i < n; i++) {
        int rc = stats_need(invocation[i].sample, invocation[i].n, 1, err);

        if (rc < 0)
            return rc;
        add_products(&invocation[i], &next, &square);
        all += (double)invocation[i].n;
    }
    if (all <= (double)n)
        return ERROR(err, ERR_RANGE, "no invocation has two samples");
    r = square > 0 ? next / square : NAN;
    *out = (struct serial){
        .lag1 = r,
        .ess = isnan(r) ? NAN : fmin(all, fmax(1, all * (1 - r) / (1 + r))),
    };
    return 0;
}
