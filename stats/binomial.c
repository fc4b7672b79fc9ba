/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/binomial.h"

#include <gsl/gsl_cdf.h>

void binomial_interval(size_t k, size_t n, double confidence, double *low,
                       double *high)
{
    double tail = (1 - confidence) / 2;

    *low = k == 0 ? 0 : gsl_cdf_beta_Pinv(tail, (double)k, (double)(n - k) + 1);
    *high =
        k == n ? 1 : gsl_cdf_beta_Qinv(tail, (double)k + 1, (double)(n - k));
}

double binomial_at_least(size_t k, size_t n, double p)
{
    return k == 0 ? 1 : gsl_cdf_binomial_Q((unsigned)k - 1, p, (unsigned)n);
}
