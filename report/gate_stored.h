/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons to and from the rows of the store. */
#ifndef REPORT_GATE_STORED_H
#define REPORT_GATE_STORED_H

#include "report/document.h"
#include "report/gate.h"
#include "store/verdicts.h"

/* The rows of a report: one a case, and behind them "@gate" with the JSON of
 * the report without its cases in `detail`.  Strings are borrowed from the
 * report or hang in the arena.  Returns 0 or ERR_NOMEM. */
int gate_to_stored(const struct gate_report *report, struct arena *arena,
                   struct stored_verdict **out, size_t *n, struct error *err);

/* A row that is a document of its own instead of a comparison; its id begins
 * with '@', and nothing else is known.  Both are borrowed. */
struct stored_verdict document_row(const char *id, const char *json);

/* The reverse of gate_to_stored().  Rows of older programs, without details, yield what is in them.
 *
 * name  of the source, for errors
 * row   borrowed: lives as long as the document
 * out   receives a document of kind DOCUMENT_GATE; ended with
 *       document_clear(), also after an error
 *
 * Returns 0, ERR_PARSE for a detail that is damaged, or ERR_NOMEM. */
int gate_from_stored(const char *name, const struct stored_verdict *row,
                     size_t n, struct document *out, struct error *err);

#endif
