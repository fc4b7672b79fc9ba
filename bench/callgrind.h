/* SPDX-License-Identifier: MIT */
/* Telling valgrind's callgrind that a timed part begins or ends. */
#ifndef BENCH_CALLGRIND_H
#define BENCH_CALLGRIND_H

/* CALLGRIND_TOGGLE_COLLECT of the calling thread; nothing when not under
 * callgrind, or on a processor whose request is not known here. */
void tarei_callgrind_toggle(void);

#endif
