/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each check on roots made up for it. */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <string.h>

#include "runner/machine/doctor.h"
#include "tests/unit/runner/machine/rules.h"
#include "tests/unit/runner/machine/tree.h"

struct visit {
    struct topology *topology;
    struct arena arena;
    struct doctor_report report;
};

static void visit(struct tare *t, const char *shape, const char *root,
                  const struct doctor_measured *measured, struct visit *v)
{
    *v = (struct visit){.topology = rules_synthetic(t, shape, NULL, 0)};
    TARE_REQUIRE_INT(
        doctor_look(v->topology, root, measured, &v->arena, &v->report, NULL),
        0);
}

static void leave(struct visit *v)
{
    arena_clear(&v->arena);
    topology_free(v->topology);
}

static const struct doctor_finding *finding(struct tare *t,
                                            const struct visit *v,
                                            const char *name)
{
    for (size_t i = 0; i < v->report.n; i++)
        if (strcmp(v->report.finding[i].name, name) == 0)
            return &v->report.finding[i];
    TARE_REQUIRE_STR(name, "the name of a check");
    return NULL;
}

#define CPU     "/sys/devices/system/cpu/"
#define KERNEL  "/proc/sys/kernel/"
#define CLOCKS  "/sys/devices/system/clocksource/clocksource0/"
#define MOUNTS  "/proc/self/mountinfo"
#define GROUP   "/proc/self/cgroup"
#define CGROUP2 "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"

