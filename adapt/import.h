/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Result files of other harnesses as results (docs/importing.md).
 *
 * What a format records as processes becomes invocations; what one process
 * measured becomes samples of one invocation, however many there are.  Where
 * only a summary is stored, that is one sample, and the fact "summary" of the
 * plan names it ("mean", "median", ...).  The fact "harness" names the format.
 * An occasion has the time, the revision and the machine the file speaks of,
 * and "" for what it does not say. */
#ifndef ADAPT_IMPORT_H
#define ADAPT_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/results.h"

enum { IMPORT_MAX_BYTES = 256 << 20 };

struct import_format;

/* The index-th, in the order of the documentation; NULL behind the last. */
const struct import_format *import_format_at(size_t index);

/* By name; NULL when there is none. */
const struct import_format *import_format_find(const char *name);

const char *import_format_name(const struct import_format *format);
/* A file of it holds a part of what one run measured, not all of it. */
bool import_format_is_part(const struct import_format *format);

struct imported {
    const struct import_format *format;
    struct results *results; /* one occasion; ended with results_free() */
    int64_t revision_time;   /* commit date, seconds since 1970; 0 unknown */
};

/* Read a file.
 *
 * format   NULL: recognised from the content
 * program  first part of every id, instead of what the format says; NULL: that
 * name     of the file, for errors; of formats whose files do not name the
 *          benchmark its folders do
 * text     size bytes; no NUL needed
 *
 * Returns 0; ERR_PARSE with the place and a remedy: of no or another format,
 * cut short, a figure missing, negative or no number, two benchmarks with one
 * id; ERR_EMPTY without any benchmark; ERR_RANGE or ERR_NOMEM.  Cost: linear,
 * with sorting. */
int import_read(const struct import_format *format, const char *program,
                const char *name, const char *text, size_t size,
                struct imported *out, struct error *err);

/* Join what several files hold into one occasion.
 *
 * repeat  a case that several of them have has the invocations of all;
 *         else it is an error: ERR_PARSE
 *
 * The occasion has the earliest time.  Files that disagree about revision,
 * machine, harness or summary are refused: ERR_PARSE.  Returns also ERR_NOMEM. */
int import_join(const struct imported *part, size_t n, bool repeat,
                struct imported *out, struct error *err);

#endif
