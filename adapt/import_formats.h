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
    bool is_json;      /* then im->root is there */
    bool is_part;      /* see import_format_is_part() */

    /* Whether the content looks like it: cheap, and never true of another
     * format's.  Of JSON, root is an object or an array. */
    bool (*recognise)(const struct import *im);

    /* Hand over all that im->text or im->root holds.  What is not of the format
     * is refused with its place.  Ids by import_id() with im->program where
     * that is not NULL, import_program() chooses. */
    int (*read)(struct import *im);
};

extern const struct import_format import_google_benchmark;
extern const struct import_format import_hyperfine;
extern const struct import_format import_pytest_benchmark;
extern const struct import_format import_pyperf;
extern const struct import_format import_go_bench;

#endif
