/* SPDX-License-Identifier: MIT */
/* Log-linear histogram. */
#include <config.h>

#include "bench/histogram.h"

size_t tarei_histogram_cell(int64_t ns)
{
    uint64_t value = ns < 0 ? 0 : (uint64_t)ns;
    int exponent;
    size_t cell;

    if (value < HISTOGRAM_LINEAR)
        return (size_t)value;
    exponent = 63 - __builtin_clzll(value) - HISTOGRAM_BITS;
    cell = (size_t)exponent * HISTOGRAM_LINEAR + (size_t)(value >> exponent);
    return cell < HISTOGRAM_CELLS ? cell : HISTOGRAM_CELLS - 1;
}

int64_t tarei_histogram_low(size_t cell)
{
    size_t exponent;

    if (cell < 2 * HISTOGRAM_LINEAR)
        return (int64_t)cell;
    exponent = cell / HISTOGRAM_LINEAR - 1;
    return (int64_t)(cell - exponent * HISTOGRAM_LINEAR) << exponent;
}

void tarei_histogram_add(struct tarei_histogram *h, int64_t ns)
{
    h->cell[tarei_histogram_cell(ns)]++;
    if (h->count == 0 || ns < h->min_ns)
        h->min_ns = ns;
    if (h->count == 0 || ns > h->max_ns)
        h->max_ns = ns;
    h->count++;
}

void tarei_histogram_merge(struct tarei_histogram *h,
                           const struct tarei_histogram *from)
{
    if (from->count == 0)
        return;
    for (size_t i = 0; i < HISTOGRAM_CELLS; i++)
        h->cell[i] += from->cell[i];
    if (h->count == 0 || from->min_ns < h->min_ns)
        h->min_ns = from->min_ns;
    if (h->count == 0 || from->max_ns > h->max_ns)
        h->max_ns = from->max_ns;
    h->count += from->count;
}

double tarei_histogram_quantile(const struct tarei_histogram *h, double q)
{
    double wanted = q * (double)h->count, share, value;
    uint64_t below = 0;
    size_t i = 0;

    if (h->count == 0)
        return 0;
    while (i < HISTOGRAM_CELLS - 1 &&
           (h->cell[i] == 0 || (double)(below + h->cell[i]) < wanted))
        below += h->cell[i++];
    share = h->cell[i] ? (wanted - (double)below) / (double)h->cell[i] : 0;
    value = (double)tarei_histogram_low(i) +
            (share > 0 ? share : 0) * (double)(tarei_histogram_low(i + 1) - 1 -
                                               tarei_histogram_low(i));
    if (value < (double)h->min_ns)
        return (double)h->min_ns;
    return value > (double)h->max_ns ? (double)h->max_ns : value;
}
