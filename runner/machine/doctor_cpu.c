/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of the processors: clock rate, siblings, isolation, interrupts. */
#include <config.h>

#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "runner/machine/doctor_checks.h"
#include "runner/machine/sysfile.h"

#define CPU_SYS "/sys/devices/system/cpu/"

/* The governor of all allowed CPUs, "mixed", or NULL. */
static const char *find_governor(struct look *in)
{
    const char *found = NULL;

    for (size_t i = 0; i < in->allowed.n; i++) {
        const char *text = sysfile_line(in->arena, in->sysroot,
                                        CPU_SYS "cpu%d/cpufreq/"
                                                "scaling_governor",
                                        in->allowed.cpu[i]);

        if (!look_is_word(text))
            continue;
        if (found && strcmp(found, text) != 0)
            return "mixed";
        found = text;
    }
    return found;
}

static void governor(struct look *in)
{
    const char *found = find_governor(in);

    if (!found) {
        look_unknown(in, "the system shows no frequency governor: the "
                         "hypervisor or the firmware decides");
        return;
    }
    look_say(in, strcmp(found, "performance") == 0 ? DOCTOR_GOOD : DOCTOR_BAD,
             found, "the frequency governor is %s", found);
    if (in->measured && !isnan(in->measured->during.mhz_change))
        look_measured(in, "the clock moved by %.1f %% in %.1f s",
                      100 * fabs(in->measured->during.mhz_change - 1),
                      in->measured->seconds);
    if (in->out->level == DOCTOR_BAD)
        look_remedy(in, "echo performance | sudo tee " CPU_SYS
                        "cpu*/cpufreq/scaling_governor");
}

static void turbo(struct look *in)
{
    const char *found = facts_get(&in->facts, "turbo");
    double intel =
        sysfile_number(in->arena, in->sysroot, CPU_SYS "intel_pstate/no_turbo");

    if (strcmp(found, "unknown") == 0) {
        look_unknown(in, "the system does not show whether turbo is on");
        return;
    }
    look_say(in, strcmp(found, "off") == 0 ? DOCTOR_GOOD : DOCTOR_BAD, found,
             "turbo is %s", found);
    if (in->out->level == DOCTOR_BAD && !isnan(intel))
        look_remedy(in, "echo 1 | sudo tee " CPU_SYS "intel_pstate/no_turbo");
    else if (in->out->level == DOCTOR_BAD)
        look_remedy(in, "echo 0 | sudo tee " CPU_SYS "cpufreq/boost");
}

static void smt(struct look *in)
{
    double active =
        sysfile_number(in->arena, in->sysroot, CPU_SYS "smt/active");
    bool siblings = false;

    for (size_t u = 0; u < in->topology->n_units; u++)
        siblings |= in->topology->unit[u].n_pus > 1;
    if (active > 0 || siblings) {
        look_say(in, DOCTOR_NOTE, "on",
                 "cores run more than one thread; Tare leaves the siblings of "
                 "its workers idle, other programs do not");
        look_remedy(in, "echo off | sudo tee " CPU_SYS "smt/control");
    } else if (isnan(active)) {
        look_unknown(in, "the system does not show whether cores run more "
                         "than one thread");
    } else {
        look_say(in, DOCTOR_GOOD, "off", "each core runs one thread");
    }
}

/* How many of the workers' CPUs stand in a list of the kernel's; negative when
 * there is no list. */
static int workers_in(struct look *in, const char *path, const char **text)
{
    struct cpulist list;
    int n = 0;

    *text = sysfile_line(in->arena, in->sysroot, "%s", path);
    if (!*text ||
        cpulist_parse(path, *text, strlen(*text), in->arena, &list, NULL) < 0)
        return *text && strcmp(*text, "(null)") == 0 ? 0 : -1;
    for (size_t i = 0; i < in->workers.n; i++)
        n += cpulist_has(&list, in->workers.cpu[i]);
    return n;
}

