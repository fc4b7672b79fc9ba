/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/student.h"

#include <math.h>
#include <stdbool.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>

static const double largest_ncp = 37.62; /* exp(-ncp^2 / 2) underflows behind */
static const double error_bound = 1e-14;
static const int most_terms = 5000;

/* For t >= 0: the sum over k of Poisson weights times incomplete beta
 * functions, terms updated by recurrence. */
static double sum_terms(double t, double df, double ncp)
{
    double x = t * t / (t * t + df), y = df / (t * t + df);
    double half = ncp * ncp / 2, b = df / 2;
    double p = 0.5 * exp(-half);
    double q = sqrt(2 / M_PI) * p * ncp;
    double s = 0.5 - p, a = 0.5;
    double odd, even, odd_step, even_step, sum;

    odd = gsl_cdf_beta_P(x, a, b);
    odd_step = 2 * exp(b * log(y) + a * log(x) - gsl_sf_lnbeta(a, b));
    even = -expm1(b * log(y));
    even_step = b * x * exp(b * log(y));
    sum = p * odd + q * even;
    for (int k = 1; k <= most_terms; k++) {
        a += 1;
        odd -= odd_step;
        even -= even_step;
        odd_step *= x * (a + b - 1) / a;
        even_step *= x * (a + b - 0.5) / (a + 0.5);
        p *= half / k;
        q *= half / (k + 0.5);
        sum += p * odd + q * even;
        s -= p;
        if (2 * s * (odd - odd_step) < error_bound)
            break;
    }
    return sum;
}

double student_noncentral(double t, double df, double ncp)
{
    bool negative = t < 0;
    double p;

    if (!(df > 0) || !(fabs(ncp) <= largest_ncp) || isnan(t))
        return NAN;
    if (isinf(t))
        return negative ? 0 : 1;
    if (ncp == 0)
        return gsl_cdf_tdist_P(t, df);
    if (negative) {
        t = -t;
        ncp = -ncp;
    }
    p = t > 0 ? sum_terms(t, df, ncp) : 0;
    p = fmin(fmax(p + gsl_cdf_ugaussian_Q(ncp), 0), 1);
    return negative ? 1 - p : p;
}

static double df_of(enum student_design design, double n)
{
    return design == STUDENT_TWO_SAMPLE ? 2 * (n - 1) : n - 1;
}

double student_power(enum student_design design, double n, double effect,
                     double level, int sides)
{
    double df = df_of(design, n);
    double ncp = effect * sqrt(design == STUDENT_TWO_SAMPLE ? n / 2 : n);
    double t;

    if (!(n > 1))
        return NAN;
    if (ncp > largest_ncp)
        return 1;
    t = gsl_cdf_tdist_Qinv(level / sides, df);
    return 1 - student_noncentral(t, df, ncp);
}

double student_needs(enum student_design design, double effect, double level,
                     int sides, double power)
{
    double low = 2, high = 4;

    if (!(effect > 0))
        return NAN;
    if (student_power(design, low, effect, level, sides) >= power)
        return low;
    while (student_power(design, high, effect, level, sides) < power) {
        low = high;
        high *= 2;
        if (high > 1e7)
            return NAN;
    }
    while (high - low > 1e-10 * high) {
        double middle = (low + high) / 2;

        if (student_power(design, middle, effect, level, sides) < power)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double student_detectable(enum student_design design, double n, double level,
                          int sides, double power)
{
    double low = 0, high = 1;

    if (!(n >= 2))
        return NAN;
    while (student_power(design, n, high, level, sides) < power)
        high *= 2;
    while (high - low > 1e-12 * high) {
        double middle = (low + high) / 2;

        if (student_power(design, n, middle, level, sides) < power)
            low = middle;
        else
            high = middle;
    }
    return high;
}
