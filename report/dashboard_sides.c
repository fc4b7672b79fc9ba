/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both sides of a comparison measured, short enough for a page. */
#include <config.h>

#include "report/dashboard_parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "stats/order.h"

/* Order statistics that stand for all samples of a side, and invocations whose
 * medians are told. */
enum { QUANTILES = 201, MEDIANS_MOST = 1000 };

static size_t count_samples(const struct invocations *in)
{
    size_t n = 0;

    for (size_t i = 0; i < in->n; i++)
        n += in->invocation[i].n;
    return n;
}

/* All finite samples, sorted. */
static size_t gather(const struct invocations *in, double *out)
{
    size_t n = 0;

    for (size_t i = 0; i < in->n; i++)
        for (size_t k = 0; k < in->invocation[i].n; k++)
            if (isfinite(in->invocation[i].sample[k]))
                out[n++] = in->invocation[i].sample[k];
    stats_sort(out, n);
    return n;
}

/* Few samples are told as they are; of many, evenly spaced ones from the
 * smallest to the largest. */
static void put_samples(struct json *json, const double *sorted, size_t n)
{
    json_set_int(json, "samples", (int64_t)n);
    json_key(json, "sorted");
    json_array(json);
    for (size_t i = 0; i < n && n <= QUANTILES; i++)
        json_double(json, sorted[i]);
    for (size_t i = 0; i < QUANTILES && n > QUANTILES; i++)
        json_double(
            json,
            sorted[(i * (n - 1) + (QUANTILES - 1) / 2) / (QUANTILES - 1)]);
    json_array_end(json);
}

static void put_medians(struct json *json, const struct invocations *in)
{
    json_set_int(json, "invocations", (int64_t)in->n);
    json_key(json, "medians");
    json_array(json);
    for (size_t i = 0; i < in->n && i < MEDIANS_MOST; i++) {
        double middle = NAN;

        stats_median(in->invocation[i].sample, in->invocation[i].n, &middle,
                     NULL);
        json_double(json, middle);
    }
    json_array_end(json);
}

static void put_side(struct json *json, const char *key,
                     const struct invocations *in)
{
    SCOPED(free_scoped)
    double *x = calloc(count_samples(in) + 1, sizeof *x);

    json_key(json, key);
    json_object(json);
    if (x)
        put_samples(json, x, gather(in, x));
    put_medians(json, in);
    json_object_end(json);
    json->out->failed |= !x;
}

static const struct invocations *find(const struct results *results,
                                      const struct gate_case *c)
{
    const struct case_results *of =
        results ? results_find(results, c->id) : NULL;
    const struct metric *metric = of ? results_metric(of, c->metric) : NULL;

    return metric && metric->occasion[0].n ? &metric->occasion[0] : NULL;
}

void dashboard_distributions(struct json *json, const struct dashboard *d)
{
    json_key(json, "distributions");
    json_list(json);
    for (size_t i = 0; d->gate && i < d->gate->n_cases; i++) {
        const struct gate_case *c = &d->gate->cases[i];
        const struct invocations *was = find(d->old_side, c);
        const struct invocations *is = find(d->new_side, c);

        if (!was || !is)
            continue;
        json_object(json);
        json_set_int(json, "case", (int64_t)i);
        put_side(json, "old", was);
        put_side(json, "new", is);
        json_object_end(json);
    }
    json_array_end(json);
}
