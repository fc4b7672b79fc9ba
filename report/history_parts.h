/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces that the forms of a history share.  Inside report/ only. */
#ifndef REPORT_HISTORY_PARTS_H
#define REPORT_HISTORY_PARTS_H

#include "report/history.h"

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

#endif
