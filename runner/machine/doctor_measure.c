/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ten seconds of measuring: gaps on each core, the clock, the timer. */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "runner/machine/binding.h"
#include "runner/machine/doctor.h"

enum {
    LEAST_NS = 20000000, /* a core; two ticks of the slowest timer */
    SLEEP_NS = 1000000,
    SLEEPS = 15,
    READINGS = 1000,
};

static int64_t now(const struct doctor_clock *clock)
{
    return clock->wall.now_ns(clock->wall.ctx);
}

/* The cheapest of ten blocks, because others may run in between. */
static double cost_of_reading(const struct doctor_clock *clock)
{
    double best = INFINITY;

    for (int block = 0; block < 10; block++) {
        int64_t begin = now(clock), end = begin;

        for (int i = 0; i < READINGS; i++)
            end = now(clock);
        best = fmin(best, (double)(end - begin) / READINGS);
    }
    return best;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static double lateness(const struct doctor_clock *clock)
{
    int64_t late[SLEEPS];

    for (int i = 0; i < SLEEPS; i++) {
        int64_t begin = now(clock);

        clock->sleep(clock->ctx, SLEEP_NS);
        late[i] = now(clock) - begin - SLEEP_NS;
    }
    qsort(late, SLEEPS, sizeof *late, by_value);
    return (double)late[SLEEPS / 2];
}

static int probe_cores(const struct topology *topology,
                       const struct doctor_clock *clock, int64_t each_ns,
                       struct doctor_measured *out, struct error *err)
{
    for (size_t u = 0; u < topology->n_units; u++) {
        const struct topo_unit *unit = &topology->unit[u];
        const struct placement_worker here = {
            .unit = (int)u, .pu = unit->pu, .n_pus = 1, .node = -1};
        int rc =
            topology->this_machine ? binding_apply(topology, &here, err) : 0;

        if (rc < 0)
            return rc;
        out->core[u] = noise_probe(&clock->wall, each_ns);
        if (out->core[u].step_ns &&
            !((double)out->core[u].step_ns >= out->clock_step_ns))
            out->clock_step_ns = (double)out->core[u].step_ns;
    }
    return 0;
}

/* Everything that is allowed, as before the probe. */
static int leave(const struct topology *topology,
                 const struct placement_worker *all, struct error *err)
{
    return topology->this_machine ? binding_apply(topology, all, err) : 0;
}

static int list_all(const struct topology *topology, struct arena *arena,
                    struct placement_worker *all)
{
    *all = (struct placement_worker){.unit = -1, .node = -1, .klass = -1};
    all->pu = arena_alloc(arena, topology->n_pus, sizeof *all->pu);
    if (!all->pu)
        return -1;
    for (size_t u = 0; u < topology->n_units; u++)
        for (size_t i = 0; i < topology->unit[u].n_pus; i++)
            all->pu[all->n_pus++] = topology->unit[u].pu[i];
    return 0;
}

int doctor_measure(const struct topology *topology,
                   const struct doctor_clock *clock, int64_t duration_ns,
                   const char *sysroot, struct arena *arena,
                   struct doctor_measured *out, struct error *err)
{
    struct doctor_measured m = {.clock_step_ns = NAN};
    int64_t each_ns = duration_ns / (int64_t)topology->n_units, own_ns;
    struct disturbance_snapshot before, after;
    struct placement_worker all;
    int rc, rc_leave;

    m.core = arena_alloc(arena, topology->n_units, sizeof *m.core);
    if (!m.core || list_all(topology, arena, &all) < 0)
        return ERROR(err, ERR_NOMEM, "no memory for the probe");
    before = disturbance_read(sysroot, all.pu, all.n_pus, now(clock));
    own_ns = clock->own_cpu_ns(clock->ctx);
    rc = probe_cores(topology, clock, each_ns > LEAST_NS ? each_ns : LEAST_NS,
                     &m, err);
    rc_leave = leave(topology, &all, rc < 0 ? NULL : err);
    if (rc < 0 || rc_leave < 0)
        return rc < 0 ? rc : rc_leave;
    m.clock_ns = cost_of_reading(clock);
    m.late_ns = lateness(clock);
    after = disturbance_read(sysroot, all.pu, all.n_pus, now(clock));
    own_ns = clock->own_cpu_ns(clock->ctx) - own_ns;
    m.during = disturbance_between(&before, &after, (double)own_ns / 1e9);
    m.seconds = m.during.seconds;
    *out = m;
    return 0;
}
