/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fuzz target is: libFuzzer's entry, and a check that holds whether or
 * not NDEBUG is set. */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* The input in a block of its own, so that a step outside is seen, with room
 * for a NUL that is not written; owned. */
static inline char *target_copy(const void *data, size_t size)
{
    char *bytes = malloc(size + 1);

    MUST(bytes);
    if (size)
        memcpy(bytes, data, size);
    return bytes;
}

/* The same with the NUL. */
static inline char *target_text(const void *data, size_t size)
{
    char *text = target_copy(data, size);

    text[size] = '\0';
    return text;
}

#endif
