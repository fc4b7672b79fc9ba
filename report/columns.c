/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/columns.h"

void column_put(struct strbuf *bytes, uint64_t value)
{
    while (value >= 0x80) {
        strbuf_putc(bytes, (char)(0x80 | (value & 0x7f)));
        value >>= 7;
    }
    strbuf_putc(bytes, (char)value);
}

void column_put_signed(struct strbuf *bytes, int64_t value)
{
    column_put(bytes, ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0));
}

void base64_add(struct strbuf *out, const void *bytes, size_t size)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *b = bytes;

    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        unsigned v = (unsigned)b[i] << 16 |
                     (left > 1 ? (unsigned)b[i + 1] << 8 : 0) |
                     (left > 2 ? (unsigned)b[i + 2] : 0);
        const char four[] = {digit[v >> 18], digit[v >> 12 & 63],
                             left > 1 ? digit[v >> 6 & 63] : '=',
                             left > 2 ? digit[v & 63] : '='};

        strbuf_add(out, four, sizeof four);
    }
}
