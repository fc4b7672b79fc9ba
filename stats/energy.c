/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/energy.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "base/scope.h"
#include "stats/order.h"

struct energy {
    size_t n;
    double *value;        /* less the median, which saves digits */
    size_t *rank;         /* of each value, from 1; ties in any order */
    double *count, *sum;  /* binary indexed trees over the ranks */
    double *left, *right; /* sums of distances within both sides, [n + 1] */
    double total;         /* over all pairs */
};

void energy_free(struct energy *energy)
{
    if (!energy)
        return;
    free(energy->value);
    free(energy->rank);
    free(energy->count);
    free(energy->sum);
    free(energy->left);
    free(energy->right);
    free(energy);
}

DEFINE_SCOPED(struct energy *, energy_free)

static struct energy *room_for(size_t n)
{
    struct energy *e = calloc(1, sizeof *e);

    if (!e)
        return NULL;
    e->n = n;
    e->value = malloc(n * sizeof *e->value);
    e->rank = malloc(n * sizeof *e->rank);
    e->count = malloc((n + 1) * sizeof *e->count);
    e->sum = malloc((n + 1) * sizeof *e->sum);
    e->left = malloc((n + 1) * sizeof *e->left);
    e->right = malloc((n + 1) * sizeof *e->right);
    if (e->value && e->rank && e->count && e->sum && e->left && e->right)
        return e;
    energy_free(e);
    return NULL;
}

/* Fenwick, "A new data structure for cumulative frequency tables", Software
 * Practice and Experience 24 (1994). */
static void tree_add(double *tree, size_t n, size_t at, double v)
{
    for (; at <= n; at += at & (~at + 1))
        tree[at] += v;
}

static double tree_sum(const double *tree, size_t at)
{
    double sum = 0;

    for (; at > 0; at -= at & (~at + 1))
        sum += tree[at];
    return sum;
}

static size_t in_order(const size_t *order, size_t i, size_t n, bool reversed)
{
    size_t at = reversed ? n - 1 - i : i;

    return order ? order[at] : at;
}

/* within[k]: the distances among the first k values, taken from either end. */
static void running(struct energy *e, const size_t *order, bool reversed,
                    double *within)
{
    size_t n = e->n;
    double all = 0;

    memset(e->count, 0, (n + 1) * sizeof *e->count);
    memset(e->sum, 0, (n + 1) * sizeof *e->sum);
    within[0] = 0;
    for (size_t k = 0; k < n; k++) {
        size_t i = in_order(order, k, n, reversed);
        double x = e->value[i], below = tree_sum(e->count, e->rank[i]);
        double sum_below = tree_sum(e->sum, e->rank[i]);

        within[k + 1] = within[k] + x * below - sum_below + (all - sum_below) -
                        x * ((double)k - below);
        tree_add(e->count, n, e->rank[i], 1);
        tree_add(e->sum, n, e->rank[i], x);
        all += x;
    }
}

static void fill(struct energy *e, const size_t *order)
{
    running(e, order, false, e->left);
    running(e, order, true, e->right);
    e->total = e->left[e->n];
}

/* The permutation sorts; its inverse ranks. */
static int rank_values(struct energy *e, struct error *err)
{
    SCOPED(free_scoped) size_t *sorted = malloc(e->n * sizeof *sorted);

    if (!sorted)
        return ERROR(err, ERR_NOMEM, "no memory for %zu ranks", e->n);
    gsl_sort_index(sorted, e->value, 1, e->n);
    for (size_t i = 0; i < e->n; i++)
        e->rank[sorted[i]] = i + 1;
    return 0;
}

int energy_new(const double *x, size_t n, struct energy **out,
               struct error *err)
{
    SCOPED(energy_free_scoped) struct energy *e = NULL;
    double median;
    int rc = stats_median(x, n, &median, err);

    if (rc < 0)
        return rc;
    e = room_for(n);
    if (!e)
        return ERROR(err, ERR_NOMEM, "no memory for %zu values", n);
    for (size_t i = 0; i < n; i++)
        e->value[i] = x[i] - median;
    rc = rank_values(e, err);
    if (rc < 0)
        return rc;
    *out = TAKE(e);
    return 0;
}

/* Divergence of split k; 2 <= k <= n - 2. */
static double divergence(const struct energy *e, size_t k)
{
    double a = (double)k, b = (double)(e->n - k);
    double left = e->left[k], right = e->right[e->n - k];
    double between = e->total - left - right;

    return a * b / (a + b) *
           (2 * between / (a * b) - 2 * left / (a * (a - 1)) -
            2 * right / (b * (b - 1)));
}

int energy_splits(const double *x, size_t n, double *q, struct error *err)
{
    SCOPED(energy_free_scoped) struct energy *e = NULL;
    int rc = energy_new(x, n, &e, err);

    if (rc < 0)
        return rc;
    fill(e, NULL);
    for (size_t k = 0; k < n; k++)
        q[k] = k >= 2 && k + 2 <= n ? divergence(e, k) : 0;
    return 0;
}

size_t energy_best_split(struct energy *energy, const size_t *order,
                         size_t least, double *q)
{
    size_t best = 0;

    *q = 0;
    if (energy->n < 2 * least)
        return 0;
    fill(energy, order);
    for (size_t k = least; k + least <= energy->n; k++) {
        double at = divergence(energy, k);

        if (best == 0 || at > *q) {
            best = k;
            *q = at;
        }
    }
    return best;
}

int energy_statistic(const double *x, size_t n, const double *y, size_t m,
                     double *out, struct error *err)
{
    SCOPED(energy_free_scoped) struct energy *e = NULL;
    SCOPED(free_scoped) double *both = malloc((n + m + 1) * sizeof *both);
    double a = (double)n, b = (double)m, left, right;
    int rc = stats_need(x, n, 1, err);

    if (!both)
        return ERROR(err, ERR_NOMEM, "no memory for %zu values", n + m);
    if (rc == 0)
        rc = stats_need(y, m, 1, err);
    if (rc < 0)
        return rc;
    memcpy(both, x, n * sizeof *both);
    memcpy(both + n, y, m * sizeof *both);
    rc = energy_new(both, n + m, &e, err);
    if (rc < 0)
        return rc;
    fill(e, NULL);
    left = e->left[n];
    right = e->right[m];
    *out = a * b / (a + b) *
           (2 * (e->total - left - right) / (a * b) - 2 * left / (a * a) -
            2 * right / (b * b));
    return 0;
}
