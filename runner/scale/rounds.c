/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounds: their order, their conduct, their end. */
#include <config.h>

#include "runner/scale/rounds.h"

#include <math.h>
#include <string.h>

#include "runner/measure/script.h"
#include "runner/scale/analysis.h"
#include "stats/signed_rank.h"

static const struct scale_settings defaults = {
    .budget_ns = 10000000000,
    .rounds_max = 100,
    .precision = 0.02,
    .old_precision = 0.01,
    .confidence = 0.95,
    .alpha = 0.01,
};

enum { FIRST_ROUNDS = 16 };

/* The kernel's USER_HZ: what it counts CPU time in. */
static const double tick_s = 0.01;

struct conduct {
    const struct scale_executor *executor;
    const struct scale_watch *watch;
    struct scale_settings settings;
    struct scale_series *series;
    size_t n;
    bool *open;
    struct arena *arena;
    struct error *err;
};

struct scale_settings scale_settings_fill(const struct scale_settings *s)
{
    struct scale_settings out = *s;

    out.budget_ns = s->budget_ns > 0 ? s->budget_ns : defaults.budget_ns;
    out.rounds_max = s->rounds_max > 0 ? s->rounds_max : defaults.rounds_max;
    out.precision = s->precision > 0 ? s->precision : defaults.precision;
    out.old_precision =
        s->old_precision > 0 ? s->old_precision : defaults.old_precision;
    out.confidence = s->confidence > 0 ? s->confidence : defaults.confidence;
    out.alpha = s->alpha > 0 ? s->alpha : defaults.alpha;
    return out;
}

/* ---- order */

static size_t add_count(const struct scale_series *series, size_t s, size_t c,
                        uint64_t *random, struct scale_step *out)
{
    int first = SCALE_NEW;

    if (!series[s].old) {
        out[0] = (struct scale_step){s, c, SCALE_NEW};
        return 1;
    }
    first = (int)random_below(random, 2);
    out[0] = (struct scale_step){s, c, first};
    out[1] = (struct scale_step){s, c, !first};
    return 2;
}

/* Fisher-Yates; the `each` steps of a count stay together. */
static void shuffle(struct scale_step *step, size_t n, size_t each,
                    uint64_t *random)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = (size_t)random_below(random, i);

        for (size_t j = 0; j < each; j++) {
            struct scale_step t = step[(i - 1) * each + j];

            step[(i - 1) * each + j] = step[k * each + j];
            step[k * each + j] = t;
        }
    }
}

static size_t series_steps(const struct scale_series *series, size_t s,
                           size_t n_counts, uint64_t *random,
                           struct scale_step *out)
{
    size_t each = series[s].old ? SCALE_SIDES : 1, n = 0;

    for (size_t c = 0; c < n_counts; c++)
        if (series[s].has[c])
            n += add_count(series, s, c, random, out + n);
    shuffle(out, n / each, each, random);
    return n;
}

size_t scale_round_steps(const struct scale_series *series, const bool *open,
                         size_t n, size_t n_counts, uint64_t seed, size_t round,
                         struct scale_step *out)
{
    uint64_t random = seed + 0x9e3779b97f4a7c15u * (uint64_t)(round + 1);
    size_t total = 0, first = (size_t)random_below(&random, n ? n : 1);

    /* Series take turns to begin; a whole permutation of them would need
     * scratch and gain nothing, as nobody compares series. */
    for (size_t i = 0; i < n; i++) {
        size_t s = (first + i) % n;

        if (open[s])
            total += series_steps(series, s, n_counts, &random, out + total);
    }
    return total;
}

/* ---- disturbance */

static bool above(double share, double limit, double cpu_s, int workers)
{
    return share > limit && share * cpu_s > tick_s * workers * 1.5;
}

bool scale_is_disturbed(const struct scale_sample *sample, int workers)
{
    static const double steal = 0.01, foreign = 0.05;
    const struct disturbance *d = &sample->during;
    double cpu_s = d->seconds * workers;

    return sample->strayed || above(d->steal, steal, cpu_s, workers) ||
           above(d->foreign, foreign, cpu_s, workers) || d->throttled > 0 ||
           d->quota_throttled > 0;
}

static bool complete(const struct scale_series *series, size_t n_counts,
                     size_t round)
{
    for (int side = 0; side <= series->old; side++)
        for (size_t c = 0; c < n_counts; c++)
            if (series->has[c] &&
                !(series->sample[side][round * n_counts + c].seconds > 0))
                return false;
    return true;
}

static bool undisturbed(const struct scale_series *series, const int *count,
                        size_t n_counts, size_t round)
{
    for (int side = 0; side <= series->old; side++)
        for (size_t c = 0; c < n_counts; c++)
            if (series->has[c] &&
                scale_is_disturbed(&series->sample[side][round * n_counts + c],
                                   count[c]))
                return false;
    return true;
}

