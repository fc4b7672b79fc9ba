/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The probe for gaps, and the doctor's measurement, on a made-up clock. */
#include <config.h>

#include "bench/tare.h"

#include <math.h>

#include "base/arena.h"
#include "runner/machine/doctor.h"
#include "runner/machine/placement.h"
#include "tests/unit/runner/machine/rules.h"
#include "tests/unit/runner/machine/tree.h"

/* Each reading takes step_ns; every `every`th one takes gap_ns more. */
struct fake {
    int64_t now_ns;
    int64_t step_ns;
    int64_t gap_ns;
    int64_t every;
    int64_t readings;
    int64_t slept_ns;
    int64_t late_ns; /* of every sleep */
};

static int64_t fake_now(void *ctx)
{
    struct fake *fake = ctx;

    fake->now_ns += fake->step_ns;
    if (fake->every && ++fake->readings % fake->every == 0)
        fake->now_ns += fake->gap_ns;
    return fake->now_ns;
}

static void fake_sleep(void *ctx, int64_t ns)
{
    struct fake *fake = ctx;

    fake->slept_ns += ns;
    fake->now_ns += ns + fake->late_ns;
}

static int64_t fake_cpu(void *ctx)
{
    struct fake *fake = ctx;

    return fake->now_ns - fake->slept_ns;
}

static struct noise probe(struct fake *fake, int64_t duration_ns)
{
    const struct noise_clock clock = {.now_ns = fake_now, .ctx = fake};

    return noise_probe(&clock, duration_ns);
}

TARE_TEST(a_quiet_core_has_no_gaps)
{
    struct fake fake = {.step_ns = 25};
    struct noise noise = probe(&fake, 1000000);

    TARE_CHECK_REL(noise.share, 0, 0);
    TARE_CHECK_REL(noise.gaps_per_s, 0, 0);
    TARE_CHECK_INT(noise.longest_ns, 0);
    TARE_CHECK_INT(noise.step_ns, 25);
    TARE_CHECK_INT(noise.readings, 40000);
}

/* One gap of 10 us in 1000 readings of 25 ns: 10 of 35 us are lost. */
TARE_TEST(gaps_are_counted_without_the_loop_itself)
{
    struct fake fake = {.step_ns = 25, .gap_ns = 10000, .every = 1000};
    struct noise noise = probe(&fake, 35000000);

    TARE_CHECK_REL(noise.share, 10.0 / 35, 1e-3);
    TARE_CHECK_REL(noise.gaps_per_s, 1e9 / 35000, 1e-3);
    TARE_CHECK_INT(noise.longest_ns, 10025);
    TARE_CHECK_INT(noise.step_ns, 25);
}

TARE_TEST(a_coarse_clock_is_no_noise_twice)
{
    struct fake fake = {.step_ns = 4000000};
    struct noise noise = probe(&fake, 40000000);

    TARE_CHECK_INT(noise.step_ns, 4000000);
    TARE_CHECK(noise.share <= 1);
}

TARE_TEST(no_time_at_all)
{
    struct fake fake = {.step_ns = 25};

    TARE_CHECK_REL(probe(&fake, 0).share, 0, 0);
}

TARE_TEST(classes_double)
{
    TARE_CHECK_INT(noise_class(0), 0);
    TARE_CHECK_INT(noise_class(0.0005), 0);
    TARE_CHECK_INT(noise_class(0.0006), 1);
    TARE_CHECK_INT(noise_class(0.0015), 2);
    TARE_CHECK_INT(noise_class(1), 11);
}

TARE_TEST(a_measurement_probes_each_core_and_the_clock)
{
    struct topology *topology = rules_synthetic(t, "core:4 pu:2", NULL, 0);
    struct fake fake = {.step_ns = 30, .late_ns = 70000};
    const struct doctor_clock clock = {
        {fake_now, &fake}, fake_sleep, fake_cpu, &fake};
    struct doctor_measured m;
    struct arena arena = {0};

    TARE_REQUIRE_INT(doctor_measure(topology, &clock, 400000000, "nowhere",
                                    &arena, &m, NULL),
                     0);
    TARE_CHECK_REL(m.clock_ns, 30, 1e-9);
    TARE_CHECK_REL(m.clock_step_ns, 30, 1e-9);
    TARE_CHECK_REL(m.late_ns, 70030, 1e-9);
    for (int u = 0; u < 4; u++)
        TARE_CHECK_REL((double)m.core[u].readings, 1e8 / 30, 1e-6);
    TARE_CHECK_REL(m.seconds, 0.4 + 0.015 * 1.07, 0.01);
    TARE_CHECK(isnan(m.during.steal));
    arena_clear(&arena);
    topology_free(topology);
}

TARE_TEST(many_cores_get_a_least_time_each)
{
    struct topology *topology = rules_synthetic(t, "core:64 pu:1", NULL, 0);
    struct fake fake = {.step_ns = 1000};
    const struct doctor_clock clock = {
        {fake_now, &fake}, fake_sleep, fake_cpu, &fake};
    struct doctor_measured m;
    struct arena arena = {0};

    TARE_REQUIRE_INT(
        doctor_measure(topology, &clock, 1, "nowhere", &arena, &m, NULL), 0);
    TARE_CHECK_INT(m.core[63].readings, 20000);
    arena_clear(&arena);
    topology_free(topology);
}

/* What others did is what the CPUs did less what the probe used itself. */
TARE_TEST(own_cpu_time_is_not_foreign)
{
    struct topology *topology = rules_synthetic(t, "core:2 pu:2", NULL, 0);
    struct fake fake = {.step_ns = 1000};
    const struct doctor_clock clock = {
        {fake_now, &fake}, fake_sleep, fake_cpu, &fake};
    struct doctor_measured m;
    struct arena arena = {0};

    TARE_REQUIRE_INT(doctor_measure(topology, &clock, 100000000,
                                    tree_data("server"), &arena, &m, NULL),
                     0);
    /* The made-up counters stand still. */
    TARE_CHECK_REL(m.during.foreign, 0, 0);
    TARE_CHECK_REL(m.during.steal, 0, 0);
    arena_clear(&arena);
    topology_free(topology);
}

TARE_TEST(quiet_cores_come_first_where_cores_are_alike)
{
    static const double noise[] = {0.2, 0.0001, 0.1, 0.0001,
                                   0.1, 0.1,    0.1, 0.0002};
    struct topology *topology =
        rules_synthetic(t, "pack:2 core:4 pu:1", NULL, 0);
    const struct placement_policy policy = {.noise = noise};
    struct placement plan;
    struct arena arena = {0};

    TARE_REQUIRE_INT(placement_plan(topology, &policy, 4, &arena, &plan, NULL),
                     0);
    TARE_CHECK_INT(rules_check(t, "noise", topology, &plan, 4), 0);
    TARE_CHECK_INT(plan.worker[0].pu[0], 7);
    TARE_CHECK_INT(plan.worker[1].pu[0], 1);
    TARE_CHECK_INT(plan.worker[2].pu[0], 4);
    TARE_CHECK_INT(plan.worker[3].pu[0], 3);
    arena_clear(&arena);
    topology_free(topology);
}