/* On two cores of one thread with one node; CPU 1 would be measured on. */
static const struct {
    const char *check;
    const char *file[4][2];
    const char *value;
    enum doctor_level level;
    const char *remedy; /* holds this; NULL: there is none */
} rows[] = {
    {"governor", {{NULL}}, "unknown", DOCTOR_UNKNOWN, NULL},
    {"governor",
     {{CPU "cpu0/cpufreq/scaling_governor", "performance\n"},
      {CPU "cpu1/cpufreq/scaling_governor", "performance\n"}},
     "performance",
     DOCTOR_GOOD,
     NULL},
    {"governor",
     {{CPU "cpu0/cpufreq/scaling_governor", "performance\n"},
      {CPU "cpu1/cpufreq/scaling_governor", "schedutil\n"}},
     "mixed",
     DOCTOR_BAD,
     "echo performance | sudo tee"},
    {"turbo", {{CPU "intel_pstate/no_turbo", "1\n"}}, "off", DOCTOR_GOOD, NULL},
    {"turbo",
     {{CPU "intel_pstate/no_turbo", "0\n"}},
     "on",
     DOCTOR_BAD,
     "echo 1 | sudo tee " CPU "intel_pstate/no_turbo"},
    {"turbo",
     {{CPU "cpufreq/boost", "1\n"}},
     "on",
     DOCTOR_BAD,
     "echo 0 | sudo tee " CPU "cpufreq/boost"},
    {"turbo", {{CPU "cpufreq/boost", "0\n"}}, "off", DOCTOR_GOOD, NULL},
    {"smt", {{CPU "smt/active", "0\n"}}, "off", DOCTOR_GOOD, NULL},
    {"smt", {{CPU "smt/active", "1\n"}}, "on", DOCTOR_NOTE, "smt/control"},
    {"isolated", {{CPU "isolated", "\n"}}, "none", DOCTOR_NOTE, "isolcpus=1"},
    {"isolated", {{CPU "isolated", "1\n"}}, "all", DOCTOR_GOOD, NULL},
    {"isolated", {{CPU "isolated", "0\n"}}, "none", DOCTOR_NOTE, "isolcpus=1"},
    {"isolated", {{CPU "isolated", "1-\n"}}, "unknown", DOCTOR_UNKNOWN, NULL},
    {"nohz",
     {{CPU "nohz_full", "(null)\n"}},
     "none",
     DOCTOR_NOTE,
     "nohz_full=1"},
    {"nohz", {{CPU "nohz_full", "0-1\n"}}, "all", DOCTOR_GOOD, NULL},
    {"irq",
     {{"/proc/irq/default_smp_affinity", "3\n"}},
     "unknown",
     DOCTOR_UNKNOWN,
     NULL},
    {"irq",
     {{"/proc/irq/7/smp_affinity_list", "0\n"},
      {"/proc/irq/8/smp_affinity_list", "0-1\n"},
      {"/proc/irq/8/effective_affinity_list", "0\n"}},
     "away",
     DOCTOR_GOOD,
     NULL},
    {"irq",
     {{"/proc/irq/7/smp_affinity_list", "0\n"},
      {"/proc/irq/8/smp_affinity_list", "0-1\n"}},
     "spread",
     DOCTOR_NOTE,
     "irqbalance"},
    {"aslr", {{KERNEL "randomize_va_space", "2\n"}}, "on", DOCTOR_GOOD, NULL},
    {"aslr",
     {{KERNEL "randomize_va_space", "1\n"}},
     "partial",
     DOCTOR_NOTE,
     "randomize_va_space=2"},
    {"aslr",
     {{KERNEL "randomize_va_space", "0\n"}},
     "off",
     DOCTOR_BAD,
     "randomize_va_space=2"},
    {"thp",
     {{"/sys/kernel/mm/transparent_hugepage/enabled",
       "[always] madvise never\n"}},
     "always",
     DOCTOR_NOTE,
     "echo madvise"},
    {"thp",
     {{"/sys/kernel/mm/transparent_hugepage/enabled",
       "always [madvise] never\n"}},
     "madvise",
     DOCTOR_GOOD,
     NULL},
    {"swap",
     {{"/proc/meminfo", "SwapTotal: 0 kB\nSwapFree: 0 kB\n"}},
     "off",
     DOCTOR_GOOD,
     NULL},
    {"swap",
     {{"/proc/meminfo", "SwapTotal: 9 kB\nSwapFree: 9 kB\n"}},
     "on",
     DOCTOR_NOTE,
     "swapoff"},
    {"swap",
     {{"/proc/meminfo", "SwapTotal: 9 kB\nSwapFree: 8 kB\n"}},
     "used",
     DOCTOR_BAD,
     "swapoff"},
    {"swap",
     {{"/proc/meminfo", "SwapTotal: 9 kB\n"}},
     "unknown",
     DOCTOR_UNKNOWN,
     NULL},
    {"numa_balancing",
     {{KERNEL "numa_balancing", "1\n"}},
     "off",
     DOCTOR_GOOD,
     NULL},
    {"perf",
     {{KERNEL "perf_event_paranoid", "1\n"},
      {"/sys/bus/event_source/devices/cpu/type", "4\n"}},
     "1",
     DOCTOR_GOOD,
     NULL},
    {"perf",
     {{KERNEL "perf_event_paranoid", "-1\n"},
      {"/sys/bus/event_source/devices/software/type", "1\n"}},
     "-1",
     DOCTOR_NOTE,
     "host"},
    {"perf",
     {{KERNEL "perf_event_paranoid", "3\n"},
      {"/sys/bus/event_source/devices/armv8_pmuv3_0/type", "8\n"}},
     "3",
     DOCTOR_NOTE,
     "perf_event_paranoid=2"},
    {"watchdog",
     {{KERNEL "nmi_watchdog", "1\n"}},
     "on",
     DOCTOR_NOTE,
     "nmi_watchdog=0"},
    {"watchdog", {{KERNEL "nmi_watchdog", "0\n"}}, "off", DOCTOR_GOOD, NULL},
    {"clocksource",
     {{CLOCKS "current_clocksource", "tsc\n"}},
     "tsc",
     DOCTOR_GOOD,
     NULL},
    {"clocksource",
     {{CLOCKS "current_clocksource", "hpet\n"}},
     "hpet",
     DOCTOR_BAD,
     "clocksource=tsc"},
    {"clocksource",
     {{CLOCKS "current_clocksource", "[[[\n"}},
     "unknown",
     DOCTOR_UNKNOWN,
     NULL},
    {"timer", {{NULL}}, "unknown", DOCTOR_UNKNOWN, NULL},
    {"hypervisor",
     {{"/proc/cpuinfo", "flags : fpu tsc\n"}},
     "none",
     DOCTOR_GOOD,
     NULL},
    {"hypervisor",
     {{"/proc/cpuinfo", "flags : fpu hypervisor\n"}},
     "present",
     DOCTOR_NOTE,
     "interleaved"},
    {"hypervisor",
     {{"/proc/cpuinfo", "flags : fpu hypervisor\n"},
      {"/sys/class/dmi/id/sys_vendor", "QEMU\n"}},
     "KVM",
     DOCTOR_NOTE,
     "interleaved"},
    {"hypervisor",
     {{"/sys/hypervisor/type", "xen\n"}},
     "xen",
     DOCTOR_NOTE,
     "interleaved"},
    {"steal",
     {{"/proc/stat", "cpu0 99 0 0 5 0 0 0 0\ncpu1 99 0 0 5 0 0 0 2\n"}},
     "1%",
     DOCTOR_NOTE,
     "host"},
    {"steal",
     {{"/proc/stat", "cpu0 99 0 0 5 0 0 0 0\ncpu1 97 0 0 5 0 0 0 4\n"}},
     "2%",
     DOCTOR_BAD,
     "host"},
    {"steal",
     {{"/proc/stat", "cpu0 99 0 0 5 0 0 0 0\ncpu1 99 0 0 5 0 0 0 0\n"}},
     "0%",
     DOCTOR_GOOD,
     NULL},
    {"cgroup", {{NULL}}, "unlimited", DOCTOR_GOOD, NULL},
    {"cgroup",
     {{GROUP, "0::/\n"},
      {MOUNTS, CGROUP2},
      {"/sys/fs/cgroup/cpu.max", "150000 100000\n"}},
     "limited",
     DOCTOR_BAD,
     "/sys/fs/cgroup/cpu.max, or use -n 1"},
    {"cgroup",
     {{GROUP, "0::/\n"},
      {MOUNTS, CGROUP2},
      {"/sys/fs/cgroup/cpu.max", "max 100000\n"},
      {"/sys/fs/cgroup/memory.max", "1073741824\n"}},
     "memory",
     DOCTOR_NOTE,
     "below"},
    {"cgroup",
     {{GROUP, "4:memory:/\n"},
      {MOUNTS, "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup "
               "rw,memory\n"},
      {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"}},
     "unlimited",
     DOCTOR_GOOD,
     NULL},
    {"load",
     {{"/proc/loadavg", "0.05 1 1 1/2 3\n"}},
     "0.05",
     DOCTOR_GOOD,
     NULL},
    {"load",
     {{"/proc/loadavg", "0.50 1 1 1/2 3\n"}},
     "0.5",
     DOCTOR_NOTE,
     "top"},
    {"load", {{"/proc/loadavg", "7.20 1 1 1/2 3\n"}}, "7.2", DOCTOR_BAD, "top"},
    {"throttling",
     {{CPU "cpu0/thermal_throttle/core_throttle_count", "0\n"},
      {CPU "cpu1/thermal_throttle/core_throttle_count", "3\n"}},
     "3",
     DOCTOR_NOTE,
     "cooling"},
    {"throttling",
     {{CPU "cpu0/thermal_throttle/core_throttle_count", "0\n"},
      {CPU "cpu1/thermal_throttle/core_throttle_count", "0\n"}},
     "0",
     DOCTOR_GOOD,
     NULL},
    {"noise", {{NULL}}, "unknown", DOCTOR_UNKNOWN, NULL},
};

TARE_TEST(each_check_sees_each_setting)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct doctor_finding *f;
        struct visit v;

        tree_remove("row");
        for (int k = 0; k < 4 && rows[i].file[k][0]; k++)
            tree_put(t, "row", rows[i].file[k][0], rows[i].file[k][1]);
        visit(t, "core:2 pu:1", "row", NULL, &v);
        f = finding(t, &v, rows[i].check);
        TARE_CHECK_STR(f->value, rows[i].value);
        if (!tare_check_(t, f->level == rows[i].level, 0, __FILE__, __LINE__,
                         "%s %s is %s", f->name, f->value,
                         doctor_level_name(f->level)))
            continue;
        TARE_CHECK(f->finding[0] && f->effect[0]);
        if (rows[i].remedy)
            TARE_CHECK(strstr(f->remedy, rows[i].remedy) != NULL);
        else
            TARE_CHECK_STR(f->remedy, "");
        TARE_CHECK_STR(f->measured, "");
        leave(&v);
    }
}

