/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports read back from the JSON that this program wrote: what one machine
 * measured is shown, joined or kept on another. */
#ifndef REPORT_DOCUMENT_H
#define REPORT_DOCUMENT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/json_read.h"
#include "base/results.h"
#include "report/gate.h"
#include "report/tests.h"

enum { DOCUMENT_MAX_BYTES = 512 << 20 };

enum document_kind {
    DOCUMENT_UNSET = 0,
    DOCUMENT_RUN,   /* "tare/run/1": `results`, one occasion */
    DOCUMENT_GATE,  /* "tare/gate/1" and "tare/compare/1": `gate` */
    DOCUMENT_TESTS, /* "tare/test/1": `tests` */
};

/* Everything hangs in the arena or in `results`. */
struct document {
    struct arena arena;
    enum document_kind kind;
    struct results *results;
    struct gate_report gate;
    struct test_report tests;
    double wall_s;    /* of a run; NaN unknown */
    int64_t run;      /* number of the stored run, 0 unknown */
    bool interrupted; /* of a run */
    bool resumes;     /* of a run: it can be resumed */
};

/* Read a document.
 *
 * name  of the source, for errors
 * out   ended with document_clear(), also after an error
 *
 * A member that is missing is unknown; one of the wrong type is an error, as is
 * another schema.  Returns 0, ERR_PARSE with the place, ERR_RANGE or ERR_NOMEM.
 * Cost: linear. */
int document_read(const char *name, const char *text, size_t size,
                  struct document *out, struct error *err);

void document_clear(struct document *document);

/* Put the cases of another document of the same kind behind those of this one:
 * parts of a suite that ran on several machines.  The other must live as long.
 * The makespan of tests is the longest one, their workers are summed up.
 * Returns 0, ERR_USAGE for another kind, or ERR_NOMEM. */
int document_join(struct document *document, const struct document *other,
                  struct error *err);

/* Are these parts of one suite, by --shard?  Parts of another plan, or the same
 * part twice, cannot be joined: a test may be in both or in none.  Those that
 * are missing become a problem of the first.
 *
 * name  of each, for errors
 *
 * Returns 0, ERR_USAGE or ERR_NOMEM.  Cost: O(n * (n + parts)). */
int document_check_parts(struct document *part, const char *const *name,
                         size_t n, struct error *err);

#endif
