/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which revision is looked at next, and how many it takes. */
#include <config.h>

#include "bench/tare.h"
#include "cli/bisect_plan.h"

enum { REVISIONS_MAX = 300 };

/* Revisions from `first_bad` on are bad, those of `broken` cannot be built.
 * Returns the number of looks. */
static int run(struct bisect_plan *plan, enum bisect_state *state, size_t n,
               size_t first_bad, bool (*broken)(size_t i))
{
    int looks = 0;
    size_t i;

    for (size_t k = 0; k < n; k++)
        state[k] = BISECT_UNKNOWN;
    bisect_plan_init(plan, state, n);
    while (bisect_plan_next(plan, &i)) {
        looks++;
        bisect_plan_tell(plan, i,
                         broken && broken(i) ? BISECT_SKIPPED
                         : i >= first_bad    ? BISECT_BAD
                                             : BISECT_GOOD);
    }
    return looks;
}

TARE_TEST(every_culprit_is_found_in_logarithmically_many_looks)
{
    enum bisect_state state[REVISIONS_MAX];
    struct bisect_plan plan;

    for (size_t n = 2; n <= 130; n++)
        for (size_t culprit = 1; culprit < n; culprit++) {
            int most = 0, looks = run(&plan, state, n, culprit, NULL);

            for (size_t open = n - 2; open; open /= 2)
                most++;
            TARE_CHECK_INT(plan.bad, culprit);
            TARE_CHECK_INT(plan.good, culprit - 1);
            TARE_CHECK(looks <= most);
        }
}

static bool every_third(size_t i)
{
    return i % 3 == 0;
}

TARE_TEST(what_cannot_be_built_widens_the_answer_and_nothing_else)
{
    enum bisect_state state[REVISIONS_MAX];
    struct bisect_plan plan;

    for (size_t culprit = 1; culprit < 61; culprit++) {
        run(&plan, state, 62, culprit, every_third);
        TARE_CHECK(plan.good < culprit && plan.bad >= culprit);
        for (size_t i = plan.good + 1; i < plan.bad; i++)
            TARE_CHECK_INT(state[i], BISECT_SKIPPED);
    }
}

static bool all(size_t i)
{
    (void)i;
    return true;
}

TARE_TEST(it_ends_where_nothing_can_be_built)
{
    enum bisect_state state[REVISIONS_MAX];
    struct bisect_plan plan;

    TARE_CHECK_INT(run(&plan, state, 12, 5, all), 10);
    TARE_CHECK_INT(plan.good, 0);
    TARE_CHECK_INT(plan.bad, 11);
    TARE_CHECK_INT(run(&plan, state, 2, 1, NULL), 0);
}

TARE_TEST(the_looks_that_are_left_are_known)
{
    enum bisect_state state[REVISIONS_MAX] = {0};
    struct bisect_plan plan;
    size_t i;

    bisect_plan_init(&plan, state, 61);
    TARE_CHECK_INT(bisect_plan_left(&plan), 6);
    TARE_REQUIRE(bisect_plan_next(&plan, &i));
    TARE_CHECK_INT(i, 30);
    bisect_plan_tell(&plan, i, BISECT_BAD);
    TARE_CHECK_INT(bisect_plan_left(&plan), 5);
}
