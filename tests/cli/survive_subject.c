/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Benchmarks that count in the file "opened" how often one was opened, and at
 * a count that the environment names send a signal from inside their loop: so
 * what ends a run comes at the same place however slow the machine is.
 *
 * STRIKE=COUNT:SIGNAL:WHOM[,...]  WHOM is the process in the file "pid" (tare)
 * or "self" */
#include "bench/tare.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long opened; /* benchmarks so far, this one included */

static void leave_trace(char c)
{
    FILE *f = fopen("opened", "a");

    if (f) {
        putc(c, f);
        opened = ftell(f);
        fclose(f);
    }
}

static pid_t whom(const char *name)
{
    FILE *f = name[0] == 's' ? NULL : fopen("pid", "r");
    long pid = getpid();

    if (f) {
        if (fscanf(f, "%ld", &pid) != 1)
            abort();
        fclose(f);
    }
    return (pid_t)pid;
}

/* Once: what `opened` counts is another for every process. */
static void strike(void)
{
    const char *at = getenv("STRIKE");
    static bool looked;

    while (!looked && at) {
        char name[8];
        long count;
        int signal;

        if (sscanf(at, "%ld:%d:%7[^,]", &count, &signal, name) != 3)
            abort();
        if (count == opened)
            kill(whom(name), signal);
        at = strchr(at, ',');
        at += at != NULL;
    }
    looked = true;
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
        strike();
        spin();
    }
}

TARE_BENCH(two)
{
    leave_trace('2');
    TARE_LOOP(b) {
        strike();
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
        strike();
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
        strike();
        spin();
    }
}
