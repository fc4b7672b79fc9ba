/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/warmup.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "stats/order.h"

static int shortest(const struct invocation *process, size_t n, size_t *length,
                    struct error *err)
{
    *length = n > 0 ? process[0].n : 0;
    for (size_t p = 0; p < n; p++) {
        int rc = stats_need(process[p].sample, process[p].n,
                            WARMUP_LEAST + WARMUP_WINDOW, err);

        if (rc < 0)
            return rc;
        for (size_t i = 0; i < process[p].n; i++)
            if (process[p].sample[i] <= 0)
                return ERROR(err, ERR_RANGE,
                             "sample %zu of process %zu is not positive", i + 1,
                             p + 1);
        if (process[p].n < *length)
            *length = process[p].n;
    }
    return n > 0 ? 0 : ERROR(err, ERR_RANGE, "no process in the pilot");
}

/* Median over processes of samples from .. from + 4, each relative to the
 * level its process settles at. */
static int window(const struct invocation *process, size_t n, size_t from,
                  const double *level, double *room, double *out,
                  struct error *err)
{
    size_t count = 0;

    for (size_t p = 0; p < n; p++)
        for (size_t i = from; i < from + WARMUP_WINDOW; i++)
            room[count++] = process[p].sample[i] / level[p];
    return stats_median(room, count, out, err);
}

int stats_warmup(const struct invocation *process, size_t n, double tolerance,
                 struct warmup *out, struct error *err)
{
    SCOPED(free_scoped) double *level = NULL;
    SCOPED(free_scoped) double *room = NULL;
    size_t length;
    int rc = shortest(process, n, &length, err);

    if (rc < 0)
        return rc;
    level = malloc(n * sizeof *level);
    room = malloc(n * WARMUP_WINDOW * sizeof *room);
    if (!level || !room)
        return ERROR(err, ERR_NOMEM, "no memory for %zu processes", n);
    for (size_t p = 0; p < n && rc == 0; p++)
        rc = stats_median(process[p].sample + length / 2, length - length / 2,
                          &level[p], err);
    for (size_t w = WARMUP_LEAST; rc == 0 && w + WARMUP_WINDOW <= length; w++) {
        double median;

        rc = window(process, n, w, level, room, &median, err);
        if (rc == 0 && fabs(median - 1) <= tolerance) {
            *out = (struct warmup){.discard = w, .steady = true};
            return 0;
        }
    }
    if (rc == 0)
        *out = (struct warmup){
            .discard = length / 2 > WARMUP_LEAST ? length / 2 : WARMUP_LEAST};
    return rc;
}
