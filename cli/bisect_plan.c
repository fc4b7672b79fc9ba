/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/bisect_plan.h"

void bisect_plan_init(struct bisect_plan *plan, enum bisect_state *state,
                      size_t n)
{
    *plan = (struct bisect_plan){.state = state, .n = n, .bad = n - 1};
    state[0] = BISECT_GOOD;
    state[n - 1] = BISECT_BAD;
}

static bool is_open(const struct bisect_plan *plan, size_t i)
{
    return i > plan->good && i < plan->bad && plan->state[i] == BISECT_UNKNOWN;
}

bool bisect_plan_next(const struct bisect_plan *plan, size_t *out)
{
    size_t middle = plan->good + (plan->bad - plan->good) / 2;

    for (size_t away = 0; away < plan->n; away++) {
        if (is_open(plan, middle + away)) {
            *out = middle + away;
            return true;
        }
        if (away <= middle && is_open(plan, middle - away)) {
            *out = middle - away;
            return true;
        }
    }
    return false;
}

void bisect_plan_tell(struct bisect_plan *plan, size_t i,
                      enum bisect_state state)
{
    plan->state[i] = state;
    if (state == BISECT_GOOD)
        plan->good = i;
    if (state == BISECT_BAD)
        plan->bad = i;
}

int bisect_plan_left(const struct bisect_plan *plan)
{
    size_t open = 0;
    int steps = 0;

    for (size_t i = plan->good + 1; i < plan->bad; i++)
        open += is_open(plan, i);
    while (open) {
        open /= 2;
        steps++;
    }
    return steps;
}
