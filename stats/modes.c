/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/modes.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/scope.h"
#include "stats/harrell_davis.h"
#include "stats/order.h"

/* A histogram of bins of equal mass. */
struct density {
    double edge[MODES_BINS + 1];
    double height[MODES_BINS]; /* 1 / width: relative to each other */
};

struct landscape {
    struct density density;
    size_t peak[MODES_BINS]; /* of the modes found, as bins */
    size_t cut[MODES_BINS];  /* the lowest bin behind each but the last */
    size_t modes;
};

/* Values as coarse as their clock would stand in heaps that look like modes:
 * spread equal ones evenly over the smallest step between different ones. */
static void spread_ties(double *sorted, size_t n)
{
    double step = sorted[n - 1] - sorted[0];

    for (size_t i = 1; i < n; i++)
        if (sorted[i] > sorted[i - 1])
            step = fmin(step, sorted[i] - sorted[i - 1]);
    for (size_t i = 0, end; i < n; i = end) {
        double count;

        for (end = i + 1; end < n && sorted[end] == sorted[i];)
            end++;
        count = (double)(end - i);
        for (size_t k = end; k-- > i;)
            sorted[k] += step * (((double)(k - i) + 0.5) / count - 0.5);
    }
}

static void build(const double *sorted, size_t n, struct density *d)
{
    /* Equal quantiles would be infinitely high; they get the width that one
     * bin has when all of them share the range, divided by much. */
    double least = (sorted[n - 1] - sorted[0]) / MODES_BINS * 1e-9;

    d->edge[0] = sorted[0];
    d->edge[MODES_BINS] = sorted[n - 1];
    for (size_t i = 1; i < MODES_BINS; i++)
        d->edge[i] =
            harrell_davis_sorted(sorted, n, (double)i / MODES_BINS, NULL);
    for (size_t i = 0; i < MODES_BINS; i++)
        d->height[i] = 1 / fmax(d->edge[i + 1] - d->edge[i], least);
}

/* Ends count: with few values a narrow mode there has its highest bin last. */
static size_t peaks_of(const struct density *d, size_t *peak)
{
    size_t count = 0;

    for (size_t i = 0; i < MODES_BINS; i++) {
        bool rises = i == 0 || d->height[i] > d->height[i - 1];
        bool falls = i + 1 == MODES_BINS || d->height[i] >= d->height[i + 1];

        if (rises && falls)
            peak[count++] = i;
    }
    return count;
}

/* Whether a lowland parts two peaks: flood the valley to the height of the
 * lower one, and compare the mass of the bins under water with the area of the
 * pond. */
static bool is_parted(const struct density *d, size_t left, size_t right,
                      double sensitivity)
{
    double level = fmin(d->height[left], d->height[right]), pond;

    while (left < right && d->height[left] > level)
        left++;
    while (left < right && d->height[right] > level)
        right--;
    pond = (d->edge[right + 1] - d->edge[left]) * level;
    return (double)(right - left + 1) < sensitivity * pond;
}

static size_t lowest(const struct density *d, size_t left, size_t right)
{
    size_t at = left;

    for (size_t i = left; i <= right; i++)
        if (d->height[i] < d->height[at])
            at = i;
    return at;
}

static void add_mode(struct landscape *l, size_t peak, size_t cut)
{
    l->peak[l->modes] = peak;
    l->cut[l->modes++] = cut;
}

/* Part the last peak of the ridge from a new one: the ridge's highest peak, its
 * first, becomes a mode of its own. */
static bool part(struct landscape *l, const size_t *ridge, size_t size,
                 size_t peak, double sensitivity)
{
    size_t last = ridge[size - 1];

    if (!is_parted(&l->density, last, peak, sensitivity))
        return false;
    add_mode(l, ridge[0], lowest(&l->density, last, peak));
    return true;
}

/* Walk the peaks from left to right with a ridge of descending ones, none yet
 * parted from the others; a higher peak swallows the lower ones before it
 * unless a lowland lies between. */
static void survey(struct landscape *l, const size_t *peak, size_t peaks,
                   double sensitivity)
{
    const double *height = l->density.height;
    size_t ridge[MODES_BINS], size = 0;

    ridge[size++] = peak[0];
    for (size_t i = 1; i < peaks; i++) {
        while (size > 0 && height[ridge[size - 1]] < height[peak[i]])
            size = part(l, ridge, size, peak[i], sensitivity) ? 0 : size - 1;
        if (size > 0 && part(l, ridge, size, peak[i], sensitivity))
            size = 0;
        ridge[size++] = peak[i];
    }
    add_mode(l, ridge[0], MODES_BINS);
}

static void describe(const struct landscape *l, const double *sorted, size_t n,
                     struct mode *out)
{
    const double *edge = l->density.edge;
    size_t from = 0;

    for (size_t m = 0; m < l->modes; m++) {
        size_t cut = l->cut[m], to = n, at = l->peak[m];
        double end =
            cut < MODES_BINS ? (edge[cut] + edge[cut + 1]) / 2 : INFINITY;

        for (to = from; to < n && sorted[to] <= end;)
            to++;
        out[m].at = (edge[at] + edge[at + 1]) / 2;
        out[m].low = sorted[from < n ? from : n - 1];
        out[m].high = sorted[to > from ? to - 1 : from];
        out[m].share = (double)(to - from) / (double)n;
        from = to;
    }
}

int stats_modes(const double *x, size_t n, double sensitivity, struct mode *out,
                size_t *count, struct error *err)
{
    SCOPED(free_scoped) double *sorted = NULL;
    struct landscape l = {.modes = 0};
    size_t peak[MODES_BINS], peaks;
    int rc = stats_need(x, n, MODES_LEAST, err);

    if (rc == 0)
        rc = stats_sorted(x, n, &sorted, err);
    if (rc < 0)
        return rc;
    if (sorted[0] == sorted[n - 1]) {
        out[0] = (struct mode){sorted[0], sorted[0], sorted[0], 1};
        *count = 1;
        return 0;
    }
    spread_ties(sorted, n);
    build(sorted, n, &l.density);
    peaks = peaks_of(&l.density, peak);
    survey(&l, peak, peaks, sensitivity);
    describe(&l, sorted, n, out);
    *count = l.modes;
    return 0;
}
