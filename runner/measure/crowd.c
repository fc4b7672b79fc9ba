/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lanes as neighbours: all but the first run cases at random while they are
 * told to. */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "runner/measure/calibrate.h"
#include "runner/measure/interference.h"
#include "runner/measure/script.h"

enum {
    SCRIPT_NS = 20000000, /* between two looks at whether to rest */
    SCRIPT_SLICES = 20,
};

struct neighbours {
    const struct lanes *lanes;
    const struct subject *subject;
    size_t n;
    bool *failed; /* subjects that could not be measured */
    uint64_t random;
    bool busy, over;
    size_t generation; /* of the cases they have open */
    size_t n_ready, n_running;
    /* what the first lane does */
    const struct interference_settings *settings;
    interference_progress *progress;
    void *ctx;
    struct interference_case *out;
};

/* One lane of them. */
struct neighbour {
    const struct executor *executor;
    const struct subject *subject; /* that is open, NULL: none */
    size_t generation;
    struct calibration calibration;
    bool running; /* and counted as such */
};

/* ---- a neighbour */

static const struct subject *draw(struct neighbours *all)
{
    size_t left = 0, k;

    for (size_t i = 0; i < all->n; i++)
        left += !all->failed[i];
    if (left == 0)
        return NULL;
    k = random_below(&all->random, left);
    for (size_t i = 0; i < all->n; i++)
        if (!all->failed[i] && k-- == 0)
            return &all->subject[i];
    return NULL;
}

/* What fails under a neighbour is no neighbour; the next one drawn is. */
static int forgive(struct neighbours *all, struct neighbour *self,
                   const struct subject *subject, int rc)
{
    if (rc != ERR_PEER && rc != ERR_TIMEOUT)
        return rc;
    all->failed[subject - all->subject] = true;
    self->subject = NULL;
    return 0;
}

static int get_ready(struct neighbours *all, struct neighbour *self,
                     struct error *err)
{
    const struct executor *executor = self->executor;
    int rc = 0;

    executor->drop(executor->ctx);
    self->subject = NULL;
    self->generation = all->generation;
    while (rc == 0 && !self->subject) {
        const struct subject *subject = draw(all);
        struct side_failure bad;

        if (!subject)
            break;
        rc = executor->open(executor->ctx, &subject, 1, &bad, err);
        if (rc == 0)
            rc = calibrate(executor, 1, SCRIPT_NS / SCRIPT_SLICES,
                           &self->calibration, &bad, err);
        if (rc == 0)
            self->subject = subject;
        rc = forgive(all, self, subject, rc);
    }
    all->n_ready++;
    baton_tell(all->lanes->baton);
    return rc;
}

static int work_a_while(struct neighbours *all, struct neighbour *self,
                        struct error *err)
{
    struct stage_slice slice[SCRIPT_SLICES];
    struct script script = {.n = 0};
    struct side_failure bad;
    double fits = SCRIPT_NS / fmax(self->calibration.slice_ns, 1);
    size_t n = fits < 1               ? 1
               : fits > SCRIPT_SLICES ? SCRIPT_SLICES
                                      : (size_t)fits;

    for (size_t i = 0; i < n; i++)
        script_add(&script, 0, self->calibration.iterations, 0, 0);
    return forgive(all, self, self->subject,
                   self->executor->run(self->executor->ctx, script.order, n,
                                       slice, &bad, err));
}

static void say_running(struct neighbours *all, struct neighbour *self,
                        bool running)
{
    if (self->running == running)
        return;
    self->running = running;
    all->n_running += running ? 1 : -1;
    baton_tell(all->lanes->baton);
}

static int be_neighbour(struct neighbours *all, const struct executor *executor,
                        struct error *err)
{
    struct neighbour self = {.executor = executor};
    int rc = 0;

    while (rc == 0 && !all->over) {
        say_running(all, &self, all->busy);
        if (self.generation != all->generation)
            rc = get_ready(all, &self, err);
        else if (all->busy && self.subject)
            rc = work_a_while(all, &self, err);
        else
            baton_sleep(all->lanes->baton);
    }
    executor->drop(executor->ctx);
    return rc;
}

/* ---- what the first lane sees of them */

/* Nobody who waits for others waits for one that left. */
static int await(struct neighbours *all, const size_t *count, size_t wanted,
                 struct error *err)
{
    while (*count != wanted && !all->over)
        baton_sleep(all->lanes->baton);
    return all->over ? ERROR(err, ERR_STOPPED, "a neighbour ended") : 0;
}

static int renew(void *ctx, struct error *err)
{
    struct neighbours *all = ctx;

    all->n_ready = 0;
    all->generation++;
    baton_tell(all->lanes->baton);
    return await(all, &all->n_ready, all->lanes->n - 1, err);
}

static int set_busy(void *ctx, bool busy, struct error *err)
{
    struct neighbours *all = ctx;

    all->busy = busy;
    baton_tell(all->lanes->baton);
    return await(all, &all->n_running, busy ? all->lanes->n - 1 : 0, err);
}

static int work_on_check(void *ctx, size_t lane,
                         const struct executor *executor, struct error *err)
{
    struct neighbours *all = ctx;
    const struct crowd crowd = {.ctx = all, .renew = renew, .set = set_busy};
    int rc = lane == 0
                 ? interference_check(executor, &crowd, all->subject, all->n,
                                      all->settings, all->progress, all->ctx,
                                      all->out, err)
                 : be_neighbour(all, executor, err);

    executor->drop(executor->ctx);
    all->over = true;
    baton_tell(all->lanes->baton);
    return rc;
}

int interference_check_on(const struct lanes *lanes,
                          const struct subject *subject, size_t n,
                          const struct interference_settings *settings,
                          interference_progress *progress, void *ctx,
                          struct interference_case *out, struct error *err)
{
    struct neighbours all = {
        .lanes = lanes,
        .subject = subject,
        .n = n,
        .random = settings->seed ^ 0x6e65696768626f75u,
        .settings = settings,
        .progress = progress,
        .ctx = ctx,
        .out = out,
    };
    SCOPED(free_scoped) bool *failed = calloc(n ? n : 1, sizeof *failed);

    if (!failed)
        return ERROR(err, ERR_NOMEM, "no memory for neighbours");
    all.failed = failed;
    return lanes_run(lanes, lanes->n, work_on_check, &all, err);
}
