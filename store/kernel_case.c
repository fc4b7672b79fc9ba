/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SQLite kernel of `tare selftest` as a benchmark. */
#include <config.h>

#include "bench/tare.h"

#include "store/kernel.h"

void store_kernel_link(void)
{
}

TARE_BENCH(k_sqlite, .args = "extra=0,10,20,50", .tags = "kernel")
{
    size_t units = 1000 + (size_t)tare_int(b, "extra");
    void *state = store_kernel_open();

    if (!state)
        tare_fail(b, "SQLite cannot make a table");
    TARE_LOOP(b) {
        store_kernel_run(state, units);
    }
    store_kernel_close(state);
}
