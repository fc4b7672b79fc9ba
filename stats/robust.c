/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/robust.h"

#include <stdlib.h>

#include <gsl/gsl_statistics_double.h>

#include "base/scope.h"
#include "stats/order.h"

static int qn_of(const double *sorted, size_t n, double *out, struct error *err)
{
    SCOPED(free_scoped) double *room = malloc(3 * n * sizeof *room);
    SCOPED(free_scoped) int *whole = malloc(5 * n * sizeof *whole);

    if (!room || !whole)
        return ERROR(err, ERR_NOMEM, "no memory for %zu values", n);
    *out = gsl_stats_Qn_from_sorted_data(sorted, 1, n, room, whole);
    return 0;
}

int stats_spread(const double *x, size_t n, double *out, struct error *err)
{
    SCOPED(free_scoped) double *sorted = NULL;
    int rc = stats_need(x, n, 2, err);

    if (rc == 0)
        rc = stats_sorted(x, n, &sorted, err);
    if (rc == 0)
        rc = qn_of(sorted, n, out, err);
    return rc;
}

int stats_robust(const double *x, size_t n, struct stats_robust *out,
                 struct error *err)
{
    SCOPED(free_scoped) double *sorted = NULL;
    SCOPED(free_scoped) double *room = NULL;
    struct stats_robust robust;
    int rc = stats_need(x, n, 2, err);

    if (rc == 0)
        rc = stats_sorted(x, n, &sorted, err);
    if (rc == 0)
        rc = qn_of(sorted, n, &robust.qn, err);
    if (rc < 0)
        return rc;
    room = malloc(n * sizeof *room);
    if (!room)
        return ERROR(err, ERR_NOMEM, "no memory for %zu values", n);
    robust.median = gsl_stats_median_from_sorted_data(sorted, 1, n);
    robust.mad = gsl_stats_mad(sorted, 1, n, room);
    robust.sn = gsl_stats_Sn_from_sorted_data(sorted, 1, n, room);
    *out = robust;
    return 0;
}
