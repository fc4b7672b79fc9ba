/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounds on scripted executors: their order, what is left out, and their end.
 * No core and no clock is needed. */
#include <config.h>

#include "bench/tare.h"

#include <math.h>

#include "runner/scale/analysis.h"
#include "runner/scale/rounds.h"
#include "tests/unit/runner/scale/sim.h"

static const int counts[] = {1, 2, 4};
enum { N = sizeof counts / sizeof *counts };

/* Up to two series under way on a simulated machine. */
struct trial {
    struct sim sim;
    struct scale_settings settings;
    struct scale_series series[2];
    struct scale_analysis analysis; /* of the first */
    struct arena arena;
};

static struct trial trial_of(double noise)
{
    return (struct trial){
        .sim = {.count = counts,
                .law = sim_law(10, 0.1, 0),
                .old_ratio = 1,
                .noise = noise,
                .fail_at = -1},
        .settings = sim_settings(counts, N, 1),
        .series = {sim_series(false), sim_series(false)},
    };
}

static int run(struct trial *trial, size_t n, struct error *err)
{
    struct scale_executor executor = sim_executor(&trial->sim);

    return scale_rounds(&executor, &trial->settings, trial->series, n, NULL,
                        &trial->arena, err);
}

static int analyse(struct trial *trial)
{
    return scale_analyse(&trial->series[0], SCALE_NEW, &trial->settings,
                         &trial->arena, &trial->analysis, NULL);
}

/* ---- order */

TARE_TEST(a_round_has_every_count_once)
{
    struct scale_series series[] = {sim_series(false), sim_series(false)};
    const bool open[] = {true, true};
    struct scale_step step[2 * N * SCALE_SIDES], again[2 * N * SCALE_SIDES];
    int orders[N] = {0};

    for (size_t round = 0; round < 300; round++) {
        size_t n = scale_round_steps(series, open, 2, N, 42, round, step);
        int seen[2][N] = {{0}};

        TARE_REQUIRE_INT((int)n, 2 * N);
        for (size_t i = 0; i < n; i++)
            seen[step[i].series][step[i].count]++;
        for (int s = 0; s < 2; s++)
            for (int c = 0; c < N; c++)
                TARE_CHECK_INT(seen[s][c], 1);
        orders[step[0].count]++;
        scale_round_steps(series, open, 2, N, 42, round, again);
        for (size_t i = 0; i < n; i++)
            TARE_CHECK(step[i].series == again[i].series &&
                       step[i].count == again[i].count);
    }
    /* Any count may be the first: 100 of 300 each, give or take 5 sigma. */
    for (int c = 0; c < N; c++)
        TARE_CHECK(orders[c] > 60 && orders[c] < 140);
}

TARE_TEST(old_and_new_of_a_count_are_neighbours)
{
    struct scale_series series = sim_series(true);
    const bool open = true;
    struct scale_step step[N * SCALE_SIDES];
    int old_first = 0;

    for (size_t round = 0; round < 200; round++) {
        size_t n = scale_round_steps(&series, &open, 1, N, 7, round, step);

        TARE_REQUIRE_INT((int)n, 2 * N);
        for (size_t i = 0; i < n; i += 2) {
            TARE_CHECK_INT((int)step[i].count, (int)step[i + 1].count);
            TARE_CHECK_INT(step[i].side + step[i + 1].side, 1);
        }
        old_first += step[0].side == SCALE_OLD;
    }
    TARE_CHECK(old_first > 60 && old_first < 140);
}

TARE_TEST(a_series_has_its_own_counts)
{
    static const bool some[N] = {true, false, true};
    struct scale_series series = {.has = some};
    const bool open = true;
    struct scale_step step[N * SCALE_SIDES];

    TARE_CHECK_INT((int)scale_round_steps(&series, &open, 1, N, 1, 0, step), 2);
    TARE_CHECK(step[0].count != 1 && step[1].count != 1);
}

/* ---- conduct */

