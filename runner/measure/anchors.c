/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measuring the anchors with the means that measure everything else. */
#include <config.h>

#include "runner/measure/anchors.h"

#include <math.h>

#include "base/scope.h"
#include "runner/measure/solo.h"
#include "stats/order.h"

static const char *const names[] = {"integer", "memory", "chase", "syscall",
                                    "fork"};

enum { ANCHORS = ARRAY_LEN(names), INVOCATIONS = 3 };

DEFINE_SCOPED(struct results *, results_free)

/* Median over invocations of the median of their samples; NaN for none. */
static double centre_of(const struct invocations *in)
{
    double medians[INVOCATIONS], centre;
    size_t n = 0;

    for (size_t i = 0; i < in->n && n < INVOCATIONS; i++)
        if (stats_median(in->invocation[i].sample, in->invocation[i].n,
                         &medians[n], NULL) == 0)
            n++;
    return n && stats_median(medians, n, &centre, NULL) == 0 ? centre : NAN;
}

static int take(const struct results *results, struct arena *arena,
                struct occasion *occasion, struct error *err)
{
    occasion->anchor = arena_alloc(arena, ANCHORS, sizeof *occasion->anchor);
    occasion->n_anchors = 0;
    if (!occasion->anchor)
        return ERROR(err, ERR_NOMEM, "no memory for anchors");
    for (size_t i = 0; i < results->n_cases; i++) {
        const struct metric *time = results_metric(&results->cases[i], "time");
        double value = time ? centre_of(&time->occasion[0]) : NAN;

        if (isfinite(value))
            occasion->anchor[occasion->n_anchors++] =
                (struct anchor){.name = names[i], .value = value};
    }
    return 0;
}

int anchors_measure(const struct executor *executor, const char *self,
                    uint64_t seed, struct arena *arena,
                    struct occasion *occasion, struct error *err)
{
    SCOPED(results_free_scoped) struct results *results = results_new();
    char *argv[] = {arena_strdup(arena, self), NULL};
    struct subject subject[ANCHORS];
    struct solo_settings settings = {
        .invocations = INVOCATIONS, .samples = 5, .warmup = 3, .seed = seed};
    int rc;

    if (!argv[0] || !results || !results_add_occasion(results))
        return ERROR(err, ERR_NOMEM, "no memory for anchors");
    for (size_t i = 0; i < ANCHORS; i++)
        subject[i] = (struct subject){
            .id = names[i], .name = names[i], .program = "tare", .argv = argv};
    rc =
        solo_measure(executor, subject, ANCHORS, &settings, NULL, results, err);
    return rc < 0 ? rc : take(results, arena, occasion, err);
}
