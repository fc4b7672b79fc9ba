/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/measure/disturbed.h"

#include <math.h>

static const double longest_wait = 0.01; /* of the slice's time */

bool slice_is_disturbed(const struct stage_slice *slice)
{
    bool moved = slice->cpu_begin >= 0 && slice->cpu_end >= 0 &&
                 slice->cpu_begin != slice->cpu_end;

    return moved || slice->major_faults > 0 ||
           (double)slice->run_delay_ns >
               longest_wait * (double)slice->elapsed_ns;
}

double disturbed_share(const struct stage_slice *slice, size_t n)
{
    size_t counted = 0, disturbed = 0;

    for (size_t i = 0; i < n; i++) {
        if (slice[i].order.flags & WIRE_EMPTY)
            continue;
        counted++;
        disturbed += slice_is_disturbed(&slice[i]);
    }
    return counted ? (double)disturbed / (double)counted : NAN;
}
