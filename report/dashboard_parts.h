/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of the dashboard's document.  Inside report/ only. */
#ifndef REPORT_DASHBOARD_PARTS_H
#define REPORT_DASHBOARD_PARTS_H

#include "base/json.h"
#include "report/dashboard.h"
#include "report/moments.h"

/* The points of one line as bytes: for each run of neighbours the numbers of
 * their moments and efforts, then values, then the ends of their intervals
 * (docs/schema/dashboard.json, "points"). */
void dashboard_points(const struct history_line *line, struct moments *moments,
                      struct efforts *efforts, struct strbuf *bytes);

/* The step in which the values of a line are written: a power of two, so small
 * that each keeps five digits, unless the largest is over 2^33 times the
 * smallest. */
double dashboard_step(const struct history_line *line);

/* Value of the key "history".
 *
 * points  what dashboard_points() gave for each line, as text, or NULL
 *
 * The tables are those that the points were written with. */
void dashboard_history(struct json *json, const struct history_report *history,
                       const char *const *tags, size_t first, size_t all,
                       const struct strbuf *points,
                       const struct moments *moments,
                       const struct efforts *efforts);

/* Value of the key "distributions": both sides of each compared metric. */
void dashboard_distributions(struct json *json, const struct dashboard *d);

#endif
