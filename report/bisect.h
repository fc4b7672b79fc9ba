/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `tare bisect` found, in every form. */
#ifndef REPORT_BISECT_H
#define REPORT_BISECT_H

#include <stdint.h>

#include "base/results.h"
#include "base/strbuf.h"
#include "report/text.h"
#include "stats/verdict.h"

enum bisect_outcome {
    BISECT_FOUND = 0, /* first_bad it is */
    BISECT_RANGE,     /* first_bad or one of those skipped before it */
    BISECT_SPREAD,    /* no single one: the change adds up over several */
    BISECT_SAME,      /* the ends do not differ by more than the margin */
    BISECT_UNDECIDED, /* the ends cannot be told apart, or the time was over */
    BISECT_STOPPED,   /* interrupted */
};

/* One revision that was looked at.  Text is untrusted, never NULL. */
struct bisect_step {
    const char *revision, *subject;
    const char *found;            /* "good", "bad", "skipped" */
    const char *why;              /* it was skipped, "" */
    struct comparison comparison; /* with the good end */
    double seconds;               /* building and comparing */
};

struct bisect_report {
    const char *suite, *id, *metric;
    enum better better;
    const char *good, *bad; /* full hashes */
    size_t revisions;       /* from the one after `good` to `bad` */
    double margin;          /* of the ends, a fraction */
    struct comparison ends; /* bad against good */
    const struct bisect_step *step;
    size_t n_steps;
    enum bisect_outcome outcome;
    const char *last_good, *first_bad; /* what is left of the range */
    const char *subject, *author, *date, *merged; /* of first_bad; "" */
    struct comparison culprit;  /* first_bad against last_good */
    const char *const *skipped; /* between the two */
    size_t n_skipped;
    uint64_t seed;
    double wall_s;
};

/* For people: a line a step, then the revision with its ratio; `quiet` leaves
 * the conclusion alone. */
void bisect_text(const struct bisect_report *report,
                 const struct text_style *style, struct strbuf *out);

/* "tare/bisect/1", docs/schema/bisect.json. */
void bisect_json(const struct bisect_report *report, struct strbuf *out);

/* "+2.04 % (+1.90 to +2.17 % at 99 %), 18 pairs". */
void bisect_ratio(const struct comparison *c, struct strbuf *out);

#endif
