/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of who else uses the machine: hypervisor, limits, other programs. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "runner/machine/cgroup.h"
#include "runner/machine/doctor_checks.h"
#include "runner/machine/sysfile.h"

static void hypervisor(struct look *in)
{
    const char *found = facts_get(&in->facts, "hypervisor");

    if (strcmp(found, "unknown") == 0) {
        look_unknown(in, "the system does not show whether it is virtual");
    } else if (strcmp(found, "none") == 0) {
        look_say(in, DOCTOR_GOOD, found, "this is a machine of its own");
    } else {
        look_say(in, DOCTOR_NOTE, found, "this is a virtual machine%s%s",
                 strcmp(found, "present") == 0 ? "" : " under ",
                 strcmp(found, "present") == 0 ? "" : found);
        look_remedy(in, "compare old and new interleaved, never across time; "
                        "for more, use a dedicated host");
    }
}

static enum doctor_level by_share(double share)
{
    return share > 0.01    ? DOCTOR_BAD
           : share > 0.001 ? DOCTOR_NOTE
                           : DOCTOR_GOOD;
}

/* Since boot it is a share of the time that somebody wanted the CPUs: the
 * counters do not say how long they were idle under a hypervisor. */
static void steal(struct look *in)
{
    const struct disturbance_snapshot *boot = &in->since_boot;
    double share = in->measured ? in->measured->during.steal
                                : boot->steal / (boot->steal + boot->busy);

    if (isnan(share)) {
        look_unknown(in, "the system does not count stolen time");
        return;
    }
    look_number(in, by_share(share), 100 * share, "%",
                "%.2f %% of the CPUs' time %s stolen by the hypervisor",
                100 * share, in->measured ? "is" : "since boot was");
    if (in->measured)
        look_measured(in, "over %.1f s", in->measured->seconds);
    if (in->out->level != DOCTOR_GOOD)
        look_remedy(in, "use a host that does not sell its CPUs twice, or "
                        "measure at a quieter time");
}

/* In bytes; NaN when there is none.  Version 1 writes "none" as a number near
 * 2^63. */
static double memory_limit(struct look *in)
{
    static const double none = 0x1p60;
    char *v2 = cgroup_folder(in->sysroot, NULL, in->arena);
    char *v1 = cgroup_folder(in->sysroot, "memory", in->arena);
    double bytes = NAN;

    if (v2)
        bytes = sysfile_number(in->arena, in->sysroot, "%s/memory.max", v2);
    if (isnan(bytes) && v1)
        bytes = sysfile_number(in->arena, in->sysroot,
                               "%s/memory.limit_in_bytes", v1);
    return bytes >= 0 && bytes < none ? bytes : NAN;
}

static void cgroup(struct look *in)
{
    struct cgroup_quota quota = {.cpus = NAN, .from = ""};
    double memory = memory_limit(in);

    cgroup_quota(in->sysroot, in->arena, &quota, NULL);
    if (!isnan(quota.cpus)) {
        look_say(in, DOCTOR_BAD, "limited",
                 "the control group allows %.2f CPUs at a time", quota.cpus);
        look_remedy(in, "remove the limit in %s, or use -n %d at most",
                    quota.from, quota.cpus < 1 ? 1 : (int)quota.cpus);
    } else if (!isnan(memory)) {
        look_say(in, DOCTOR_NOTE, "memory",
                 "the control group allows %.0f MiB of memory",
                 memory / (1 << 20));
        look_remedy(in, "see that the programs stay below it, or raise it");
    } else {
        look_say(in, DOCTOR_GOOD, "unlimited",
                 "no control group limits CPU time or memory");
    }
    if (in->measured && !isnan(in->measured->during.quota_throttled))
        look_measured(in, "stopped %.0f times in %.1f s",
                      in->measured->during.quota_throttled,
                      in->measured->seconds);
}

/* The load average counts this process too, and remembers a minute; measured,
 * the CPU time of others tells. */
static void load(struct look *in)
{
    double value = in->since_boot.load;
    const struct doctor_measured *m = in->measured;
    bool foreign = m && !isnan(m->during.foreign);

    if (isnan(value) && !foreign) {
        look_unknown(in, "the system does not show its load");
        return;
    }
    look_number(in,
                foreign        ? by_share(m->during.foreign)
                : value >= 1   ? DOCTOR_BAD
                : value >= 0.3 ? DOCTOR_NOTE
                               : DOCTOR_GOOD,
                value, "", "the load of the last minute is %s",
                isnan(value) ? "unknown"
                             : arena_printf(in->arena, "%.2f", value));
    if (foreign)
        look_measured(in, "other programs took %.2f %% of the CPUs' time",
                      100 * m->during.foreign);
    if (in->out->level != DOCTOR_GOOD)
        look_remedy(in, "end what top shows, or wait");
}

static void throttling(struct look *in)
{
    double times = in->measured ? in->measured->during.throttled
                                : in->since_boot.throttled;

    if (isnan(times)) {
        look_unknown(in, "the system does not count thermal throttling");
        return;
    }
    look_number(in,
                times == 0     ? DOCTOR_GOOD
                : in->measured ? DOCTOR_BAD
                               : DOCTOR_NOTE,
                times, "", "the CPUs were slowed for heat %.0f times%s", times,
                in->measured ? "" : " since boot");
    if (times > 0)
        look_remedy(in, "improve the cooling, or turn turbo off");
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median_noise(struct look *in)
{
    size_t n = in->topology->n_units;
    double *share = arena_alloc(in->arena, n, sizeof *share);

    if (!share)
        return NAN;
    for (size_t u = 0; u < n; u++)
        share[u] = in->measured->core[u].share;
    qsort(share, n, sizeof *share, by_value);
    return (share[n / 2] + share[(n - 1) / 2]) / 2;
}

static void noise(struct look *in)
{
    const struct topology *topology = in->topology;
    size_t best = 0, worst = 0;
    double median;

    if (!in->measured) {
        look_unknown(in, "not measured");
        return;
    }
    for (size_t u = 1; u < topology->n_units; u++) {
        if (in->measured->core[u].share < in->measured->core[best].share)
            best = u;
        if (in->measured->core[u].share > in->measured->core[worst].share)
            worst = u;
    }
    median = median_noise(in);
    look_number(in, by_share(median), 100 * median, "%",
                "the system takes %.3f %% of a core's time (median)",
                100 * median);
    look_measured(
        in,
        "quietest CPU %d (%.3f %%, longest gap %.0f us), noisiest "
        "CPU %d (%.3f %%, longest gap %.0f us)",
        topology->unit[best].pu[0], 100 * in->measured->core[best].share,
        (double)in->measured->core[best].longest_ns / 1e3,
        topology->unit[worst].pu[0], 100 * in->measured->core[worst].share,
        (double)in->measured->core[worst].longest_ns / 1e3);
    if (in->out->level != DOCTOR_GOOD)
        look_remedy(in, "bind to the quiet CPUs, and see irq, isolated, nohz "
                        "and load");
}

const struct doctor_check doctor_load_checks[] = {
    {"hypervisor",
     "other guests share the machine: its speed moves, and no setting here "
     "tells how",
     hypervisor},
    {"steal", "the program stands still without knowing", steal},
    {"cgroup",
     "beyond its quota the program is stopped until the next period (100 ms)",
     cgroup},
    {"load", "other programs take CPU time, caches and memory bandwidth", load},
    {"throttling", "a hot processor slows down in the middle of a run",
     throttling},
    {"noise",
     "every gap lands in some sample; short samples lose it or are ruined",
     noise},
};
const size_t doctor_n_load_checks = ARRAY_LEN(doctor_load_checks);
