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
#include "stats/robust.h"
#include "stats/signed_rank.h"

static const double noise_df = 4;
static const double noise_qn = 1.17457; /* Qn of Student's t with 4 df */
static const double centre_se = 1.02;
static const size_t rule_reps = 1000;

/* Paths of the first stage, and simulations used to plan a batch for each. */
static const size_t paths = 250;
static const size_t plan_reps = 250;
static const double batch_power = 0.99;

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

/* Whether the first `reps` batches have the power that one is made with; it
 * stops when too many have missed. */
static bool is_strong(const struct power_stage *stage, size_t reps,
                      double effect, double spread, double threshold)
{
    size_t allowed = (size_t)((1 - batch_power) * (double)reps + 1e-9);
    size_t missed = 0;

    for (size_t r = 0; r < reps && missed <= allowed; r++)
        missed += !(effect / spread > needed(stage, r, threshold / spread));
    return missed <= allowed;
}

double power_at(const struct power_stage *stage, double effect, double spread,
                double threshold)
{
    size_t found = 0;

    for (size_t r = 0; r < stage->reps; r++)
        found += effect / spread > needed(stage, r, threshold / spread);
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

/* A batch that refutes a suspicion must be able to say "unchanged", which takes
 * 7 pairs (convict.h); 8 survive one small pair of the other sign. */
static const size_t batch_least = 8;

/* The pairs that 2^-n <= level needs, and batch_least. */
static size_t least_size(double level, size_t most)
{
    size_t n = batch_least < most ? batch_least : most;

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
        free(rule->look[i].view);
    for (size_t i = 0; rule->batch && i < rule->batches; i++)
        power_stage_clear(&rule->batch[i]);
    free(rule->look);
    free(rule->batch);
    *rule = (struct power_rule){0};
}

/* Ranks, from 0, of what a look reads off the n (n + 1) / 2 Walsh averages. */
struct ranks {
    size_t bound, upper;
    bool tests; /* n pairs can reach the 5 % */
    bool is_look;
};

static int ranks_of(size_t n, struct ranks *out, struct error *err)
{
    size_t pairs = n * (n + 1) / 2, c, count;
    const struct look *look = explore_looks(&count);
    double achieved;
    int rc = signed_rank_critical(n, EXPLORE_SUSPECT_LEVEL, &c, &achieved, err);

    if (rc < 0)
        return rc;
    *out = (struct ranks){.bound = c > 0 ? c - 1 : 0, .tests = c > 0};
    for (size_t i = 0; i < count; i++)
        if (look[i].n == n) {
            out->upper = pairs - 1 - look[i].most;
            out->is_look = true;
        }
    return 0;
}

/* What a look sees of the first n values of a path, which it sorts. */
static int view(double *noise, size_t n, const struct ranks *ranks,
                struct power_view *out, struct error *err)
{
    size_t pairs = n * (n + 1) / 2;
    const size_t rank[4] = {(pairs - 1) / 2, pairs / 2, ranks->bound,
                            ranks->upper};
    double value[4];
    int rc = stats_spread(noise, n, &out->spread, err);

    if (rc < 0)
        return rc;
    stats_sort(noise, n);
    rc =
        pairwise_select(PAIRWISE_WALSH, noise, n, NULL, 0, rank, 4, value, err);
    if (rc < 0)
        return rc;
    out->centre = (value[0] + value[1]) / 2;
    out->bound = ranks->tests ? -value[2] : INFINITY;
    out->upper = ranks->is_look ? value[3] : INFINITY;
    return 0;
}

/* Simulate the first stage: every look sees the beginning of one path. */
static int explore_paths(struct power_rule *rule, struct error *err)
{
    size_t n = rule->n_explore;
    SCOPED(rng_scoped) gsl_rng *random = seeded(rule->seed + rule->batches);
    SCOPED(free_scoped) double *path = malloc((2 * n + 1) * sizeof *path);
    SCOPED(free_scoped)
    struct ranks *ranks = calloc(rule->looks + 1, sizeof *ranks);
    int rc = 0;

    if (!random || !path || !ranks)
        return ERROR(err, ERR_NOMEM, "no memory to simulate %zu pairs", n);
    for (size_t i = 0; rc == 0 && i < rule->looks; i++) {
        rc = ranks_of(rule->look[i].n, &ranks[i], err);
        rule->look[i].view = calloc(paths, sizeof *rule->look[i].view);
        if (!rule->look[i].view)
            rc = ERROR(err, ERR_NOMEM, "no memory for %zu paths", paths);
    }
    for (size_t r = 0; rc == 0 && r < paths; r++) {
        draw(random, path, n);
        for (size_t i = 0; rc == 0 && i < rule->looks; i++) {
            memcpy(path + n, path, rule->look[i].n * sizeof *path);
            rc = view(path + n, rule->look[i].n, &ranks[i],
                      &rule->look[i].view[r], err);
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
 * largest below t->most does not have the power, by the first `reps`
 * simulations. */
static int choose(struct power_rule *rule, const struct power_target *t,
                  size_t reps, size_t *chosen, struct error *err)
{
    double effect = counted_on(t), spread = widened(t);
    size_t i;

    for (i = 0; i < rule->batches && rule->batch[i].n < t->most; i++) {
        int rc = ready(&rule->batch[i], rule->level, rule->seed + i, err);

        if (rc < 0)
            return rc;
        if (is_strong(&rule->batch[i], reps, effect, spread, t->margin))
            break;
    }
    *chosen = i;
    return 0;
}

int power_batch_size(struct power_rule *rule, const struct power_target *t,
                     size_t *size, struct error *err)
{
    size_t i;
    int rc = choose(rule, t, rule_reps, &i, err);

    if (rc < 0)
        return rc;
    *size = i < rule->batches && rule->batch[i].n < t->most ? rule->batch[i].n
                                                            : t->most;
    return 0;
}

/* Where a path of noise ends when an effect is added, all in spreads: the look
 * that suspects it, or NULL when it is found unchanged or never suspected. */
static const struct power_look *suspecting(const struct power_rule *rule,
                                           size_t path, double effect,
                                           double margin)
{
    for (size_t i = 0; i < rule->looks; i++) {
        const struct power_view *v = &rule->look[i].view[path];

        if (v->upper + effect < margin)
            return NULL;
        if (effect > v->bound && effect + v->centre > margin / 2)
            return &rule->look[i];
    }
    return NULL;
}

/* Power of the batch of size index i, simulated when needed. */
static int batch_power_at(struct power_rule *rule, size_t i, double effect,
                          double margin, double *power, struct error *err)
{
    int rc = ready(&rule->batch[i], rule->level, rule->seed + i, err);

    if (rc == 0 && isnan(*power))
        *power = power_at(&rule->batch[i], effect, 1, margin);
    return rc;
}

/* The power of the whole rule at an effect: the share of simulated paths that
 * become suspects, each times the power of the batch it would be given.
 * spread > 0.  Cost: 0.3 ms once the stages are simulated, 0.1 s for those. */
static int power_of_rule(struct power_rule *rule, double effect, double spread,
                         double margin, double *power, struct error *err)
{
    SCOPED(free_scoped) double *known = malloc(rule->batches * sizeof *known);
    double sum = 0, e = effect / spread, delta = margin / spread;
    int rc = known ? 0 : ERROR(err, ERR_NOMEM, "no memory for a simulation");

    if (rc == 0 && !rule->explored)
        rc = explore_paths(rule, err);
    for (size_t i = 0; rc == 0 && i < rule->batches; i++)
        known[i] = NAN;
    for (size_t r = 0; rc == 0 && r < paths; r++) {
        const struct power_look *look = suspecting(rule, r, e, delta);
        struct power_target target;
        size_t i;

        if (!look)
            continue;
        target = (struct power_target){
            .effect = e + look->view[r].centre,
            .spread = look->view[r].spread,
            .n = look->n,
            .margin = delta,
            .most = rule->n_convict,
        };
        rc = choose(rule, &target, plan_reps, &i, err);
        i = i < rule->batches ? i : rule->batches - 1;
        if (rc == 0)
            rc = batch_power_at(rule, i, e, delta, &known[i], err);
        sum += rc == 0 ? known[i] : 0;
    }
    if (rc == 0)
        *power = sum / (double)paths;
    return rc;
}

int power_detectable(struct power_rule *rule, double spread, double margin,
                     double power, double *effect, struct error *err)
{
    double scale = fmax(spread, least_spread), low = 0, at = 0;
    double high = fmax(1.5 * margin, scale);
    int rc = 0;

    if (isnan(spread)) {
        *effect = NAN;
        return 0;
    }
    /* Without noise all that are as many as the test needs find whatever is
     * beyond the margin: nothing to simulate. */
    if (spread <= least_spread) {
        bool can = ldexp(1, -(int)rule->n_convict) <= rule->level;

        *effect = can ? margin : INFINITY;
        return 0;
    }
    while (rc == 0 && at < power) {
        rc = power_of_rule(rule, high, scale, margin, &at, err);
        if (at < power) {
            low = high;
            high *= 2;
        }
        if (high > margin + 1e4 * scale)
            break;
    }
    while (rc == 0 && at >= power && high - low > 1e-3 * high) {
        double middle = (low + high) / 2, p;

        rc = power_of_rule(rule, middle, scale, margin, &p, err);
        if (rc == 0 && p >= power)
            high = middle;
        else
            low = middle;
    }
    if (rc == 0)
        *effect = at >= power ? high : INFINITY;
    return rc;
}
