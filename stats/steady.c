/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/steady.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include <gsl/gsl_movstat.h>
#include <gsl/gsl_statistics_double.h>

#include "base/scope.h"
#include "stats/order.h"
#include "stats/pelt.h"

static const size_t window = 200;
static const double reach = 3, tail = 0.1, penalty_factor = 15;

const char *steady_name(enum steady_class is)
{
    static const char *const names[] = {
        [STEADY_UNSET] = "",
        [STEADY_FLAT] = "flat",
        [STEADY_WARM_UP] = "warm-up",
        [STEADY_SLOW_DOWN] = "slow-down",
        [STEADY_NONE] = "no-steady-state",
    };

    return names[is];
}

static void vector_scoped(gsl_vector **v)
{
    if (*v)
        gsl_vector_free(*v);
}

static void movstat_scoped(gsl_movstat_workspace **w)
{
    if (*w)
        gsl_movstat_free(*w);
}

/* Copy what is not an outlier of its window to kept[], its place to where[]. */
static int mask(const double *x, size_t n, double *kept, size_t *where,
                size_t *count, struct error *err)
{
    gsl_vector_const_view all = gsl_vector_const_view_array(x, n);
    SCOPED(movstat_scoped)
    gsl_movstat_workspace *work =
        gsl_movstat_alloc2(window / 2, window - window / 2 - 1);
    SCOPED(vector_scoped) gsl_vector *median = gsl_vector_alloc(n);
    SCOPED(vector_scoped) gsl_vector *range = gsl_vector_alloc(n);

    *count = 0;
    if (!work || !median || !range ||
        gsl_movstat_median(GSL_MOVSTAT_END_TRUNCATE, &all.vector, median,
                           work) ||
        gsl_movstat_qqr(GSL_MOVSTAT_END_TRUNCATE, &all.vector, tail, range,
                        work))
        return ERROR(err, ERR_NOMEM, "no memory for %zu samples", n);
    for (size_t i = 0; i < n; i++)
        if (fabs(x[i] - gsl_vector_get(median, i)) <=
            reach * gsl_vector_get(range, i)) {
            kept[*count] = x[i];
            where[(*count)++] = i;
        }
    return 0;
}

/* Walk the segments from the last to the first; start[] has their first points
 * and, behind the last of them, n. */
static void classify(const double *x, const size_t *start, size_t segments,
                     double tolerance, size_t *steady_start,
                     enum steady_class *is)
{
    size_t last = start[segments - 1], n = start[segments];
    double level = gsl_stats_mean(x + last, 1, n - last);
    double sd = n - last > 1 ? gsl_stats_sd(x + last, 1, n - last) : 0;
    double near = fmax(sd, tolerance * fabs(level));
    bool running = true, slower = false, faster = false;

    *steady_start = last;
    for (size_t s = segments - 1; s-- > 0;) {
        double mean = gsl_stats_mean(x + start[s], 1, start[s + 1] - start[s]);

        if (fabs(mean - level) > near) {
            running = false;
            slower |= mean > level;
            faster |= mean < level;
        } else if (running) {
            *steady_start = start[s];
        }
    }
    *is = STEADY_FLAT;
    if (slower || faster)
        *is = faster ? STEADY_SLOW_DOWN : STEADY_WARM_UP;
    if (*steady_start > n - n / 4)
        *is = STEADY_NONE;
}

int stats_steady(const double *x, size_t n, double tolerance,
                 struct steady *out, struct error *err)
{
    SCOPED(free_scoped) double *kept = NULL;
    SCOPED(free_scoped) size_t *where = NULL;
    SCOPED(free_scoped) size_t *start = NULL;
    size_t count, changes, from;
    struct steady steady = {.mean = NAN, .from = n};
    int rc = stats_need(x, n, STEADY_LEAST, err);

    if (rc < 0)
        return rc;
    kept = malloc(n * sizeof *kept);
    where = malloc(n * sizeof *where);
    start = malloc((n + 2) * sizeof *start);
    if (!kept || !where || !start)
        return ERROR(err, ERR_NOMEM, "no memory for %zu samples", n);
    rc = mask(x, n, kept, where, &count, err);
    if (rc == 0)
        rc = stats_pelt(kept, count, PELT_MEAN_VARIANCE,
                        penalty_factor * log((double)count), 2, start + 1,
                        &changes, NULL, err);
    if (rc < 0)
        return rc;
    start[0] = 0;
    start[changes + 1] = count;
    steady.segments = changes + 1;
    steady.masked = n - count;
    classify(kept, start, steady.segments, tolerance, &from, &steady.is);
    if (steady.is != STEADY_NONE) {
        steady.from = from == 0 ? 0 : where[from];
        steady.mean = gsl_stats_mean(kept + from, 1, count - from);
    }
    *out = steady;
    return 0;
}
