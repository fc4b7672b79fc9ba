/* SPDX-License-Identifier: MIT */
/* A program run by itself, without tare: --list, tests as TAP, and a quick
 * table of benchmarks. */
#ifndef BENCH_DIRECT_H
#define BENCH_DIRECT_H

#include <stdint.h>
#include <stdio.h>

#include "bench/registry.h"

enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_UNMEASURED = 3,
    EXIT_NOTHING = 5
};

/* Obey the options; returns the exit status. */
int tarei_direct_main(int argc, char **argv);

#endif
