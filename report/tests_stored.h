/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests from the rows of the store. */
#ifndef REPORT_TESTS_STORED_H
#define REPORT_TESTS_STORED_H

#include "base/arena.h"
#include "report/tests.h"
#include "store/outcomes.h"

/* Fill in `test`, `n`, `workers`, `makespan_ns` and `problems`: each test once,
 * as its last attempt ended, in the order of definition, or in that in which
 * they began where it is not known.  What `crew` does not know follows from the
 * rows.  Strings are borrowed from the rows, the rest hangs
 * in the arena.  Returns 0 or
 * ERR_NOMEM.  Cost: O(n log n). */
int tests_from_stored(const struct stored_outcome *row, size_t n,
                      const struct stored_crew *crew, struct arena *arena,
                      struct test_report *out, struct error *err);

#endif
