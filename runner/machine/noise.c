/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking for gaps between readings of a clock. */
#include <config.h>

#include "runner/machine/noise.h"

#include <math.h>

struct noise noise_probe(const struct noise_clock *clock, int64_t duration_ns)
{
    struct noise out = {0};
    int64_t begin = clock->now_ns(clock->ctx), last = begin, lost = 0;
    int64_t gaps = 0;

    while (last - begin < duration_ns) {
        int64_t now = clock->now_ns(clock->ctx), step = now - last;

        out.readings++;
        last = now;
        if (step > 0 && (out.step_ns == 0 || step < out.step_ns))
            out.step_ns = step;
        if (step < NOISE_GAP_NS)
            continue;
        gaps++;
        lost += step;
        if (step > out.longest_ns)
            out.longest_ns = step;
    }
    /* A gap holds one turn of the loop, too. */
    if (out.step_ns < NOISE_GAP_NS)
        lost -= gaps * out.step_ns;
    out.share = last > begin ? (double)lost / (double)(last - begin) : 0;
    out.gaps_per_s =
        last > begin ? (double)gaps * 1e9 / (double)(last - begin) : 0;
    return out;
}

int noise_class(double share)
{
    static const double quiet = 0.0005;

    return share > quiet ? (int)ceil(log2(share / quiet)) : 0;
}
