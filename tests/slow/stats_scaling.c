/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scaling laws on generated throughputs: how often the true parameters lie
 * within the stated errors, and which law is chosen. */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "stats/scaling.h"
#include "tests/slow/rates.h"

enum { COUNTS = 6, ROUNDS = 6, POINTS = COUNTS * ROUNDS, RUNS = 1000 };

struct world {
    const char *name;
    struct scaling_fit law;
    double noise; /* of a throughput, relative */
};

static gsl_rng *rng;

/* Every round measures every count; noise is relative, hence the weights. */
static void generate(const struct world *w, struct scaling_point *point)
{
    for (size_t i = 0; i < POINTS; i++) {
        double workers = (double)(1u << i % COUNTS);
        double x =
            scaling_at(&w->law, workers) * exp(gsl_ran_gaussian(rng, w->noise));

        point[i] = (struct scaling_point){workers, x, 1 / (x * x)};
    }
}

static bool holds(double truth, double value, double se, double quantile)
{
    return fabs(truth - value) <= quantile * se;
}

static void errors_of_usl(const struct world *w)
{
    double t = gsl_cdf_tdist_Pinv(0.975, POINTS - 3);
    size_t sigma = 0, kappa = 0, peak = 0;
    char name[80];

    for (size_t r = 0; r < RUNS; r++) {
        struct scaling_point point[POINTS];
        struct scaling_fit f;

        generate(w, point);
        if (scaling_fit(SCALING_USL, point, POINTS, &f, NULL) < 0)
            abort();
        sigma += holds(w->law.sigma, f.sigma, f.sigma_se, t);
        kappa += holds(w->law.kappa, f.kappa, f.kappa_se, t);
        peak += fabs(log(f.peak / sqrt((1 - w->law.sigma) / w->law.kappa))) <
                log(1.2);
    }
    snprintf(name, sizeof name, "%s: sigma within its 95 %% interval", w->name);
    rate_check(name, sigma, RUNS, 0.95, 1);
    snprintf(name, sizeof name, "%s: kappa within its 95 %% interval", w->name);
    rate_check(name, kappa, RUNS, 0.95, 1);
    rate_note("  the peak is found within 20 %", 100 * (double)peak / RUNS,
              "%");
}

static void chosen(const struct world *w)
{
    size_t right = 0;
    char name[80];

    for (size_t r = 0; r < RUNS; r++) {
        struct scaling_point point[POINTS];
        struct scaling_fit f[SCALING_COUNT];
        enum scaling_law best;

        generate(w, point);
        if (scaling_choose(point, POINTS, f, &best, NULL) < 0)
            abort();
        right += best == w->law.law;
    }
    snprintf(name, sizeof name, "%s: chosen", w->name);
    rate_check(name, right, RUNS, 0.8, 1);
}

int main(void)
{
    static const struct world worlds[] = {
        {"USL 0.05, 0.002",
         {.law = SCALING_USL, .gamma = 1000, .sigma = 0.05, .kappa = 0.002},
         0.02},
        {"USL 0.02, 0.0005",
         {.law = SCALING_USL, .gamma = 1000, .sigma = 0.02, .kappa = 0.0005},
         0.02},
        {"USL 0.2, 0.01",
         {.law = SCALING_USL, .gamma = 7, .sigma = 0.2, .kappa = 0.01},
         0.05},
        {"Amdahl 0.1",
         {.law = SCALING_AMDAHL, .gamma = 1000, .sigma = 0.1, .kappa = 0},
         0.02},
        {"linear",
         {.law = SCALING_LINEAR, .gamma = 1000, .sigma = 0, .kappa = 0},
         0.02},
    };

    rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 8);
    rate_title("Scaling laws over 1 to 32 workers, 6 rounds");
    for (size_t i = 0; i < 3; i++)
        errors_of_usl(&worlds[i]);
    for (size_t i = 0; i < 5; i++)
        chosen(&worlds[i]);
    gsl_rng_free(rng);
    return rate_end();
}
