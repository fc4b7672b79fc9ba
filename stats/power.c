/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/power.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "base/scope.h"
#include "stats/looks.h"
#include "stats/order.h"
#include "stats/pairwise.h"
#include "stats/signed_rank.h"

static const double noise_df = 5;
static const double noise_qn = 1.13655; /* Qn of Student's t with 5 df */
static const double centre_se = 1.02;
static const size_t rule_reps = 1000;
static const double batch_power = 0.98;
static const int detectable_rounds = 3;

/* Noise below this does not matter to anything; it stands for none. */
static const double least_spread = 1e-12;

double power_standard_error(double spread, size_t n)
{
    return centre_se * spread / sqrt((double)n);
}

/* Make room and find the rank c of the bound, 0 when n cannot reach the level. */
static int prepare(struct power_stage *stage, size_t n, double level,
                   size_t reps, size_t *c, struct error *err)
{
    struct power_stage s = {.n = n, .reps = reps};
    double achieved;
    int rc = signed_rank_critical(n, level, c, &achieved, err);

    if (rc < 0)
        return rc;
    s.bound = malloc(reps * sizeof *s.bound);
    s.centre = malloc(reps * sizeof *s.centre);
    if (!s.bound || !s.centre) {
        power_stage_clear(&s);
        return ERROR(err, ERR_NOMEM, "no memory for %zu simulations", reps);
    }
    *stage = s;
    return 0;
}

/* Record the bound and the centre of one batch of noise, sorting it. */
static int record(struct power_stage *stage, size_t rep, size_t c,
                  double *noise, struct error *err)
{
    size_t n = stage->n, pairs = n * (n + 1) / 2;
    const size_t rank[3] = {(pairs - 1) / 2, pairs / 2, c > 0 ? c - 1 : 0};
    double value[3];
    int rc;

    stats_sort(noise, n);
    rc =
        pairwise_select(PAIRWISE_WALSH, noise, n, NULL, 0, rank, 3, value, err);
    if (rc < 0)
        return rc;
    stage->centre[rep] = -(value[0] + value[1]) / 2;
    stage->bound[rep] = c > 0 ? -value[2] : INFINITY;
    return 0;
}

static void draw(const gsl_rng *random, double *noise, size_t n)
{
    for (size_t i = 0; i < n; i++)
        noise[i] = gsl_ran_tdist(random, noise_df) / noise_qn;
}

static gsl_rng *seeded(uint64_t seed)
{
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

    if (random)
        gsl_rng_set(random, (unsigned long)seed);
    return random;
}

static void rng_scoped(gsl_rng **random)
{
    if (*random)
        gsl_rng_free(*random);
}

int power_stage_init(struct power_stage *stage, size_t n, double level,
                     size_t reps, uint64_t seed, struct error *err)
{
    SCOPED(rng_scoped) gsl_rng *random = seeded(seed);
    SCOPED(free_scoped) double *noise = malloc(n * sizeof *noise);
    struct power_stage s;
    size_t c;
    int rc;

    if (!random || !noise)
        return ERROR(err, ERR_NOMEM, "no memory to simulate %zu pairs", n);
    rc = prepare(&s, n, level, reps, &c, err);
    if (rc < 0)
        return rc;
    for (size_t r = 0; rc == 0 && r < reps; r++) {
        draw(random, noise, n);
        rc = record(&s, r, c, noise, err);
    }
    if (rc == 0)
        *stage = s;
    else
        power_stage_clear(&s);
    return rc;
}

void power_stage_clear(struct power_stage *stage)
{
    free(stage->bound);
    free(stage->centre);
    *stage = (struct power_stage){0};
}

/* The smallest effect, in spreads, that batch `rep` would have found. */
static double needed(const struct power_stage *stage, size_t rep,
                     double threshold)
{
    return fmax(stage->bound[rep], threshold + stage->centre[rep]);
}

