/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading members of documents.  Inside report/ only.
 *
 * A reader is told the name of the source once; the first fault stays in err,
 * later calls then yield fallbacks, and the caller asks document_fault() at the
 * end. */
#ifndef REPORT_DOCUMENT_PARTS_H
#define REPORT_DOCUMENT_PARTS_H

#include "report/document.h"

struct document_reader {
    const char *name;
    struct document *out;
    struct error *err;
    int rc; /* of the first fault */
};

/* Say that a value is not what it should be. */
void document_wrong(struct document_reader *r, const struct json_value *v,
                    const char *expected);
void document_no_memory(struct document_reader *r);

/* A member that is a text; "" for null and when there is none. */
const char *document_text(struct document_reader *r, const struct json_value *o,
                          const char *key);

/* A member that is a number; NaN for null and when there is none. */
double document_number(struct document_reader *r, const struct json_value *o,
                       const char *key);

/* The same as a whole number within 0..2^53; `unknown` for null. */
int64_t document_count(struct document_reader *r, const struct json_value *o,
                       const char *key, int64_t unknown);

bool document_bool(struct document_reader *r, const struct json_value *o,
                   const char *key);

/* A member that is a list of `type`; NULL when it is none or not there. */
const struct json_value *document_list(struct document_reader *r,
                                       const struct json_value *o,
                                       const char *key, enum json_type type);

/* A member that is an object, or NULL. */
const struct json_value *document_object(struct document_reader *r,
                                         const struct json_value *o,
                                         const char *key);

/* A list of texts, joined by commas. */
const char *document_words(struct document_reader *r,
                           const struct json_value *o, const char *key);

/* "seed", "machine" and, of a run, what else is known of its occasion. */
void document_occasion(struct document_reader *r, const struct json_value *o,
                       struct arena *arena, struct occasion *out);

/* The reason or mode of a word; none for one that a newer program knows. */
enum verdict_reason document_reason(const char *word);
enum compare_mode document_mode(const char *word);

/* What a case of a document and the detail of a stored row have in common:
 * tags, message, waiver, time taken, ratios of the pairs, and the figures of the
 * comparison that a row has no column for.  All else in *out stays. */
void document_case_details(struct document_reader *r,
                           const struct json_value *o, struct gate_case *out);

/* The readers of the kinds. */
void document_run(struct document_reader *r, const struct json_value *root);
void document_gate(struct document_reader *r, const struct json_value *root);
void document_tests(struct document_reader *r, const struct json_value *root);

#endif
