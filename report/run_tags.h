/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases of a run by category: what each tag takes. */
#ifndef REPORT_RUN_TAGS_H
#define REPORT_RUN_TAGS_H

#include "base/json.h"
#include "report/run.h"

struct run_tag {
    const char *name; /* "" for the whole suite */
    size_t cases;     /* measured, with a time */
    double total_ns;  /* sum of their times */
    double own_ns;    /* of those that have no other tag */
    /* Geometric mean of their times; the interval is for these very cases,
     * from theirs (stats/family.h), infinite when open. */
    double mean_ns, low, high, confidence;
    bool open;
};

/* Fill in report->tag: the suite, then every tag that two cases have or that
 * one has alone, in the order of their first case.  Set-ups and tear-downs of
 * fixtures are left out; with less than two cases there are none.
 * 0 or ERR_NOMEM.  Cost: cases times tags. */
int run_report_tags(struct run_report *report,
                    const struct estimate_policy *policy, struct error *err);

/* Whether some tag says more than the suite as a whole: not all cases have it.
 */
bool run_tags_tell(const struct run_report *report);

/* A table, and a list. */
void run_tags_text(const struct run_report *report,
                   const struct text_style *style, struct strbuf *out);
void run_tags_json(const struct run_report *report, struct json *json);

#endif
