/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "tests/unit/runner/scale/sim.h"

#include <math.h>

#include "runner/measure/script.h"

static double uniform(uint64_t *random)
{
    return ((double)(random_next(random) >> 11) + 0.5) / 9007199254740992.0;
}

/* Box and Muller. */
static double normal(uint64_t *random)
{
    double r = sqrt(-2 * log(uniform(random)));

    return r * cos(2 * 3.14159265358979323846 * uniform(random));
}

static int measure(void *ctx, size_t series, int side, size_t count, bool warm,
                   struct scale_sample *out, struct error *err)
{
    struct sim *sim = ctx;
    int workers = sim->count[count];
    bool slower = side == SCALE_NEW && workers >= sim->old_from;
    bool disturbed = sim->disturbed_every &&
                     sim->n % sim->disturbed_every == sim->disturbed_every - 1;
    double seconds = 1 / scaling_at(&sim->law, workers);

    if (sim->n < SIM_LOG_MAX) {
        sim->log[sim->n].series = series;
        sim->log[sim->n].count = count;
        sim->log[sim->n].side = side;
        sim->log[sim->n].warm = warm;
    }
    /* Which round it is nobody tells; what it has in common moves slowly. */
    sim->common = 0.9 * sim->common + sim->drift * normal(&sim->random);
    seconds *= exp(sim->common + sim->noise * normal(&sim->random)) *
               (slower ? sim->old_ratio : 1) * (disturbed ? 3 : 1);
    sim->now_ns += (int64_t)(seconds * 1e9);
    if (sim->n++ == sim->fail_at)
        return ERROR(err, sim->fail_code, "it broke");
    *out = (struct scale_sample){
        .seconds = seconds,
        .during = {.seconds = seconds, .steal = disturbed ? 0.4 : 0},
        .line = {.longest = NAN, .busy = NAN, .cpu = NAN, .fixtures = NAN},
    };
    return 0;
}

static int64_t now(void *ctx)
{
    return ((struct sim *)ctx)->now_ns;
}

struct scale_executor sim_executor(struct sim *sim)
{
    return (struct scale_executor){.ctx = sim, .measure = measure, .now = now};
}

struct scaling_fit sim_law(double gamma, double sigma, double kappa)
{
    return (struct scaling_fit){
        .law = SCALING_USL, .gamma = gamma, .sigma = sigma, .kappa = kappa};
}

struct scale_settings sim_settings(const int *count, size_t n, uint64_t seed)
{
    return (struct scale_settings){.count = count,
                                   .n_counts = n,
                                   .budget_ns = 1000000000000,
                                   .seed = seed};
}

struct scale_series sim_series(bool old)
{
    static const bool all[SIM_COUNTS] = {true, true, true, true,
                                         true, true, true, true};

    return (struct scale_series){.has = all, .old = old};
}
