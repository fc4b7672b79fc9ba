/* SPDX-License-Identifier: MIT */
/* Log-linear histogram of nanoseconds: 64 cells for each power of two, so that
 * a cell is at most 1/64 (1.6 %) of its value wide; below 64 ns one cell a
 * nanosecond.  The scheme is that of HdrHistogram (Tene, 2013). */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

enum {
    HISTOGRAM_BITS = 6,
    HISTOGRAM_LINEAR = 1 << HISTOGRAM_BITS,
    HISTOGRAM_EXPONENTS = 40 - HISTOGRAM_BITS, /* up to 2^40 ns, 18 minutes */
    HISTOGRAM_CELLS = HISTOGRAM_LINEAR * (HISTOGRAM_EXPONENTS + 1)
};

/* A zeroed struct is empty. */
struct tarei_histogram {
    uint64_t cell[HISTOGRAM_CELLS];
    uint64_t count;
    int64_t min_ns, max_ns; /* exact; 0 while empty */
};

/* Cell of a value; negative ones count as 0, those beyond the last cell go
 * there. */
size_t tarei_histogram_cell(int64_t ns);

/* The smallest value of a cell; of one behind the last, where that ends. */
int64_t tarei_histogram_low(size_t cell);

void tarei_histogram_add(struct tarei_histogram *h, int64_t ns);

/* Add everything of `from`. */
void tarei_histogram_merge(struct tarei_histogram *h,
                           const struct tarei_histogram *from);

/* The value below which the share q (0 to 1) lies: within the cell that holds
 * it by the rank in it, as if its values lay evenly, so that a small change is
 * not rounded to a whole cell; at least the smallest and at most the largest
 * value seen.  0 when empty. */
double tarei_histogram_quantile(const struct tarei_histogram *h, double q);

#endif
