/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/measure/disturbed.h"

#include <math.h>
#include <time.h>

static const double longest_wait = 0.01; /* of the slice's time */
static const double most_stolen = 0.01;  /* of the CPUs' time */
static const double tick_s = 0.01;

static bool waited(const struct stage_slice *slice)
{
    if (slice->run_delay_ns < 0)
        return slice->switches > 0;
    return (double)slice->run_delay_ns >
           longest_wait * (double)slice->elapsed_ns;
}

bool slice_is_disturbed(const struct stage_slice *slice)
{
    bool moved = slice->cpu_begin >= 0 && slice->cpu_end >= 0 &&
                 slice->cpu_begin != slice->cpu_end;

    return moved || slice->major_faults > 0 || waited(slice);
}

/* Comparisons with an unknown figure are false. */
bool script_is_disturbed(const struct disturbance *during)
{
    bool stolen = during->steal > most_stolen &&
                  during->steal * during->seconds > 1.5 * tick_s;

    return stolen || during->throttled > 0 || during->quota_throttled > 0;
}

static bool is_among(int wanted, const int *cpu, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (cpu[i] == wanted)
            return true;
    return false;
}

bool slice_is_astray(const struct stage_slice *slice, const int *cpu, size_t n)
{
    if (n == 0)
        return false;
    return (slice->cpu_begin >= 0 && !is_among(slice->cpu_begin, cpu, n)) ||
           (slice->cpu_end >= 0 && !is_among(slice->cpu_end, cpu, n));
}

static double cpu_seconds(const pid_t *pid, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        struct timespec ts;
        clockid_t clock;

        if (clock_getcpuclockid(pid[i], &clock) != 0 ||
            clock_gettime(clock, &ts) != 0)
            return NAN;
        sum += (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
    }
    return sum;
}

void around_begin(struct around *around, const pid_t *pid, size_t n,
                  int64_t now_ns)
{
    if (around->n_cpus == 0)
        return;
    around->before =
        disturbance_read(around->sysroot, around->cpu, around->n_cpus, now_ns);
    around->own_s = cpu_seconds(pid, n);
}

struct disturbance around_end(const struct around *around, const pid_t *pid,
                              size_t n, int64_t now_ns)
{
    struct disturbance_snapshot after;

    if (around->n_cpus == 0)
        return (struct disturbance){0};
    after =
        disturbance_read(around->sysroot, around->cpu, around->n_cpus, now_ns);
    return disturbance_between(&around->before, &after,
                               cpu_seconds(pid, n) - around->own_s);
}
