/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of an execution, by the report of the harness it ran in. */
#ifndef ADAPT_FOREIGN_JUDGE_H
#define ADAPT_FOREIGN_JUDGE_H

#include "adapt/launcher.h"
#include "adapt/recipe.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/results.h"

enum foreign_end {
    FOREIGN_PASSED = 0,
    FOREIGN_FAILED,
    FOREIGN_SKIPPED,
    FOREIGN_XFAILED, /* failed, and that was expected */
};

enum { FOREIGN_TEXT = 900, FOREIGN_FIGURES = 60 };

/* What a benchmark says beside its time. */
struct foreign_figure {
    char name[64], unit[32]; /* without spaces */
    enum better better;
    double value;
};

struct foreign_verdict {
    enum foreign_end end;
    char text[FOREIGN_TEXT]; /* why, one line; "" when it passed */
    double time_ns;          /* of a benchmark, an iteration's */
    struct foreign_figure figure[FOREIGN_FIGURES];
    size_t n_figures;
};

/* What there is to judge by.
 *
 * name       of the report, for errors
 * report     size bytes; NULL where none was written
 * output     what was printed, both streams, NUL-terminated; with RECIPE_TAP
 *            standard output alone */
struct foreign_evidence {
    const struct execution *execution;
    const char *name;
    const char *report;
    size_t size;
    const char *output;
};

/* Judge an execution that was started and not ended by its time limit or by a
 * signal.
 *
 * Returns 0, or ERR_PARSE, ERR_RANGE for a report that is malformed, or
 * ERR_NOMEM.  Pure. */
int foreign_judge(const struct recipe *recipe,
                  const struct foreign_evidence *evidence, struct arena *arena,
                  struct foreign_verdict *out, struct error *err);

/* Whether this recipe's output must be kept whole to be judged. */
bool foreign_reads_output(const struct recipe *recipe);

#endif
