/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the dashboard shows: the data of the web page, and the page filled with
 * it.  docs/schema/dashboard.json is the document, dashboard/ the page. */
#ifndef REPORT_DASHBOARD_H
#define REPORT_DASHBOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "report/gate.h"
#include "report/history.h"
#include "report/tests.h"
#include "store/runs.h"

/* Text is untrusted; what is NULL or empty is not there. */
struct dashboard {
    const char *suite;
    const char *program; /* name and version of what writes */
    const char *created; /* now, ISO 8601 */
    const struct history_report *history;
    const char *const *tags; /* of each line, comma-separated */
    const struct gate_report *gate;
    /* what both sides of the gate measured; one occasion each */
    const struct results *old_side, *new_side;
    const struct test_report *tests;
    const char *scale;    /* a document "tare/scale/1" */
    const char *topology; /* a document "tare/topology/1" */
    const struct facts *facts;
    const char *machine_key;
    const struct run_anchors *anchors; /* oldest first */
    size_t n_anchors;
};

/* Everything but the points of the history, as one JSON document,
 * "tare/dashboard/1". */
void dashboard_json(const struct dashboard *d, struct strbuf *out);

/* The history alone.
 *
 * first, all  the report's lines are those from `first` on of so many
 * points      with the points of each line */
void dashboard_history_json(const struct history_report *history,
                            const char *const *tags, size_t first, size_t all,
                            bool points, struct strbuf *out);

/* The page, filled: one HTML document that needs nothing else.
 *
 * page  built by dashboard/, size bytes
 *
 * Returns 0; ERR_RANGE for a page that has no place for data (it is none of
 * ours), or ERR_NOMEM.  Cost: linear. */
int dashboard_html(const struct dashboard *d, const char *page, size_t size,
                   struct strbuf *out, struct error *err);

#endif
