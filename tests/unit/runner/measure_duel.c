/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/measure/duel_time.h"
#include "tests/unit/runner/sim.h"

enum { PAIRS_MAX = 12 };

/* n comparisons; case i is old and new[i] on a simulated machine. */
struct fixture {
    struct sim sim;
    struct sim_case side[2 * PAIRS_MAX];
    struct executor executor;
    struct subject subject[2 * PAIRS_MAX];
    struct duel_case cases[PAIRS_MAX];
    int processes[2 * PAIRS_MAX];
    struct results *results[WIRE_SIDES];
    struct arena arena;
    char name[PAIRS_MAX][8];
    double margin;
    bool judge_rss;
    size_t told;
};

static bool judged(void *ctx, const char *id, const char *metric,
                   enum better better, struct compare_policy *policy)
{
    const struct fixture *f = ctx;

    (void)id;
    (void)better;
    policy->margin = f->margin;
    return strcmp(metric, "time") == 0 ||
           (f->judge_rss && strcmp(metric, "max_rss") == 0);
}

static int count_pair(void *ctx, size_t i, size_t k, struct error *err)
{
    (void)i;
    (void)k;
    (void)err;
    ((struct fixture *)ctx)->told++;
    return 0;
}

/* ratio[i] is new/old of case i. */
static void set_up(struct fixture *f, const double *ratio, size_t n,
                   double noise)
{
    *f = (struct fixture){.margin = 0.02};
    for (size_t i = 0; i < n; i++) {
        snprintf(f->name[i], sizeof f->name[i], "c%zu", i);
        for (int side = 0; side < 2; side++) {
            size_t k = 2 * i + (size_t)side;

            f->side[k] = (struct sim_case){
                .name = f->name[i],
                .program = side ? "new" : "old",
                .ns = side ? 100 * ratio[i] : 100,
                .between = noise,
                .within = noise,
            };
            f->subject[k] = (struct subject){.id = f->name[i],
                                             .name = f->name[i],
                                             .program = side ? "new" : "old"};
            f->cases[i].side[side] = &f->subject[k];
        }
    }
    f->sim = (struct sim){.cases = f->side,
                          .n_cases = 2 * n,
                          .random = 11,
                          .spawn_ns = 2000000,
                          .processes = f->processes};
    sim_executor(&f->sim, &f->executor);
    for (int side = 0; side < 2; side++) {
        f->results[side] = results_new();
        results_add_occasion(f->results[side]);
    }
}

static int fight(struct fixture *f, struct duel_settings settings,
                 struct error *err)
{
    struct duel_watch watch = {.ctx = f, .judged = judged, .pair = count_pair};

    return duel(&f->executor, f->cases, f->sim.n_cases / 2, &settings, &watch,
                f->results, &f->arena, err);
}

static void tear_down(struct fixture *f)
{
    results_free(f->results[0]);
    results_free(f->results[1]);
    arena_clear(&f->arena);
}

static const struct comparison *found(const struct fixture *f, size_t i)
{
    return &f->cases[i].metric[0].comparison;
}

TARE_TEST(equal_programs_are_unchanged_in_few_pairs)
{
    double ratio[] = {1};
    struct fixture f;

    set_up(&f, ratio, 1, 0.003);
    TARE_REQUIRE_INT(fight(&f, (struct duel_settings){.seed = 1}, NULL), 0);
    TARE_CHECK_STR(verdict_name(found(&f, 0)->verdict), "unchanged");
    TARE_CHECK(f.cases[0].n_pairs <= 8);
    TARE_CHECK_INT(f.told, f.cases[0].n_pairs);
    tear_down(&f);
}

TARE_TEST(a_slowdown_is_convicted_on_fresh_pairs)
{
    double ratio[] = {1, 1.05, 1};
    struct fixture f;

    set_up(&f, ratio, 3, 0.003);
    TARE_REQUIRE_INT(fight(&f, (struct duel_settings){.seed = 1}, NULL), 0);
    TARE_CHECK_STR(verdict_name(found(&f, 0)->verdict), "unchanged");
    TARE_CHECK_STR(verdict_name(found(&f, 1)->verdict), "regressed");
    TARE_CHECK_INT(found(&f, 1)->stage, 2);
    TARE_CHECK_REL(found(&f, 1)->ratio, 1.05, 0.005);
    TARE_CHECK_INT(found(&f, 1)->pairs, f.cases[1].metric[0].batch_size);
    TARE_CHECK_INT(f.cases[1].n_pairs,
                   f.cases[1].n_explored + f.cases[1].metric[0].batch_size);
    TARE_CHECK_STR(verdict_name(found(&f, 2)->verdict), "unchanged");
    tear_down(&f);
}

