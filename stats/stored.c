/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/stored.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_statistics_double.h>

#include "base/scope.h"
#include "stats/adjust.h"
#include "stats/compare.h"
#include "stats/estimate.h"
#include "stats/mann_whitney.h"
#include "stats/occasion.h"
#include "stats/order.h"
#include "stats/robust.h"
#include "stats/signed_rank.h"

static const double improved_level = 0.05;

/* Normal quantiles: half an interval at 95 %, and 80 % power on top. */
static const double z_interval = 1.96, z_power = 0.84;

/* Log summaries of a case: old invocations, then new ones. */
struct logs {
    double *old_side, *new_side;
    size_t n, m;
    size_t old_samples, new_samples;
    bool bad; /* not finite, or no logarithm */
};

static bool take_log(const struct invocation *v, double quantile, double *out)
{
    double summary;

    if (v->n == 0 ||
        stats_quantile(v->sample, v->n, quantile, &summary, NULL) < 0)
        return false;
    *out = log(summary);
    return isfinite(*out);
}

static size_t invocations_of(const struct stored_case *c)
{
    size_t n = c->n_new;

    for (size_t o = 0; o < c->n_old; o++)
        n += c->old_occasion[o].n;
    return n;
}

static void read_logs(const struct stored_case *c, double *room,
                      struct logs *out)
{
    *out = (struct logs){.old_side = room};
    for (size_t o = 0; o < c->n_old; o++)
        for (size_t i = 0; i < c->old_occasion[o].n; i++) {
            const struct invocation *v = &c->old_occasion[o].invocation[i];

            out->bad |= !take_log(v, c->quantile, &room[out->n++]);
            out->old_samples += v->n;
        }
    out->new_side = room + out->n;
    for (size_t i = 0; i < c->n_new; i++) {
        out->bad |=
            !take_log(&c->new_side[i], c->quantile, &out->new_side[out->m++]);
        out->new_samples += c->new_side[i].n;
    }
}

/* --- noise between occasions */

/* Variance of the occasions' centres of one case; its df, 0 when unknown. */
static double between_occasions(const struct stored_case *c, double *room,
                                double *df)
{
    double *centre = room;
    size_t count = 0;

    *df = 0;
    for (size_t o = 0; o < c->n_old; o++) {
        const struct invocations *all = &c->old_occasion[o];
        double *log_summary = room + c->n_old;
        struct rank_interval at;

        for (size_t i = 0; i < all->n; i++)
            if (!take_log(&all->invocation[i], c->quantile, &log_summary[i]))
                return 0;
        if (all->n > 0 &&
            stats_centre(log_summary, all->n, 0.5, &at, NULL) == 0)
            centre[count++] = at.centre;
    }
    if (count < OCCASION_LEAST)
        return 0;
    *df = (double)count - 1;
    return gsl_stats_variance(centre, 1, count);
}

/* Spread of the summaries of processes of one sitting: the largest of all
 * sittings of both sides, 0 when none has two processes. */
static double within_occasion(const struct stored_case *c, double *room)
{
    double largest = 0;

    for (size_t o = 0; o <= c->n_old; o++) {
        const struct invocation *all =
            o < c->n_old ? c->old_occasion[o].invocation : c->new_side;
        size_t n = o < c->n_old ? c->old_occasion[o].n : c->n_new, count = 0;
        double spread;

        for (size_t i = 0; i < n; i++)
            count += take_log(&all[i], c->quantile, &room[count]);
        if (stats_spread(room, count, &spread, NULL) == 0)
            largest = fmax(largest, spread);
    }
    return largest;
}

/* What the cases know themselves. */
struct own_noise {
    double *variance; /* between occasions */
    double *df;       /* of it; 0 with too few occasions */
    double *spread;   /* within one */
};

static int own_noise(const struct stored_case *cases, size_t n,
                     struct own_noise *own, struct error *err)
{
    for (size_t i = 0; i < n; i++) {
        size_t size = invocations_of(&cases[i]) + cases[i].n_old + 1;
        double *room = malloc(size * sizeof *room);

        if (!room)
            return ERROR(err, ERR_NOMEM, "no memory for %zu values", size);
        own->variance[i] = between_occasions(&cases[i], room, &own->df[i]);
        own->spread[i] = within_occasion(&cases[i], room);
        free(room);
    }
    return 0;
}