TARE_TEST(numa_balancing_matters_with_two_nodes)
{
    struct visit v;

    tree_put(t, "two", KERNEL "numa_balancing", "1\n");
    visit(t, "numa:2 core:2 pu:1", "two", NULL, &v);
    TARE_CHECK_INT(finding(t, &v, "numa_balancing")->level, DOCTOR_BAD);
    leave(&v);
}

TARE_TEST(a_badly_set_server_is_told_all_of_it)
{
    static const char *const bad[] = {"governor", "turbo",  "swap",
                                      "steal",    "cgroup", "load"};
    struct visit v;

    visit(t, "pack:1 l3:1 core:2 pu:2", tree_data("server"), NULL, &v);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        TARE_CHECK_INT(finding(t, &v, bad[i])->level, DOCTOR_BAD);
    TARE_CHECK_INT((int)v.report.n_bad, (int)(sizeof bad / sizeof *bad));
    TARE_CHECK_INT(finding(t, &v, "smt")->level, DOCTOR_NOTE);
    TARE_CHECK_INT(finding(t, &v, "aslr")->level, DOCTOR_GOOD);
    TARE_CHECK_INT((int)v.report.n_quiet, 0);
    TARE_CHECK(v.report.noise == NULL);
    leave(&v);
}

/* Nothing that makes no sense is believed or breaks anything. */
TARE_TEST(garbage_is_unknown_and_safe)
{
    static const char *const known[] = {"smt", "numa_balancing", "cgroup",
                                        "governor"};
    struct strbuf text = {0};
    struct json json = {.out = &text};
    struct visit v;

    visit(t, "pack:1 l3:1 core:2 pu:2", tree_data("garbage"), NULL, &v);
    for (size_t i = 0; i < v.report.n; i++) {
        bool is_known = false;

        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            is_known |= strcmp(v.report.finding[i].name, known[k]) == 0;
        if (!is_known)
            tare_check_(t, v.report.finding[i].level == DOCTOR_UNKNOWN, 0,
                        __FILE__, __LINE__, "%s is %s",
                        v.report.finding[i].name, v.report.finding[i].value);
    }
    doctor_draw(&v.report, &text);
    doctor_json(&v.report, &json);
    for (size_t i = 0; i < text.size; i++)
        TARE_CHECK((unsigned char)text.text[i] >= 0x20 || text.text[i] == '\n');
    strbuf_clear(&text);
    leave(&v);
}

