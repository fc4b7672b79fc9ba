/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a machine is, in words that are the same after a reboot and under any
 * load, and a key made of them.
 *
 * Hard facts make the machine: cpu, cpu_id (family/model/stepping), microcode,
 * topology, memory (rounded up), kernel (major.minor), hypervisor, arch.
 * Numbers from two machines that differ in one of them are not compared.  Soft
 * facts are settings: kernel_release, os, governor, driver, turbo, smt,
 * clocksource, thp, mitigations, allowed_cpus, quota, system.  They are shown
 * where they differ.  Clock rates, load and temperature are neither. */
#ifndef RUNNER_MACHINE_FACTS_H
#define RUNNER_MACHINE_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/results.h"
#include "runner/machine/topology.h"

/* Read the facts.
 *
 * topology   of the same machine
 * sysroot    "" for the real /proc and /sys, else a folder that stands for /
 * arena      owns the names and values
 *
 * A fact that cannot be known is there as "unknown".  Returns 0 or
 * ERR_NOMEM. */
int machine_facts(const struct topology *topology, const char *sysroot,
                  struct arena *arena, struct facts *out, struct error *err);

/* SHA-256 over the hard facts. */
void machine_key(const struct facts *facts, char key[HASH_HEX]);

bool fact_is_hard(const char *name);

struct fact_difference {
    const char *name;
    const char *old; /* NULL where that side does not have the fact */
    const char *now;
    bool hard;
};

struct fact_differences {
    struct fact_difference *difference; /* hard ones first, each by name */
    size_t n;
    size_t n_hard; /* 0 exactly when the keys are equal */
};

/* What differs between two machines.  Strings are borrowed from both.  Returns
 * 0 or ERR_NOMEM. */
int facts_compare(const struct facts *old, const struct facts *now,
                  struct arena *arena, struct fact_differences *out,
                  struct error *err);

#endif
