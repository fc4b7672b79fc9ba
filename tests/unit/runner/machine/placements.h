/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of the reference placements. */
#ifndef TESTS_RUNNER_MACHINE_PLACEMENTS_H
#define TESTS_RUNNER_MACHINE_PLACEMENTS_H

#include "tests/unit/runner/machine/rules.h"

struct machine_row {
    const char *name;
    size_t units, pus, threads[2], kinds, classes, class_units[4];
    bool ranked;
    int n_auto;
    struct spread all;
    int largest; /* of the reference's comparison, 0 when it has none */
};

struct plan_row {
    const char *name;
    int n;
    bool refused;
    enum placement_state state;
    int reserved_pu; /* -1: none */
    bool all_local;
    struct spread spread;
    int klass;
};

#endif
