/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binary formats with a corpus that can be read: input that begins with '#' is
 * lines of hexadecimal digits and comments from a '#' to the end of the line;
 * anything else is taken as it is. */
#ifndef TESTS_FUZZ_HEX_H
#define TESTS_FUZZ_HEX_H

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "tests/fuzz/target.h"

static inline int hex_digit(int c)
{
    return isdigit(c) ? c - '0' : isxdigit(c) ? tolower(c) - 'a' + 10 : -1;
}

/* The bytes in a block of their own, so that a step outside is seen; the caller
 * frees them. */
static inline uint8_t *hex_or_bytes(const uint8_t *data, size_t size, size_t *n)
{
    uint8_t *out = malloc(size + 1), *exact;
    bool is_hex = size && data[0] == '#', comment = false;
    int high = -1;

    MUST(out);
    *n = 0;
    for (size_t i = 0; is_hex && i < size; i++) {
        int digit = hex_digit(data[i]);

        comment = data[i] == '#' || (comment && data[i] != '\n');
        if (comment || digit < 0)
            continue;
        if (high >= 0)
            out[(*n)++] = (uint8_t)(high << 4 | digit);
        high = high >= 0 ? -1 : digit;
    }
    if (!is_hex && size)
        memcpy(out, data, *n = size);
    exact = malloc(*n ? *n : 1);
    MUST(exact);
    if (*n)
        memcpy(exact, out, *n);
    free(out);
    return exact;
}

#endif
