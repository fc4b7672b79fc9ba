/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A kernel as a command, for tools that time whole executions.
 *
 * usage: plain KERNEL ITERATIONS */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "perf/detect/work.h"

int main(int argc, char **argv)
{
    const struct kernel_work *work = argc == 3 ? detect_work(argv[1]) : NULL;
    size_t units = detect_units();
    void *state = work ? work->open() : NULL;

    if (!state) {
        fprintf(stderr, "usage: plain KERNEL ITERATIONS\n");
        return 2;
    }
    for (unsigned long left = strtoul(argv[2], NULL, 10); left; left--)
        work->run(state, units);
    work->close(state);
    return 0;
}
