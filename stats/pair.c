/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/pair.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "stats/order.h"

double block_value(const struct slice_block *block)
{
    double sum = 0;

    for (size_t i = 0; i < 2; i++) {
        double a = block->old_ns[i], b = block->new_ns[i];

        if (!(a > 0 && b > 0) || isinf(a) || isinf(b))
            return NAN;
        sum += log(b / a);
    }
    return isfinite(sum) ? sum / 2 : NAN;
}

/* The blocks' values, the *clean undisturbed ones first. */
static int values(const struct slice_block *block, size_t n, double *value,
                  size_t *clean, struct error *err)
{
    size_t front = 0, back = n;

    for (size_t i = 0; i < n; i++) {
        double v = block_value(&block[i]);

        if (isnan(v))
            return ERROR(err, ERR_RANGE,
                         "a slice of block %zu has no positive time", i + 1);
        value[block[i].disturbed ? --back : front++] = v;
    }
    *clean = front;
    return 0;
}

static int sides(const struct slice_block *block, size_t n, double *room,
                 struct pair_value *out, struct error *err)
{
    int rc;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 2; k++) {
            room[2 * i + k] = block[i].old_ns[k];
            room[2 * (n + i) + k] = block[i].new_ns[k];
            out->old_total += block[i].old_ns[k];
            out->new_total += block[i].new_ns[k];
        }
    rc = stats_median(room, 2 * n, &out->old_ns, err);
    if (rc == 0)
        rc = stats_median(room + 2 * n, 2 * n, &out->new_ns, err);
    return rc;
}

int pair_summarise(const struct slice_block *block, size_t n,
                   struct pair_value *out, struct error *err)
{
    SCOPED(free_scoped) double *room = NULL;
    struct pair_value pair = {.blocks = n, .log_clean = NAN};
    size_t clean = 0;
    int rc;

    if (n == 0)
        return ERROR(err, ERR_RANGE, "a pair without blocks");
    room = malloc(4 * n * sizeof *room);
    if (!room)
        return ERROR(err, ERR_NOMEM, "no memory for %zu blocks", n);
    rc = values(block, n, room, &clean, err);
    if (rc == 0 && clean > 0)
        rc = stats_median(room, clean, &pair.log_clean, err);
    if (rc == 0)
        rc = stats_median(room, n, &pair.log_ratio, err);
    if (rc == 0)
        rc = sides(block, n, room, &pair, err);
    if (rc < 0)
        return rc;
    pair.left_out = n - clean;
    *out = pair;
    return 0;
}
