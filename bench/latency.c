/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "bench/latency.h"

#include <inttypes.h>
#include <stdio.h>

/* Cells that hold something, "index:count index:count"; at most
 * HISTOGRAM_CELLS of them, which fits into a message. */
static void add_cells(struct tarei_out *out, const struct tarei_histogram *h)
{
    static char text[WIRE_MESSAGE_MAX - 2048];
    size_t used = 0;

    for (size_t i = 0; i < HISTOGRAM_CELLS && used < sizeof text; i++)
        if (h->cell[i])
            used += (size_t)snprintf(text + used, sizeof text - used,
                                     "%s%zu:%" PRIu64, used ? " " : "", i,
                                     h->cell[i]);
    if (used < sizeof text)
        tarei_out_text(out, "histogram", text);
}

void tarei_out_latency(struct tarei_out *out, const struct tarei_bench *bench)
{
    static const struct {
        const char *key;
        double q;
    } quantile[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}};
    const struct tarei_histogram *h = bench->histogram;

    if (!h || h->count == 0)
        return;
    for (size_t i = 0; i < sizeof quantile / sizeof quantile[0]; i++)
        tarei_out_double(out, quantile[i].key,
                         tarei_histogram_quantile(h, quantile[i].q));
    tarei_out_int(out, "latency_min", h->min_ns);
    tarei_out_int(out, "latency_max", h->max_ns);
    tarei_out_int(out, "latency_count", (int64_t)h->count);
    tarei_out_int(out, "latency_floor", bench->lap_floor_ns);
    add_cells(out, h);
}
