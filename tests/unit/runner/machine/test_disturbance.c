/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <string.h>

#include "runner/machine/disturbance.h"
#include "tests/unit/runner/machine/tree.h"

static const int cpus[] = {1, 3};

TARE_TEST(counters_of_the_watched_cpus_only)
{
    struct disturbance_snapshot s =
        disturbance_read(tree_data("server"), cpus, 2, 77);

    TARE_CHECK_INT((int)s.now_ns, 77);
    TARE_CHECK_INT((int)s.n_cpus, 2);
    TARE_CHECK_REL(s.busy, 2 * 15.25, 1e-12);
    TARE_CHECK_REL(s.irq, 0.5, 1e-12);
    TARE_CHECK_REL(s.steal, 2, 1e-12);
    TARE_CHECK_REL(s.psi_cpu, 31.055576, 1e-12);
    TARE_CHECK_REL(s.psi_memory, 1, 1e-12);
    TARE_CHECK_REL(s.psi_io, 2, 1e-12);
    TARE_CHECK_REL(s.load, 1.7, 1e-12);
    TARE_CHECK_REL(s.mhz, 3000, 1e-12);
    TARE_CHECK(isnan(s.aperf));
    TARE_CHECK_REL(s.throttled, 4, 1e-12);
    TARE_CHECK_REL(s.quota_throttled, 12, 1e-12);
    TARE_CHECK_REL(s.major_faults, 4321, 1e-12);
}

static void check_unknown(struct tare *t, const char *root)
{
    struct disturbance_snapshot s = disturbance_read(root, cpus, 2, 0);
    struct disturbance_snapshot later = disturbance_read(root, cpus, 2, 100);
    struct disturbance d = disturbance_between(&s, &later, 0);
    const double unknown[] = {d.steal,
                              d.irq,
                              d.foreign,
                              d.psi_cpu,
                              d.psi_memory,
                              d.psi_io,
                              d.mhz,
                              d.mhz_change,
                              d.throttled,
                              d.mhz_effective_ratio,
                              d.quota_throttled,
                              d.major_faults};

    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        TARE_CHECK(isnan(unknown[i]));
}

TARE_TEST(what_cannot_be_read_is_unknown_never_zero)
{
    check_unknown(t, "nowhere");
    check_unknown(t, tree_data("garbage"));
}

TARE_TEST(a_short_or_odd_stat_line_is_unknown)
{
    static const char *const stat[] = {
        "cpu1 1 2 3 4 5 6 7\ncpu3 1 2 3 4 5 6 7 8\n",
        "cpu1 1 2 3 4 5 6 7 8\n",
        "cpu1 1 2 3 4 5 6 7 -8\ncpu3 1 2 3 4 5 6 7 8\n",
        "cpu1 1 2 3 x 5 6 7 8\ncpu3 1 2 3 4 5 6 7 8\n",
        "",
    };

    for (size_t i = 0; i < sizeof stat / sizeof *stat; i++) {
        tree_put(t, "s", "/proc/stat", stat[i]);
        TARE_CHECK(isnan(disturbance_read("s", cpus, 2, 0).steal));
    }
}

TARE_TEST(msr_files_are_read_at_their_registers)
{
    static const int cpu[] = {0};
    const uint64_t before[] = {1000, 3000}, after[] = {2000, 4500};
    struct disturbance_snapshot a, b;

    tree_put_bytes(t, "m", "/dev/cpu/0/msr", before, sizeof(uint64_t), 0xe7);
    TARE_CHECK(isnan(disturbance_read("m", cpu, 1, 0).aperf));
    /* The two registers overlap in a file of bytes: one at a time. */
    a = disturbance_read("m", cpu, 1, 0);
    TARE_CHECK_REL(a.mperf, 1000, 0);
    tree_put_bytes(t, "m", "/dev/cpu/0/msr", before + 1, sizeof(uint64_t),
                   0xe8);
    a = disturbance_read("m", cpu, 1, 0);
    TARE_CHECK_REL(a.aperf, 3000, 0);
    tree_put_bytes(t, "m", "/dev/cpu/0/msr", after + 1, sizeof(uint64_t), 0xe8);
    b = disturbance_read("m", cpu, 1, 0);
    a.mperf = 1000;
    b.mperf = 2000;
    TARE_CHECK_REL(disturbance_between(&a, &b, 0).mhz_effective_ratio, 1.5,
                   1e-12);
}