TARE_TEST(an_improvement_is_the_mirror_image)
{
    double ratio[] = {1 / 1.05};
    struct fixture f;

    set_up(&f, ratio, 1, 0.003);
    TARE_REQUIRE_INT(fight(&f, (struct duel_settings){.seed = 1}, NULL), 0);
    TARE_CHECK_STR(verdict_name(found(&f, 0)->verdict), "improved");
    tear_down(&f);
}

TARE_TEST(noise_without_budget_is_inconclusive_and_says_what_it_could_see)
{
    double ratio[] = {1};
    struct fixture f;

    set_up(&f, ratio, 1, 0.2);
    TARE_REQUIRE_INT(
        fight(&f, (struct duel_settings){.seed = 1, .budget_ns = 500000000},
              NULL),
        0);
    TARE_CHECK_STR(verdict_name(found(&f, 0)->verdict), "inconclusive");
    TARE_CHECK(found(&f, 0)->mde > 1.02);
    TARE_CHECK(f.sim.now_ns < 1200000000);
    tear_down(&f);
}

TARE_TEST(a_crash_of_one_side_is_told_with_its_side)
{
    double ratio[] = {1, 1};
    struct fixture f;

    set_up(&f, ratio, 2, 0.003);
    f.side[3].fail_open_at = 3;
    TARE_REQUIRE_INT(fight(&f, (struct duel_settings){.seed = 1}, NULL), 0);
    TARE_CHECK_INT(f.cases[1].failed, SIDE_FAILED);
    TARE_CHECK_INT(f.cases[1].failed_side, DUEL_NEW);
    TARE_CHECK_STR(f.cases[1].message, "'c1' crashed in set-up");
    TARE_CHECK_INT(f.results[DUEL_NEW]->cases[1].status, CASE_FAILED);
    TARE_CHECK_STR(verdict_name(found(&f, 0)->verdict), "unchanged");
    tear_down(&f);
}

TARE_TEST(sides_that_compute_different_results_are_noticed)
{
    double ratio[] = {1};
    struct fixture f;

    set_up(&f, ratio, 1, 0.003);
    f.side[0].result = "aa";
    f.side[1].result = "bb";
    TARE_REQUIRE_INT(fight(&f, (struct duel_settings){.seed = 1}, NULL), 0);
    TARE_CHECK(f.cases[0].result_changed);
    tear_down(&f);
}

/* The simulated peak memory never varies: a constant that is equal. */
TARE_TEST(other_metrics_come_from_the_same_pairs)
{
    double ratio[] = {1};
    struct fixture f;

    set_up(&f, ratio, 1, 0.003);
    f.judge_rss = true;
    TARE_REQUIRE_INT(fight(&f, (struct duel_settings){.seed = 1}, NULL), 0);
    TARE_REQUIRE_INT(f.cases[0].n_metrics, 2);
    TARE_CHECK_STR(f.cases[0].metric[1].name, "max_rss");
    TARE_CHECK_REL(f.cases[0].metric[1].comparison.ratio, 1, 0);
    TARE_CHECK_STR(reason_name(f.cases[0].metric[1].comparison.reason),
                   "exact");
    TARE_CHECK(f.cases[0].n_pairs <= 8); /* nothing waits for a constant */
    tear_down(&f);
}

TARE_TEST(an_interruption_leaves_the_rest_inconclusive)
{
    double ratio[] = {1, 1};
    struct error err = {0};
    struct fixture f;

    set_up(&f, ratio, 2, 0.2);
    f.sim.stop_at_ns = 800000000;
    TARE_CHECK_INT(fight(&f, (struct duel_settings){.seed = 1}, &err),
                   ERR_STOPPED);
    TARE_CHECK_STR(verdict_name(found(&f, 0)->verdict), "inconclusive");
    TARE_CHECK_STR(verdict_name(found(&f, 1)->verdict), "inconclusive");
    tear_down(&f);
}