double power_at(const struct power_stage *stage, double effect, double spread,
                double threshold)
{
    size_t found = 0;

    for (size_t r = 0; r < stage->reps; r++)
        if (effect / spread > needed(stage, r, threshold / spread))
            found++;
    return (double)found / (double)stage->reps;
}

/* The first stage's looks: the fixed ones and its end. */
static size_t look_after(size_t n, size_t most)
{
    size_t next = explore_next_look(n);

    return next < most ? next : most;
}

/* Sizes of batches: each one more than the last, then a fifth more. */
static size_t size_after(size_t n, size_t most)
{
    size_t next = n + (n / 5 > 1 ? n / 5 : 1);

    return next < most ? next : most;
}

/* The pairs that 2^-n <= level needs. */
static size_t least_size(double level, size_t most)
{
    size_t n = 1;

    while (ldexp(1, -(int)n) > level && n < most)
        n++;
    return n;
}

int power_rule_init(struct power_rule *rule, size_t n_explore, size_t n_convict,
                    double level, uint64_t seed, struct error *err)
{
    struct power_rule r = {
        .n_explore = n_explore,
        .n_convict = n_convict > 0 ? n_convict : 1,
        .level = level,
        .seed = seed,
    };
    size_t first = least_size(level, r.n_convict), n;

    for (n = 0; n < n_explore; n = look_after(n, n_explore))
        r.looks++;
    for (n = first, r.batches = 1; n < r.n_convict;
         n = size_after(n, r.n_convict))
        r.batches++;
    r.look = calloc(r.looks + 1, sizeof *r.look);
    r.batch = calloc(r.batches, sizeof *r.batch);
    if (!r.look || !r.batch) {
        power_rule_clear(&r);
        return ERROR(err, ERR_NOMEM, "no memory for the stages of a rule");
    }
    n = 0;
    for (size_t i = 0; i < r.looks; i++)
        r.look[i].n = n = look_after(n, n_explore);
    n = first;
    for (size_t i = 0; i < r.batches; i++, n = size_after(n, r.n_convict))
        r.batch[i].n = n;
    *rule = r;
    return 0;
}

void power_rule_clear(struct power_rule *rule)
{
    for (size_t i = 0; rule->look && i < rule->looks; i++)
        power_stage_clear(&rule->look[i]);
    for (size_t i = 0; rule->batch && i < rule->batches; i++)
        power_stage_clear(&rule->batch[i]);
    free(rule->look);
    free(rule->batch);
    *rule = (struct power_rule){0};
}

/* Simulate the first stage: every look sees the beginning of one path. */
static int explore_paths(struct power_rule *rule, struct error *err)
{
    size_t n = rule->n_explore;
    SCOPED(rng_scoped) gsl_rng *random = seeded(rule->seed + rule->batches);
    SCOPED(free_scoped) double *path = malloc((2 * n + 1) * sizeof *path);
    SCOPED(free_scoped) size_t *c = calloc(rule->looks + 1, sizeof *c);
    int rc = 0;

    if (!random || !path || !c)
        return ERROR(err, ERR_NOMEM, "no memory to simulate %zu pairs", n);
    for (size_t i = 0; rc == 0 && i < rule->looks; i++)
        rc = prepare(&rule->look[i], rule->look[i].n, EXPLORE_SUSPECT_LEVEL,
                     rule_reps, &c[i], err);
    for (size_t r = 0; rc == 0 && r < rule_reps; r++) {
        draw(random, path, n);
        for (size_t i = 0; rc == 0 && i < rule->looks; i++) {
            memcpy(path + n, path, rule->look[i].n * sizeof *path);
            rc = record(&rule->look[i], r, c[i], path + n, err);
        }
    }
    rule->explored = rc == 0;
    return rc;
}

/* Simulate a stage of the rule when it has not been yet. */
static int ready(struct power_stage *stage, double level, uint64_t seed,
                 struct error *err)
{
    if (stage->reps > 0)
        return 0;
    return power_stage_init(stage, stage->n, level, rule_reps, seed, err);
}

