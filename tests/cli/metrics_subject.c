/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a known amount of everything that is counted. */
#include "bench/tare.h"

#include <stdlib.h>
#include <unistd.h>

TARE_BENCH(allocates)
{
    free(malloc(5000)); /* set-up counts for nothing */
    TARE_LOOP(b) {
        void *p = malloc(100);

        TARE_ESCAPE(p);
        p = realloc(p, 200);
        TARE_ESCAPE(p);
        free(p);
    }
}

TARE_BENCH(writes)
{
    int fd[2];

    if (pipe(fd) != 0)
        return;
    TARE_LOOP(b) {
        char text[10] = {0};

        TARE_USE(write(fd[1], text, sizeof text));
        TARE_USE(read(fd[0], text, sizeof text));
    }
}

/* The second number is more than any machine has. */
TARE_BENCH(team, .threads = "1,2,4096")
{
    unsigned x = 1;

    TARE_LOOP(b) {
        x = x * 5 + 1;
        TARE_USE(x);
    }
}
