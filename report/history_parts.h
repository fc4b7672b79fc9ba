/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces that the forms of a history share.  Inside report/ only. */
#ifndef REPORT_HISTORY_PARTS_H
#define REPORT_HISTORY_PARTS_H

#include "report/history.h"

/* A revision, a machine key or the like, short enough to read: 8 digits of a
 * hash, anything else escaped and cut; "unknown" for "". */
void put_short(struct strbuf *out, const char *untrusted);

/* "+5.01 % (+4.20 to +6.03 % at 95.2 %) between 1a2b3c4d and 5e6f7a8b,
 * 2026-03-04", with what else is to be said of the change.  A point without a
 * revision is named by its time. */
void put_change(struct strbuf *out, const struct history_line *line,
                const struct history_change *change);

/* "drifts by +0.12 % a revision since 5e6f7a8b (p 0.002), +3.1 % in all". */
void put_drift(struct strbuf *out, const struct history_line *line);

/* One line without a newline: "history: 14 series; 1 change for the worse". */
void history_conclusion(const struct history_report *report,
                        struct strbuf *out);

/* Half the width of a point's interval relative to its value; NaN when open. */
double point_half_width(const struct history_point *point);

#endif