static struct doctor_measured ten_seconds(struct noise *core)
{
    return (struct doctor_measured){.seconds = 10,
                                    .clock_ns = 25,
                                    .clock_step_ns = 20,
                                    .late_ns = 60000,
                                    .core = core,
                                    .during = {.seconds = 10,
                                               .steal = 0.05,
                                               .irq = 0.002,
                                               .foreign = 0.0005,
                                               .psi_cpu = NAN,
                                               .mhz_change = 0.9,
                                               .throttled = 0,
                                               .quota_throttled = 4,
                                               .major_faults = 7}};
}

TARE_TEST(what_was_measured_decides_over_what_is_set)
{
    struct noise core[4] = {{.share = 0.02, .longest_ns = 90000},
                            {.share = 0.0002},
                            {.share = 0.004},
                            {.share = 0.0003, .longest_ns = 7000}};
    struct doctor_measured m = ten_seconds(core);
    static const int quiet[] = {1, 3, 2, 0};
    struct visit v;

    visit(t, "core:4 pu:1", tree_data("server"), &m, &v);
    TARE_CHECK_STR(finding(t, &v, "steal")->value, "5%");
    TARE_CHECK_INT(finding(t, &v, "steal")->level, DOCTOR_BAD);
    /* The load average is old; others took next to nothing. */
    TARE_CHECK_INT(finding(t, &v, "load")->level, DOCTOR_GOOD);
    TARE_CHECK_INT(finding(t, &v, "throttling")->level, DOCTOR_GOOD);
    TARE_CHECK_STR(finding(t, &v, "governor")->measured,
                   "the clock moved by 10.0 % in 10.0 s");
    TARE_CHECK_STR(finding(t, &v, "cgroup")->measured,
                   "stopped 4 times in 10.0 s");
    TARE_CHECK_STR(finding(t, &v, "timer")->value, "20 ns");
    TARE_CHECK_INT(finding(t, &v, "noise")->level, DOCTOR_NOTE);
    TARE_CHECK_REL(finding(t, &v, "noise")->number, 0.215, 1e-9);
    TARE_CHECK(strstr(finding(t, &v, "noise")->measured,
                      "quietest CPU 1 (0.020 %") != NULL);
    TARE_REQUIRE_INT((int)v.report.n_quiet, 4);
    for (int i = 0; i < 4; i++)
        TARE_CHECK_INT(v.report.quiet[i], quiet[i]);
    TARE_CHECK_REL(v.report.noise[2], 0.004, 0);
    m.clock_ns = 900;
    m.clock_step_ns = 4e6;
    leave(&v);
    visit(t, "core:4 pu:1", tree_data("server"), &m, &v);
    TARE_CHECK_INT(finding(t, &v, "clocksource")->level, DOCTOR_BAD);
    TARE_CHECK_INT(finding(t, &v, "timer")->level, DOCTOR_BAD);
    leave(&v);
}

