/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of settings of the kernel: memory, layout, counters, clocks. */
#include <config.h>

#include <dirent.h>
#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "runner/machine/doctor_checks.h"
#include "runner/machine/sysfile.h"

static double setting(struct look *in, const char *name)
{
    return sysfile_number(in->arena, in->sysroot, "/proc/sys/kernel/%s", name);
}

static void aslr(struct look *in)
{
    double level = setting(in, "randomize_va_space");

    if (isnan(level)) {
        look_unknown(in, "the system does not show the setting");
        return;
    }
    if (level >= 2) {
        look_say(in, DOCTOR_GOOD, "on", "address space layout is random");
        return;
    }
    look_say(in, level > 0 ? DOCTOR_NOTE : DOCTOR_BAD,
             level > 0 ? "partial" : "off", "address space layout is %s",
             level > 0 ? "random in part" : "fixed");
    look_remedy(in, "sudo sysctl kernel.randomize_va_space=2");
}

static void thp(struct look *in)
{
    const char *found = facts_get(&in->facts, "thp");

    if (strcmp(found, "always") == 0) {
        look_say(in, DOCTOR_NOTE, found, "huge pages are given to everybody");
        look_remedy(in, "echo madvise | sudo tee "
                        "/sys/kernel/mm/transparent_hugepage/enabled");
    } else if (strcmp(found, "madvise") == 0 || strcmp(found, "never") == 0) {
        look_say(in, DOCTOR_GOOD, found, "huge pages: %s", found);
    } else {
        look_unknown(in, "the system does not show the setting");
    }
}

/* In KiB; NaN when unknown. */
static double meminfo(struct look *in, const char *name)
{
    char *text = sysfile_text(in->arena, in->sysroot, "/proc/meminfo");
    char *field = sysfile_field(in->arena, text, name);

    if (!field)
        return NAN;
    field[strcspn(field, " ")] = '\0';
    return sysfile_to_number(field);
}

static void swap(struct look *in)
{
    double total = meminfo(in, "SwapTotal"), free_kib = meminfo(in, "SwapFree");

    if (!(total >= 0 && free_kib >= 0)) {
        look_unknown(in, "the system does not show its swap");
        return;
    }
    if (total == 0) {
        look_say(in, DOCTOR_GOOD, "off", "there is no swap");
        return;
    }
    if (free_kib < total)
        look_say(in, DOCTOR_BAD, "used", "%.0f MiB of memory are swapped out",
                 (total - free_kib) / 1024);
    else
        look_say(in, DOCTOR_NOTE, "on", "swap is on and empty");
    if (in->measured && !isnan(in->measured->during.major_faults))
        look_measured(in, "%.0f pages were read from a disk in %.1f s",
                      in->measured->during.major_faults, in->measured->seconds);
    look_remedy(in, "sudo swapoff -a");
}

static void numa_balancing(struct look *in)
{
    double on = setting(in, "numa_balancing");

    if (in->topology->n_nodes < 2) {
        look_say(in, DOCTOR_GOOD, "off", "there is one memory node");
    } else if (isnan(on)) {
        look_unknown(in, "the system does not show the setting");
    } else if (on > 0) {
        look_say(in, DOCTOR_BAD, "on", "the kernel moves pages between nodes");
        look_remedy(in, "sudo sysctl kernel.numa_balancing=0");
    } else {
        look_say(in, DOCTOR_GOOD, "off", "pages stay on their node");
    }
}

/* Whether the processor's own counters are among the sources of events; a
 * virtual machine often has the software ones only.  Intel and AMD call theirs
 * cpu, cpu_core and cpu_atom, Arm armv8_pmuv3 and the like. */
static bool has_counters(struct look *in)
{
    const char *path =
        arena_printf(in->arena, "%s/sys/bus/event_source/devices", in->sysroot);
    DIR *folder = path ? opendir(path) : NULL;
    struct dirent *entry;
    bool found = false;

    while (folder && (entry = readdir(folder)))
        found |= strncmp(entry->d_name, "cpu", 3) == 0 ||
                 strncmp(entry->d_name, "arm", 3) == 0;
    if (folder)
        closedir(folder);
    return found;
}

/* Documentation/admin-guide/sysctl/kernel.rst; 3 and 4 are distributions'
 * own. */
