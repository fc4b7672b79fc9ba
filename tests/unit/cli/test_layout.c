/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from relinked builds. */
#include <config.h>

#include <math.h>

#include "bench/tare.h"
#include "cli/layout.h"

static struct layout_trial trial(double ratio, enum verdict verdict)
{
    struct layout_trial t = {.comparison = comparison_unknown(), .failed = ""};

    t.comparison.ratio = ratio;
    t.comparison.low = ratio / 1.01;
    t.comparison.high = ratio * 1.01;
    t.comparison.verdict = verdict;
    return t;
}

TARE_TEST(the_floor_spans_all_builds_the_first_too)
{
    struct layout_trial trials[] = {
        trial(1.001, VERDICT_UNCHANGED), trial(0.9, VERDICT_IMPROVED),
        trial(1.2, VERDICT_REGRESSED), trial(1.0, VERDICT_UNCHANGED)};
    struct layout_case c = {.trial = trials};

    layout_conclude(&c, 4);
    TARE_CHECK_REL(c.floor, 1.2 / 0.9, 1e-12);
    TARE_CHECK_REL(c.noise, 1.001 * 1.01, 1e-12);
    TARE_CHECK_INT(c.different, 2);
    TARE_CHECK_INT(c.compared, 3);
}

TARE_TEST(builds_that_are_all_slower_than_the_first_reach_back_to_it)
{
    struct layout_trial trials[] = {trial(0.99, VERDICT_UNCHANGED),
                                    trial(1.05, VERDICT_REGRESSED),
                                    trial(1.10, VERDICT_REGRESSED)};
    struct layout_case c = {.trial = trials};

    layout_conclude(&c, 3);
    TARE_CHECK_REL(c.floor, 1.10, 1e-12);
    TARE_CHECK_REL(c.noise, 1.01 / 0.99, 1e-12);
}

TARE_TEST(what_failed_is_no_layout)
{
    struct layout_trial trials[] = {trial(1, VERDICT_UNCHANGED),
                                    trial(3, VERDICT_REGRESSED),
                                    trial(1.02, VERDICT_UNCHANGED)};
    struct layout_case c = {.trial = trials};

    trials[1].failed = "crashed";
    layout_conclude(&c, 3);
    TARE_CHECK_REL(c.floor, 1.02, 1e-12);
    TARE_CHECK_INT(c.compared, 1);
    trials[2].comparison.ratio = NAN;
    trials[0].comparison.low = 0; /* open */
    layout_conclude(&c, 3);
    TARE_CHECK(isnan(c.floor));
    TARE_CHECK(isnan(c.noise));
    TARE_CHECK_INT(c.compared, 0);
}
