/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces that several reports share.  Inside report/ only. */
#ifndef REPORT_PARTS_H
#define REPORT_PARTS_H

#include "base/json.h"
#include "base/results.h"
#include "report/text.h"
#include "stats/estimate.h"

/* "AMD EPYC 7B13, packages 1, cores 2; core 1; budget 10s; seed 42", wrapped:
 * the machine, the place, what the plan says and the seed. */
void put_machine_line(struct strbuf *out, const struct text_style *style,
                      const struct occasion *occasion, const char *place);

/* "precise enough", "its budget", ...: why sampling ended, for people. */
const char *stopped_by_words(enum stopped_by why);

/* Members "machine", "seed", "plan", "anchors", "revision", ... of a document
 * that reports one sitting. */
void json_occasion(struct json *json, const struct occasion *occasion);

/* "seed": a number, or a string beyond the 2^53 that readers of JSON keep. */
void json_seed(struct json *json, uint64_t seed);

/* Members of facts as an object of strings under a key. */
void json_facts(struct json *json, const char *key, const struct facts *facts);

/* "machine": {"key": ..., and the facts}. */
void json_machine(struct json *json, const struct occasion *occasion);

/* A list of comma-separated words as an array of strings under a key. */
void json_words(struct json *json, const char *key, const char *words);

/* The same of texts that stand one by one. */
void json_texts(struct json *json, const char *key, const char *const *text,
                size_t n);

/* Untrusted text as a Markdown code span that is safe inside a table of
 * GitHub's dialect: no markup, no mention, one line; at most max bytes of it (0
 * for no limit).  Nothing for "". */
void markdown_code(struct strbuf *out, const char *untrusted, size_t max);

/* A field of a CSV line (RFC 4180), quoted where it must be; a field that a
 * spreadsheet would take for a formula gets an apostrophe in front. */
void csv_text(struct strbuf *out, const char *untrusted);

/* A number as a field; NaN and infinities are empty. */
void csv_double(struct strbuf *out, double value);

/* Untrusted text as XML content.  XML 1.0, section 2.2, has no way to write
 * most control characters: they are made visible, as are bytes that are not
 * UTF-8.
 *
 * newline  how to write one: in an attribute it would be read as a blank */
void xml_text(struct strbuf *out, const char *untrusted, const char *newline);

/* The same as an attribute, with a blank before its name. */
void xml_attribute(struct strbuf *out, const char *name, const char *untrusted);

#endif
