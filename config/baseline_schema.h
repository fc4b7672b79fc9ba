/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reader and the writer of baselines have in common.  Private to
 * config/. */
#ifndef CONFIG_BASELINE_SCHEMA_H
#define CONFIG_BASELINE_SCHEMA_H

#include <stdbool.h>

#include "base/results.h"
#include "config/fields.h"

#define BASELINE_SCHEMA "baseline/"

enum {
    BASELINE_MAJOR = 1,
    BASELINE_MAX_DEPTH = 12,
    BASELINE_MAX_NAME = 200,  /* bytes of a metric, fact or anchor: they are
                               * keys, which libyaml ends at 1024 characters,
                               * escapes included */
    BASELINE_MAX_TEXT = 4096, /* bytes of an id, a fact, a revision, ... */
    BASELINE_MAX_FACTS = 200, /* of a kind, and anchors, in an occasion */
};

/* One reading.  `in` stands first, so that a reader of a field, which is handed
 * the input, finds the rest. */
struct baseline_input {
    struct input in;
    struct results *results;
    double *sample; /* of the invocation being read; owned */
    size_t sample_room;
    struct place *id_at; /* of each case, in the order of the file; owned */
    struct place negative_at; /* first negative sample of the metric */
};

static inline struct baseline_input *baseline_of(struct input *in)
{
    return (struct baseline_input *)in;
}

/* A reader for fields.h: the list of benchmarks.  Occasions come before. */
int baseline_read_cases(struct input *in, void *to);

/* 0, or ERR_RANGE when the reader would refuse what these results become;
 * duplicate names are found by the writer, which sorts them. */
int baseline_check(const struct results *results, struct error *err);

/* Whether text is "YYYY-MM-DDThh:mm:ssZ". */
bool is_timestamp(const char *text);

/* Why a metric with this unit and direction cannot be, NULL when it can: what
 * Tare itself measures has one unit and one direction. */
const char *metric_contradiction(const struct metric *metric);

/* Whether values of the metric can be negative: only those of a user's counter
 * that is no time. */
bool metric_may_be_negative(const struct metric *metric);

#endif
