/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `tare scale` found, in every form. */
#ifndef REPORT_SCALE_H
#define REPORT_SCALE_H

#include "base/results.h"
#include "report/text.h"
#include "runner/scale/against.h"
#include "runner/scale/counts.h"
#include "runner/scale/limit.h"

/* Under which id the JSON of a scale run is kept with it. */
#define SCALE_DOCUMENT "@scale"

/* What a number of workers works at. */
enum scale_kind {
    SCALE_TESTS = 1, /* a test suite on N workers; a unit is a run of it */
    SCALE_COPIES,    /* a benchmark, N copies side by side; an iteration */
    SCALE_THREADS,   /* a benchmark with N threads; an iteration */
    SCALE_COMMAND,   /* a command that was told N; an execution */
};

/* Text is untrusted and never NULL unless said. */
struct scale_case {
    const char *id;
    enum scale_kind kind;
    double pieces;     /* of a unit of the work: tests, items; 0 for none */
    const char *piece; /* "tests", "items", ...; "" */
    const struct scale_series *series;
    bool measured; /* a round is complete: `analysis` and `loss` hold */
    struct scale_analysis analysis;
    struct scale_loss loss;
    bool compared; /* `against` holds */
    struct scale_against against;
};

struct scale_report {
    const char *suite;
    const struct occasion *occasion;
    const struct scale_count *count;
    const struct scale_settings *settings; /* filled */
    double margin;                         /* of the comparison */
    const char *old; /* the old side, as the user named it; NULL: none */
    const struct scale_case *cases;
    size_t n_cases;
    double wall_s;
    int64_t run; /* number of the stored run, 0 when it is not stored */
    bool interrupted;
};

/* "tests", "copies", "threads", "command". */
const char *scale_kind_name(enum scale_kind kind);

/* Index of the figure that the sentence about time saved is about: the
 * recommended count, else the best. */
size_t scale_chosen(const struct scale_case *c);

/* For people: a table and a chart for each case, the law in words, the
 * recommended count and what limits.  `quiet` leaves one line a case, `verbose`
 * adds every law. */
void scale_text(const struct scale_report *report,
                const struct text_style *style, struct strbuf *out);

/* "tare/scale/1", docs/schema/scale.json. */
void scale_json(const struct scale_report *report, struct strbuf *out);

/* A line for each case and count, with a line of names first. */
void scale_csv(const struct scale_report *report, struct strbuf *out);

/* A table for each case, for a page or a comment. */
void scale_markdown(const struct scale_report *report, struct strbuf *out);

#endif