struct scale_usable scale_usable_rounds(const struct scale_series *series,
                                        const int *count, size_t n_counts,
                                        size_t need, bool *use)
{
    struct scale_usable out = {0};

    for (size_t r = 0; r < series->rounds; r++) {
        bool there = complete(series, n_counts, r);

        use[r] = there && undisturbed(series, count, n_counts, r);
        out.clean += use[r];
        out.complete += there;
    }
    out.used = out.clean;
    if (out.clean >= need)
        return out;
    for (size_t r = 0; r < series->rounds; r++)
        use[r] = complete(series, n_counts, r);
    out.used = out.complete;
    return out;
}

size_t scale_rounds_needed(const struct scale_series *series,
                           const struct scale_settings *settings)
{
    struct scale_settings full = scale_settings_fill(settings);
    size_t need = stats_centre_needs(full.confidence), k = 0, convict;

    if (!series->old)
        return need;
    for (size_t c = 0; c < settings->n_counts; c++)
        k += series->has[c];
    /* 2^-n <= alpha / k, the smallest p of a signed rank test. */
    convict = (size_t)ceil(log2((double)k / full.alpha));
    return convict > need ? convict : need;
}

/* ---- conduct */

static int64_t now(const struct conduct *c)
{
    return c->executor->now(c->executor->ctx);
}

static bool late(const struct conduct *c)
{
    return c->settings.deadline_ns > 0 && now(c) >= c->settings.deadline_ns;
}

static size_t columns(const struct scale_series *series, size_t n_counts)
{
    size_t n = 0;

    for (size_t c = 0; c < n_counts; c++)
        n += series->has[c];
    return n * (series->old ? SCALE_SIDES : 1);
}

static double budget_s(const struct conduct *c, const struct scale_series *s)
{
    return (double)c->settings.budget_ns / 1e9 *
           (double)columns(s, c->settings.n_counts);
}

static int no_memory(const struct conduct *c)
{
    return ERROR(c->err, ERR_NOMEM, "no memory for rounds");
}

/* Room for `rounds` rounds in place of the half as many there are. */
static int grow(struct conduct *c, struct scale_series *s, size_t rounds)
{
    size_t cells = rounds * c->settings.n_counts;
    size_t filled = s->rounds * c->settings.n_counts;

    for (int side = 0; side <= s->old; side++) {
        struct scale_sample *sample =
            arena_alloc(c->arena, cells, sizeof *sample);

        if (!sample)
            return no_memory(c);
        if (filled)
            memcpy(sample, s->sample[side], filled * sizeof *sample);
        for (size_t i = filled; i < cells; i++)
            sample[i].seconds = NAN;
        s->sample[side] = sample;
    }
    return 0;
}

/* Powers of two from FIRST_ROUNDS on. */
static int make_room(struct conduct *c, size_t round)
{
    int rc = 0;

    if (round && (round < FIRST_ROUNDS || (round & (round - 1))))
        return 0;
    for (size_t s = 0; s < c->n && rc == 0; s++)
        if (c->open[s])
            rc = grow(c, &c->series[s], round ? 2 * round : FIRST_ROUNDS);
    return rc;
}

static int open_all(struct conduct *c)
{
    c->open = arena_alloc(c->arena, c->n, sizeof *c->open);
    if (!c->open)
        return no_memory(c);
    for (size_t s = 0; s < c->n; s++) {
        c->open[s] = true;
        c->series[s].message = "";
    }
    return 0;
}

static int fail_series(struct conduct *c, size_t s, const struct error *why)
{
    c->open[s] = false;
    c->series[s].message = arena_strdup(c->arena, why->text);
    return c->series[s].message
               ? 0
               : ERROR(c->err, ERR_NOMEM, "no memory for a message");
}

static int pass_on(struct conduct *c, const struct error *why)
{
    if (c->err)
        *c->err = *why;
    return why->code;
}

static int measure(struct conduct *c, const struct scale_step *step, bool warm,
                   struct scale_sample *out)
{
    struct scale_series *s = &c->series[step->series];
    struct error why = {0};
    int64_t began = now(c);
    int rc = c->executor->measure(c->executor->ctx, step->series, step->side,
                                  step->count, warm, out, &why);

    s->spent_s += (double)(now(c) - began) / 1e9;
    if (rc == ERR_PEER || rc == ERR_TIMEOUT)
        return fail_series(c, step->series, &why);
    return rc < 0 ? pass_on(c, &why) : 0;
}

/* The first measurement of a side fills caches that the others find filled;
 * with most workers it is over soonest. */
