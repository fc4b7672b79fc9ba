/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `tare gate` and `tare compare` found, in every form. */
#ifndef REPORT_GATE_H
#define REPORT_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/results.h"
#include "base/strbuf.h"
#include "report/text.h"
#include "stats/verdict.h"

enum gate_command { REPORT_GATE = 0, REPORT_COMPARE };

/* One metric of one case.  Text is untrusted, never NULL. */
struct gate_case {
    const char *id;
    const char *metric; /* "time", ... */
    const char *unit;
    enum better better;
    const char *tags; /* comma-separated */
    struct comparison comparison;
    const char *message; /* which side failed and how, "" */
    const char *waiver;  /* reason of the waiver that holds, "" */
    const char *settle;  /* a command line that would decide it, "" */
    double wall_s;       /* spent on it; NaN when unknown */
    const double *pair;  /* ratios of the pairs, in their order; NULL when
                          * there are none */
    size_t n_pairs;
    size_t n_excluded; /* pairs left out: a process of them did not stay on the
                        * CPU it was placed on */
};

/* The geometric mean of ratios over cases. */
struct gate_mean {
    const char *name; /* a tag; "" for the whole suite */
    size_t cases;
    double ratio, low, high, confidence; /* over cases; NaN when unknown */
    double measured_low, measured_high;  /* of these very cases, likewise */
    double margin;                       /* negative when it is not gated */
    enum verdict verdict;                /* VERDICT_UNSET when not gated */
};

/* A fact of the machine that differs between the two sides. */
struct gate_difference {
    const char *name, *old_value, *new_value; /* NULL: that side has none */
};

struct gate_report {
    enum gate_command command;
    const char *suite;    /* "" when it has no name */
    const char *old_name; /* "baseline main (2026-11-20, 8972934)" */
    const char *new_name; /* "build/sort_bench"; "" when it needs no saying */
    const char *place;    /* where it was measured, "core 1"; NULL unknown */
    const struct gate_case *cases;
    size_t n_cases;
    const struct gate_mean *mean; /* the suite first */
    size_t n_means;
    const struct occasion *now;  /* machine, seed, anchors */
    const struct occasion *then; /* of a baseline; NULL when none */
    const struct gate_difference *difference;
    size_t n_differences;
    double moved; /* ratio by which most cases and the anchors moved together;
                   * NaN when they did not */
    double alpha;
    double wall_s; /* NaN when unknown */
    int64_t run;   /* number of the stored run, 0 when it is not stored */
    bool interrupted;
};

/* How many cases got each verdict. */
struct gate_counts {
    size_t of[VERDICT_COUNT];
    size_t waived;   /* among the regressed */
    size_t compared; /* regressed, improved, unchanged, inconclusive */
    size_t total;
};

/* Was it regressed within a waiver? */
bool gate_is_waived(const struct gate_case *c);

struct gate_counts gate_count(const struct gate_report *report);

/* The verdict over all: regressed (a case that is not waived, or a gated
 * mean), else failed, else incomparable when nothing was compared, else
 * inconclusive when something was, else improved when something is, else
 * unchanged. */
enum verdict gate_verdict(const struct gate_report *report);

/* The indexes of the cases in the order they are shown: the worst verdicts
 * first, the largest changes first within one.  order has room for n_cases. */
void gate_sort(const struct gate_report *report, size_t *order);

/* One line without a newline: "gate: 1 of 14 regressed: zlib/crc32 +5.10 %". */
void gate_conclusion(const struct gate_report *report, struct strbuf *out);

/* For people.  Unchanged cases are a count unless `verbose`; `quiet` leaves
 * the conclusion alone. */
void gate_text(const struct gate_report *report, const struct text_style *style,
               struct strbuf *out);

/* Step by step, with numbers, how one case was judged. */
void gate_explain(const struct gate_report *report, const struct gate_case *c,
                  const struct text_style *style, struct strbuf *out);

/* What a reason means and what would settle it, one sentence without a full
 * stop; "" where there is nothing to say. */
void gate_reason(const struct gate_case *c, struct strbuf *out);

/* How many of the pairs only raised the suspicion; the others, fresh, are
 * behind the figures.  0 where all are. */
size_t gate_explored(const struct gate_case *c);

/* "tare/gate/1" or "tare/compare/1", docs/schema/gate.json. */
void gate_json(const struct gate_report *report, struct strbuf *out);

/* One line per case and metric, with a line of names first. */
void gate_csv(const struct gate_report *report, struct strbuf *out);

/* A comment for a pull request: verdict, what is to be looked at, the rest
 * folded, the machine.  It fits what a comment may hold (64 KiB); with `full`,
 * for a page or the summary of a job, nothing is cut short. */
void gate_markdown(const struct gate_report *report, bool full,
                   struct strbuf *out);

#endif
