/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How cases moved from revision to revision, in every form. */
#ifndef REPORT_HISTORY_H
#define REPORT_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/results.h"
#include "base/strbuf.h"
#include "report/text.h"

/* One revision on one machine.  Text is untrusted, never NULL. */
struct history_point {
    const char *revision; /* "" unknown */
    const char *created;  /* of its first occasion, ISO 8601 */
    bool dirty;           /* the sources differed from the revision */
    double value;         /* in the metric's unit */
    double low, high;     /* interval of the value; NaN when open */
    double confidence;    /* achieved; NaN when open */
    size_t occasions, invocations;
    int64_t run; /* the newest that belongs to it */
};

/* A change lies between point `at` - 1 and point `at`. */
struct history_change {
    const char *name; /* what `tare history ack` takes */
    size_t at;        /* 1 .. points - 1 */
    double ratio;     /* after / before */
    double low, high; /* interval of the ratio; NaN when open */
    double confidence, p;
    bool provisional;        /* too few points after it to be sure */
    const char *ack;         /* reason it was acknowledged with, "" */
    const char *ack_author;  /* "" */
    const char *ack_created; /* "" */
};

/* Which changes of a line somebody has to look at. */
enum history_alarm {
    HISTORY_ALARM_WORSE = 0,
    HISTORY_ALARM_BETTER,
    HISTORY_ALARM_BOTH,
    HISTORY_ALARM_NONE,
};

/* One metric of one case on one machine and branch. */
struct history_line {
    const char *id, *metric, *unit;
    enum better better;
    const char *machine_key, *branch; /* "" unknown */
    struct history_point *point;      /* in the order of their commits */
    size_t n;
    struct history_change *change; /* in the order of `at` */
    size_t n_changes;
    enum history_alarm alarm;
    double drift;         /* ratio from one revision to the next in the last
                           * segment (Theil-Sen); NaN unknown */
    double drift_p;       /* two-sided (Mann-Kendall); NaN unknown */
    double baseline;      /* value in the pinned baseline; NaN unknown */
    const char *why_none; /* why no changes could be looked for, "" */
};

/* A machine or a branch that has points but was not asked for. */
struct history_other {
    const char *machine_key, *branch;
    size_t runs;
};

struct history_report {
    const char *suite; /* "" when it has no name */
    const char *store; /* path */
    const struct history_line *line;
    size_t n;
    const struct history_other *other;
    size_t n_others;
    const char *here;     /* machine key of this machine, "" unknown */
    const char *baseline; /* name of the pinned one, "" */
    double margin;        /* smallest change that is one */
    double drift_alpha;   /* a drift with a p up to this is shown */
};

/* Is a change for the worse?  Never with BETTER_NONE. */
bool history_is_worse(const struct history_line *line,
                      const struct history_change *change);

/* Is it one that somebody has to look at: alarming, sure and not acknowledged?
 * A change of a metric without direction is alarming with HISTORY_ALARM_BOTH
 * only. */
bool history_is_open(const struct history_line *line,
                     const struct history_change *change);

/* The change whose first point is this one, or NULL. */
const struct history_change *history_change_at(const struct history_line *line,
                                               size_t at);

/* Does the last segment drift? */
bool history_drifts(const struct history_report *report,
                    const struct history_line *line);

struct history_counts {
    size_t changes, open, provisional, acknowledged;
};

struct history_counts history_count(const struct history_report *report);

/* n values as a line of blocks, at most `width` of them: neighbours share one
 * by their median.  What is not finite is a blank.  The blocks span what the
 * values do, and a share `least` of their middle at least: what does not matter
 * is not to look like mountains. */
void history_spark(struct strbuf *out, const double *value, size_t n,
                   size_t width, double least);

/* For people: a row a series with its changes below it.  `verbose` shows
 * acknowledged changes and all earlier ones, `quiet` the summary alone. */
void history_text(const struct history_report *report,
                  const struct text_style *style, struct strbuf *out);

/* For people: each series point by point.  Without `verbose` the newest
 * HISTORY_SHOWN points and those at changes. */
enum { HISTORY_SHOWN = 20 };
void history_details(const struct history_report *report,
                     const struct text_style *style, struct strbuf *out);

/* "tare/history/1", docs/schema/history.json. */
void history_json(const struct history_report *report, struct strbuf *out);

/* One line per point, with a line of names first. */
void history_csv(const struct history_report *report, struct strbuf *out);

/* A table of series for a page. */
void history_markdown(const struct history_report *report, struct strbuf *out);

#endif
