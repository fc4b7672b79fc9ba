/* SPDX-License-Identifier: MIT */
/* From how a test's process ended to what that means: pure. */
#ifndef BENCH_JUDGE_H
#define BENCH_JUDGE_H

#include "bench/isolate.h"

/* How it ended.  All zero: by itself. */
struct tarei_ended {
    int status;    /* as wait(2) gives it */
    int timed_out; /* it was stopped for that */
    int64_t timeout_ms, cpu_ms;
};

/* Set the outcome with a message. */
void tarei_judge_note(struct tarei_tested *out, enum tarei_outcome outcome,
                      const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Outcome, message, note, signal, cpu and times of the parts, by the end of
 * the process, its report and what the test declares to expect. */
void tarei_judge(const struct tarei_case *item,
                 const struct tarei_report *report,
                 const struct tarei_ended *ended, struct tarei_tested *out);

/* The same by what it left behind (out->left), and what has to fail. */
void tarei_judge_left(const struct tarei_case *item, struct tarei_tested *out);

#endif
