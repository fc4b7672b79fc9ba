/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each format is to import.c: one of these in each import_FORMAT.c.
 * Private to adapt/. */
#ifndef ADAPT_IMPORT_FORMATS_H
#define ADAPT_IMPORT_FORMATS_H

#include "adapt/import.h"
#include "adapt/import_parts.h"

struct import_format {
    const char *name;  /* as it is typed */
    const char *reads; /* under 50 columns */
    bool is_part;      /* see import_format_is_part() */

    /* Whether the content looks like it: cheap, and never true of another
     * format's.  Where it is JSON im->root is there, else NULL. */
    bool (*recognise)(const struct import *im);

    /* Hand over all that im->root or im->text holds; NULL where there is no such
     * form of the format.  What is not of the format is refused with its place.
     * Ids by import_new() or import_id(), the program by import_program(). */
    int (*read_json)(struct import *im);
    int (*read_text)(struct import *im);
};

extern const struct import_format import_google_benchmark;
extern const struct import_format import_hyperfine;
extern const struct import_format import_pytest_benchmark;
extern const struct import_format import_pyperf;
extern const struct import_format import_go_bench;
extern const struct import_format import_criterion_rs;
extern const struct import_format import_jmh;
extern const struct import_format import_catch2;
extern const struct import_format import_nanobench;
extern const struct import_format import_rust_libtest;
extern const struct import_format import_benchmarkdotnet;
extern const struct import_format import_asv;
extern const struct import_format import_csv;

#endif
