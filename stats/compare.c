/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/compare.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "stats/order.h"
#include "stats/signed_rank.h"

int compare_check(const struct compare_policy *policy, struct error *err)
{
    if (policy->margin >= 0 && isfinite(policy->margin) &&
        policy->better != BETTER_NONE)
        return 0;
    return ERROR(err, ERR_INVAL, "nothing to judge by: margin %g, better %s",
                 policy->margin, better_name(policy->better));
}

void compare_turn(const struct pair_value *pair, size_t n, enum better better,
                  double *all, double *clean, size_t *n_clean)
{
    double worse = compare_worse(better);
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        if (all)
            all[i] = worse * pair[i].log_ratio;
        if (clean && !isnan(pair[i].log_clean))
            clean[count++] = worse * pair[i].log_clean;
    }
    if (clean)
        *n_clean = count;
}

bool compare_is_constant(const double *x, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (x[i] != x[0])
            return false;
    return true;
}

/* The interval, at 95 % where n allows one. */
static int add_interval(const double *x, size_t n, struct comparison *c,
                        struct error *err)
{
    double confidence = n < stats_centre_needs(0.95) ? 0.90 : 0.95;
    struct rank_interval at;
    struct rank_test test;
    int rc = stats_centre(x, n, confidence, &at, err);

    if (rc == 0)
        rc = signed_rank_test(x, n, 0, &test, err);
    if (rc < 0)
        return rc;
    c->ratio = exp(at.centre);
    c->low = exp(at.low);
    c->high = exp(at.high);
    c->confidence = at.confidence;
    c->p = at.centre < 0 ? test.p_less : test.p_greater;
    c->pairs = n;
    return 0;
}

/* The total times of a pair hang on its worst slices, so one disturbance moves
 * them: they disagree with the median only where the interval of their centre
 * over the pairs lies on the other side of the margin. */
static bool totals_disagree(const struct pair_value *pair, size_t n,
                            double ratio, double delta)
{
    SCOPED(free_scoped) double *total = malloc(n * sizeof *total);
    struct rank_interval t;

    for (size_t i = 0; total && i < n; i++)
        total[i] = log(pair[i].new_total / pair[i].old_total);
    if (!total || stats_centre(total, n, 0.95, &t, NULL) < 0 || t.open)
        return false;
    if (fabs(log(ratio)) > delta)
        return t.low > -delta && t.high < delta;
    return t.low > delta || t.high < -delta;
}

static void add_totals(const struct pair_value *pair, size_t n,
                       struct comparison *c)
{
    double old_total = 0, new_total = 0, delta = log1p(c->margin);

    for (size_t i = 0; i < n; i++) {
        old_total += pair[i].old_total;
        new_total += pair[i].new_total;
        c->blocks += pair[i].blocks;
        c->blocks_left_out += pair[i].left_out;
    }
    c->old_side.invocations = c->new_side.invocations = n;
    c->old_side.samples = c->new_side.samples = 2 * c->blocks;
    if (!(old_total > 0 && new_total > 0))
        return;
    c->ratio_total = new_total / old_total;
    c->totals_differ = totals_disagree(pair, n, c->ratio, delta);
}

/* Centre of one side's medians; NaN when a pair does not know them. */
static double side(const struct pair_value *pair, size_t n, bool is_new,
                   double *room)
{
    struct rank_interval at;

    for (size_t i = 0; i < n; i++)
        room[i] = log(is_new ? pair[i].new_ns : pair[i].old_ns);
    if (stats_centre(room, n, 0.5, &at, NULL) < 0)
        return NAN;
    return exp(at.centre);
}

int compare_pairs(const struct pair_value *pair, size_t n,
                  const struct compare_policy *policy, struct comparison *out,
                  struct error *err)
{
    SCOPED(free_scoped) double *room = malloc((n + 1) * sizeof *room);
    struct comparison c = comparison_unknown();
    struct rank_interval clean;
    size_t n_clean;
    int rc;

    if (!room)
        return ERROR(err, ERR_NOMEM, "no memory for %zu pairs", n);
    c.mode = COMPARE_INTERLEAVED;
    c.margin = policy->margin;
    compare_turn(pair, n, BETTER_LOWER, room, NULL, NULL);
    rc = add_interval(room, n, &c, err);
    if (rc < 0)
        return rc;
    compare_turn(pair, n, BETTER_LOWER, NULL, room, &n_clean);
    if (n_clean > 0 && stats_centre(room, n_clean, 0.5, &clean, NULL) == 0)
        c.ratio_clean = exp(clean.centre);
    add_totals(pair, n, &c);
    c.old_side.value = side(pair, n, false, room);
    c.new_side.value = side(pair, n, true, room);
    *out = c;
    return 0;
}
