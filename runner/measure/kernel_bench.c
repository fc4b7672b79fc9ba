/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/measure/kernel_bench.h"

void kernel_bench(struct tare *b, const struct kernel_work *work, size_t units)
{
    void *state = work->open();

    if (!state)
        tare_fail(b, "no memory for the kernel");
    TARE_LOOP(b) {
        work->run(state, units);
    }
    work->close(state);
}
