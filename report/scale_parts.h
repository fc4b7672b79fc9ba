/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of the text about worker counts.  Inside report/ only. */
#ifndef REPORT_SCALE_PARTS_H
#define REPORT_SCALE_PARTS_H

#include "report/scale.h"

/* "workers", "copies", "threads". */
const char *scale_nouns(enum scale_kind kind);

/* An untrusted id, escaped and of a length that a line can have. */
void scale_put_name(struct strbuf *out, const char *untrusted);

/* The law that fits best, its parameters with their errors, and what they mean;
 * nothing where there is none.  The other puts all, a line each. */
void scale_put_law(const struct text_style *style,
                   const struct scale_analysis *a, struct strbuf *out);
void scale_put_all_laws(const struct scale_analysis *a, struct strbuf *out);

/* What keeps the largest count from helping more. */
void scale_put_limit(const struct text_style *style, const struct scale_case *c,
                     struct strbuf *out);

/* The recommended count and what it saves. */
void scale_put_advice(const struct text_style *style,
                      const struct scale_case *c, struct strbuf *out);

#endif
