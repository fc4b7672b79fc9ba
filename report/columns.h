/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of whole numbers as short text: what a page holds a million of.
 * docs/schema/dashboard.json says which columns there are. */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

/* Append a number in groups of 7 bits, least significant first, the high bit of
 * a byte set when another follows (LEB128). */
void column_put(struct strbuf *bytes, uint64_t value);

/* The same of a signed one: 0, -1, 1, -2, ... as 0, 1, 2, 3, ... */
void column_put_signed(struct strbuf *bytes, int64_t value);

/* Append bytes as base64 (RFC 4648, with padding). */
void base64_add(struct strbuf *out, const void *bytes, size_t size);

#endif
