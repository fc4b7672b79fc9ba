/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the time went, on made-up timelines. */
#include <config.h>

#include "bench/tare.h"

#include <math.h>

#include "runner/scale/limit.h"

/* One and four workers; each test fills in what is special. */
static struct scale_figure alone(void)
{
    return (struct scale_figure){
        .count = 1,
        .n = 6,
        .seconds = {.centre = 4},
        .speedup = {.centre = 1},
        .efficiency = 1,
        .line = {.longest = 0.1, .busy = 4, .cpu = 4, .fixtures = 0},
    };
}

static struct scale_figure four(double seconds)
{
    struct scale_figure f = alone();

    f.count = 4;
    f.seconds.centre = seconds;
    f.speedup.centre = 4 / seconds;
    f.efficiency = 1 / seconds;
    return f;
}

static struct scale_loss limit_of(struct scale_figure many, bool divisible)
{
    struct scale_figure figure[] = {alone(), many};
    struct scale_analysis a = {.figure = figure, .n_counts = 2};

    return scale_limit_of(&a, divisible);
}

TARE_TEST(nothing_limits_what_is_perfect)
{
    struct scale_loss loss = limit_of(four(1.02), false);

    TARE_CHECK_INT(loss.limit, SCALE_LIMIT_NONE);
    TARE_CHECK_INT((int)loss.at, 1);
}

TARE_TEST(one_long_test)
{
    struct scale_figure many = four(2);
    struct scale_loss loss;

    many.line.longest = 1.9;
    many.line.longest_name = "suite/long";
    loss = limit_of(many, false);
    TARE_CHECK_INT(loss.limit, SCALE_LIMIT_LONGEST);
    TARE_CHECK_STR(loss.name, "suite/long");
    TARE_CHECK_REL(loss.lost, 0.5, 1e-12);
    TARE_CHECK_REL(loss.share, 1, 1e-12);
}

TARE_TEST(idle_without_a_long_test)
{
    TARE_CHECK_INT(limit_of(four(2), false).limit, SCALE_LIMIT_IDLE);
}

TARE_TEST(fixtures_that_everybody_waits_for)
{
    struct scale_figure many = four(2);

    many.line.fixtures = 1;
    TARE_CHECK_INT(limit_of(many, false).limit, SCALE_LIMIT_FIXTURE);
}

TARE_TEST(the_same_work_costs_more_cpu)
{
    struct scale_figure many = four(1.5);
    struct scale_loss loss;

    many.line.busy = many.line.cpu = 6;
    loss = limit_of(many, false);
    TARE_CHECK_INT(loss.limit, SCALE_LIMIT_MEMORY);
    TARE_CHECK_REL(loss.growth, 1.5, 1e-12);
}

TARE_TEST(the_same_work_waits)
{
    struct scale_figure many = four(1.5);
    struct scale_loss loss;

    many.line.busy = 6;
    loss = limit_of(many, false);
    TARE_CHECK_INT(loss.limit, SCALE_LIMIT_WAITING);
    TARE_CHECK_REL(loss.growth, 1.5, 1e-12);
    many.steal = 0.3; /* of 6 seconds of workers, two of which were lost */
    TARE_CHECK_INT(limit_of(many, false).limit, SCALE_LIMIT_OTHERS);
}

TARE_TEST(a_command_that_leaves_cores_idle)
{
    struct scale_figure many = four(2);

    many.line = (struct scale_timeline){
        .longest = NAN, .busy = NAN, .cpu = 4, .fixtures = NAN};
    TARE_CHECK_INT(limit_of(many, true).limit, SCALE_LIMIT_SERIAL);
    many.line.cpu = 8;
    TARE_CHECK_INT(limit_of(many, true).limit, SCALE_LIMIT_MEMORY);
}

TARE_TEST(what_is_unknown_stays_unknown)
{
    struct scale_figure many = four(2);

    many.line = (struct scale_timeline){
        .longest = NAN, .busy = NAN, .cpu = NAN, .fixtures = NAN};
    TARE_CHECK_INT(limit_of(many, false).limit, SCALE_LIMIT_UNKNOWN);
    TARE_CHECK(isnan(limit_of(many, false).share));
}