/* A check of a list that the kernel was booted with. */
static void booted_with(struct look *in, const char *path, const char *what,
                        const char *option)
{
    const char *text;
    int n = workers_in(in, path, &text);

    if (n < 0) {
        look_unknown(in, "the system does not show the list");
        return;
    }
    if (n == (int)in->workers.n)
        look_say(in, DOCTOR_GOOD, "all", "every measured CPU is %s (%s)", what,
                 text);
    else
        look_say(in, DOCTOR_NOTE, n ? "some" : "none",
                 "%d of %zu measured CPUs are %s", n, in->workers.n, what);
    if (in->out->level == DOCTOR_NOTE)
        look_remedy(in, "boot with %s=%s", option,
                    look_list(in, in->workers.cpu, in->workers.n));
}

static void isolated(struct look *in)
{
    booted_with(in, CPU_SYS "isolated", "isolated from other programs",
                "isolcpus");
}

static void nohz(struct look *in)
{
    booted_with(in, CPU_SYS "nohz_full", "without the timer tick", "nohz_full");
}

/* Whether an interrupt may be served on a measured CPU: 1, 0, or -1 when its
 * lists cannot be read.  The effective list, where there is one, says where it
 * really goes. */
static int irq_disturbs(struct look *in, const char *number)
{
    static const char *const files[] = {"effective_affinity_list",
                                        "smp_affinity_list"};

    for (size_t f = 0; f < ARRAY_LEN(files); f++) {
        char *text = sysfile_line(in->arena, in->sysroot, "/proc/irq/%s/%s",
                                  number, files[f]);
        struct cpulist list;

        if (!text || !*text ||
            cpulist_parse(files[f], text, strlen(text), in->arena, &list,
                          NULL) < 0)
            continue;
        for (size_t i = 0; i < in->workers.n; i++)
            if (cpulist_has(&list, in->workers.cpu[i]))
                return 1;
        return 0;
    }
    return -1;
}

/* Interrupts that can be read, and those of them that a measured CPU may
 * serve. */
static void count_irqs(struct look *in, int *known, int *disturbing)
{
    const char *path = arena_printf(in->arena, "%s/proc/irq", in->sysroot);
    DIR *folder = path ? opendir(path) : NULL;
    struct dirent *entry;

    *known = *disturbing = 0;
    if (!folder)
        return;
    while ((entry = readdir(folder))) {
        int answer = isdigit((unsigned char)entry->d_name[0])
                         ? irq_disturbs(in, entry->d_name)
                         : -1;

        *known += answer >= 0;
        *disturbing += answer > 0;
    }
    closedir(folder);
}

static void irq(struct look *in)
{
    int known, disturbing;

    count_irqs(in, &known, &disturbing);
    if (known == 0) {
        look_unknown(in, "the system does not show its interrupts");
        return;
    }
    look_say(in, disturbing ? DOCTOR_NOTE : DOCTOR_GOOD,
             disturbing ? "spread" : "away",
             "%d of %d interrupts may be served on measured CPUs", disturbing,
             known);
    if (in->measured && !isnan(in->measured->during.irq))
        look_measured(in, "%.2f %% of the CPUs' time went to interrupts",
                      100 * in->measured->during.irq);
    if (disturbing)
        look_remedy(in, "stop irqbalance and write the reserved CPU to "
                        "/proc/irq/*/smp_affinity_list");
}

const struct doctor_check doctor_cpu_checks[] = {
    {"governor",
     "the clock rises and falls with the load, so that a program is measured "
     "at several speeds",
     governor},
    {"turbo", "the clock depends on temperature and on what the other cores do",
     turbo},
    {"smt", "a program on the other thread of a core slows both", smt},
    {"isolated", "other programs may be scheduled on a measured CPU", isolated},
    {"nohz", "the timer interrupts a measured CPU 100 to 1000 times a second",
     nohz},
    {"irq", "devices interrupt the measured program", irq},
};
const size_t doctor_n_cpu_checks = ARRAY_LEN(doctor_cpu_checks);
