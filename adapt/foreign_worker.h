/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases of other harnesses in the worker that executes commands: where their
 * reports go, and how what they say ends a test of libtare. */
#ifndef ADAPT_FOREIGN_WORKER_H
#define ADAPT_FOREIGN_WORKER_H

#include "adapt/foreign_judge.h"
#include "adapt/judge.h"
#include "bench/tare.h"

/* Put a file of the case's folder into the words that ask for a report; a
 * command stays as it is.  A case that is not to be run ends here.  0 or
 * ERR_NOMEM. */
int foreign_worker_prepare(struct tare *t, struct recipe *recipe,
                           struct arena *arena, struct error *err);

/* Whether it ended by itself, so that there may be a report. */
bool foreign_has_ended(const struct execution *execution);

/* Read the report and judge.  True when the case passed; else why receives a
 * clause and *out the whole. */
bool foreign_worker_judge(const struct recipe *recipe,
                          const struct execution *execution,
                          const struct launcher *launcher,
                          struct foreign_verdict *out, char why[JUDGE_TEXT]);

/* End the test as the harness judged it; returns when it passed.
 *
 * good, why  what came of the execution and of what goes after it */
void foreign_worker_end(struct tare *t, bool good,
                        const struct foreign_verdict *verdict, const char *why);

/* The test is reported as crashed, by the signal that ended the program. */
__attribute__((noreturn)) void foreign_worker_crash(int signal);

#endif
