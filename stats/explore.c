/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/explore.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "stats/compare.h"
#include "stats/order.h"
#include "stats/pairwise.h"
#include "stats/robust.h"
#include "stats/signed_rank.h"
#include "stats/trend.h"

/* So many equal pairs do not come from a clock fine enough to compare with. */
static const size_t constant_after = 8;

/* "Slower, within the margin" is said when it is hardly chance. */
static const double within_level = 0.01;

/* Mann-Kendall p of a drift that is told as the reason. */
static const double drift_level = 0.001;

/* Normal quantiles for n_needed: the looks behind the first ones stand between
 * 0.5 % and 0.1 %, one-sided; a suspect needs 5 %. */
static const double z_look = 2.7, z_suspect = 1.645;

/* Whether a look finds the first look->n values inside +-delta. */
static int is_equivalent(const double *x, const struct look *look, double delta,
                         bool *inside, struct error *err)
{
    SCOPED(free_scoped) double *sorted = NULL;
    size_t pairs = look->n * (look->n + 1) / 2;
    const size_t rank[2] = {look->most, pairs - 1 - look->most};
    double limit[2];
    int rc = stats_sorted(x, look->n, &sorted, err);

    if (rc == 0)
        rc = pairwise_select(PAIRWISE_WALSH, sorted, look->n, NULL, 0, rank, 2,
                             limit, err);
    if (rc == 0)
        *inside = limit[0] > -delta && limit[1] < delta;
    return rc;
}

static int find_equivalence(const double *x, size_t n, double delta,
                            struct explored *e, struct error *err)
{
    size_t count;
    const struct look *look = explore_looks(&count);

    for (size_t i = 0; i < count && look[i].n <= n; i++) {
        bool inside = false;
        int rc;

        if (compare_is_constant(x, look[i].n))
            continue;
        rc = is_equivalent(x, &look[i], delta, &inside, err);
        if (rc < 0)
            return rc;
        if (inside) {
            e->next = EXPLORE_UNCHANGED;
            e->look = look[i].n;
            return 0;
        }
    }
    return 0;
}

static int describe(const double *x, size_t n, struct explored *e,
                    struct error *err)
{
    struct rank_interval at;
    struct rank_test test;
    int rc = stats_centre(x, n, 0.5, &at, err);

    if (rc == 0)
        rc = signed_rank_test(x, n, 0, &test, err);
    if (rc == 0 && n > 1)
        rc = stats_spread(x, n, &e->spread, err);
    if (rc < 0)
        return rc;
    e->effect = at.centre;
    e->p_worse = test.p_greater;
    e->p_better = test.p_less;
    return 0;
}

/* What one series of values says by itself. */
static int decide(const double *x, size_t n, double delta, struct explored *e,
                  struct error *err)
{
    int rc = 0;

    *e = (struct explored){.effect = NAN,
                           .spread = NAN,
                           .p_worse = NAN,
                           .p_better = NAN,
                           .n = n,
                           .next_look = explore_next_look(n)};
    if (n > 0)
        rc = describe(x, n, e, err);
    if (rc == 0)
        rc = find_equivalence(x, n, delta, e, err);
    if (rc < 0 || e->next != EXPLORE_CONTINUE || n < EXPLORE_LEAST)
        return rc;
    if (e->p_worse <= EXPLORE_SUSPECT_LEVEL && e->effect > delta / 2)
        e->next = EXPLORE_SUSPECT;
    else if (e->p_better <= EXPLORE_SUSPECT_LEVEL && e->effect < -delta / 2)
        e->next = EXPLORE_SUSPECT_IMPROVED;
    else if (n >= constant_after && compare_is_constant(x, n)) {
        e->next = EXPLORE_INCONCLUSIVE;
        e->reason = REASON_CONSTANT;
    }
    return 0;
}

/* Whether the undisturbed blocks speak against "unchanged". */
static int contradicts(const double *clean, size_t n, double delta,
                       bool *against, struct error *err)
{
    struct explored alone;
    int rc;

    *against = false;
    if (n < EXPLORE_LEAST)
        return 0;
    rc = decide(clean, n, delta, &alone, err);
    if (rc < 0)
        return rc;
    *against = alone.next == EXPLORE_SUSPECT ||
               alone.next == EXPLORE_SUSPECT_IMPROVED ||
               fabs(alone.effect) > delta;
    return 0;
}

enum verdict_reason explore_within(double p_worse, double p_better)
{
    if (p_worse <= within_level)
        return REASON_SLOWER_WITHIN;
    return p_better <= within_level ? REASON_FASTER_WITHIN : REASON_EQUIVALENT;
}

static size_t pairs_for(double z, double spread, double distance)
{
    double need = z * power_standard_error(spread, 1) / distance;
    double n = ceil(need * need);

    if (!(distance > 0 && n < 1e6))
        return 0;
    return n < EXPLORE_LEAST ? EXPLORE_LEAST : (size_t)n;
}

