/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests from the rows of the store. */
#ifndef REPORT_TESTS_STORED_H
#define REPORT_TESTS_STORED_H

#include "base/arena.h"
#include "report/tests.h"
#include "store/outcomes.h"

/* Fill in `test`, `n`, `workers` and `makespan_ns`: each test once, as its last
 * attempt ended, in the order they began.  Strings are borrowed from the rows,
 * lists hang in the arena.  Returns 0 or ERR_NOMEM.  Cost: O(n log n). */
int tests_from_stored(const struct stored_outcome *row, size_t n,
                      struct arena *arena, struct test_report *out,
                      struct error *err);

#endif
