/* SPDX-License-Identifier: MIT */
/* Fixtures of scope session under a runner: one process keeps them for all.
 *
 * The order `keep` sets one up and answers `kept` with its value, a text;
 * `give` hands a value, or why there is none, to a process that has not set it
 * up; `drop` tears down what `keep` set up, in reverse. */
#ifndef BENCH_SESSION_H
#define BENCH_SESSION_H

#include "bench/message.h"

enum { SESSION_VALUE_MAX = 16 * 1024 };

/* Obey one of these orders.  Returns 1, with *answer to be sent where it is not
 * empty, or 0 when it is none of them. */
int tarei_session_obey(const struct tarei_message *order,
                       struct tarei_out *answer);

#endif
