/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file that runs are kept in: opening, batching, looking after it.
 *
 * The file is an SQLite database in WAL mode; docs/formats-store.md is its
 * normative description.  What stands in it is reached through runs.h,
 * outcomes.h, verdicts.h, history.h and merge.h.
 *
 * True of every function of these headers:
 *
 * writing    one transaction a call unless store_hold() is in force; when the
 *            call fails nothing of it is in the file, and everything written
 *            before is.  Another process that writes is waited for
 *            (STORE_BUSY_MS), then ERR_TIMEOUT.
 * errors     ERR_SYS: the disk is full, the folder is read-only, ...;
 *            ERR_PARSE: the file is damaged, of a newer schema or not a store;
 *            ERR_EMPTY: what was asked for is not there; ERR_NOMEM.  The error
 *            names the file and says what can be done.
 * threads    one store, one thread at a time; as many stores on one file as
 *            there are threads or processes
 * strings    given: copied.  Received: owned by the arena or the results that
 *            the caller passed; never NULL
 * NaN        is stored as "unknown" and comes back as NaN */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum {
    STORE_SCHEMA = 2,      /* the newest schema this program writes */
    STORE_BUSY_MS = 10000, /* how long another writer is waited for */
};

struct store;

enum store_mode {
    STORE_READ = 0, /* nothing is created or changed; works in a folder that
                     * cannot be written */
    STORE_WRITE,    /* file and folders are created when missing, an older
                     * schema is migrated */
};

/* Open the store at path (".tare/tare.db").
 *
 * Returns 0; ERR_EMPTY in STORE_READ when there is no file; ERR_PARSE (a
 * folder, another program's database, damaged, a newer schema, in STORE_READ
 * an older one too); ERR_TIMEOUT (another process is migrating it); ERR_SYS or
 * ERR_NOMEM.  A file that is refused is not touched.
 * Cost: under a millisecond, whatever the size. */
int store_open(const char *path, enum store_mode mode, struct store **out,
               struct error *err);

/* Close it; writes still held are undone.  NULL is allowed. */
void store_close(struct store *store);

/* As given to store_open(); borrowed. */
const char *store_path(const struct store *store);

/* From hold to release all writes are one transaction: for importing, and for
 * tests that end thousands of times a second.  Other writers wait meanwhile:
 * hold for fractions of a second.  Calls nest; a failed write in between
 * leaves the others of the hold valid, but for a full disk and the like, where
 * store_release() fails too.  0, or an error of writing; after a failed
 * store_release() nothing of the hold is in the file. */
int store_hold(struct store *store, struct error *err);
int store_release(struct store *store, struct error *err);

/* Undo everything since the outermost store_hold() and end it. */
void store_undo(struct store *store);

struct store_size {
    int64_t bytes; /* of the file and its write-ahead log */
    int64_t runs, cases, results, invocations, outcomes;
};

/* What is in it.  Cost: reads the whole of the indexes; seconds at millions. */
int store_measure(struct store *store, struct store_size *out,
                  struct error *err);

/* Read everything and verify structure and references.  0, or ERR_PARSE with
 * the first fault.  Cost: reads the whole file. */
int store_check(struct store *store, struct error *err);

/* Give the room of what was pruned back to the disk.  Needs as much free room
 * as the file has; other writers wait. */
int store_compact(struct store *store, struct error *err);

#endif