/* The cheaper of showing it equivalent and suspecting it. */
static size_t needed(const struct explored *e, double delta)
{
    double size = fabs(e->effect);
    size_t equal = pairs_for(z_look, e->spread, delta - size);
    size_t suspect =
        size > delta / 2 ? pairs_for(z_suspect, e->spread, size) : 0;

    if (equal == 0 || (suspect > 0 && suspect < equal))
        return suspect;
    return equal;
}

static bool all_finite(const struct pair_value *pair, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(pair[i].log_ratio) || isinf(pair[i].log_clean))
            return false;
    return true;
}

/* Why so many pairs did not decide. */
static enum verdict_reason undecided(const double *x, size_t n)
{
    struct trend trend;

    if (compare_is_constant(x, n))
        return n > 1 ? REASON_CONSTANT : REASON_BUDGET;
    if (stats_trend(NULL, x, n, 0.95, &trend, NULL) == 0 &&
        trend.p_two <= drift_level)
        return REASON_DRIFT;
    return REASON_BUDGET;
}

/* Settle what the pairs alone left open. */
static void settle(const struct compare_policy *policy, bool against,
                   const double *x, struct explored *e)
{
    bool last = e->n >= policy->max_explore;

    if (e->next == EXPLORE_UNCHANGED && against) {
        e->next = last ? EXPLORE_INCONCLUSIVE : EXPLORE_CONTINUE;
        e->reason = last ? REASON_DISTURBED : REASON_NONE;
        e->look = 0;
    } else if (e->next == EXPLORE_UNCHANGED) {
        e->reason = explore_within(e->p_worse, e->p_better);
    } else if (e->next == EXPLORE_CONTINUE && last) {
        e->next = EXPLORE_INCONCLUSIVE;
        e->reason = undecided(x, e->n);
    }
}

int explore_look(const struct pair_value *pair, size_t n,
                 const struct compare_policy *policy, struct explored *out,
                 struct error *err)
{
    SCOPED(free_scoped) double *all = NULL;
    double *clean, delta = log1p(policy->margin);
    struct explored e;
    size_t n_clean;
    bool against = false;
    int rc = compare_check(policy, err);

    if (rc < 0)
        return rc;
    if (!all_finite(pair, n)) {
        *out = (struct explored){.next = EXPLORE_FAILED,
                                 .effect = NAN,
                                 .reason = REASON_NOT_A_NUMBER,
                                 .spread = NAN,
                                 .p_worse = NAN,
                                 .p_better = NAN,
                                 .n = n};
        return 0;
    }
    all = malloc((2 * n + 1) * sizeof *all);
    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for %zu pairs", n);
    clean = all + n;
    compare_turn(pair, n, policy->better, all, clean, &n_clean);
    rc = decide(all, n, delta, &e, err);
    if (rc == 0)
        rc = contradicts(clean, n_clean, delta, &against, err);
    if (rc < 0)
        return rc;
    settle(policy, against, all, &e);
    e.n_needed = needed(&e, delta);
    *out = e;
    return 0;
}

static const struct {
    enum verdict verdict;
    enum verdict_reason reason; /* where the look gave none */
} outcomes[] = {
    [EXPLORE_CONTINUE] = {VERDICT_INCONCLUSIVE, REASON_BUDGET},
    [EXPLORE_UNCHANGED] = {VERDICT_UNCHANGED, REASON_NONE},
    [EXPLORE_SUSPECT] = {VERDICT_INCONCLUSIVE, REASON_NOT_CONFIRMED},
    [EXPLORE_SUSPECT_IMPROVED] = {VERDICT_INCONCLUSIVE, REASON_NOT_CONFIRMED},
    [EXPLORE_INCONCLUSIVE] = {VERDICT_INCONCLUSIVE, REASON_NONE},
    [EXPLORE_FAILED] = {VERDICT_FAILED, REASON_NONE},
};

int explore_report(const struct pair_value *pair, size_t n,
                   const struct compare_policy *policy,
                   const struct explored *explored, struct comparison *out,
                   struct error *err)
{
    struct comparison c = comparison_unknown();
    int rc = 0;

    if (explored->next != EXPLORE_FAILED)
        rc = compare_pairs(pair, n, policy, &c, err);
    if (rc < 0)
        return rc;
    c.mode = COMPARE_INTERLEAVED;
    c.margin = policy->margin;
    c.stage = 1;
    c.verdict = outcomes[explored->next].verdict;
    c.reason = explored->reason != REASON_NONE
                   ? explored->reason
                   : outcomes[explored->next].reason;
    /* An approximation that was overtaken says nothing. */
    c.n_needed =
        c.verdict == VERDICT_INCONCLUSIVE && explored->n_needed > explored->n
            ? explored->n_needed
            : 0;
    *out = c;
    return 0;
}
