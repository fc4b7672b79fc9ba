/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "tests/slow/rates.h"

#include <stdbool.h>
#include <stdio.h>

#include <gsl/gsl_cdf.h>

static size_t checked, broken;

/* The share p at which `hits` or a more extreme count has probability `tail`:
 * bisection on the beta distribution, whose inverse in GSL does not always
 * converge near 0 and 1. */
static double interval_end(size_t hits, size_t n, double tail, bool upper)
{
    double a = (double)hits + (upper ? 1 : 0);
    double b = (double)(n - hits) + (upper ? 0 : 1);
    double low = 0, high = 1;

    if (a <= 0 || b <= 0)
        return upper ? 1 : 0;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        double p = gsl_cdf_beta_P(middle, a, b);

        if (p < (upper ? 1 - tail : tail))
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

void rate_check(const char *name, size_t hits, size_t n, double low,
                double high)
{
    double least = interval_end(hits, n, 0.005, false);
    double most = interval_end(hits, n, 0.005, true);
    bool ok = most >= low && least <= high;

    printf("%-6s %-52s %5zu of %5zu = %6.2f %% [%.2f, %.2f] bound %g..%g\n",
           ok ? "ok" : "BROKEN", name, hits, n, 100 * (double)hits / (double)n,
           100 * least, 100 * most, 100 * low, 100 * high);
    fflush(stdout);
    checked++;
    broken += !ok;
}

void rate_note(const char *name, double value, const char *unit)
{
    printf("       %-52s %.4g %s\n", name, value, unit);
    fflush(stdout);
}

void rate_title(const char *title)
{
    printf("\n%s\n", title);
}

int rate_end(void)
{
    printf("\n%zu bounds held, %zu broken\n", checked - broken, broken);
    return broken > 0;
}
