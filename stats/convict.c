/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/convict.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "stats/adjust.h"
#include "stats/compare.h"
#include "stats/power.h"
#include "stats/signed_rank.h"

static const double unchanged_tail = 1.0 / 128;

/* --- how many pairs */

static size_t most_of(const struct suspicion *s, size_t k, bool improved)
{
    size_t most = 0;

    for (size_t i = 0; i < k; i++)
        if (s[i].improved == improved && s[i].most > most)
            most = s[i].most;
    return most;
}

static int plan_side(const struct suspicion *s, size_t k, bool improved,
                     double level, uint64_t seed, size_t *size,
                     struct error *err)
{
    SCOPED(power_rule_clear) struct power_rule rule = {0};
    int rc =
        power_rule_init(&rule, 0, most_of(s, k, improved), level, seed, err);

    for (size_t i = 0; rc == 0 && i < k; i++) {
        struct power_target target = {
            .effect = improved ? -s[i].effect : s[i].effect,
            .spread = s[i].spread,
            .n = s[i].n,
            .margin = log1p(s[i].margin),
            .most = s[i].most,
        };

        if (s[i].improved == improved)
            rc = power_batch_size(&rule, &target, &size[i], err);
    }
    return rc;
}

int convict_plan(const struct suspicion *suspicion, size_t k, double alpha,
                 uint64_t seed, size_t *size, struct error *err)
{
    size_t improved = 0, regressed;
    int rc = 0;

    if (!(alpha > 0 && alpha < 1))
        return ERROR(err, ERR_INVAL, "alpha %g is not between 0 and 1", alpha);
    for (size_t i = 0; i < k; i++)
        improved += suspicion[i].improved;
    regressed = k - improved;
    if (regressed > 0)
        rc = plan_side(suspicion, k, false, alpha / (double)regressed, seed,
                       size, err);
    if (rc == 0 && improved > 0)
        rc = plan_side(suspicion, k, true,
                       CONVICT_IMPROVED_LEVEL / (double)improved, seed, size,
                       err);
    return rc;
}

/* --- verdicts */

/* What one series of a batch says; the clean one is judged beside the whole. */
struct finding {
    size_t n;
    bool constant, not_a_number;
    double p;       /* in the suspected direction; 1 when there is none */
    double against; /* in the other */
    double effect;  /* turned so that more is what was suspected */
    bool inside;    /* equivalent at unchanged_tail */
};

static int find(const double *x, size_t n, double delta, struct finding *f,
                struct error *err)
{
    struct rank_interval at;
    struct rank_test test;
    int rc;

    *f = (struct finding){.p = 1, .against = 1, .effect = NAN};
    f->n = n;
    if (n == 0)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i])) {
            f->not_a_number = true;
            return 0;
        }
    rc = stats_centre(x, n, 1 - 2 * unchanged_tail, &at, err);
    if (rc == 0)
        rc = signed_rank_test(x, n, 0, &test, err);
    if (rc < 0)
        return rc;
    f->constant = compare_is_constant(x, n);
    f->p = test.p_greater;
    f->against = test.p_less;
    f->effect = at.centre;
    f->inside = !f->constant && at.low > -delta && at.high < delta;
    return 0;
}

static int examine(const struct batch *b, struct finding *all,
                   struct finding *clean, struct error *err)
{
    SCOPED(free_scoped) double *x = malloc((2 * b->n + 1) * sizeof *x);
    double delta = log1p(b->policy.margin);
    enum better better = b->policy.better;
    size_t n_clean;
    int rc;

    if (!x)
        return ERROR(err, ERR_NOMEM, "no memory for %zu pairs", b->n);
    compare_turn(b->pair, b->n, better, x, x + b->n, &n_clean);
    for (size_t i = 0; b->improved && i < b->n + n_clean; i++)
        x[i] = -x[i];
    rc = find(x, b->n, delta, all, err);
    if (rc == 0)
        rc = find(x + b->n, n_clean, delta, clean, err);
    return rc;
}

static bool is_convicted(const struct finding *f, double p_adjusted,
                         double level, double delta)
{
    return p_adjusted <= level && f->effect > delta;
}

/* What the whole batch says. */
static enum verdict judge(const struct finding *f, double p_adjusted,
                          const struct batch *b, double level)
{
    if (is_convicted(f, p_adjusted, level, log1p(b->policy.margin)))
        return b->improved ? VERDICT_IMPROVED : VERDICT_REGRESSED;
    return f->inside ? VERDICT_UNCHANGED : VERDICT_INCONCLUSIVE;
}

