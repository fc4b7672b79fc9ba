/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels that perf/detect puts before every tool, and how much of each an
 * iteration does.
 *
 * "Old" and "new" are copies of one executable in which detect.py has written
 * another number into the data: the same instructions at the same addresses do
 * really more work. */
#ifndef PERF_DETECT_WORK_H
#define PERF_DETECT_WORK_H

#include <stddef.h>

#include "runner/measure/kernel_work.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All kernels. */
const struct kernel_work *const *detect_works(size_t *n);

/* NULL when there is no kernel of that name. */
const struct kernel_work *detect_work(const char *name);

/* Units of an iteration: 1000 and what was written into this copy. */
size_t detect_units(void);

#ifdef __cplusplus
}
#endif

#endif
