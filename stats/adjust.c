/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/adjust.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"

struct entry {
    double p;
    size_t index; /* in the caller's array */
};

static int by_p(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    return (x->p > y->p) - (x->p < y->p);
}

/* Step-down: the i-th smallest of k is multiplied by k - i + 1, running
 * maximum from the smallest. */
static void step_down(double *sorted, size_t k)
{
    double top = 0;

    for (size_t i = 0; i < k; i++) {
        top = fmax(top, (double)(k - i) * sorted[i]);
        sorted[i] = fmin(1, top);
    }
}

/* Step-up: the i-th smallest of k is multiplied by scale k / i, running
 * minimum from the largest. */
static void step_up(double *sorted, size_t k, double scale)
{
    double least = 1;

    for (size_t i = k; i-- > 0;) {
        double stretched = scale * (double)k / (double)(i + 1) * sorted[i];

        least = fmin(least, stretched);
        sorted[i] = least;
    }
}

static double harmonic(size_t k)
{
    double sum = 0;

    for (size_t i = 1; i <= k; i++)
        sum += 1 / (double)i;
    return sum;
}

static int valid(const double *p, size_t n, struct error *err)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] < 0 || p[i] > 1)
            return ERROR(err, ERR_RANGE, "p-value %zu is %g, not in 0..1",
                         i + 1, p[i]);
    return 0;
}

int stats_adjust(enum adjustment how, const double *p, size_t n,
                 double *adjusted, struct error *err)
{
    SCOPED(free_scoped) struct entry *entry = NULL;
    SCOPED(free_scoped) double *sorted = NULL;
    size_t k = 0;

    if (valid(p, n, err) < 0)
        return ERR_RANGE;
    entry = malloc((n + 1) * sizeof *entry);
    sorted = malloc((n + 1) * sizeof *sorted);
    if (!entry || !sorted)
        return ERROR(err, ERR_NOMEM, "no memory for %zu p-values", n);
    for (size_t i = 0; i < n; i++) {
        adjusted[i] = p[i];
        if (!isnan(p[i]))
            entry[k++] = (struct entry){.p = p[i], .index = i};
    }
    qsort(entry, k, sizeof *entry, by_p);
    for (size_t i = 0; i < k; i++)
        sorted[i] = entry[i].p;
    if (how == ADJUST_HOLM)
        step_down(sorted, k);
    else
        step_up(sorted, k, how == ADJUST_BY ? harmonic(k) : 1);
    for (size_t i = 0; i < k; i++)
        adjusted[entry[i].index] = sorted[i];
    return 0;
}
