/* SPDX-License-Identifier: MIT */
/* A program run by itself, without tare: a list of what it holds, its tests as
 * TAP (Test Anything Protocol, version 12), a quick table of its benchmarks. */
#ifndef BENCH_DIRECT_H
#define BENCH_DIRECT_H

#include <stddef.h>
#include <stdint.h>

#include "bench/registry.h"

/* Exit status, the same as tare's. */
enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,     /* a test failed */
    EXIT_USAGE = 2,      /* options, or a definition */
    EXIT_UNMEASURED = 3, /* a benchmark could not be measured */
    EXIT_NOTHING = 5     /* nothing was selected */
};

enum { DIRECT_GLOBS = 64 };

struct tarei_direct {
    const char *program;
    int help, list, no_fork;
    int64_t timeout_ms; /* of a test */
    const char *glob[DIRECT_GLOBS];
    size_t n_globs; /* 0 selects everything */
};

/* Read the options.  Returns 0, or -1 with a message. */
int tarei_direct_parse(int argc, char **argv, struct tarei_direct *out,
                       char problem[REGISTRY_TEXT]);

/* '*' stands for any bytes, '?' for one, everything else for itself; brackets
 * are no classes, because ids hold them. */
int tarei_glob(const char *glob, const char *text);

/* Is the case selected: does a glob match its id or its name? */
int tarei_direct_selects(const struct tarei_direct *d,
                         const struct tarei_case *item);

/* Obey the options; returns the exit status. */
int tarei_direct_main(int argc, char **argv);

#endif