static double counted_on(const struct power_target *t)
{
    double excess = t->effect - t->margin;
    double error = power_standard_error(t->spread, t->n) / excess;
    double shrunk = excess > 0 ? t->margin + excess / (1 + error * error) : 0;

    return fmax(shrunk, 1.5 * t->margin);
}

static double widened(const struct power_target *t)
{
    double n = t->n > 1 ? (double)t->n : 2;

    return fmax(t->spread * (1 + 1 / sqrt(2 * (n - 1))), least_spread);
}

/* The batch that a target gets, as an index; rule->batches when even the
 * largest does not have the power. */
static int choose(struct power_rule *rule, const struct power_target *t,
                  size_t *chosen, struct error *err)
{
    double effect = counted_on(t), spread = widened(t);
    size_t i;

    for (i = 0; i < rule->batches && rule->batch[i].n < t->most; i++) {
        int rc = ready(&rule->batch[i], rule->level, rule->seed + i, err);

        if (rc < 0)
            return rc;
        if (power_at(&rule->batch[i], effect, spread, t->margin) >= batch_power)
            break;
    }
    *chosen = i;
    return 0;
}

int power_batch_size(struct power_rule *rule, const struct power_target *t,
                     size_t *size, struct error *err)
{
    size_t i;
    int rc = choose(rule, t, &i, err);

    if (rc < 0)
        return rc;
    *size = i < rule->batches && rule->batch[i].n < t->most ? rule->batch[i].n
                                                            : t->most;
    return 0;
}

/* The smallest effect that the first stage's batch `rep` would have suspected,
 * at any look. */
static double suspected_at(const struct power_rule *rule, size_t rep,
                           double threshold)
{
    double first = INFINITY;

    for (size_t i = 0; i < rule->looks; i++)
        first = fmin(first, needed(&rule->look[i], rep, threshold));
    return first;
}

/* Pairs after which an effect is likely to be suspected. */
static size_t suspected_after(const struct power_rule *rule, double effect,
                              double spread, double margin)
{
    for (size_t i = 0; i < rule->looks; i++)
        if (power_at(&rule->look[i], effect, spread, margin / 2) >= 0.5)
            return rule->look[i].n;
    return rule->n_explore;
}

/* The wanted quantile of the effects both stages would have found, with this
 * batch in the second. */
static double quantile_of_needed(const struct power_rule *rule,
                                 const struct power_stage *batch, double spread,
                                 double margin, double power, double *room)
{
    for (size_t r = 0; r < rule_reps; r++)
        room[r] = fmax(suspected_at(rule, r, margin / 2 / spread),
                       needed(batch, r, margin / spread));
    stats_sort(room, rule_reps);
    return spread * room[(size_t)ceil(power * (double)rule_reps) - 1];
}

/* A larger effect gets a smaller batch, which finds less: a few rounds settle
 * it. */
int power_detectable(struct power_rule *rule, double spread, double margin,
                     double power, double *effect, struct error *err)
{
    SCOPED(free_scoped) double *room = malloc(rule_reps * sizeof *room);
    double scale = fmax(spread, least_spread), found = 1.5 * margin;
    int rc = room ? 0 : ERROR(err, ERR_NOMEM, "no memory for a simulation");

    if (rc == 0 && !rule->explored)
        rc = explore_paths(rule, err);
    for (int round = 0; rc == 0 && round < detectable_rounds; round++) {
        struct power_target target = {
            .effect = found,
            .spread = scale,
            .n = suspected_after(rule, found, scale, margin),
            .margin = margin,
            .most = rule->n_convict,
        };
        size_t i;

        rc = choose(rule, &target, &i, err);
        i = i < rule->batches ? i : rule->batches - 1;
        if (rc == 0)
            rc = ready(&rule->batch[i], rule->level, rule->seed + i, err);
        if (rc == 0)
            found = quantile_of_needed(rule, &rule->batch[i], scale, margin,
                                       power, room);
        if (isinf(found))
            break;
    }
    if (rc == 0)
        *effect = isnan(spread) ? NAN : found;
    return rc;
}
