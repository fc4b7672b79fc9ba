/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counters of the kernel (proc(5), Documentation/accounting/psi.rst) and what
 * they say about the time between two readings. */
#include <config.h>

#include "runner/machine/disturbance.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scope.h"
#include "runner/machine/cgroup.h"
#include "runner/machine/sysfile.h"

/* Ticks of /proc/stat: USER_HZ is part of the kernel's interface and 100 on
 * every architecture but the long dead. */
static const double ticks_per_s = 100;

struct reader {
    const char *sysroot;
    struct arena *arena;
    const int *cpu;
    size_t n;
    struct disturbance_snapshot *out;
};

enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, TIMES };

/* The times behind "cpuN "; false when the line is not there or is short.
 * Kernels before 2.6.11 have no steal. */
static bool cpu_times(struct reader *in, const char *stat, int cpu,
                      double time[TIMES])
{
    char name[24], *text, *save = NULL;
    int n = 0;

    snprintf(name, sizeof name, "cpu%d", cpu);
    text = sysfile_field(in->arena, stat, name);
    for (char *word = text ? strtok_r(text, " ", &save) : NULL;
         word && n < TIMES; word = strtok_r(NULL, " ", &save)) {
        time[n] = sysfile_to_number(word) / ticks_per_s;
        if (!(time[n] >= 0))
            return false;
        n++;
    }
    return n == TIMES;
}

