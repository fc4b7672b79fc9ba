/* SPDX-License-Identifier: MIT */
/* What a crashing process tells before it ends. */
#ifndef BENCH_CRASH_H
#define BENCH_CRASH_H

#include <stdint.h>

/* In memory that outlives the process. */
struct tarei_crash {
    int signal; /* 0 for none */
    int has_address;
    uint64_t address; /* that it could not use */
};

/* From now on a crash of this process, or of one it forks, is noted in *crash
 * (borrowed), and where TARE_DEBUGGER names gdb the program's frames go to
 * standard output.  The signal then ends the process as it would have.  A handler of the
 * program's own, or of a sanitizer, stays. */
void tarei_crash_watch(struct tarei_crash *crash);

/* From now on a crash of this process, or its exit(), passes on what the memory
 * file `from` holds, which nobody could read behind it, to the descriptor `to`.
 * -1: not any more. */
void tarei_crash_tell(int from, int to);

/* What runs is the "set-up" or "tear-down" of this fixture (borrowed), which a
 * crash says on standard error.  NULL: none. */
void tarei_crash_in(const char *part, const char *fixture);

#endif
