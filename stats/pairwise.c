/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/pairwise.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "base/scope.h"

static const size_t materialise_up_to = 10000;

/* The pairs as a matrix whose rows and columns ascend.  For shifts the rows
 * are the x from the largest down. */
struct matrix {
    enum pairwise kind;
    const double *x, *y;
    size_t rows, columns;
};

/* The columns of row r that are still candidates. */
struct row {
    size_t low, high;  /* high is exclusive */
    size_t less, upto; /* columns below, and below or at, the pivot */
};

static double at(const struct matrix *m, size_t r, size_t c)
{
    if (m->kind == PAIRWISE_WALSH)
        return m->x[r] / 2 + m->x[c] / 2; /* the sum could overflow */
    return m->y[c] - m->x[m->rows - 1 - r];
}

static size_t first_column(const struct matrix *m, size_t r)
{
    return m->kind == PAIRWISE_WALSH ? r : 0;
}

static size_t pairs_of(enum pairwise kind, size_t n, size_t m)
{
    return kind == PAIRWISE_WALSH ? n * (n + 1) / 2 : n * m;
}

static size_t gather(const struct matrix *m, const struct row *rows,
                     double *out)
{
    size_t count = 0;

    for (size_t r = 0; r < m->rows; r++)
        for (size_t c = rows[r].low; c < rows[r].high; c++)
            out[count++] = at(m, r, c);
    return count;
}

/* The median of the rows' middle candidates, each weighing its candidates: at
 * least a quarter of them lies on either side. */
static double weighted_pivot(const struct matrix *m, const struct row *rows,
                             size_t left, double *middle, double *weight)
{
    size_t n = 0;
    double sum = 0;

    for (size_t r = 0; r < m->rows; r++) {
        size_t width = rows[r].high - rows[r].low;

        if (width > 0) {
            middle[n] = at(m, r, rows[r].low + width / 2);
            weight[n++] = (double)width;
        }
    }
    gsl_sort2(middle, 1, weight, 1, n);
    for (size_t i = 0; i < n; i++) {
        sum += weight[i];
        if (2 * sum >= (double)left)
            return middle[i];
    }
    return middle[n - 1];
}

/* Count what lies below the pivot, walking the staircase once. */
static void count_below(const struct matrix *m, double pivot, struct row *rows,
                        size_t *less, size_t *upto)
{
    size_t a = m->columns, b = m->columns;

    *less = *upto = 0;
    for (size_t r = 0; r < m->rows; r++) {
        size_t first = first_column(m, r);

        while (a > first && at(m, r, a - 1) >= pivot)
            a--;
        while (b > first && at(m, r, b - 1) > pivot)
            b--;
        rows[r].less = a > first ? a : first;
        rows[r].upto = b > first ? b : first;
        *less += rows[r].less - first;
        *upto += rows[r].upto - first;
    }
}

/* Drop the candidates on the wrong side of the pivot; true when it is the
 * pivot that was looked for. */
static bool cut(const struct matrix *m, size_t rank, double pivot,
                struct row *rows)
{
    size_t less, upto;

    count_below(m, pivot, rows, &less, &upto);
    if (less <= rank && rank < upto)
        return true;
    for (size_t r = 0; r < m->rows; r++) {
        if (less > rank && rows[r].high > rows[r].less)
            rows[r].high = rows[r].less;
        else if (upto <= rank && rows[r].low < rows[r].upto)
            rows[r].low = rows[r].upto;
    }
    return false;
}

static size_t candidates(const struct matrix *m, const struct row *rows,
                         size_t *below)
{
    size_t left = 0;

    *below = 0;
    for (size_t r = 0; r < m->rows; r++) {
        left += rows[r].high - rows[r].low;
        *below += rows[r].low - first_column(m, r);
    }
    return left;
}

/* One order statistic without making the matrix.  `room` has space for
 * materialise_up_to values and twice the rows behind them. */
static double select_implicit(const struct matrix *m, size_t rank,
                              struct row *rows, double *room)
{
    double *middle = room + materialise_up_to;
    size_t left, below;

    for (size_t r = 0; r < m->rows; r++)
        rows[r] = (struct row){.low = first_column(m, r), .high = m->columns};
    while ((left = candidates(m, rows, &below)) > materialise_up_to) {
        double pivot = weighted_pivot(m, rows, left, middle, middle + m->rows);

        if (cut(m, rank, pivot, rows))
            return pivot;
    }
    gather(m, rows, room);
    return gsl_stats_select(room, 1, left, rank - below);
}

int pairwise_select(enum pairwise kind, const double *x, size_t n,
                    const double *y, size_t m, const size_t *rank, size_t count,
                    double *out, struct error *err)
{
    const struct matrix matrix = {
        .kind = kind,
        .x = x,
        .y = y,
        .rows = n,
        .columns = kind == PAIRWISE_WALSH ? n : m,
    };
    size_t pairs = pairs_of(kind, n, m);
    size_t room_size = pairs;
    SCOPED(free_scoped) struct row *rows = calloc(n, sizeof *rows);
    SCOPED(free_scoped) double *room = NULL;

    if (pairs > materialise_up_to)
        room_size = materialise_up_to + 2 * n;
    room = malloc(room_size * sizeof *room);
    if (!rows || !room)
        return ERROR(err, ERR_NOMEM, "no memory for %zu pairs", pairs);
    if (pairs > materialise_up_to) {
        for (size_t i = 0; i < count; i++)
            out[i] = select_implicit(&matrix, rank[i], rows, room);
        return 0;
    }
    for (size_t r = 0; r < n; r++)
        rows[r] = (struct row){.low = first_column(&matrix, r),
                               .high = matrix.columns};
    gather(&matrix, rows, room);
    for (size_t i = 0; i < count; i++)
        out[i] = gsl_stats_select(room, 1, pairs, rank[i]);
    return 0;
}

int pairwise_interval(enum pairwise kind, const double *x, size_t n,
                      const double *y, size_t m, size_t c,
                      struct rank_interval *out, struct error *err)
{
    size_t pairs = pairs_of(kind, n, m);
    size_t rank[4] = {(pairs - 1) / 2, pairs / 2, 0, pairs - 1};
    double value[4];
    int rc;

    if (c > 0) {
        rank[2] = c - 1;
        rank[3] = pairs - c;
    }
    rc = pairwise_select(kind, x, n, y, m, rank, 4, value, err);
    if (rc < 0)
        return rc;
    out->centre = value[0] / 2 + value[1] / 2;
    out->low = c > 0 ? value[2] : -INFINITY;
    out->high = c > 0 ? value[3] : INFINITY;
    out->open = c == 0;
    return 0;
}
