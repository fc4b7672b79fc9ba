/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growing text, and numbers that survive a trip through text. */
#include <config.h>

#include "base/strbuf.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct strbuf *buf, size_t more)
{
    size_t room = buf->room ? buf->room : 128;
    char *text;

    if (buf->failed)
        return false;
    if (more < SIZE_MAX / 4 && buf->size + more < buf->room)
        return true;
    while (room <= SIZE_MAX / 4 && room <= buf->size + more)
        room *= 2;
    text = more < SIZE_MAX / 4 ? realloc(buf->text, room) : NULL;
    if (!text) {
        buf->failed = true;
        return false;
    }
    buf->text = text;
    buf->room = room;
    return true;
}

void strbuf_add(struct strbuf *buf, const char *text, size_t size)
{
    if (!reserve(buf, size))
        return;
    if (size)
        memcpy(buf->text + buf->size, text, size);
    buf->size += size;
    buf->text[buf->size] = '\0';
}

void strbuf_puts(struct strbuf *buf, const char *text)
{
    strbuf_add(buf, text, strlen(text));
}

void strbuf_putc(struct strbuf *buf, char c)
{
    strbuf_add(buf, &c, 1);
}

void strbuf_vprintf(struct strbuf *buf, const char *fmt, va_list ap)
{
    va_list again;
    int n;

    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0) {
        buf->failed = true;
        return;
    }
    if (!reserve(buf, (size_t)n))
        return;
    vsnprintf(buf->text + buf->size, (size_t)n + 1, fmt, ap);
    buf->size += (size_t)n;
}

void strbuf_printf(struct strbuf *buf, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    strbuf_vprintf(buf, fmt, ap);
    va_end(ap);
}

/* 17 significant digits always suffice (IEEE 754-2008, 5.12.2), and up to 15
 * survive the way through a normal double and back, so that 15 digits, whose
 * trailing zeros %g drops, are the shortest form whenever they do.  Below the
 * normal numbers there are fewer digits, and the search starts at one. */
int double_print(char out[32], double value)
{
    if (isnan(value))
        return snprintf(out, 32, "nan");
    if (isinf(value))
        return snprintf(out, 32, value < 0 ? "-inf" : "inf");
    if (fabs(value) < 1e15 && value == (double)(int64_t)value &&
        !(value == 0 && signbit(value)))
        return snprintf(out, 32, "%lld", (long long)value);
    for (int digits = fabs(value) < DBL_MIN ? 1 : 15; digits < 17; digits++) {
        int n = snprintf(out, 32, "%.*g", digits, value);

        if (strtod(out, NULL) == value)
            return n;
    }
    return snprintf(out, 32, "%.17g", value);
}

void strbuf_double(struct strbuf *buf, double value)
{
    char text[32];

    strbuf_add(buf, text, (size_t)double_print(text, value));
}

const char *strbuf_text(const struct strbuf *buf)
{
    return buf->text ? buf->text : "";
}

void strbuf_clear(struct strbuf *buf)
{
    free(buf->text);
    *buf = (struct strbuf){0};
}
