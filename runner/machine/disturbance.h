/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What disturbed the CPUs that were measured on: counters of the kernel, read
 * before and after, and what happened in between.
 *
 * Every figure that this system does not give is NaN: unknown, never 0. */
#ifndef RUNNER_MACHINE_DISTURBANCE_H
#define RUNNER_MACHINE_DISTURBANCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "base/strbuf.h"

/* Counters of the watched CPUs, added up, in seconds since boot unless said. */
struct disturbance_snapshot {
    int64_t now_ns; /* of the caller's clock */
    size_t n_cpus;  /* watched */
    double busy;    /* user, nice, system and interrupt time of anybody */
    double irq;     /* in interrupts, hard and soft */
    double steal;   /* the hypervisor ran something else */
    double psi_cpu; /* some task waited for a CPU, machine-wide */
    double psi_memory;
    double psi_io;
    double load;  /* runnable tasks, mean of the last minute, machine-wide */
    double mhz;   /* mean of the CPUs' current frequency */
    double aperf; /* cycles run, summed; MSRs, readable by root only */
    double mperf; /* cycles at the base frequency while running, summed */
    double throttled;       /* times a CPU was slowed for heat */
    double quota_throttled; /* times the control group's quota stopped it */
    double major_faults;    /* pages read from a disk, machine-wide */
};

/* Read the counters.
 *
 * sysroot  "" for the real one
 * cpu      OS indexes of the CPUs to watch, one at least
 * now_ns   of any clock that does not step
 *
 * Cost: some ten small files, below a millisecond a CPU. */
struct disturbance_snapshot disturbance_read(const char *sysroot,
                                             const int *cpu, size_t n,
                                             int64_t now_ns);

/* CPU time of a process and of all it started and waited for, in seconds, in
 * ticks of 10 ms; NaN where it cannot be known. */
double disturbance_family_s(const char *sysroot, int pid);

/* Between two snapshots of the same CPUs. */
struct disturbance {
    double seconds; /* between the two */
    double steal;   /* share of the CPUs' time, 0 to 1 */
    double irq;     /* the same */
    double foreign; /* the same: CPU time not used by the measured program */
    double psi_cpu; /* share of the time */
    double psi_memory;
    double psi_io;
    double load;                /* at the end */
    double mhz;                 /* mean of both ends */
    double mhz_change;          /* end over begin */
    double mhz_effective_ratio; /* delivered over base frequency */
    double throttled;           /* times, as the next two */
    double quota_throttled;
    double major_faults;
};

/* What happened.  A counter that ran backwards (a CPU that went and came) is
 * unknown.
 *
 * own_s  CPU time that the measured program used on these CPUs in between, in
 *        seconds; NaN when unknown.  The kernel counts in ticks of 10 ms: over
 *        short times `foreign` and `steal` are that coarse. */
struct disturbance disturbance_between(
    const struct disturbance_snapshot *before,
    const struct disturbance_snapshot *after, double own_s);

/* An object with the known figures; unknown ones are null. */
void disturbance_json(const struct disturbance *d, struct json *json);

#endif