TARE_TEST(six_calm_rounds_are_enough)
{
    struct trial trial = trial_of(0.001);

    TARE_CHECK_INT(run(&trial, 1, NULL), 0);
    TARE_CHECK_INT((int)trial.series[0].rounds, 6);
    TARE_CHECK_INT(trial.series[0].stopped_by, STOPPED_PRECISE);
    TARE_CHECK_STR(trial.series[0].message, "");
    /* The first is for the caches, with most workers. */
    TARE_CHECK(trial.sim.log[0].warm && !trial.sim.log[1].warm);
    TARE_CHECK_INT((int)trial.sim.log[0].count, N - 1);
    TARE_CHECK_INT((int)trial.sim.n, 1 + 6 * N);
    arena_clear(&trial.arena);
}

TARE_TEST(noise_takes_more_rounds)
{
    struct trial trial = trial_of(0.04);
    double speedup, ratio;

    TARE_CHECK_INT(run(&trial, 1, NULL), 0);
    TARE_CHECK(trial.series[0].rounds > 10);
    TARE_CHECK_INT(trial.series[0].stopped_by, STOPPED_PRECISE);
    TARE_CHECK_INT(scale_precision(&trial.series[0], &trial.settings, &speedup,
                                   &ratio, NULL),
                   0);
    TARE_CHECK(speedup <= 0.02);
    arena_clear(&trial.arena);
}

TARE_TEST(rounds_have_a_limit)
{
    struct trial trial = trial_of(0.5);

    trial.settings.rounds_max = 20;
    TARE_CHECK_INT(run(&trial, 1, NULL), 0);
    TARE_CHECK_INT((int)trial.series[0].rounds, 20);
    TARE_CHECK_INT(trial.series[0].stopped_by, STOPPED_NO_GAIN);
    arena_clear(&trial.arena);
}

TARE_TEST(a_budget_ends_rounds_that_have_an_interval)
{
    struct trial trial = trial_of(0.5);

    /* For each of three; a round takes 0.2 s. */
    trial.settings.budget_ns = 100000000;
    TARE_CHECK_INT(run(&trial, 1, NULL), 0);
    TARE_CHECK_INT((int)trial.series[0].rounds, 6);
    TARE_CHECK_INT(trial.series[0].stopped_by, STOPPED_BUDGET);
    arena_clear(&trial.arena);
}

TARE_TEST(a_round_longer_than_the_budget_is_the_only_one)
{
    struct trial trial = trial_of(0.01);

    trial.settings.budget_ns = 1000000;
    TARE_CHECK_INT(run(&trial, 1, NULL), 0);
    TARE_CHECK_INT((int)trial.series[0].rounds, 1);
    TARE_CHECK_INT(trial.series[0].stopped_by, STOPPED_BUDGET);
    arena_clear(&trial.arena);
}

TARE_TEST(the_time_of_the_run_ends_all)
{
    struct trial trial = trial_of(0.5);

    trial.settings.deadline_ns = 500000000;
    TARE_CHECK_INT(run(&trial, 2, NULL), 0);
    for (int s = 0; s < 2; s++)
        TARE_CHECK_INT(trial.series[s].stopped_by, STOPPED_MAX_TIME);
    /* What is under way then is not cut short. */
    TARE_CHECK(trial.sim.now_ns < 1500000000);
    arena_clear(&trial.arena);
}

TARE_TEST(what_breaks_ends_its_series_alone)
{
    struct trial trial = trial_of(0.001);

    trial.sim.fail_at = 1; /* the warm-up of the second */
    trial.sim.fail_code = ERR_PEER;
    TARE_CHECK_INT(run(&trial, 2, NULL), 0);
    TARE_CHECK_STR(trial.series[0].message, "");
    TARE_CHECK_INT((int)trial.series[0].rounds, 6);
    TARE_CHECK_STR(trial.series[1].message, "it broke");
    TARE_CHECK_INT((int)trial.series[1].rounds, 0);
    arena_clear(&trial.arena);
}

TARE_TEST(an_interruption_keeps_what_was_measured)
{
    struct trial trial = trial_of(0.001);
    struct error err = {0};

    trial.sim.fail_at = 1 + 2 * N + 1;
    trial.sim.fail_code = ERR_STOPPED;
    TARE_CHECK_INT(run(&trial, 1, &err), ERR_STOPPED);
    TARE_CHECK_STR(err.text, "it broke");
    TARE_CHECK_INT(trial.series[0].stopped_by, STOPPED_INTERRUPT);
    TARE_CHECK_INT((int)trial.series[0].rounds, 3);
    TARE_CHECK_INT(analyse(&trial), 0);
    TARE_CHECK_INT((int)trial.analysis.rounds.complete, 2);
    arena_clear(&trial.arena);
}

