/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `tare run` found, ready to be written in any form. */
#ifndef REPORT_RUN_H
#define REPORT_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/results.h"
#include "base/strbuf.h"
#include "report/beside.h"
#include "report/text.h"
#include "runner/machine/disturbance.h"
#include "stats/estimate.h"
#include "stats/steady.h"

/* One metric of one case.  Where nothing was measured, or a sample is not
 * finite, the figures of the estimate are NaN. */
struct run_metric {
    const struct metric *metric;
    struct estimate estimate;
};

/* How the processes of a case went whose series are long enough to tell
 * (stats/steady.h). */
struct run_series {
    size_t n; /* of them; 0: none was */
    size_t of[STEADY_CLASSES];
};

/* A case relative to the one its `.baseline` names: the ratio of their times
 * from separate processes, paired by round (Hodges-Lehmann centre of the
 * differences of the logarithms; of all differences where there are few). */
struct run_ratio {
    const char *against; /* id of the other; NULL when there is no ratio */
    double value;        /* this / other */
    double low, high;    /* low 0 and high infinite when open */
    double confidence;   /* achieved */
    bool open;           /* too few invocations for an interval */
};

/* The ratio of two metrics of one occasion; *out is left alone where there is
 * none (a value that is not positive).  0 or ERR_NOMEM. */
int run_ratio_of(const struct metric *of, const struct metric *to,
                 size_t occasion, const struct estimate_policy *policy,
                 struct run_ratio *out, struct error *err);

struct expected;
struct run_tag;

struct run_case {
    const struct case_results *result;
    struct run_metric *metric; /* as many as the result has */
    size_t n_metrics;
    const struct run_metric *time; /* metric "time", else the first; NULL when
                                    * nothing was measured */
    struct run_series series;      /* of `time` */
    bool like_empty;               /* cannot be told from the empty loop */
    bool oversubscribed;           /* its core may have been another's too */
    struct run_ratio ratio;
};

/* How much the case may be doubted: what text, Markdown and CSV say. */
enum run_doubt {
    DOUBT_NONE = 0,
    DOUBT_EMPTY,     /* cannot be told from the empty loop */
    DOUBT_SHARED,    /* measured oversubscribed: its core was not its own */
    DOUBT_OPEN,      /* too few invocations for an interval */
    DOUBT_DISTURBED, /* over a tenth of the samples were disturbed */
};

struct run_report {
    struct arena arena;
    const struct results *results; /* borrowed */
    const struct occasion *occasion;
    struct run_case *cases; /* in the order of the results */
    size_t n_cases;
    size_t n_measured, n_failed, n_skipped;

    /* Filled in by the caller; zeroed is "not known". */
    int64_t run;       /* number of the stored run, 0 when it is not stored */
    const char *place; /* where it was measured, "core 1"; NULL when unknown */
    double wall_s;     /* of the measuring; NaN or 0 when unknown */
    bool interrupted;
    bool resumes;                     /* `tare run --resume` goes on with it */
    const struct disturbance *during; /* of the CPUs measured on, over the
                                       * whole run; borrowed, NULL: unknown */
    const struct expected *expected;  /* report/expected.h; borrowed */
    size_t n_expected;
    const struct run_tag *tag; /* report/run_tags.h; the suite first */
    size_t n_tags;
    const struct beside *beside; /* borrowed; NULL: one after the other */
};

/* Estimate every metric of every case of one occasion.
 *
 * results  borrowed for the life of the report
 * out      ended with run_report_clear(), also after an error
 *
 * Returns 0 or ERR_NOMEM.  Cost: that of estimate() for each metric. */
int run_report_make(const struct results *results, size_t occasion,
                    const struct estimate_policy *policy,
                    struct run_report *out, struct error *err);

void run_report_clear(struct run_report *report);

enum run_doubt run_doubt(const struct run_case *c);

/* Iterations per second times what an iteration handles: "items" first, else
 * "bytes"; false when neither is declared or the time is unknown.
 * unit is "1/s" or "B/s". */
bool run_throughput(const struct run_case *c, double *value, const char **unit);

/* For people: a line of the machine, a table with notes below the cases they
 * concern, and what became of the run.  `quiet` leaves the table alone. */
void run_text(const struct run_report *report, const struct text_style *style,
              struct strbuf *out);

/* "tare/run/1", docs/schema/run.json. */
void run_json(const struct run_report *report, struct strbuf *out);

/* One line per case and metric, with a line of names first; fields are quoted
 * as in RFC 4180, lines end in LF. */
void run_csv(const struct run_report *report, struct strbuf *out);

/* A comment for a pull request: what could not be measured, a table, the
 * machine.  It fits what a comment may hold (64 KiB) unless `full`. */
void run_markdown(const struct run_report *report, bool full,
                  struct strbuf *out);

#endif