static void perf(struct look *in)
{
    double paranoid = setting(in, "perf_event_paranoid");
    bool allowed = paranoid <= 2, there = has_counters(in);

    if (isnan(paranoid)) {
        look_unknown(in, "the kernel shows no performance events");
        return;
    }
    look_number(in, allowed && there ? DOCTOR_GOOD : DOCTOR_NOTE, paranoid, "",
                "%s count events, and %s hardware counters",
                allowed ? "processes may" : "only root may",
                there ? "the processor shows its" : "there are no");
    if (!allowed)
        look_remedy(in, "sudo sysctl kernel.perf_event_paranoid=2");
    else if (!there)
        look_remedy(in, "use a host that passes its counters on, or count "
                        "instructions with a simulator");
}

static void watchdog(struct look *in)
{
    double on = setting(in, "nmi_watchdog");

    if (isnan(on)) {
        look_unknown(in, "the system does not show the setting");
    } else if (on > 0) {
        look_say(in, DOCTOR_NOTE, "on", "the NMI watchdog is on");
        look_remedy(in, "sudo sysctl kernel.nmi_watchdog=0");
    } else {
        look_say(in, DOCTOR_GOOD, "off", "the NMI watchdog is off");
    }
}

/* Sources that a program reads without a system call. */
static bool is_fast(const char *source)
{
    static const char *const fast[] = {"tsc", "kvm-clock",
                                       "hyperv_clocksource_tsc_page",
                                       "arch_sys_counter", "timebase"};

    for (size_t i = 0; i < ARRAY_LEN(fast); i++)
        if (strcmp(source, fast[i]) == 0)
            return true;
    return false;
}

static void clocksource(struct look *in)
{
    static const double slow_ns = 200;
    const char *found = facts_get(&in->facts, "clocksource");
    const struct doctor_measured *m = in->measured;

    if (strcmp(found, "unknown") == 0 || !look_is_word(found))
        look_unknown(in, "the system does not show its clock source");
    else
        look_say(in, is_fast(found) ? DOCTOR_GOOD : DOCTOR_BAD, found,
                 "the clock source is %s", found);
    if (m)
        look_measured(in, "a reading costs %.0f ns", m->clock_ns);
    if (m && m->clock_ns > slow_ns)
        in->out->level = DOCTOR_BAD;
    if (in->out->level == DOCTOR_BAD)
        look_remedy(in, "echo tsc | sudo tee /sys/devices/system/clocksource/"
                        "clocksource0/current_clocksource, or boot with "
                        "clocksource=tsc");
}

static void timer(struct look *in)
{
    static const double coarse_ns = 1000, late_ns = 1e6;
    const struct doctor_measured *m = in->measured;
    char late[QUANTITY_TEXT];

    if (!m) {
        look_unknown(in, "not measured");
        return;
    }
    look_number(in,
                m->clock_step_ns > coarse_ns ? DOCTOR_BAD
                : m->late_ns > late_ns       ? DOCTOR_NOTE
                                             : DOCTOR_GOOD,
                m->clock_step_ns, " ns", "the clock moves in steps of %.0f ns",
                m->clock_step_ns);
    look_measured(in, "a sleep of 1 ms ends %s late",
                  format_quantity(late, m->late_ns, "ns"));
    if (in->out->level != DOCTOR_GOOD)
        look_remedy(in, "use a kernel with high-resolution timers "
                        "(CONFIG_HIGH_RES_TIMERS; no highres=off)");
}

const struct doctor_check doctor_kernel_checks[] = {
    {"aslr",
     "one layout of memory is measured again and again, and its luck is taken "
     "for the program",
     aslr},
    {"thp",
     "a process may get huge pages or not, and differs from the next by luck",
     thp},
    {"swap", "memory that was swapped out is read from the disk when touched",
     swap},
    {"numa_balancing",
     "pages are unmapped to see who uses them, which costs faults and moves "
     "memory in the middle of a measurement",
     numa_balancing},
    {"perf", "hardware counters (instructions, cycles) cannot be read", perf},
    {"watchdog", "it takes one hardware counter and interrupts every CPU",
     watchdog},
    {"clocksource",
     "each reading of the clock costs time, and a slow one is a system call",
     clocksource},
    {"timer", "short samples are rounded to the steps of the clock", timer},
};
const size_t doctor_n_kernel_checks = ARRAY_LEN(doctor_kernel_checks);
