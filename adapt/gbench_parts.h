/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same from a document that is read already.  Private to adapt/. */
#ifndef ADAPT_GBENCH_PARTS_H
#define ADAPT_GBENCH_PARTS_H

#include "adapt/import_parts.h"

/* Whether it looks like one of Google Benchmark's. */
bool gbench_is_document(const struct json_value *root);

/* Fill im->results from im->root, as gbench_json_read() says. */
int gbench_fill(struct import *im);

#endif