static int warm_up(struct conduct *c, size_t s)
{
    struct scale_sample ignored;
    int rc = 0;

    for (int side = 0; side <= c->series[s].old && rc == 0 && c->open[s];
         side++) {
        struct scale_step step = {.series = s, .side = side};

        for (size_t k = 0; k < c->settings.n_counts; k++)
            if (c->series[s].has[k])
                step.count = k;
        rc = measure(c, &step, true, &ignored);
    }
    /* What it costs is no part of the budget. */
    c->series[s].spent_s = 0;
    return rc;
}

static double share_done(const struct conduct *c)
{
    double done = 0;

    for (size_t s = 0; s < c->n; s++)
        done +=
            c->open[s]
                ? fmin(0.99, c->series[s].spent_s / budget_s(c, &c->series[s]))
                : 1;
    return done / (double)c->n;
}

static int take(struct conduct *c, const struct scale_step *step, size_t round)
{
    struct scale_series *s = &c->series[step->series];
    struct scale_sample sample = {.seconds = NAN};
    int rc;

    if (c->watch && c->watch->progress)
        c->watch->progress(c->watch->ctx, share_done(c), step->series,
                           step->count);
    rc = measure(c, step, false, &sample);
    if (rc < 0 || !c->open[step->series])
        return rc;
    s->sample[step->side][round * c->settings.n_counts + step->count] = sample;
    s->rounds = round + 1;
    return c->watch && c->watch->sampled
               ? c->watch->sampled(c->watch->ctx, step->series, step->side,
                                   step->count, &sample, c->err)
               : 0;
}

/* Why a series ends after this round; UNSET while it goes on. */
static int look(struct conduct *c, struct scale_series *s)
{
    size_t need = scale_rounds_needed(s, &c->settings);
    double budget = budget_s(c, s), speedup = INFINITY, ratio = INFINITY;
    int rc;

    if (s->rounds >= c->settings.rounds_max) {
        s->stopped_by = STOPPED_NO_GAIN;
        return 0;
    }
    if (s->rounds < need) {
        if (s->rounds == 1 && s->spent_s > budget)
            s->stopped_by = STOPPED_BUDGET;
        return 0;
    }
    rc = scale_precision(s, &c->settings, &speedup, &ratio, c->err);
    if (rc < 0)
        return rc;
    if (speedup <= c->settings.precision && ratio <= c->settings.old_precision)
        s->stopped_by = STOPPED_PRECISE;
    else if (s->spent_s > budget)
        s->stopped_by = STOPPED_BUDGET;
    return 0;
}

static int look_at_all(struct conduct *c)
{
    int rc = 0;

    for (size_t s = 0; s < c->n && rc == 0; s++) {
        if (!c->open[s])
            continue;
        rc = look(c, &c->series[s]);
        c->open[s] = c->series[s].stopped_by == STOPPED_UNSET;
    }
    return rc;
}

static bool any_open(const struct conduct *c)
{
    for (size_t s = 0; s < c->n; s++)
        if (c->open[s])
            return true;
    return false;
}

static void end_all(struct conduct *c, enum stopped_by why)
{
    for (size_t s = 0; s < c->n; s++)
        if (c->open[s])
            c->series[s].stopped_by = why;
}

static int run_round(struct conduct *c, size_t round, struct scale_step *step)
{
    size_t n = scale_round_steps(c->series, c->open, c->n, c->settings.n_counts,
                                 c->settings.seed, round, step);
    int rc = 0;

    for (size_t i = 0; i < n && rc == 0 && !late(c); i++)
        if (c->open[step[i].series])
            rc = take(c, &step[i], round);
    return rc;
}

static int run_all(struct conduct *c)
{
    struct scale_step *step = arena_alloc(
        c->arena, c->n * c->settings.n_counts * SCALE_SIDES, sizeof *step);
    int rc = 0;

    if (!step)
        return no_memory(c);
    for (size_t s = 0; s < c->n && rc == 0; s++)
        rc = warm_up(c, s);
    for (size_t round = 0; rc == 0 && any_open(c) && !late(c); round++) {
        rc = make_room(c, round);
        if (rc == 0)
            rc = run_round(c, round, step);
        if (rc == 0)
            rc = look_at_all(c);
    }
    end_all(c, rc == ERR_STOPPED ? STOPPED_INTERRUPT : STOPPED_MAX_TIME);
    return rc;
}

int scale_rounds(const struct scale_executor *executor,
                 const struct scale_settings *settings,
                 struct scale_series *series, size_t n,
                 const struct scale_watch *watch, struct arena *arena,
                 struct error *err)
{
    struct conduct c = {
        .executor = executor,
        .watch = watch,
        .settings = scale_settings_fill(settings),
        .series = series,
        .n = n,
        .arena = arena,
        .err = err,
    };
    int rc = open_all(&c);

    return rc < 0 ? rc : run_all(&c);
}