/* Twelve unchanged cases and a strict alpha, a few seeds: nothing is
 * convicted, and most are shown unchanged. */
TARE_TEST(a_suite_of_unchanged_cases_raises_no_alarm)
{
    double ratio[PAIRS_MAX];

    for (size_t i = 0; i < PAIRS_MAX; i++)
        ratio[i] = 1;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct fixture f;
        size_t unchanged = 0;

        set_up(&f, ratio, PAIRS_MAX, 0.01);
        f.sim.random = seed;
        TARE_REQUIRE_INT(fight(&f, (struct duel_settings){.seed = seed}, NULL),
                         0);
        for (size_t i = 0; i < PAIRS_MAX; i++) {
            TARE_CHECK(found(&f, i)->verdict != VERDICT_REGRESSED);
            unchanged += found(&f, i)->verdict == VERDICT_UNCHANGED;
        }
        TARE_CHECK(unchanged >= 10);
        tear_down(&f);
    }
}

TARE_TEST(a_pair_that_strayed_is_left_out)
{
    double ratio[] = {1};
    struct fixture f;

    set_up(&f, ratio, 1, 0.003);
    f.side[1].stray_from = f.side[1].stray_to = 3;
    TARE_REQUIRE_INT(fight(&f, (struct duel_settings){.seed = 1}, NULL), 0);
    TARE_CHECK_STR(verdict_name(found(&f, 0)->verdict), "unchanged");
    TARE_CHECK_INT(f.cases[0].n_excluded, 1);
    TARE_CHECK_INT(f.results[DUEL_NEW]->cases[0].excluded, 1);
    TARE_CHECK_INT(f.results[DUEL_OLD]->cases[0].excluded, 0);
    TARE_CHECK_INT(f.told, f.cases[0].n_pairs);
    tear_down(&f);
}

TARE_TEST(a_side_that_always_strays_fails)
{
    double ratio[] = {1};
    struct fixture f;

    set_up(&f, ratio, 1, 0.003);
    f.side[0].stray_to = 1000;
    TARE_REQUIRE_INT(fight(&f, (struct duel_settings){.seed = 1}, NULL), 0);
    TARE_CHECK_INT(f.cases[0].failed, SIDE_FAILED);
    TARE_CHECK_INT(f.cases[0].failed_side, DUEL_OLD);
    TARE_CHECK(strstr(f.cases[0].message, "3 of 3 pairs"));
    tear_down(&f);
}

TARE_TEST(steal_over_a_script_disturbs_all_its_blocks)
{
    double ratio[] = {1};
    struct fixture f;

    set_up(&f, ratio, 1, 0.003);
    f.side[1].steal = 0.3;
    TARE_REQUIRE_INT(fight(&f, (struct duel_settings){.seed = 1}, NULL), 0);
    TARE_CHECK(f.cases[0].metric[0].pair[0].blocks > 0);
    TARE_CHECK_INT(f.cases[0].metric[0].pair[0].left_out,
                   f.cases[0].metric[0].pair[0].blocks);
    tear_down(&f);
}

/* --- the time of a run */

/* Twelve cases of which two are slower and six too noisy to decide: whatever
 * the limit, the suspects get their batch and the time is kept. */
static void fight_within(struct tare *t, int64_t limit_ns, bool overtime,
                         struct fixture *f)
{
    double ratio[PAIRS_MAX];
    struct duel_settings settings = {.budget_ns = 400000000,
                                     .deadline_ns = limit_ns,
                                     .overtime = overtime,
                                     .seed = 5};

    for (size_t i = 0; i < PAIRS_MAX; i++)
        ratio[i] = i < 2 ? 1.08 : 1;
    set_up(f, ratio, PAIRS_MAX, 0.002);
    for (size_t i = 4; i < 16; i++) /* cases 2 to 7 */
        f->side[i].between = 0.06;
    TARE_REQUIRE_INT(fight(f, settings, NULL), 0);
}

TARE_TEST(suspects_are_convicted_although_time_is_short)
{
    struct fixture f;

    fight_within(t, 7000000000, true, &f);
    TARE_CHECK(f.sim.now_ns <= 7700000000);
    for (size_t i = 0; i < 2; i++)
        TARE_CHECK_INT(found(&f, i)->verdict, VERDICT_REGRESSED);
    tear_down(&f);
}

