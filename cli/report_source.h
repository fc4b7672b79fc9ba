/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a report comes from: a stored run, or a document in JSON. */
#ifndef CLI_REPORT_SOURCE_H
#define CLI_REPORT_SOURCE_H

#include "cli/session.h"
#include "report/document.h"
#include "store/db.h"

/* Read "run:12", "12", "last", a UUID, or a file.  What could be a run and is a
 * file as well is an error naming both.
 *
 * out  ended with document_clear(), also after an error
 *
 * Returns 0; ERR_EMPTY when there is no such run and no such file; ERR_USAGE
 * for a word that is neither; an error of the store or of the document. */
int report_source_read(struct session *session, const char *word,
                       struct document *out, struct error *err);

/* The document "tare/scale/1" that was kept with a stored run.
 *
 * word  names a run as above
 * json  in the session's arena; NULL where it is a run of another kind or has
 *       none
 *
 * Returns 0; ERR_EMPTY when there is no such run; an error of the store. */
int report_source_scale(struct session *session, struct store *store,
                        const char *word, const char **json, struct error *err);

#endif
