/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of other harnesses as occasions, with what the command line says of
 * them. */
#ifndef CLI_IMPORT_FILES_H
#define CLI_IMPORT_FILES_H

#include "adapt/import.h"
#include "cli/session.h"

struct import_list {
    struct imported *item; /* one occasion each, in the order of the files */
    const char **label;    /* of each: its file, or how many */
    size_t n;
};

/* Read all of them: each file is one occasion, but with --one-occasion, and
 * where a format keeps one benchmark a file, all are one.  What a file does not
 * say of time, revision and machine the options say; a time that is nowhere is
 * that at which the file was last written.  Nothing is stored.
 *
 * format  NULL: each is recognised
 *
 * Returns 0, or an error with the file; ERR_USAGE for one that cannot be read.
 * import_list_clear() on every path. */
int import_files(struct session *session, const struct import_format *format,
                 const char *const *path, size_t n, struct import_list *out,
                 struct error *err);

void import_list_clear(struct import_list *list);

/* Whether the file is Tare's own: a store, a document or a baseline. */
bool import_is_own(const char *path);

#endif