TARE_TEST(undecided_cases_share_the_time_left)
{
    const int64_t limits[] = {6000000000, 8000000000, 15000000000};
    struct fixture f;
    size_t before;

    fight_within(t, 1000000000000, false, &f);
    before = f.cases[2].n_explored;
    TARE_CHECK(f.sim.now_ns < 8000000000);
    TARE_CHECK_INT(found(&f, 2)->verdict, VERDICT_INCONCLUSIVE);
    tear_down(&f);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        fight_within(t, limits[i], true, &f);
        TARE_CHECK(f.cases[2].n_explored > before);
        TARE_CHECK(f.sim.now_ns <= limits[i] + limits[i] / 10);
        TARE_CHECK_INT(found(&f, 0)->verdict, VERDICT_REGRESSED);
        tear_down(&f);
    }
    /* Where there is use for it, time is used up. */
    fight_within(t, 8000000000, true, &f);
    TARE_CHECK(f.sim.now_ns >= 7200000000);
    tear_down(&f);
}

TARE_TEST(a_limit_too_short_for_all_decides_some)
{
    double ratio[PAIRS_MAX];
    struct duel_settings settings = {.seed = 3, .overtime = true};
    struct fixture f;
    size_t unchanged = 0;

    for (size_t i = 0; i < PAIRS_MAX; i++)
        ratio[i] = 1;
    set_up(&f, ratio, PAIRS_MAX, 0.002);
    TARE_REQUIRE_INT(fight(&f, settings, NULL), 0);
    settings.deadline_ns = f.sim.now_ns / 2;
    tear_down(&f);
    set_up(&f, ratio, PAIRS_MAX, 0.002);
    TARE_REQUIRE_INT(fight(&f, settings, NULL), 0);
    for (size_t i = 0; i < PAIRS_MAX; i++)
        unchanged +=
            f.cases[i].n_metrics && found(&f, i)->verdict == VERDICT_UNCHANGED;
    TARE_CHECK(unchanged >= PAIRS_MAX / 3);
    TARE_CHECK(f.sim.now_ns <= settings.deadline_ns * 11 / 10);
    tear_down(&f);
}

static double last_share;
static size_t shares, bad_shares;

static void on_progress(void *ctx, int stage, double share, const char *id)
{
    (void)ctx;
    bad_shares +=
        !(share >= 0 && share <= 1) || stage < 1 || stage > 2 || id[0] != 'c';
    last_share = share;
    shares++;
}

TARE_TEST(progress_is_told_as_a_share_of_what_is_expected)
{
    double ratio[6] = {1, 1.1, 1, 1, 1, 1};
    struct duel_settings settings = {.seed = 2};
    struct duel_watch watch = {.judged = judged, .progress = on_progress};
    struct fixture f;

    set_up(&f, ratio, 6, 0.002);
    watch.ctx = &f;
    TARE_REQUIRE_INT(duel(&f.executor, f.cases, 6, &settings, &watch, f.results,
                          &f.arena, NULL),
                     0);
    TARE_CHECK_INT(bad_shares, 0);
    TARE_CHECK(shares > 5);
    TARE_CHECK(shares <= (size_t)(f.sim.now_ns / 100000000) + 1);
    TARE_CHECK(last_share > 0.8);
    tear_down(&f);
}

TARE_TEST(one_pair_that_was_held_up_does_not_spend_the_budget)
{
    const struct duel_settings settings = {.budget_ns = 300};
    const struct duel_time time = {.settings = &settings, .stage = 1};
    const struct {
        size_t pairs;
        int64_t best, newest;
        bool spent;
    } cases[] = {
        {0, 0, 0, false},    {1, 405, 405, false},  {2, 40, 405, false},
        {2, 405, 500, true}, {1, 1201, 1201, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct duel_case c = {.n_pairs = cases[i].pairs,
                              .best_pair_ns = cases[i].best,
                              .pair_ns = cases[i].newest,
                              .spent_ns = 10000};

        TARE_CHECK(duel_time_is_spent(&time, &c) == cases[i].spent);
    }
}