static struct disturbance_snapshot base_snapshot(void)
{
    return (struct disturbance_snapshot){.now_ns = 1000000000,
                                         .n_cpus = 2,
                                         .busy = 100,
                                         .irq = 1,
                                         .steal = 5,
                                         .psi_cpu = 7,
                                         .psi_memory = 0,
                                         .psi_io = 1,
                                         .load = 0.5,
                                         .mhz = 3000,
                                         .aperf = NAN,
                                         .mperf = NAN,
                                         .throttled = 3,
                                         .quota_throttled = 0,
                                         .major_faults = 10};
}

TARE_TEST(shares_are_of_the_time_of_the_watched_cpus)
{
    struct disturbance_snapshot a = base_snapshot(), b = a;
    struct disturbance d;

    b.now_ns += 10000000000;
    b.busy += 12;
    b.irq += 0.1;
    b.steal += 1;
    b.psi_cpu += 2.5;
    b.load = 2;
    b.mhz = 2400;
    b.throttled += 2;
    d = disturbance_between(&a, &b, 9.5);
    TARE_CHECK_REL(d.seconds, 10, 1e-12);
    TARE_CHECK_REL(d.steal, 0.05, 1e-12);
    TARE_CHECK_REL(d.irq, 0.005, 1e-9);
    TARE_CHECK_REL(d.foreign, 0.125, 1e-12);
    TARE_CHECK_REL(d.psi_cpu, 0.25, 1e-12);
    TARE_CHECK_REL(d.psi_memory, 0, 1e-12);
    TARE_CHECK_REL(d.load, 2, 1e-12);
    TARE_CHECK_REL(d.mhz, 2700, 1e-12);
    TARE_CHECK_REL(d.mhz_change, 0.8, 1e-12);
    TARE_CHECK_REL(d.throttled, 2, 1e-12);
    TARE_CHECK(isnan(d.mhz_effective_ratio));
}

TARE_TEST(nothing_between_is_calm)
{
    struct disturbance_snapshot a = base_snapshot(), b = a;
    struct disturbance d;

    b.now_ns += 1000000000;
    b.busy += 1.005;
    /* The ticks gave the program less than it used. */
    d = disturbance_between(&a, &b, 1.01);
    TARE_CHECK_REL(d.foreign, 0, 0);
    TARE_CHECK(isnan(disturbance_between(&a, &b, NAN).foreign));
}

TARE_TEST(counters_that_run_backwards_and_no_time_are_unknown)
{
    struct disturbance_snapshot a = base_snapshot(), b = a;

    b.now_ns += 1000;
    b.steal -= 1;
    TARE_CHECK(isnan(disturbance_between(&a, &b, 0).steal));
    TARE_CHECK(!isnan(disturbance_between(&a, &b, 0).irq));
    TARE_CHECK(isnan(disturbance_between(&a, &a, 0).irq));
    TARE_CHECK(isnan(disturbance_between(&b, &a, 0).psi_cpu));
}

TARE_TEST(json_has_null_for_the_unknown)
{
    struct disturbance_snapshot a = base_snapshot(), b = a;
    struct strbuf out = {0};
    struct json json = {.out = &out};
    struct disturbance d;

    b.now_ns += 1000000000;
    d = disturbance_between(&a, &b, 0);
    disturbance_json(&d, &json);
    TARE_CHECK(strstr(strbuf_text(&out), "\"steal\": 0") != NULL);
    TARE_CHECK(strstr(strbuf_text(&out), "\"mhz_effective_ratio\": null") !=
               NULL);
    strbuf_clear(&out);
}
