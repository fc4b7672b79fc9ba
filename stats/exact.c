/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/exact.h"

#include <math.h>

#include "stats/compare.h"

bool exact_is_deterministic(const struct invocation *invocation, size_t n)
{
    if (n < 2 || invocation[0].n == 0 || !isfinite(invocation[0].sample[0]))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (invocation[i].n == 0)
            return false;
        for (size_t k = 0; k < invocation[i].n; k++)
            if (invocation[i].sample[k] != invocation[0].sample[0])
                return false;
    }
    return true;
}

static struct comparison_side side_of(const struct invocation *v, size_t n)
{
    struct comparison_side side = {.value = v[0].sample[0], .invocations = n};

    for (size_t i = 0; i < n; i++)
        side.samples += v[i].n;
    return side;
}

/* How far the new number lies from the old one; more is larger. */
static double change(double old_value, double new_value)
{
    if (old_value == new_value)
        return 0;
    if (old_value > 0 && new_value > 0)
        return log(new_value / old_value);
    return (new_value - old_value) / fabs(old_value);
}

static double ratio_of(double old_value, double new_value)
{
    if (old_value == new_value)
        return 1;
    if (old_value < 0 || new_value < 0)
        return NAN;
    return new_value / old_value;
}

static void judge(double worse, double delta, struct comparison *c)
{
    c->verdict = VERDICT_UNCHANGED;
    c->reason = worse > 0 ? REASON_SLOWER_WITHIN : REASON_FASTER_WITHIN;
    if (worse == 0)
        c->reason = REASON_EXACT;
    if (fabs(worse) <= delta)
        return;
    c->verdict = worse > 0 ? VERDICT_REGRESSED : VERDICT_IMPROVED;
    c->reason = REASON_NONE;
}

int exact_compare(const struct invocation *old_side, size_t n,
                  const struct invocation *new_side, size_t m,
                  const struct compare_policy *policy, struct comparison *out,
                  struct error *err)
{
    struct comparison c = comparison_unknown();
    double a, b, delta;
    int rc = compare_check(policy, err);

    if (rc < 0)
        return rc;
    if (!exact_is_deterministic(old_side, n) ||
        !exact_is_deterministic(new_side, m))
        return ERROR(err, ERR_RANGE, "the numbers of a side differ");
    c.mode = COMPARE_EXACT;
    c.margin = policy->margin;
    c.old_side = side_of(old_side, n);
    c.new_side = side_of(new_side, m);
    a = c.old_side.value;
    b = c.new_side.value;
    c.ratio = c.low = c.high = ratio_of(a, b);
    c.confidence = 1;
    delta = a > 0 && b > 0 ? log1p(policy->margin) : policy->margin;
    judge(compare_worse(policy->better) * change(a, b), delta, &c);
    c.mde = exp(compare_worse(policy->better) * log1p(policy->margin));
    *out = c;
    return 0;
}
