/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Validating UTF-8 one character at a time (RFC 3629, section 4). */
#include <config.h>

#include "base/utf8.h"

static size_t claimed_length(unsigned char c)
{
    if (c == 0)
        return 0;
    if (c < 0x80)
        return 1;
    if (c >= 0xc2 && c <= 0xdf)
        return 2;
    if (c >= 0xe0 && c <= 0xef)
        return 3;
    return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

size_t utf8_read(const char *text, uint32_t *code)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = claimed_length((unsigned char)text[0]);
    uint32_t value = (unsigned char)text[0];

    if (n == 0)
        return 0;
    if (n > 1)
        value &= 0xffu >> (n + 1);
    for (size_t i = 1; i < n; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | ((unsigned char)text[i] & 0x3f);
    }
    if (value < smallest[n] || value > 0x10ffff ||
        (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *code = value;
    return n;
}

size_t utf8_length(const char *text)
{
    uint32_t code;

    return utf8_read(text, &code);
}

bool utf8_is_valid(const char *text)
{
    while (*text) {
        size_t n = utf8_length(text);

        if (n == 0)
            return false;
        text += n;
    }
    return true;
}

size_t utf8_columns(const char *text)
{
    size_t columns = 0;

    while (*text) {
        size_t n = utf8_length(text);

        text += n ? n : 1;
        columns++;
    }
    return columns;
}
