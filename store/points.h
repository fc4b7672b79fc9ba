/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points: what a run says of one metric of one case, for its series; private
 * to store/.  Called within a transaction. */
#ifndef STORE_POINTS_H
#define STORE_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

/* A case of a run, as far as writers need it. */
struct result_row {
    int64_t id;
    int64_t run;
    int64_t case_id;
    int64_t version;
    bool has_points; /* it is part of the history */
};

/* Add one more invocation to the point, which is added when missing.
 *
 * divisor  as for samples_encode() */
int points_add(struct store *store, const struct result_row *row,
               int64_t metric, const double *sample, size_t n, uint64_t divisor,
               struct error *err);

/* Make the points of a case of a run anew from its invocations; none when it
 * has no points. */
int points_rebuild(struct store *store, const struct result_row *row,
                   struct error *err);

/* Remove the points of a whole run. */
int points_remove_run(struct store *store, int64_t run, struct error *err);

#endif
