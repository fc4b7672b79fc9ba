/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measuring the anchors with the means that measure everything else.
 *
 * They need no layout of their own, so one process serves all of them, and no
 * calibration: samples of a fixed count, which take about a quarter of a
 * millisecond.  Every run pays for them. */
#include <config.h>

#include "runner/measure/anchors.h"

#include <math.h>

#include "base/scope.h"
#include "runner/measure/script.h"
#include "stats/order.h"

static const struct {
    const char *name;
    uint64_t iterations; /* of a sample */
} anchors[] = {
    {"integer", 2500}, {"syscall", 1500}, {"fork", 1},
    {"memory", 80},    {"chase", 20},
};

enum {
    ANCHORS = ARRAY_LEN(anchors),
    INVOCATIONS = 3,
    WARM = 2,
    SAMPLES = 5,
};

struct anchoring {
    struct subject subject;
    uint64_t iterations;        /* of a sample */
    double median[INVOCATIONS]; /* of the samples */
    size_t n;
    bool failed;
};

static int invoke(const struct executor *executor, struct anchoring *a,
                  struct error *err)
{
    const struct subject *subject = &a->subject;
    struct stage_slice slice[WARM + SAMPLES + 1]; /* and the empty loop */
    struct side_failure bad;
    struct side_report said;
    double x[SAMPLES];
    struct script script;
    int rc = executor->open(executor->ctx, &subject, 1, &bad, err);

    script_solo(&script, WARM + SAMPLES, a->iterations);
    if (rc == 0)
        rc = executor->run(executor->ctx, script.order, script.n, slice, &bad,
                           err);
    if (rc == 0)
        rc = executor->close(executor->ctx, &said, &bad, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < SAMPLES; i++)
        x[i] =
            fmax((double)slice[WARM + i].elapsed_ns, 1) / (double)a->iterations;
    return stats_median(x, SAMPLES, &a->median[a->n++], err);
}

/* Each anchor once, all in one process. */
static int round_of(const struct executor *executor, struct anchoring *anchor,
                    struct error *err)
{
    for (size_t i = 0; i < ANCHORS; i++) {
        struct error why = {0};
        int rc = anchor[i].failed ? 0 : invoke(executor, &anchor[i], &why);

        anchor[i].failed |= rc < 0;
        if (rc == 0 || rc == ERR_PEER || rc == ERR_TIMEOUT)
            continue;
        if (err)
            *err = why;
        return rc;
    }
    return 0;
}

static int take(const struct anchoring *anchor, struct arena *arena,
                struct occasion *occasion, struct error *err)
{
    occasion->anchor = arena_alloc(arena, ANCHORS, sizeof *occasion->anchor);
    occasion->n_anchors = 0;
    if (!occasion->anchor)
        return ERROR(err, ERR_NOMEM, "no memory for anchors");
    for (size_t i = 0; i < ANCHORS; i++) {
        struct anchor *to = &occasion->anchor[occasion->n_anchors];

        if (anchor[i].failed)
            continue;
        to->name = anchors[i].name;
        if (stats_median(anchor[i].median, INVOCATIONS, &to->value, err) == 0)
            occasion->n_anchors++;
    }
    return 0;
}

int anchors_measure(const struct executor *executor, const char *self,
                    struct arena *arena, struct occasion *occasion,
                    struct error *err)
{
    char *argv[] = {arena_strdup(arena, self), NULL};
    struct anchoring anchor[ANCHORS] = {0};
    int rc = 0;

    if (!argv[0])
        return ERROR(err, ERR_NOMEM, "no memory for anchors");
    for (size_t i = 0; i < ANCHORS; i++)
        anchor[i] = (struct anchoring){
            .subject = {.id = anchors[i].name,
                        .name = anchors[i].name,
                        .program = "tare",
                        .argv = argv,
                        .stays = i + 1 < ANCHORS},
            .iterations = anchors[i].iterations,
        };
    for (int k = 0; k < INVOCATIONS && rc == 0; k++)
        rc = round_of(executor, anchor, err);
    executor->drop(executor->ctx);
    return rc < 0 ? rc : take(anchor, arena, occasion, err);
}
