/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log-linear histogram: cells by hand, and their promises over all of them. */
#include <config.h>

#include "bench/histogram.h"

#include "bench/tare.h"

static struct tarei_histogram h, other;

TARE_TEST(cells_by_hand)
{
    TARE_CHECK_INT(tarei_histogram_cell(-5), 0);
    TARE_CHECK_INT(tarei_histogram_cell(0), 0);
    TARE_CHECK_INT(tarei_histogram_cell(63), 63);
    TARE_CHECK_INT(tarei_histogram_cell(64), 64);
    TARE_CHECK_INT(tarei_histogram_cell(127), 127);
    TARE_CHECK_INT(tarei_histogram_cell(128), 128);
    TARE_CHECK_INT(tarei_histogram_cell(129), 128);
    TARE_CHECK_INT(tarei_histogram_cell(130), 129);
    TARE_CHECK_INT(tarei_histogram_cell(256), 192);
    TARE_CHECK_INT(tarei_histogram_cell((INT64_C(1) << 40) - 1),
                   HISTOGRAM_CELLS - 1);
    TARE_CHECK_INT(tarei_histogram_cell(INT64_MAX), HISTOGRAM_CELLS - 1);
    TARE_CHECK_INT(HISTOGRAM_CELLS, 2240);
}

/* Cells join without gaps, each value is in the cell that says so, and no cell
 * is wider than 1/64 of where it begins. */
TARE_TEST(cells_cover_everything)
{
    for (size_t i = 0; i < HISTOGRAM_CELLS - 1; i++) {
        int64_t low = tarei_histogram_low(i), high = tarei_histogram_low(i + 1);

        TARE_REQUIRE_INT(tarei_histogram_cell(low), i);
        TARE_REQUIRE_INT(tarei_histogram_cell(high - 1), i);
        TARE_REQUIRE(high - low == 1 || (high - low) * 64 <= low);
    }
    TARE_CHECK_INT(tarei_histogram_low(HISTOGRAM_CELLS), INT64_C(1) << 40);
}

TARE_TEST(quantiles_of_one_to_a_thousand)
{
    for (int64_t i = 1; i <= 1000; i++)
        tarei_histogram_add(&h, i * 1000);
    TARE_CHECK_REL(tarei_histogram_quantile(&h, 0.5), 500000, 1. / 64);
    TARE_CHECK_REL(tarei_histogram_quantile(&h, 0.99), 990000, 1. / 64);
    TARE_CHECK_REL(tarei_histogram_quantile(&h, 0), 1000, 1. / 64);
    TARE_CHECK_REL(tarei_histogram_quantile(&h, 1), 1000000, 1. / 64);
    TARE_CHECK_INT(h.min_ns, 1000);
    TARE_CHECK_INT(h.max_ns, 1000000);
}

TARE_TEST(a_small_change_is_not_rounded_to_a_cell)
{
    struct tarei_histogram a = {.count = 0}, b = {.count = 0};
    double first, second;

    for (int i = 0; i < 1000; i++) {
        tarei_histogram_add(&a, 1000000 + 200 * i);
        tarei_histogram_add(&b, 1003000 + 200 * i);
    }
    first = tarei_histogram_quantile(&a, 0.5);
    second = tarei_histogram_quantile(&b, 0.5);
    TARE_CHECK_REL(first, 1100000, 0.001);
    TARE_CHECK_REL(second - first, 3000, 0.4);
}

TARE_TEST(one_value_is_every_quantile)
{
    tarei_histogram_add(&h, 12345);
    for (int i = 0; i <= 10; i++)
        TARE_CHECK_REL(tarei_histogram_quantile(&h, 0.1 * i), 12345, 0);
}

TARE_TEST(empty_has_none)
{
    TARE_CHECK_REL(tarei_histogram_quantile(&h, 0.5), 0, 0);
    tarei_histogram_merge(&h, &other);
    TARE_CHECK_INT(h.count, 0);
}

TARE_TEST(merging_adds)
{
    tarei_histogram_add(&h, 10);
    tarei_histogram_add(&other, 5);
    tarei_histogram_add(&other, 20);
    tarei_histogram_merge(&h, &other);
    TARE_CHECK_INT(h.count, 3);
    TARE_CHECK_INT(h.min_ns, 5);
    TARE_CHECK_INT(h.max_ns, 20);
    TARE_CHECK_REL(tarei_histogram_quantile(&h, 0.5), 10, 0);
}