/* Whether the undisturbed blocks bear the verdict out.  To convict with, they
 * need not reach alpha, which the whole batch did and which holds by that alone:
 * they are fewer, and would lose true regressions wherever many blocks are
 * disturbed.  They must still raise a suspicion, beyond the margin; their p is
 * stretched like the whole batch's was, and where pairs without any left too few
 * to reach the level, the best that so few can reach must do. */
static bool agrees(const struct finding *clean, enum verdict verdict,
                   double stretch, double level, double delta)
{
    double p = fmin(1, clean->p * stretch);
    double best = ldexp(stretch, -(int)clean->n);

    if (clean->n == 0)
        return true;
    if (verdict == VERDICT_UNCHANGED)
        return fabs(clean->effect) <= delta;
    if (verdict == VERDICT_INCONCLUSIVE)
        return !is_convicted(clean, p, level, delta);
    level = fmax(level, EXPLORE_SUSPECT_LEVEL);
    return is_convicted(clean, p, fmax(level, best), delta);
}

static enum verdict_reason reason_of(const struct finding *f,
                                     enum verdict verdict, bool improved)
{
    if (verdict == VERDICT_UNCHANGED)
        return improved ? explore_within(f->against, f->p)
                        : explore_within(f->p, f->against);
    if (verdict != VERDICT_INCONCLUSIVE)
        return REASON_NONE;
    if (f->n == 0)
        return REASON_BUDGET;
    return f->constant ? REASON_CONSTANT : REASON_NOT_CONFIRMED;
}

static int report(const struct batch *b, const struct finding *all,
                  const struct finding *clean, double p_adjusted, double level,
                  struct comparison *out, struct error *err)
{
    struct comparison c = comparison_unknown();
    double delta = log1p(b->policy.margin);
    int rc = 0;

    if (all->n > 0 && !all->not_a_number)
        rc = compare_pairs(b->pair, b->n, &b->policy, &c, err);
    if (rc < 0)
        return rc;
    c.mode = COMPARE_INTERLEAVED;
    c.margin = b->policy.margin;
    c.stage = 2;
    c.p_adjusted = p_adjusted;
    c.verdict = judge(all, p_adjusted, b, level);
    c.reason = reason_of(all, c.verdict, b->improved);
    if (all->not_a_number || clean->not_a_number) {
        c.verdict = VERDICT_FAILED;
        c.reason = REASON_NOT_A_NUMBER;
    } else if (!agrees(clean, c.verdict, p_adjusted / all->p, level, delta)) {
        c.verdict = VERDICT_INCONCLUSIVE;
        c.reason = REASON_DISTURBED;
    }
    *out = c;
    return 0;
}

/* Adjust the p-values of one direction among themselves. */
static int adjust_side(const struct batch *batch, const struct finding *found,
                       size_t k, bool improved, double *adjusted,
                       struct error *err)
{
    SCOPED(free_scoped) double *p = calloc(k + 1, sizeof *p);
    int rc;

    if (!p)
        return ERROR(err, ERR_NOMEM, "no memory for %zu p-values", k);
    for (size_t i = 0; i < k; i++)
        p[i] = batch[i].improved == improved ? found[2 * i].p : NAN;
    rc = stats_adjust(improved ? ADJUST_BH : ADJUST_HOLM, p, k, p, err);
    for (size_t i = 0; rc == 0 && i < k; i++)
        if (batch[i].improved == improved)
            adjusted[i] = p[i];
    return rc;
}

int convict(const struct batch *batch, size_t k, double alpha,
            struct comparison *out, struct error *err)
{
    SCOPED(free_scoped) struct finding *found = NULL;
    SCOPED(free_scoped) double *adjusted = NULL;
    int rc = 0;

    found = calloc(2 * k + 1, sizeof *found);
    adjusted = calloc(k + 1, sizeof *adjusted);
    if (!found || !adjusted)
        return ERROR(err, ERR_NOMEM, "no memory for %zu suspects", k);
    for (size_t i = 0; rc == 0 && i < k; i++)
        rc = compare_check(&batch[i].policy, err);
    for (size_t i = 0; rc == 0 && i < k; i++)
        rc = examine(&batch[i], &found[2 * i], &found[2 * i + 1], err);
    if (rc == 0)
        rc = adjust_side(batch, found, k, false, adjusted, err);
    if (rc == 0)
        rc = adjust_side(batch, found, k, true, adjusted, err);
    for (size_t i = 0; rc == 0 && i < k; i++)
        rc = report(&batch[i], &found[2 * i], &found[2 * i + 1], adjusted[i],
                    batch[i].improved ? CONVICT_IMPROVED_LEVEL : alpha, &out[i],
                    err);
    return rc;
}
