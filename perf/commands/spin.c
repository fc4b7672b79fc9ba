/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command that does so many rounds of work and ends: spin ROUNDS. */
#include <stdint.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    volatile uint64_t sink;
    uint64_t x = 88172645463325252u;

    for (uint64_t i = 0; i < n; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    sink = x;
    return sink == 0;
}
