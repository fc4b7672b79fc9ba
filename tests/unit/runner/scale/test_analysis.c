/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Laws with known parameters under noise are found within their stated errors;
 * the recommended count, and old against new. */
#include <config.h>

#include "bench/tare.h"

#include <math.h>

#include "runner/scale/against.h"
#include "runner/scale/analysis.h"
#include "tests/unit/runner/scale/sim.h"

static const int counts[] = {1, 2, 4, 8, 16, 32};
enum { N = sizeof counts / sizeof *counts };

/* Run the rounds of one series of the simulated work. */
static struct scale_series run(struct tare *t, struct sim *sim,
                               const struct scale_settings *settings, bool old,
                               struct arena *arena)
{
    struct scale_series series = sim_series(old);
    struct scale_executor executor = sim_executor(sim);
    struct error err = {0};

    sim->count = counts;
    sim->fail_at = -1;
    TARE_CHECK_INT(
        scale_rounds(&executor, settings, &series, 1, NULL, arena, &err), 0);
    TARE_CHECK_STR(err.text, "");
    return series;
}

/* t of 95 % at 28 degrees of freedom: 6 rounds of 6 counts, less 3 parameters
 * and what 6 rounds have in common. */
static bool within(double got, double want, double se)
{
    return fabs(got - want) <= 2.048 * se;
}

struct found {
    int usl, sigma, kappa;
};

/* So many times the truth is inside the stated 95 % of sigma and of kappa. */
static struct found repeat(struct tare *t, struct scaling_fit law, int times,
                           double noise)
{
    struct found found = {0};

    for (int i = 0; i < times; i++) {
        struct sim sim = {.law = law,
                          .old_ratio = 1,
                          .noise = noise,
                          .drift = 0.01,
                          .random = (uint64_t)(1000 + i)};
        struct scale_settings settings = sim_settings(counts, N, (uint64_t)i);
        struct arena arena = {0};
        struct scale_analysis a;
        struct scale_series series;

        settings.rounds_max = 6;
        series = run(t, &sim, &settings, false, &arena);
        TARE_REQUIRE_INT(
            scale_analyse(&series, SCALE_NEW, &settings, &arena, &a, NULL), 0);
        TARE_CHECK(a.df[SCALING_USL] == 28);
        found.usl += a.law == SCALING_USL;
        found.sigma += within(a.fit[SCALING_USL].sigma, law.sigma,
                              a.fit[SCALING_USL].sigma_se);
        found.kappa += within(a.fit[SCALING_USL].kappa, law.kappa,
                              a.fit[SCALING_USL].kappa_se);
        arena_clear(&arena);
    }
    return found;
}

/* Measured over 1000: 95.2 to 96.1 % of sigma, 94.6 to 96.1 % of kappa.  Of 200,
 * 180 are less than 95 % by chance once in a thousand times. */
TARE_TEST(parameters_are_within_their_stated_errors)
{
    enum { TIMES = 200, LEAST = 180 };
    const struct scaling_fit laws[] = {
        sim_law(10, 0.05, 0.002),
        sim_law(2, 0.2, 0.01),
        sim_law(500, 0.02, 0.0005),
    };

    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
        struct found found = repeat(t, laws[i], TIMES, 0.02);

        TARE_CHECK(found.usl >= LEAST);
        TARE_CHECK(found.sigma >= LEAST);
        TARE_CHECK(found.kappa >= LEAST);
    }
}

static struct scale_analysis analyse(struct tare *t, struct sim *sim,
                                     const struct scale_settings *settings,
                                     struct arena *arena)
{
    struct scale_series series = run(t, sim, settings, false, arena);
    struct scale_analysis a = {0};

    TARE_CHECK_INT(scale_analyse(&series, SCALE_NEW, settings, arena, &a, NULL),
                   0);
    return a;
}

TARE_TEST(figures_of_a_law_without_noise)
{
    struct sim sim = {.law = sim_law(10, 0.05, 0.002), .old_ratio = 1};
    struct scale_settings settings = sim_settings(counts, N, 1);
    struct arena arena = {0};
    struct scale_analysis a = analyse(t, &sim, &settings, &arena);

    TARE_CHECK_INT((int)a.rounds.used, 6);
    TARE_CHECK_INT((int)a.base, 0);
    for (int c = 0; c < N; c++) {
        const struct scale_figure *f = &a.figure[c];
        double n = counts[c];
        double speedup = n / (1 + 0.05 * (n - 1) + 0.002 * n * (n - 1));

        TARE_CHECK_INT(f->count, counts[c]);
        TARE_CHECK_REL(f->seconds.centre, 0.1 / speedup, 1e-9);
        TARE_CHECK_REL(f->speedup.centre, speedup, 1e-9);
        TARE_CHECK_REL(f->speedup.low, speedup, 1e-9);
        TARE_CHECK_REL(f->efficiency, speedup / n, 1e-9);
    }
    TARE_CHECK_INT(a.law, SCALING_USL);
    TARE_CHECK_REL(a.fit[SCALING_USL].sigma, 0.05, 1e-6);
    TARE_CHECK_REL(a.fit[SCALING_USL].kappa, 0.002, 1e-6);
    /* 32: 7.07; 16: 7.17, the best.  8: 5.48 */
    TARE_CHECK_INT(a.figure[a.best].count, 16);
    TARE_CHECK_INT(a.recommended, 4);
    TARE_CHECK(a.certain);
    arena_clear(&arena);
}

