/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Benchmarks that leave a trace each time one is opened, in the file "opened",
 * so that a test knows how far a run has come without looking at a clock. */
#include "bench/tare.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static void leave_trace(char c)
{
    FILE *f = fopen("opened", "a");

    if (f) {
        putc(c, f);
        fclose(f);
    }
}

static void spin(void)
{
    for (volatile int i = 0; i < 20000; i++)
        continue;
}

TARE_BENCH(one)
{
    leave_trace('1');
    TARE_LOOP(b) {
        spin();
    }
}

TARE_BENCH(two)
{
    leave_trace('2');
    TARE_LOOP(b) {
        spin();
    }
}

/* Leaves a child in a session of its own behind. */
TARE_BENCH(leaver)
{
    leave_trace('3');
    if (fork() == 0) {
        setsid();
        execlp("sleep", "sleep", "1000", (char *)NULL);
        _exit(1);
    }
    TARE_LOOP(b) {
        spin();
    }
}

/* Hangs in its set-up. */
TARE_BENCH(hanger)
{
    leave_trace('4');
    for (;;)
        pause();
    TARE_LOOP(b) {
        spin();
    }
}
