/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fuzz target is: libFuzzer's entry, and a check that holds whether or
 * not NDEBUG is set. */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Called once per input; must not keep anything from one call to the next. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                   \
    do {                                                                  \
        if (!(condition)) {                                               \
            fprintf(stderr, "%s:%d: must hold: %s\n", __FILE__, __LINE__, \
                    #condition);                                          \
            abort();                                                      \
        }                                                                 \
    } while (0)

#endif