TARE_TEST(text_and_json_hold_the_findings)
{
    struct noise core[2] = {{.share = 0.02}, {.share = 0.001}};
    struct doctor_measured m = ten_seconds(core);
    struct strbuf text = {0};
    struct json json = {.out = &text};
    struct visit v;

    visit(t, "core:2 pu:2", tree_data("server"), &m, &v);
    doctor_draw(&v.report, &text);
    TARE_CHECK(strstr(strbuf_text(&text),
                      "bad      turbo: turbo is on\n"
                      "         effect   the clock depends on ") != NULL);
    TARE_CHECK(strstr(strbuf_text(&text), "quietest CPUs first: 2 0\n"));
    strbuf_clear(&text);
    doctor_json(&v.report, &json);
    TARE_CHECK(strstr(strbuf_text(&text), "\"schema\": \"tare/doctor/1\""));
    TARE_CHECK(strstr(strbuf_text(&text), "\"quietest\": [2, 0]"));
    TARE_CHECK(strstr(strbuf_text(&text), "\"psi_cpu\": null"));
    strbuf_clear(&text);
    leave(&v);
}

static int require(struct visit *v, const char *text, struct error *err)
{
    return doctor_require(&v->report, "--require", text, strlen(text), err);
}

TARE_TEST(requirements_hold_or_say_all_that_is_wrong)
{
    static const struct {
        const char *text, *says;
    } wants[] = {
        {"aslr=on", ""},
        {"aslr=on,thp=always", ""},
        {"aslr=ok", ""},
        {"governor=powersave", ""},
        {"steal=6%", ""},
        {"steal=6", ""},
        {"load=1.7", ""},
        {"perf=3", ""},
        {"governor=performance", "governor is powersave, not performance"},
        {"turbo=off,aslr=on,smt=off",
         "turbo is on, not off; smt is on, not off"},
        {"governor=ok", "governor is powersave, not ok"},
        {"steal=1%", "steal is 5.97%, not 1%"},
        {"load=0.5", "load is 1.7, not 0.5"},
        {"noise=1%", "noise is unknown, not 1%"},
        {"load=low", "load is 1.7, not low"},
    };
    struct visit v;

    visit(t, "pack:1 l3:1 core:2 pu:2", tree_data("server"), NULL, &v);
    for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
        struct error err = {0};
        int rc = require(&v, wants[i].text, &err);

        TARE_CHECK_INT(rc, *wants[i].says ? ERR_RANGE : 0);
        TARE_CHECK(strstr(err.text, wants[i].says) != NULL);
        TARE_CHECK_INT(require(&v, wants[i].text, NULL), rc);
    }
    leave(&v);
}

TARE_TEST(a_refusal_brings_the_first_remedy)
{
    struct error err = {0};
    struct visit v;

    visit(t, "pack:1 l3:1 core:2 pu:2", tree_data("server"), NULL, &v);
    TARE_CHECK_INT(require(&v, "turbo=off,smt=off", &err), ERR_RANGE);
    TARE_CHECK_STR(err.help, "echo 1 | sudo tee " CPU "intel_pstate/no_turbo");
    leave(&v);
}

TARE_TEST(requirements_are_checked_for_form)
{
    static const struct {
        const char *text;
        int column;
        const char *help;
    } bad[] = {
        {"", 1, "governor=performance"},
        {"governor", 9, "governor=performance"},
        {"governor=", 10, "governor=performance"},
        {"=x", 1, "governor=performance"},
        {"aslr=on,", 9, "governor=performance"},
        {",aslr=on", 1, "governor=performance"},
        {"aslr=on thp=never", 8, "governor=performance"},
        {"govenor=performance", 1, "did you mean 'governor'?"},
        {"aslr=on,turb=off", 9, "did you mean 'turbo'?"},
        {"qqqqqq=1", 1, "tare doctor shows the checks"},
        {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=1", 32,
         "governor=performance"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error err = {0};

        TARE_CHECK_INT(doctor_check_require("tare.yaml", bad[i].text,
                                            strlen(bad[i].text), &err),
                       ERR_PARSE);
        TARE_CHECK_INT(err.column, bad[i].column);
        TARE_CHECK(strstr(err.help, bad[i].help) != NULL);
    }
    TARE_CHECK_INT(doctor_check_require("x", "aslr=on,thp=never", 17, NULL), 0);
}
