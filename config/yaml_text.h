/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing texts into YAML, so that every reader takes them for texts. */
#ifndef CONFIG_YAML_TEXT_H
#define CONFIG_YAML_TEXT_H

#include "base/strbuf.h"

/* Append a text as one YAML scalar on one line: as it is where no resolver
 * could take it for something else, in single quotes where it is printable,
 * else in double quotes with escapes.  Bytes that are not UTF-8 become U+FFFD.
 * The first is for values and keys of block maps and lists, the second also for
 * items of flow lists. */
void yaml_text(struct strbuf *out, const char *text);
void yaml_flow_text(struct strbuf *out, const char *text);

#endif
