/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data made up by hand, the same each time, hostile names included. */
#ifndef TESTS_UNIT_REPORT_MADE_UP_H
#define TESTS_UNIT_REPORT_MADE_UP_H

#include "base/results.h"

/* A name that means something in a terminal, HTML, XML, Markdown and CSV. */
#define HOSTILE "evil/\x1b[31m<b>&\"'|`@all` =1+1,x\xe2\x80\xae"

/* One occasion, six cases: calm, disturbed with a ratio and counters, like an
 * empty loop, too few invocations, failed, skipped.  The caller frees it. */
struct results *made_up_results(void);

#endif
