/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/measure/invocation.h"

#include <math.h>

#include "runner/measure/script.h"

/* The report's strings live until the next close; ours live longer. */
static int keep_report(struct arena *arena, struct side_report *said)
{
    said->result = arena_strdup(arena, said->result);
    for (size_t i = 0; i < said->n_counters; i++) {
        said->counter[i].name = arena_strdup(arena, said->counter[i].name);
        said->counter[i].unit = arena_strdup(arena, said->counter[i].unit);
        if (!said->counter[i].name || !said->counter[i].unit)
            return ERR_NOMEM;
    }
    return said->result ? 0 : ERR_NOMEM;
}

int invocation_take(const struct executor *executor,
                    const struct subject *subject, size_t n,
                    uint64_t iterations, struct arena *arena, struct taken *out,
                    struct side_failure *bad, struct error *err)
{
    struct script script;
    struct taken taken = {.n = 0};
    int64_t start = executor->now(executor->ctx);
    int rc;

    script_solo(&script, n, iterations);
    taken.slice = arena_alloc(arena, script.n, sizeof *taken.slice);
    if (!taken.slice)
        return ERROR(err, ERR_NOMEM, "no memory for samples");
    rc = executor->open(executor->ctx, &subject, 1, bad, err);
    if (rc == 0)
        rc = executor->run(executor->ctx, script.order, script.n, taken.slice,
                           bad, err);
    if (rc == 0)
        rc = executor->close(executor->ctx, &taken.said, bad, err);
    if (rc < 0)
        return rc;
    taken.n = script.n - 1;
    taken.wall_ns = executor->now(executor->ctx) - start;
    if (keep_report(arena, &taken.said) < 0)
        return ERROR(err, ERR_NOMEM, "no memory for a report");
    *out = taken;
    return 0;
}

int invocation_times(const struct taken *taken, struct arena *arena,
                     struct invocation *out, struct error *err)
{
    double *x = arena_alloc(arena, taken->n, sizeof *x);

    if (!x)
        return ERROR(err, ERR_NOMEM, "no memory for samples");
    for (size_t i = 0; i < taken->n; i++)
        x[i] = fmax((double)taken->slice[i].elapsed_ns, 1);
    *out = (struct invocation){.sample = x, .n = taken->n};
    return 0;
}

double invocation_beside_ns(const struct taken *taken,
                            const struct stage_slice *slice, size_t n)
{
    double beside = (double)taken->wall_ns;

    for (size_t k = 0; k < n; k++)
        beside -= (double)slice[k].elapsed_ns;
    return beside > 0 ? beside : 0;
}