TARE_TEST(the_smallest_count_that_is_good_enough)
{
    /* Amdahl: 32 workers do 19.3 times, 16: 16.5. */
    struct sim steep = {.law = sim_law(1, 0.0001, 0), .old_ratio = 1};
    /* Nothing is divided: one worker is as good as any. */
    struct sim flat = {.law = sim_law(1, 0.999, 0), .old_ratio = 1};
    struct scale_settings settings = sim_settings(counts, N, 2);
    struct arena arena = {0};
    struct scale_analysis a = analyse(t, &steep, &settings, &arena);

    TARE_CHECK_INT(a.figure[a.recommended].count, 32);
    a = analyse(t, &flat, &settings, &arena);
    TARE_CHECK_INT(a.figure[a.recommended].count, 1);
    arena_clear(&arena);
}

TARE_TEST(few_rounds_recommend_nothing)
{
    struct sim sim = {.law = sim_law(1, 0.1, 0), .old_ratio = 1, .noise = 0.01};
    struct scale_settings settings = sim_settings(counts, N, 3);
    struct arena arena = {0};
    struct scale_analysis a;

    settings.rounds_max = 3;
    a = analyse(t, &sim, &settings, &arena);
    TARE_CHECK_INT(a.recommended, -1);
    TARE_CHECK(a.figure[2].speedup.open);
    TARE_CHECK_INT((int)a.figure[2].speedup.n_needed, 6);
    TARE_CHECK(a.law != SCALING_UNSET);
    settings.n_counts = 2;
    settings.rounds_max = 1; /* two points choose between no laws */
    a = analyse(t, &sim, &settings, &arena);
    TARE_CHECK_INT(a.law, SCALING_UNSET);
    arena_clear(&arena);
}

TARE_TEST(a_line_is_a_line)
{
    struct sim sim = {.law = sim_law(3, 0, 0), .old_ratio = 1, .noise = 0.01};
    int linear = 0;

    for (int i = 0; i < 50; i++) {
        struct scale_settings settings = sim_settings(counts, N, (uint64_t)i);
        struct arena arena = {0};
        struct scale_analysis a = analyse(t, &sim, &settings, &arena);

        linear += a.law == SCALING_LINEAR;
        arena_clear(&arena);
    }
    /* AICc takes one parameter too many in some 15 %. */
    TARE_CHECK(linear >= 35);
}

/* ---- old against new */

static struct scale_against against(struct tare *t, struct sim *sim,
                                    uint64_t seed, struct arena *arena)
{
    struct scale_settings settings = sim_settings(counts, N, seed);
    struct scale_series series;
    struct scale_against out = {.from = -1};

    settings.rounds_max = 16;
    series = run(t, sim, &settings, true, arena);
    TARE_CHECK_INT(scale_compare(&series, &settings, 0.02, arena, &out, NULL),
                   0);
    return out;
}

TARE_TEST(from_which_count_on_the_new_is_worse)
{
    struct sim sim = {.law = sim_law(10, 0.05, 0.002),
                      .old_ratio = 1.1,
                      .old_from = 8,
                      .noise = 0.01};
    struct arena arena = {0};
    struct scale_against a = against(t, &sim, 4, &arena);

    TARE_REQUIRE(a.from >= 0);
    TARE_CHECK(a.worse);
    TARE_CHECK_INT(counts[a.from], 8);
    for (int c = 0; c < N; c++) {
        TARE_CHECK_INT(a.change[c].verdict,
                       counts[c] < 8 ? SCALE_UNCHANGED : SCALE_WORSE);
        TARE_CHECK_REL(a.change[c].ratio.centre, counts[c] < 8 ? 1 : 1.1, 0.01);
    }
    arena_clear(&arena);
}

TARE_TEST(better_is_not_worse)
{
    struct sim sim = {
        .law = sim_law(10, 0.05, 0), .old_ratio = 0.8, .noise = 0.01};
    struct arena arena = {0};
    struct scale_against a = against(t, &sim, 5, &arena);

    TARE_CHECK(!a.worse);
    TARE_CHECK_INT(a.from, -1);
    TARE_CHECK_INT(a.change[3].verdict, SCALE_BETTER);
    arena_clear(&arena);
}

/* At alpha 1 % over the six counts; 3 of 100 by chance once in fifty times. */
TARE_TEST(unchanged_code_is_rarely_worse)
{
    int worse = 0;

    for (int i = 0; i < 100; i++) {
        struct sim sim = {.law = sim_law(10, 0.05, 0.002),
                          .old_ratio = 1,
                          .noise = 0.05,
                          .random = (uint64_t)(77 + i)};
        struct arena arena = {0};

        worse += against(t, &sim, (uint64_t)i, &arena).worse;
        arena_clear(&arena);
    }
    TARE_CHECK(worse <= 3);
}