TARE_TEST(nothing_measured_is_nothing_known)
{
    struct trial trial = trial_of(0.001);

    trial.sim.fail_at = 0;
    trial.sim.fail_code = ERR_STOPPED;
    TARE_CHECK_INT(run(&trial, 1, NULL), ERR_STOPPED);
    TARE_CHECK_INT(analyse(&trial), ERR_EMPTY);
    arena_clear(&trial.arena);
}

/* ---- disturbance */

TARE_TEST(disturbed_rounds_are_left_out)
{
    struct trial trial = trial_of(0.001);

    trial.sim.law = sim_law(1, 0.1, 0); /* long enough to be told from ticks */
    trial.sim.disturbed_every = 7;      /* and three times slower */
    TARE_CHECK_INT(run(&trial, 1, NULL), 0);
    TARE_CHECK_INT(analyse(&trial), 0);
    TARE_CHECK(trial.analysis.rounds.complete > trial.analysis.rounds.clean);
    TARE_CHECK(trial.analysis.rounds.clean >= 6);
    TARE_CHECK_INT((int)trial.analysis.rounds.used,
                   (int)trial.analysis.rounds.clean);
    TARE_CHECK_REL(trial.analysis.figure[1].speedup.centre, 2 / 1.1, 0.01);
    arena_clear(&trial.arena);
}

TARE_TEST(when_all_is_disturbed_all_is_used_and_said)
{
    struct trial trial = trial_of(0.001);

    trial.sim.law = sim_law(1, 0.1, 0);
    trial.sim.disturbed_every = 1;
    trial.settings.rounds_max = 8;
    TARE_CHECK_INT(run(&trial, 1, NULL), 0);
    TARE_CHECK_INT(analyse(&trial), 0);
    TARE_CHECK_INT((int)trial.analysis.rounds.clean, 0);
    TARE_CHECK_INT((int)trial.analysis.rounds.used,
                   (int)trial.analysis.rounds.complete);
    TARE_CHECK_REL(trial.analysis.figure[0].steal, 0.4, 1e-9);
    arena_clear(&trial.arena);
}

TARE_TEST(what_disturbs_is_a_rule)
{
    struct scale_sample calm = {.seconds = 1, .during = {.seconds = 1}};
    struct scale_sample s = calm;

    TARE_CHECK(!scale_is_disturbed(&calm, 2));
    s.during.steal = 0.009;
    TARE_CHECK(!scale_is_disturbed(&s, 2));
    s.during.steal = 0.02;
    TARE_CHECK(scale_is_disturbed(&s, 2));
    s.during.seconds = 0.1; /* 2 ms a CPU: below a tick */
    TARE_CHECK(!scale_is_disturbed(&s, 2));
    s = calm;
    s.during.foreign = 0.04;
    TARE_CHECK(!scale_is_disturbed(&s, 2));
    s.during.foreign = 0.06;
    TARE_CHECK(scale_is_disturbed(&s, 2));
    s.during.foreign = NAN; /* unknown is no disturbance */
    TARE_CHECK(!scale_is_disturbed(&s, 2));
    s.during.throttled = 1;
    TARE_CHECK(scale_is_disturbed(&s, 2));
    s = calm;
    s.during.quota_throttled = 1;
    TARE_CHECK(scale_is_disturbed(&s, 2));
    s = calm;
    s.strayed = true;
    TARE_CHECK(scale_is_disturbed(&s, 2));
}

TARE_TEST(a_verdict_on_many_counts_takes_more_rounds)
{
    struct scale_settings settings = sim_settings(counts, N, 1);
    struct scale_series alone = sim_series(false), old = sim_series(true);

    TARE_CHECK_INT((int)scale_rounds_needed(&alone, &settings), 6);
    /* 2^-n <= 0.01 / 3: n = 9 */
    TARE_CHECK_INT((int)scale_rounds_needed(&old, &settings), 9);
}