/* Moderate the cases that know their noise, in place among the others. */
static int share(const struct own_noise *own, size_t n, double *s,
                 struct error *err)
{
    double *variance = own->variance, *df = own->df;
    size_t known = 0;
    int rc;

    for (size_t i = 0; i < n; i++)
        if (df[i] > 0) {
            variance[known] = variance[i];
            s[known++] = df[i];
        }
    if (known == 0)
        return 0;
    rc = occasion_moderate(variance, s, known, variance, NULL, err);
    for (size_t i = n; rc == 0 && i-- > 0;)
        if (df[i] > 0)
            variance[i] = variance[--known];
    return rc;
}

int stored_noise(const struct stored_case *cases, size_t n,
                 const struct occasion_noise *known, double *s,
                 struct error *err)
{
    SCOPED(free_scoped) double *room = calloc(3 * n + 1, sizeof *room);
    struct own_noise own = {room, room + n, room + 2 * n};
    double level = 0;
    int rc = 0;

    if (!room)
        return ERROR(err, ERR_NOMEM, "no memory for %zu cases", n);
    if (!(known->stated > 0)) {
        rc = occasion_level(known->anchor, known->n_anchors, &level, err);
        if (rc == 0)
            rc = own_noise(cases, n, &own, err);
        if (rc == 0)
            rc = share(&own, n, s, err);
    }
    for (size_t i = 0; rc == 0 && i < n; i++) {
        struct occasion_case knows = {.variance = own.variance[i],
                                      .occasions = (size_t)own.df[i] + 1,
                                      .spread = own.spread[i]};

        s[i] = known->stated > 0 ? log1p(known->stated)
                                 : occasion_scale(&knows, level);
    }
    return rc;
}

/* --- verdicts */

/* What one case says before the family is known. */
struct finding {
    bool judged;                 /* has p-values */
    double bound;                /* log ratio to cross */
    struct rank_interval wide;   /* 95 %, turned so that more is worse */
    struct rank_interval narrow; /* 90 % */
    double p_worse, p_better;    /* against the bound, one-sided */
    size_t n, m;
};

static int find(const struct logs *logs, double worse, double bound,
                struct finding *f, struct error *err)
{
    struct rank_test up, down;
    int rc;

    for (size_t i = 0; worse < 0 && i < logs->n + logs->m; i++)
        logs->old_side[i] = -logs->old_side[i];
    rc = stats_shift(logs->old_side, logs->n, logs->new_side, logs->m, 0.95,
                     &f->wide, err);
    if (rc == 0)
        rc = stats_shift(logs->old_side, logs->n, logs->new_side, logs->m, 0.90,
                         &f->narrow, err);
    if (rc == 0)
        rc = mann_whitney_test(logs->old_side, logs->n, logs->new_side, logs->m,
                               bound, &up, err);
    if (rc == 0)
        rc = mann_whitney_test(logs->old_side, logs->n, logs->new_side, logs->m,
                               -bound, &down, err);
    if (rc < 0)
        return rc;
    f->bound = bound;
    f->p_worse = up.p_greater;
    f->p_better = down.p_less;
    f->n = logs->n;
    f->m = logs->m;
    f->judged = true;
    return 0;
}

/* Everything that does not depend on the family. */
static void describe(const struct finding *f, double worse,
                     struct comparison *c)
{
    double half = (f->wide.high - f->wide.low) / 2;
    double low = worse * (worse > 0 ? f->wide.low : f->wide.high);
    double high = worse * (worse > 0 ? f->wide.high : f->wide.low);

    c->ratio = exp(worse * f->wide.centre);
    c->low = exp(low);
    c->high = exp(high);
    c->confidence = f->wide.confidence;
    c->p = f->wide.centre > 0 ? f->p_worse : f->p_better;
    c->mde =
        exp(worse * (f->bound + half * (z_interval + z_power) / z_interval));
    c->bound = exp(f->bound);
    c->old_side.invocations = f->n;
    c->new_side.invocations = f->m;
}

static double centre_value(const double *x, size_t n, double worse)
{
    struct rank_interval at;

    return stats_centre(x, n, 0.5, &at, NULL) < 0 ? NAN
                                                  : exp(worse * at.centre);
}

/* The log ratio to cross; finite, as no logarithms of doubles are so far apart.
 */
static double bound_of(const struct stored_case *stored, double s)
{
    double noise = fmax(OCCASION_REACH * s, stored->learned);

    return fmin(fmax(log1p(stored->policy.margin), noise), 2000);
}

