/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <string.h>

#include "runner/measure/calibrate.h"
#include "runner/measure/script.h"
#include "tests/unit/runner/sim.h"

static const struct subject subject = {
    .id = "p/c", .name = "c", .program = "p"};
static const struct subject *const both[] = {&subject, &subject};

/* Open the case n times over and calibrate it to 1 ms slices. */
static struct calibration calibrated(struct tare *t, struct sim_case c, int n)
{
    int processes = 0;
    struct sim sim = {
        .cases = &c, .n_cases = 1, .random = 1, .processes = &processes};
    struct calibration out = {0};
    struct side_failure bad;
    struct executor ex;

    sim_executor(&sim, &ex);
    TARE_REQUIRE_INT(ex.open(ex.ctx, both, n, &bad, NULL), 0);
    TARE_REQUIRE_INT(calibrate(&ex, n, 1000000, &out, &bad, NULL), 0);
    if (n == 2)
        TARE_REQUIRE_INT(calibrate_rewarm(&ex, &out, &bad, NULL), 0);
    return out;
}

TARE_TEST(count_hits_the_target)
{
    struct calibration c =
        calibrated(t, (struct sim_case){.name = "c", .ns = 2.5}, 1);

    TARE_CHECK_REL(c.slice_ns, 1e6, 0.01);
    TARE_CHECK_REL(c.iteration_ns, 2.5, 0.01);
}

TARE_TEST(a_long_body_runs_once)
{
    struct calibration c =
        calibrated(t, (struct sim_case){.name = "c", .ns = 5e8}, 1);

    TARE_CHECK_INT(c.iterations, 1);
}

TARE_TEST(a_cold_start_does_not_shorten_the_slices)
{
    struct calibration c = calibrated(
        t, (struct sim_case){.name = "c", .ns = 100, .cold = 1000}, 1);

    TARE_CHECK_REL(c.slice_ns, 1e6, 0.05);
}

/* 100 us of lost caches in a slice of 1 ms: two sixteenths bring them back. */
TARE_TEST(untimed_part_covers_the_transient)
{
    struct calibration c = calibrated(
        t, (struct sim_case){.name = "c", .ns = 10, .evicted = 50000}, 2);

    TARE_CHECK_INT(c.rewarm, c.iterations / 16);
}

TARE_TEST(no_transient_no_untimed_part)
{
    struct calibration c =
        calibrated(t, (struct sim_case){.name = "c", .ns = 10}, 2);

    TARE_CHECK_INT(c.rewarm, 0);
}

TARE_TEST(blocks_are_abba_or_baab_and_repeat_with_the_seed)
{
    struct script a, b;
    uint64_t s = 42, again = 42;
    int abba = 0;

    script_pair(&a, 2, 100, 7, 3, &s);
    script_pair(&b, 2, 100, 7, 3, &again);
    TARE_CHECK_INT(a.n, 2 * 2 + 100 * 4 + 2);
    TARE_CHECK(memcmp(a.order, b.order, a.n * sizeof *a.order) == 0);
    for (size_t i = 4; i < 404; i += 4) {
        TARE_CHECK_INT(a.order[i].side, a.order[i + 3].side);
        TARE_CHECK_INT(a.order[i + 1].side, a.order[i + 2].side);
        TARE_CHECK(a.order[i].side != a.order[i + 1].side);
        abba += a.order[i].side == 0;
    }
    TARE_CHECK(abba > 25 && abba < 75);
    TARE_CHECK_INT(a.order[4].rewarm, 3);
    TARE_CHECK_INT(a.order[0].rewarm, 0);
    TARE_CHECK(a.order[404].flags & WIRE_EMPTY);
}

TARE_TEST(a_script_never_outgrows_the_stage)
{
    static struct script s;
    uint64_t seed = 1;

    TARE_CHECK_INT(script_pair(&s, 3, 5000, 1, 0, &seed), 510);
    TARE_CHECK_INT(s.n, 2 * 3 + 4 * 510 + 2);
}

TARE_TEST(shuffles_are_permutations)
{
    size_t order[50], seen = 0;
    uint64_t seed = 9;

    for (size_t i = 0; i < 50; i++)
        order[i] = i;
    random_shuffle(&seed, order, 50);
    for (size_t i = 0; i < 50; i++)
        seen |= (size_t)1 << order[i];
    TARE_CHECK(seen == ((size_t)1 << 50) - 1);
}
