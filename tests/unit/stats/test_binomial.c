/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expected values: R 4.2.2, binom.test(k, n)$conf.int and
 * pbinom(k - 1, n, p, lower.tail = FALSE). */
#include <config.h>

#include "bench/tare.h"

#include "stats/binomial.h"

static const struct {
    size_t k, n;
    double low, high;
} intervals[] = {
    {0, 300, 0, 0.012220974694293507},
    {3, 300, 0.0020670072350923202, 0.02894451125569264},
    {5, 10, 0.18708602844739858, 0.81291397155260148},
    {10, 10, 0.69150289218123917, 1},
    {1, 7, 0.0036102968619005863, 0.57872319704319519},
    {0, 0, 0, 1},
};

TARE_TEST(intervals_equal_those_of_r)
{
    for (size_t i = 0; i < sizeof intervals / sizeof *intervals; i++) {
        double low, high;

        binomial_interval(intervals[i].k, intervals[i].n, 0.95, &low, &high);
        TARE_CHECK_REL(low, intervals[i].low, 1e-10);
        TARE_CHECK_REL(high, intervals[i].high, 1e-10);
    }
}

TARE_TEST(upper_tails_equal_those_of_r)
{
    TARE_CHECK_REL(binomial_at_least(6, 300, 0.01), 0.082903563284261031,
                   1e-10);
    TARE_CHECK_REL(binomial_at_least(0, 300, 0.01), 1, 0);
    TARE_CHECK_REL(binomial_at_least(10, 10, 0.5), 0.0009765625, 1e-10);
}
