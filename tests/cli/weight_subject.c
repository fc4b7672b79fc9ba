/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A benchmark whose counter is known: WEIGHT of the environment, else the one
 * it was built with.  What tests of histories, alerts and bisections weigh
 * without a clock. */
#include "bench/tare.h"

#include <stdlib.h>

#ifndef WEIGHT
#define WEIGHT 1000
#endif

TARE_BENCH(body)
{
    const char *told = getenv("WEIGHT");
    unsigned x = 1;

    TARE_LOOP(b) {
        x = x * 5 + 1;
        TARE_USE(x);
    }
    tare_counter(b, "weight", told ? strtod(told, NULL) : WEIGHT, "g",
                 TARE_LOWER_IS_BETTER);
}
