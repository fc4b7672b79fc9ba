/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "runner/measure/disturbed.h"

static const struct stage_slice calm = {
    .elapsed_ns = 1000000,
    .run_delay_ns = 10000,
    .cpu_begin = 2,
    .cpu_end = 2,
};

TARE_TEST(a_slice_is_disturbed_by_causes_alone)
{
    struct stage_slice s = calm;

    TARE_CHECK(!slice_is_disturbed(&s));
    s.run_delay_ns = 10001;
    TARE_CHECK(slice_is_disturbed(&s));
    s = calm;
    s.cpu_end = 3;
    TARE_CHECK(slice_is_disturbed(&s));
    s.cpu_end = -1;
    TARE_CHECK(!slice_is_disturbed(&s));
    s.major_faults = 1;
    TARE_CHECK(slice_is_disturbed(&s));
}

TARE_TEST(a_switch_stands_for_a_wait_that_is_unknown)
{
    struct stage_slice s = calm;

    s.switches = 1;
    TARE_CHECK(!slice_is_disturbed(&s));
    s.run_delay_ns = -1;
    TARE_CHECK(slice_is_disturbed(&s));
    s.switches = 0;
    TARE_CHECK(!slice_is_disturbed(&s));
}

TARE_TEST(a_single_tick_of_steal_is_rounding)
{
    struct disturbance d = {.seconds = 0.1, .steal = 0.1};

    TARE_CHECK(!script_is_disturbed(&d));
    d.steal = 0.2;
    TARE_CHECK(script_is_disturbed(&d));
    d.seconds = 10;
    d.steal = 0.009;
    TARE_CHECK(!script_is_disturbed(&d));
    d = (struct disturbance){.throttled = 1};
    TARE_CHECK(script_is_disturbed(&d));
    d = (struct disturbance){.quota_throttled = 1};
    TARE_CHECK(script_is_disturbed(&d));
}

TARE_TEST(what_is_unknown_disturbs_nothing)
{
    struct disturbance d = {
        .seconds = 1, .steal = NAN, .throttled = NAN, .quota_throttled = NAN};

    TARE_CHECK(!script_is_disturbed(&d));
}

TARE_TEST(a_slice_is_astray_outside_of_its_cpus)
{
    static const int cpus[] = {0, 2};
    struct stage_slice s = calm;

    TARE_CHECK(!slice_is_astray(&s, cpus, 2));
    TARE_CHECK(slice_is_astray(&s, cpus, 1));
    TARE_CHECK(!slice_is_astray(&s, cpus, 0));
    s.cpu_end = 1;
    TARE_CHECK(slice_is_astray(&s, cpus, 2));
    s.cpu_begin = s.cpu_end = -1;
    TARE_CHECK(!slice_is_astray(&s, cpus, 2));
}

static void put_stat(struct tare *t, const char *root, const char *text)
{
    char path[4096];
    FILE *f;

    snprintf(path, sizeof path, "%s/proc", root);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/proc/stat", root);
    f = fopen(path, "w");
    TARE_REQUIRE(f != NULL);
    fputs(text, f);
    fclose(f);
}

/* Two ticks of ten stolen, one tick of somebody else. */
TARE_TEST(the_counters_around_a_script_are_those_of_its_cpus)
{
    static const int cpu[] = {1};
    const char *root = tare_tmpdir(t);
    struct around around = {.sysroot = root, .cpu = cpu, .n_cpus = 1};
    struct disturbance d;

    put_stat(t, root,
             "cpu0 9 9 9 9 9 9 9 9 0 0\ncpu1 100 0 0 50 0 0 0 7 0 0\n");
    around_begin(&around, NULL, 0, 5000000000);
    put_stat(t, root,
             "cpu0 9 9 9 9 9 9 9 99 0 0\ncpu1 101 0 0 57 0 0 0 9 0 0\n");
    d = around_end(&around, NULL, 0, 5100000000);
    TARE_CHECK_REL(d.seconds, 0.1, 1e-12);
    TARE_CHECK_REL(d.steal, 0.2, 1e-9);
    TARE_CHECK_REL(d.foreign, 0.1, 1e-9);
    TARE_CHECK(isnan(d.mhz));
    TARE_CHECK(script_is_disturbed(&d));
}

TARE_TEST(own_time_is_not_foreign)
{
    static const int cpu[] = {0};
    const char *root = tare_tmpdir(t);
    struct around around = {.sysroot = root, .cpu = cpu, .n_cpus = 1};
    pid_t self = getpid(), nobody = -5;
    struct disturbance d;

    put_stat(t, root, "cpu0 0 0 0 0 0 0 0 0 0 0\n");
    around_begin(&around, &self, 1, 0);
    TARE_CHECK(around.own_s > 0);
    around_begin(&around, &nobody, 1, 0);
    TARE_CHECK(isnan(around.own_s));
    d = around_end(&around, &nobody, 1, 1000000000);
    TARE_CHECK(isnan(d.foreign));
    TARE_CHECK(d.steal == 0);
}

TARE_TEST(without_cpus_nobody_looks)
{
    struct around around = {.sysroot = ""};

    around_begin(&around, NULL, 0, 1);
    TARE_CHECK(around_end(&around, NULL, 0, 2).seconds == 0);
}