static void read_times(struct reader *in)
{
    const char *stat = sysfile_text(in->arena, in->sysroot, "/proc/stat");
    struct disturbance_snapshot *out = in->out;

    out->busy = out->irq = out->steal = 0;
    for (size_t i = 0; i < in->n; i++) {
        double time[TIMES];

        if (!stat || !cpu_times(in, stat, in->cpu[i], time)) {
            out->busy = out->irq = out->steal = NAN;
            return;
        }
        out->irq += time[IRQ] + time[SOFTIRQ];
        out->busy +=
            time[USER] + time[NICE] + time[SYSTEM] + time[IRQ] + time[SOFTIRQ];
        out->steal += time[STEAL];
    }
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=12345", in microseconds. */
static double stalled(struct reader *in, const char *what)
{
    char *text =
        sysfile_text(in->arena, in->sysroot, "/proc/pressure/%s", what);
    char *some = sysfile_field(in->arena, text, "some");
    char *total = some ? strstr(some, "total=") : NULL;

    return total ? sysfile_to_number(total + 6) / 1e6 : NAN;
}

static void read_pressure(struct reader *in)
{
    in->out->psi_cpu = stalled(in, "cpu");
    in->out->psi_memory = stalled(in, "memory");
    in->out->psi_io = stalled(in, "io");
}

static void read_load(struct reader *in)
{
    char *text = sysfile_line(in->arena, in->sysroot, "/proc/loadavg");

    if (text)
        text[strcspn(text, " ")] = '\0';
    in->out->load = text ? sysfile_to_number(text) : NAN;
}

/* In kHz; what the hardware says where the kernel gives it. */
static double frequency(struct reader *in, int cpu)
{
    double khz = sysfile_number(in->arena, in->sysroot,
                                "/sys/devices/system/cpu/cpu%d/cpufreq/"
                                "cpuinfo_cur_freq",
                                cpu);

    if (khz > 0)
        return khz;
    khz = sysfile_number(in->arena, in->sysroot,
                         "/sys/devices/system/cpu/cpu%d/cpufreq/"
                         "scaling_cur_freq",
                         cpu);
    return khz > 0 ? khz : NAN;
}

static void read_frequency(struct reader *in)
{
    double sum = 0;

    for (size_t i = 0; i < in->n; i++)
        sum += frequency(in, in->cpu[i]);
    in->out->mhz = sum / (double)in->n / 1000;
}

/* One register of a CPU (Intel and AMD manuals: IA32_MPERF is 0xE7, IA32_APERF
 * 0xE8; msr(4) gives them as a file to read at that offset). */
static double msr(struct reader *in, int cpu, off_t reg)
{
    const char *path =
        arena_printf(in->arena, "%s/dev/cpu/%d/msr", in->sysroot, cpu);
    SCOPED(fd_scoped)
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    uint64_t value;

    if (fd < 0 || pread(fd, &value, sizeof value, reg) != sizeof value)
        return NAN;
    return (double)value;
}

static void read_cycles(struct reader *in)
{
    enum { MPERF = 0xe7, APERF = 0xe8 };

    in->out->aperf = in->out->mperf = 0;
    for (size_t i = 0; i < in->n; i++) {
        in->out->mperf += msr(in, in->cpu[i], MPERF);
        in->out->aperf += msr(in, in->cpu[i], APERF);
    }
}

static void read_throttling(struct reader *in)
{
    in->out->throttled = 0;
    for (size_t i = 0; i < in->n; i++)
        in->out->throttled +=
            sysfile_number(in->arena, in->sysroot,
                           "/sys/devices/system/cpu/cpu%d/thermal_throttle/"
                           "core_throttle_count",
                           in->cpu[i]);
}

static void read_quota(struct reader *in)
{
    static const char *const controllers[] = {"cpu", NULL};
    double value = NAN;

    for (size_t i = 0; i < ARRAY_LEN(controllers) && isnan(value); i++) {
        char *folder = cgroup_folder(in->sysroot, controllers[i], in->arena);
        char *text =
            folder ? sysfile_text(in->arena, in->sysroot, "%s/cpu.stat", folder)
                   : NULL;
        char *field = sysfile_field(in->arena, text, "nr_throttled");

        value = field ? sysfile_to_number(field) : NAN;
    }
    in->out->quota_throttled = value;
}

static void read_faults(struct reader *in)
{
    char *text = sysfile_text(in->arena, in->sysroot, "/proc/vmstat");
    char *field = sysfile_field(in->arena, text, "pgmajfault");

    in->out->major_faults = field ? sysfile_to_number(field) : NAN;
}

struct disturbance_snapshot disturbance_read(const char *sysroot,
                                             const int *cpu, size_t n,
                                             int64_t now_ns)
{
    struct disturbance_snapshot out = {.now_ns = now_ns, .n_cpus = n};
    struct arena arena = {0};
    struct reader in = {.sysroot = sysroot ? sysroot : "",
                        .arena = &arena,
                        .cpu = cpu,
                        .n = n,
                        .out = &out};

    read_times(&in);
    read_pressure(&in);
    read_load(&in);
    read_frequency(&in);
    read_cycles(&in);
    read_throttling(&in);
    read_quota(&in);
    read_faults(&in);
    arena_clear(&arena);
    return out;
}

double disturbance_family_s(const char *sysroot, int pid)
{
    enum { FIRST = 14, LAST = 17 }; /* utime to cstime in proc(5) */
    struct arena arena = {0};
    const char *text =
        sysfile_text(&arena, sysroot ? sysroot : "", "/proc/%d/stat", pid);
    /* The name, the second field, is in brackets and may hold more of them. */
    char *at = text ? strrchr(text, ')') : NULL;
    double ticks = 0;

    for (int field = 3; at && field <= LAST; field++) {
        at = strchr(at + 1, ' ');
        if (at && field >= FIRST)
            ticks += strtod(at, NULL);
    }
    arena_clear(&arena);
    return at ? ticks / ticks_per_s : NAN;
}

/* Unknown where the counter ran backwards. */
static double grown(double before, double after)
{
    return after >= before ? after - before : NAN;
}

struct disturbance disturbance_between(
    const struct disturbance_snapshot *before,
    const struct disturbance_snapshot *after, double own_s)
{
    double seconds = (double)(after->now_ns - before->now_ns) / 1e9;
    double cpu_s = seconds > 0 ? seconds * (double)after->n_cpus : NAN;
    double time = seconds > 0 ? seconds : NAN;
    double busy = grown(before->busy, after->busy);
    double base = grown(before->mperf, after->mperf);

    return (struct disturbance){
        .seconds = seconds,
        .steal = grown(before->steal, after->steal) / cpu_s,
        .irq = grown(before->irq, after->irq) / cpu_s,
        /* Less than nothing is the coarseness of the ticks. */
        .foreign = isnan(busy - own_s) ? NAN : fmax(busy - own_s, 0) / cpu_s,
        .psi_cpu = grown(before->psi_cpu, after->psi_cpu) / time,
        .psi_memory = grown(before->psi_memory, after->psi_memory) / time,
        .psi_io = grown(before->psi_io, after->psi_io) / time,
        .load = after->load,
        .mhz = (before->mhz + after->mhz) / 2,
        .mhz_change = after->mhz / before->mhz,
        .mhz_effective_ratio =
            base > 0 ? grown(before->aperf, after->aperf) / base : NAN,
        .throttled = grown(before->throttled, after->throttled),
        .quota_throttled =
            grown(before->quota_throttled, after->quota_throttled),
        .major_faults = grown(before->major_faults, after->major_faults),
    };
}

void disturbance_json(const struct disturbance *d, struct json *json)
{
    json_object(json);
    json_set_double(json, "seconds", d->seconds);
    json_set_double(json, "steal", d->steal);
    json_set_double(json, "irq", d->irq);
    json_set_double(json, "foreign", d->foreign);
    json_set_double(json, "psi_cpu", d->psi_cpu);
    json_set_double(json, "psi_memory", d->psi_memory);
    json_set_double(json, "psi_io", d->psi_io);
    json_set_double(json, "load", d->load);
    json_set_double(json, "mhz", d->mhz);
    json_set_double(json, "mhz_change", d->mhz_change);
    json_set_double(json, "mhz_effective_ratio", d->mhz_effective_ratio);
    json_set_double(json, "throttled", d->throttled);
    json_set_double(json, "quota_throttled", d->quota_throttled);
    json_set_double(json, "major_faults", d->major_faults);
    json_object_end(json);
}