static int examine(const struct stored_case *stored, double s,
                   struct finding *f, struct comparison *c, struct error *err)
{
    size_t size = invocations_of(stored) + 1;
    SCOPED(free_scoped) double *room = malloc(size * sizeof *room);
    double worse = compare_worse(stored->policy.better);
    struct logs logs;
    int rc = compare_check(&stored->policy, err);

    *f = (struct finding){.p_worse = NAN, .p_better = NAN};
    *c = comparison_without(VERDICT_FAILED, REASON_NOT_A_NUMBER);
    c->mode = COMPARE_STORED;
    c->margin = stored->policy.margin;
    if (rc < 0)
        return rc;
    if (!room)
        return ERROR(err, ERR_NOMEM, "no memory for %zu values", size);
    read_logs(stored, room, &logs);
    if (logs.n == 0 || logs.m == 0) {
        c->verdict = VERDICT_INCOMPARABLE;
        c->reason = REASON_MISSING;
        return 0;
    }
    if (logs.bad || !isfinite(s))
        return 0;
    rc = find(&logs, worse, bound_of(stored, s), f, err);
    if (rc < 0)
        return rc;
    describe(f, worse, c);
    c->old_side.samples = logs.old_samples;
    c->new_side.samples = logs.new_samples;
    c->old_side.value = centre_value(logs.old_side, logs.n, worse);
    c->new_side.value = centre_value(logs.new_side, logs.m, worse);
    c->verdict = VERDICT_INCONCLUSIVE;
    c->reason = compare_is_constant(logs.old_side, logs.n) &&
                        compare_is_constant(logs.new_side, logs.m)
                    ? REASON_CONSTANT
                    : REASON_NEEDS_OLD;
    return 0;
}

/* Invocations on each side whose smallest p survives Holm over `family`. */
static size_t needed(double alpha, size_t family)
{
    size_t n = stats_shift_needs(1 - 2 * alpha / (double)family);
    size_t interval = stats_shift_needs(0.95);

    return n > interval ? n : interval;
}

static double smallest_p(size_t n, size_t m)
{
    double p = 1;

    for (size_t i = 1; i <= n; i++)
        p *= (double)i / (double)(m + i);
    return p;
}

static void judge(const struct finding *f, double worse_adjusted,
                  double better_adjusted, double alpha, size_t family,
                  struct comparison *c)
{
    double margin = log1p(c->margin);
    bool is_worse = f->wide.centre > 0;
    bool constant = c->reason == REASON_CONSTANT;

    c->p_adjusted = is_worse ? worse_adjusted : better_adjusted;
    if (f->wide.low > f->bound && worse_adjusted <= alpha) {
        c->verdict = VERDICT_REGRESSED;
        c->reason = REASON_NONE;
    } else if (f->wide.high < -f->bound && better_adjusted <= improved_level) {
        c->verdict = VERDICT_IMPROVED;
        c->reason = REASON_NONE;
    } else if (!constant && f->narrow.low > -margin &&
               f->narrow.high < margin) {
        c->verdict = VERDICT_UNCHANGED;
        c->reason = REASON_EQUIVALENT;
    } else if (f->narrow.open ||
               (f->wide.low > f->bound &&
                smallest_p(f->n, f->m) * (double)family > alpha)) {
        c->reason = REASON_TOO_FEW;
        c->n_needed = needed(alpha, family);
    }
}

int stored_compare(const struct stored_case *cases, size_t n, double alpha,
                   const double *s, struct comparison *out, struct error *err)
{
    SCOPED(free_scoped) struct finding *found = calloc(n + 1, sizeof *found);
    SCOPED(free_scoped) double *p = calloc(2 * n + 2, sizeof *p);
    size_t family = 0;
    int rc = 0;

    if (!found || !p)
        return ERROR(err, ERR_NOMEM, "no memory for %zu cases", n);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        rc = examine(&cases[i], s[i], &found[i], &out[i], err);
        p[i] = found[i].p_worse;
        p[n + i] = found[i].p_better;
        family += found[i].judged;
    }
    if (rc == 0)
        rc = stats_adjust(ADJUST_HOLM, p, n, p, err);
    if (rc == 0)
        rc = stats_adjust(ADJUST_BH, p + n, n, p + n, err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (found[i].judged)
            judge(&found[i], p[i], p[n + i], alpha, family, &out[i]);
    return rc;
}
