/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that grows.
 *
 * A zeroed struct is an empty buffer.  Out of memory is remembered in `failed`
 * and makes later calls do nothing, so that a writer checks once at the end. */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct strbuf {
    char *text; /* NUL-terminated once anything was added; owned */
    size_t size;
    size_t room;
    bool failed;
};

void strbuf_add(struct strbuf *buf, const char *text, size_t size);
void strbuf_puts(struct strbuf *buf, const char *text);
void strbuf_putc(struct strbuf *buf, char c);
void strbuf_printf(struct strbuf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);
void strbuf_vprintf(struct strbuf *buf, const char *fmt, va_list ap)
    PRINTF_LIKE(2, 0);

/* Shortest decimal text that reads back as the same double; "nan", "inf" and
 * "-inf" for what is not finite.  Always in the C locale. */
void strbuf_double(struct strbuf *buf, double value);

/* The text so far, "" when empty.  Borrowed until the next change. */
const char *strbuf_text(const struct strbuf *buf);

/* Release the text; the buffer is empty and usable again. */
void strbuf_clear(struct strbuf *buf);

/* For SCOPED(strbuf_scoped). */
static inline void strbuf_scoped(struct strbuf *buf)
{
    strbuf_clear(buf);
}

/* Shortest round-trip text of a double into out[32]; returns its length. */
int double_print(char out[32], double value);

#endif
