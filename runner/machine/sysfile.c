/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small text files of the kernel. */
#include <config.h>

#include "runner/machine/sysfile.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "base/strbuf.h"
#include "base/utf8.h"

/* What a file says ends up on a terminal, in JSON or in a key. */
static void make_plain(char *text, size_t size)
{
    size_t i = 0;

    while (i < size) {
        size_t length = utf8_length(text + i);
        unsigned char c = (unsigned char)text[i];

        if (length == 0 || ((c < 0x20 || c == 0x7f) && c != '\t' && c != '\n'))
            text[i] = '?';
        i += length ? length : 1;
    }
}

static char *read_below(struct arena *arena, const char *sysroot,
                        const char *fmt, va_list ap) PRINTF_LIKE(3, 0);

static char *read_below(struct arena *arena, const char *sysroot,
                        const char *fmt, va_list ap)
{
    SCOPED(strbuf_scoped) struct strbuf path = {0};
    SCOPED(free_scoped) char *text = NULL;
    size_t size = 0;

    strbuf_puts(&path, sysroot ? sysroot : "");
    strbuf_vprintf(&path, fmt, ap);
    if (path.failed ||
        file_read(strbuf_text(&path), SYSFILE_MAX, &text, &size, NULL) < 0)
        return NULL;
    make_plain(text, size);
    return arena_memdup(arena, text, size);
}

/* Cut at the first newline and strip blanks. */
static char *first_line(char *text)
{
    char *end = text + strcspn(text, "\n");

    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    *end = '\0';
    return text + strspn(text, " \t");
}

char *sysfile_text(struct arena *arena, const char *sysroot, const char *fmt,
                   ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = read_below(arena, sysroot, fmt, ap);
    va_end(ap);
    return text;
}

char *sysfile_line(struct arena *arena, const char *sysroot, const char *fmt,
                   ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = read_below(arena, sysroot, fmt, ap);
    va_end(ap);
    return text ? first_line(text) : NULL;
}

double sysfile_number(struct arena *arena, const char *sysroot, const char *fmt,
                      ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = read_below(arena, sysroot, fmt, ap);
    va_end(ap);
    return text ? sysfile_to_number(first_line(text)) : NAN;
}

/* The value on a line that begins with this name, or NULL. */
static const char *value_of(const char *line, const char *name)
{
    size_t length = strlen(name), size = strcspn(line, "\n");
    const char *behind = line + length;

    if (strncmp(line, name, length) != 0 || !strchr(": \t\n", *behind))
        return NULL;
    behind += strspn(behind, " \t");
    if (*behind == ':')
        return behind + 1;
    /* "model" is not the name of "model name : X". */
    return memchr(line, ':', size) ? NULL : behind;
}

char *sysfile_field(struct arena *arena, const char *text, const char *name)
{
    while (text && *text) {
        const char *value = value_of(text, name);

        if (value) {
            char *copy = arena_memdup(arena, value, strcspn(value, "\n"));

            return copy ? first_line(copy) : NULL;
        }
        text = strchr(text, '\n');
        text = text ? text + 1 : NULL;
    }
    return NULL;
}

double sysfile_to_number(const char *text)
{
    char *end;
    double value;

    text += strspn(text, " \t");
    /* strtod() would also take "inf", "nan" and hexadecimal. */
    if (text[strspn(text, "0123456789.+-eE \t\n")] != '\0' || !*text)
        return NAN;
    value = strtod(text, &end);
    if (end == text || end[strspn(end, " \t\n")] != '\0' || !isfinite(value))
        return NAN;
    return value;
}
