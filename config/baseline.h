/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Baselines as files: struct results to and from baselines/NAME.yaml, schema
 * "tare: baseline/1" (docs/formats.md).
 *
 * Writing is a function of the results alone: cases by id, metrics by name, the
 * shortest number that reads back as the same double.  A file that is read and
 * written again comes out byte for byte the same. */
#ifndef CONFIG_BASELINE_H
#define CONFIG_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/results.h"
#include "base/strbuf.h"

enum {
    BASELINE_MAX_BYTES = 512 << 20,
    BASELINE_MAX_CASES = 1000000,
    BASELINE_MAX_OCCASIONS = 10000,
    BASELINE_MAX_METRICS = 250, /* of a case */
};

/* Read a baseline.
 *
 * file  as the user named it, for messages; becomes results->file
 * text  size bytes, no NUL needed
 * out   receives the results, cases sorted by id; ended with results_free()
 *
 * Refused, with the place: what is not YAML, anchors and aliases, unknown keys,
 * another major version (the help says what to do), numbers that are not
 * finite, negative values of a metric whose unit is a time, duplicate ids,
 * metrics and facts, other units or directions than a known metric has, more
 * occasions in a metric than the file declares, too much of anything.
 *
 * Returns 0, ERR_PARSE, ERR_RANGE or ERR_NOMEM.
 * Cost: O(size); about 1.2 times what libyaml needs to parse the same text. */
int baseline_parse(const char *file, const char *text, size_t size,
                   struct results **out, struct error *err);

/* The same from a file; also ERR_SYS. */
int baseline_read(const char *path, struct results **out, struct error *err);

/* Append the text of a baseline.  results need not be sorted.  Cases without
 * a single sample are left out: nothing can be compared with them.
 *
 * Returns 0, ERR_RANGE when the results break a rule that the reader checks
 * (so that nothing unreadable is ever written), or ERR_NOMEM; on failure `out`
 * holds text of no use. */
int baseline_print(const struct results *results, struct strbuf *out,
                   struct error *err);

/* The same into a file, atomically; also ERR_SYS. */
int baseline_write(const char *path, const struct results *results,
                   struct error *err);

/* Whether a word can name a baseline: letters, digits and "._-", not beginning
 * with '.' or '-', at most 100 bytes. */
bool is_baseline_name(const char *word);

#endif
