/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/measure/abreast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "runner/measure/calibrate.h"
#include "runner/measure/script.h"

enum {
    SCRIPTS =
        5, /* that a span is cut into: who is done runs on for up to one */
};

/* One lane at work. */
struct part_work {
    struct calibration calibration;
    struct stage_slice *slice; /* all of them */
    size_t n, room;
    size_t first; /* that counts, once all lanes have begun */
    struct side_report said;
    bool done;
};

struct abreast {
    const struct lanes *lanes;
    const struct subject *const *subject;
    size_t n;
    struct abreast_settings settings;
    struct part_work *work;
    size_t n_ready, n_begun, n_done;
    int64_t begun_ns, done_ns; /* when the last lane was */
    int failed;                /* a lane's error; the others leave */
    struct side_failure bad;
};

/* Until all lanes are there.  False when one of them failed instead. */
static bool meet(struct abreast *all, size_t *count)
{
    ++*count;
    baton_tell(all->lanes->baton);
    while (*count < all->n && !all->failed)
        baton_sleep(all->lanes->baton);
    return !all->failed;
}

static size_t script_length(const struct abreast *all,
                            const struct part_work *work)
{
    double fits = (double)all->settings.span_ns / SCRIPTS /
                  fmax(work->calibration.slice_ns, 1);

    if (fits < 1)
        return 1;
    return fits > WIRE_SLICES_MAX ? WIRE_SLICES_MAX : (size_t)fits;
}

static int run_script(struct abreast *all, struct part_work *work, size_t n,
                      const struct executor *executor, struct side_failure *bad,
                      struct error *err)
{
    struct script script = {.n = 0};
    int rc;

    if (work->n + n > work->room) {
        size_t room = 2 * work->room + n;
        struct stage_slice *more = realloc(work->slice, room * sizeof *more);

        if (!more)
            return ERROR(err, ERR_NOMEM, "no memory for samples");
        work->slice = more;
        work->room = room;
    }
    for (size_t i = 0; i < n; i++)
        script_add(&script, 0, work->calibration.iterations, 0, 0);
    rc = executor->run(executor->ctx, script.order, n, work->slice + work->n,
                       bad, err);
    if (rc == 0)
        work->n += n;
    return rc < 0 ? rc : all->failed;
}

/* Of the samples that began after every lane had, how long they took. */
static int64_t counted_ns(const struct abreast *all, struct part_work *work)
{
    const struct stage_slice *last = &work->slice[work->n - 1];

    while (work->first < work->n &&
           work->slice[work->first].begin_ns < all->begun_ns)
        work->first++;
    return work->first < work->n ? last->begin_ns + last->elapsed_ns -
                                       work->slice[work->first].begin_ns
                                 : 0;
}

static void end_span(struct abreast *all, struct part_work *work, int64_t now)
{
    work->done = true;
    all->n_done++;
    if (all->n_done == all->n)
        all->done_ns = now;
}

/* The first script is for warming up and for the others to begin; then as many
 * as the span takes, and more until the last lane is done. */
static int run_scripts(struct abreast *all, struct part_work *work,
                       const struct executor *executor,
                       struct side_failure *bad, struct error *err)
{
    size_t n = script_length(all, work);
    int64_t deadline = all->settings.deadline_ns, now;
    int rc = run_script(all, work, n, executor, bad, err);

    all->n_begun++;
    if (all->n_begun == all->n)
        all->begun_ns = executor->now(executor->ctx);
    while (rc == 0 && all->n_done < all->n) {
        rc = run_script(all, work, n, executor, bad, err);
        now = executor->now(executor->ctx);
        if (rc == 0 && !work->done && all->n_begun == all->n &&
            (counted_ns(all, work) >= all->settings.span_ns ||
             (deadline && now >= deadline)))
            end_span(all, work, now);
    }
    return rc;
}

static int take_part(struct abreast *all, size_t lane,
                     const struct executor *executor, struct side_failure *bad,
                     struct error *err)
{
    struct part_work *work = &all->work[lane];
    const struct subject *subject = all->subject[lane];
    int rc = executor->open(executor->ctx, &subject, 1, bad, err);

    if (rc == 0)
        rc = calibrate(executor, 1, all->settings.sample_ns, &work->calibration,
                       bad, err);
    if (rc == 0 && !meet(all, &all->n_ready))
        rc = all->failed;
    if (rc == 0)
        rc = run_scripts(all, work, executor, bad, err);
    if (rc == 0)
        rc = executor->close(executor->ctx, &work->said, bad, err);
    if (rc < 0)
        executor->drop(executor->ctx);
    return rc;
}

static int work_on_part(void *ctx, size_t lane, const struct executor *executor,
                        struct error *err)
{
    struct abreast *all = ctx;
    struct side_failure bad = {0};
    int rc = take_part(all, lane, executor, &bad, err);

    if (rc < 0 && !all->failed) {
        all->failed = rc;
        all->bad = (struct side_failure){.side = (int)lane, .state = bad.state};
        baton_tell(all->lanes->baton);
    }
    return rc;
}

static int take_result(const struct abreast *all, const struct part_work *work,
                       struct arena *arena, struct abreast_part *part,
                       struct error *err)
{
    double iterations = 0, ns = 0;

    *part = (struct abreast_part){
        .iterations = work->calibration.iterations,
        .slice = arena_alloc(arena, work->n + 1, sizeof *part->slice),
        .items = work->said.items,
        .bytes = work->said.bytes,
        .strayed = work->said.strayed,
        .during = work->said.during,
    };
    if (!part->slice)
        return ERROR(err, ERR_NOMEM, "no memory for samples");
    for (size_t i = 0; i < work->n; i++) {
        const struct stage_slice *slice = &work->slice[i];

        if (slice->begin_ns < all->begun_ns ||
            slice->begin_ns + slice->elapsed_ns > all->done_ns)
            continue;
        part->slice[part->n++] = *slice;
        iterations += (double)slice->order.iterations;
        ns += (double)slice->elapsed_ns;
    }
    part->rate = ns > 0 ? 1e9 * iterations / ns : NAN;
    return 0;
}

static int take_results(const struct abreast *all, struct arena *arena,
                        struct abreast_part *part, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < all->n && rc == 0; i++)
        rc = take_result(all, &all->work[i], arena, &part[i], err);
    return rc;
}

int abreast_measure(const struct lanes *lanes,
                    const struct subject *const *subject, size_t n,
                    const struct abreast_settings *settings,
                    struct arena *arena, struct abreast_part *part,
                    struct side_failure *bad, struct error *err)
{
    struct abreast all = {
        .lanes = lanes, .subject = subject, .n = n, .settings = *settings};
    int rc;

    if (!all.settings.span_ns)
        all.settings.span_ns = 200000000;
    if (!all.settings.sample_ns)
        all.settings.sample_ns = 1000000;
    all.work = calloc(n, sizeof *all.work);
    if (!all.work)
        return ERROR(err, ERR_NOMEM, "no memory for lanes");
    rc = lanes_run(lanes, n, work_on_part, &all, err);
    if (rc == 0)
        rc = take_results(&all, arena, part, err);
    else
        *bad = all.bad;
    for (size_t i = 0; i < n; i++)
        free(all.work[i].slice);
    free(all.work);
    return rc;
}
