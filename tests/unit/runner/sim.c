/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "tests/unit/runner/sim.h"

#include <math.h>
#include <string.h>

#include "runner/measure/script.h"

/* Sum of twelve uniforms: normal enough, and the same everywhere. */
static double noise(struct sim *sim)
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += (double)(random_next(&sim->random) >> 11) / 9007199254740992.0;
    return sum;
}

static struct sim_case *find(struct sim *sim, const struct subject *s)
{
    for (size_t i = 0; i < sim->n_cases; i++) {
        struct sim_case *c = &sim->cases[i];

        if (strcmp(c->name, s->name) == 0 &&
            (!c->program || strcmp(c->program, s->program) == 0))
            return c;
    }
    return NULL;
}

static int stopped(struct sim *sim, struct error *err)
{
    if (sim->stop_at_ns && sim->now_ns >= sim->stop_at_ns)
        return ERROR(err, ERR_STOPPED, "interrupted");
    return 0;
}

static int sim_open(void *ctx, const struct subject *const *sides, int n,
                    struct side_failure *bad, struct error *err)
{
    struct sim *sim = ctx;
    int rc = stopped(sim, err);

    if (rc < 0)
        return rc;
    sim->n_sides = n;
    sim->last_side = -1;
    for (int i = 0; i < n; i++) {
        struct sim_case *c = find(sim, sides[i]);
        int nth = ++sim->processes[c - sim->cases];

        sim->opened++;
        sim->now_ns += sim->spawn_ns;
        if (nth == c->fail_open_at) {
            *bad = (struct side_failure){.side = i, .state = SIDE_FAILED};
            return ERROR(err, ERR_PEER, "'%s' crashed in set-up", c->name);
        }
        sim->side[i].c = c;
        sim->side[i].factor = exp(c->between * noise(sim));
        sim->side[i].cold = c->cold;
        sim->side[i].processes = nth;
    }
    return 0;
}

static void sim_slice(struct sim *sim, const struct stage_order *order,
                      struct stage_slice *slice)
{
    int i = (int)order->side;
    struct sim_case *c = sim->side[i].c;
    double work = c->ns * sim->side[i].factor * (1 + sim->side[i].cold);
    double evicted =
        sim->last_side != i && sim->last_side >= 0 ? c->evicted : 0;
    double rewarm = (double)order->rewarm * work;
    double ns = (double)order->iterations * work;

    if (order->flags & WIRE_EMPTY)
        ns = 0.3 * (double)order->iterations;
    else
        ns += fmax(0, evicted - rewarm);
    ns *= exp(c->within * noise(sim));
    *slice = (struct stage_slice){.order = *order};
    slice->begin_ns = sim->now_ns;
    slice->elapsed_ns = (int64_t)(ns + 0.5);
    slice->cpu_ns = slice->elapsed_ns;
    slice->cpu_begin = slice->cpu_end = 1;
    sim->side[i].cold /= 2;
    sim->last_side = i;
    sim->now_ns += slice->elapsed_ns + (int64_t)rewarm;
}

static int sim_run(void *ctx, const struct stage_order *order, size_t n,
                   struct stage_slice *out, struct side_failure *bad,
                   struct error *err)
{
    struct sim *sim = ctx;
    int rc = stopped(sim, err);

    if (rc < 0)
        return rc;
    for (int i = 0; i < sim->n_sides; i++) {
        if (sim->side[i].processes == sim->side[i].c->fail_run_at) {
            *bad = (struct side_failure){.side = i, .state = SIDE_FAILED};
            return ERROR(err, ERR_PEER, "'%s' was killed by signal 11",
                         sim->side[i].c->name);
        }
    }
    for (size_t i = 0; i < n; i++)
        sim_slice(sim, &order[i], &out[i]);
    return 0;
}

static int sim_close(void *ctx, struct side_report *report,
                     struct side_failure *bad, struct error *err)
{
    struct sim *sim = ctx;

    (void)bad;
    (void)err;
    for (int i = 0; i < sim->n_sides; i++) {
        struct sim_case *c = sim->side[i].c;
        bool other = sim->side[i].processes == c->other_result_at;

        report[i] = (struct side_report){
            .result = other       ? "ff"
                      : c->result ? c->result
                                  : "",
            .max_rss = 1 << 20,
            .during = {.seconds = 0.1, .steal = c->steal},
            .strayed = sim->side[i].processes >= c->stray_from &&
                       sim->side[i].processes <= c->stray_to,
        };
    }
    sim->n_sides = 0;
    return 0;
}

static void sim_drop(void *ctx)
{
    ((struct sim *)ctx)->n_sides = 0;
}

static int64_t sim_now(void *ctx)
{
    return ((struct sim *)ctx)->now_ns;
}

void sim_executor(struct sim *sim, struct executor *out)
{
    *out = (struct executor){
        .ctx = sim,
        .open = sim_open,
        .run = sim_run,
        .close = sim_close,
        .drop = sim_drop,
        .now = sim_now,
    };
}
