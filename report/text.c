/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people. */
#include <config.h>

#include "report/text.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/scope.h"
#include "base/utf8.h"

static const char *const colors[] = {
    [PAINT_NONE] = "",         [PAINT_BAD] = "\x1b[31m",
    [PAINT_GOOD] = "\x1b[32m", [PAINT_WARN] = "\x1b[33m",
    [PAINT_DIM] = "\x1b[2m",   [PAINT_STRONG] = "\x1b[1m",
};

struct range {
    uint32_t low, high;
};

/* Characters that a terminal obeys or that hide: C0 and C1 controls, and the
 * default-ignorable ones that reorder or take no room (Unicode 15, Bidi_Control
 * and Default_Ignorable_Code_Point; "Trojan Source", CVE-2021-42574). */
static const struct range unseen[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},       {0xad, 0xad},     {0x061c, 0x061c},
    {0x180e, 0x180e}, {0x200b, 0x200f},   {0x2028, 0x202e}, {0x2060, 0x206f},
    {0xfeff, 0xfeff}, {0xe0000, 0xe007f},
};

static bool is_unseen(uint32_t value)
{
    for (size_t i = 0; i < ARRAY_LEN(unseen); i++)
        if (value >= unseen[i].low && value <= unseen[i].high)
            return true;
    return false;
}

static void show_unseen(struct strbuf *out, uint32_t value)
{
    if (value == '\n')
        strbuf_puts(out, "\\n");
    else if (value == '\t')
        strbuf_puts(out, "\\t");
    else if (value < 0x100)
        strbuf_printf(out, "\\x%02x", value);
    else
        strbuf_printf(out, "\\u%04x", value);
}

/* One character of the source; returns its bytes. */
static size_t escape_one(struct strbuf *out, const char *text)
{
    uint32_t value = (unsigned char)text[0];
    size_t n = utf8_read(text, &value);

    if (n == 0 || is_unseen(value))
        show_unseen(out, value);
    else
        strbuf_add(out, text, n);
    return n ? n : 1;
}

void text_escape(struct strbuf *out, const char *untrusted, size_t max)
{
    const char *start = untrusted;

    while (*untrusted) {
        if (max && (size_t)(untrusted - start) >= max) {
            strbuf_puts(out, "...");
            return;
        }
        untrusted += escape_one(out, untrusted);
    }
}

/* The same where tabs may stay. */
static size_t escape_in_block(struct strbuf *out, const char *text)
{
    if (*text != '\t')
        return escape_one(out, text);
    strbuf_putc(out, '\t');
    return 1;
}

void text_escape_lines(struct strbuf *out, const char *untrusted)
{
    while (*untrusted) {
        if (*untrusted == '\n') {
            strbuf_putc(out, '\n');
            untrusted++;
        } else {
            untrusted += escape_in_block(out, untrusted);
        }
    }
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;

    for (; *text; text++)
        lines += *text == '\n' && text[1] != '\0';
    return lines + 1;
}

void text_block(struct strbuf *out, const char *untrusted, int indent,
                int max_lines)
{
    size_t lines = count_lines(untrusted);

    for (int line = 0; *untrusted; line++) {
        strbuf_printf(out, "%*s", indent, "");
        if (line == max_lines) {
            strbuf_printf(out, "(%zu more lines)\n", lines - (size_t)line);
            return;
        }
        while (*untrusted && *untrusted != '\n')
            untrusted += escape_in_block(out, untrusted);
        untrusted += *untrusted == '\n';
        strbuf_putc(out, '\n');
    }
}

void text_block_end(struct strbuf *out, const char *untrusted, int indent,
                    int max_lines)
{
    size_t lines = count_lines(untrusted), most = (size_t)max_lines;

    if (lines > most)
        strbuf_printf(out, "%*s(%zu lines before)\n", indent, "", lines - most);
    for (; lines > most; lines--)
        untrusted = strchr(untrusted, '\n') + 1;
    text_block(out, untrusted, indent, max_lines);
}

int text_split_lines(const char *text, struct arena *arena,
                     const char *const **out, size_t *n_out, struct error *err)
{
    const char **all = NULL;
    size_t n = 0, size;

    for (text += strspn(text, "\n"); *text; text += strspn(text, "\n")) {
        size = strcspn(text, "\n");
        all = arena_grow(arena, all, n, sizeof(*all));
        if (!all || !(all[n++] = arena_memdup(arena, text, size)))
            return ERROR(err, ERR_NOMEM, "no memory for lines");
        text += size;
    }
    *out = all;
    *n_out = n;
    return 0;
}

void text_paint(struct strbuf *out, const struct text_style *style,
                enum paint paint, const char *text)
{
    bool colored = style->color && paint != PAINT_NONE && *text;

    if (colored)
        strbuf_puts(out, colors[paint]);
    strbuf_puts(out, text);
    if (colored)
        strbuf_puts(out, "\x1b[0m");
}

/* Bytes of the first `columns` characters. */
static size_t bytes_of(const char *text, size_t columns)
{
    const char *start = text;

    while (*text && columns--) {
        size_t n = utf8_length(text);

        text += n ? n : 1;
    }
    return (size_t)(text - start);
}

void text_shorten(struct strbuf *out, const char *text, size_t columns)
{
    size_t have = utf8_columns(text), front = (columns - 1) / 2;
    size_t back = columns - 1 - front;

    if (have <= columns) {
        strbuf_puts(out, text);
        return;
    }
    strbuf_add(out, text, bytes_of(text, front));
    strbuf_puts(out, "\xe2\x80\xa6");
    strbuf_puts(out, text + bytes_of(text, have - back));
}

void text_wrap(struct strbuf *out, const struct text_style *style,
               enum paint paint, size_t at, int indent, const char *text)
{
    size_t limit = style->columns ? (size_t)style->columns : SIZE_MAX;
    size_t left = (size_t)indent;
    struct strbuf line = {0};

    while (*text) {
        size_t size = strcspn(text, " ");
        bool first = line.size == 0;
        struct strbuf word = {0};
        size_t columns;

        strbuf_add(&word, text, size);
        columns = utf8_columns(strbuf_text(&word));
        if (!first && at + 1 + columns > limit) {
            text_paint(out, style, paint, strbuf_text(&line));
            strbuf_printf(out, "\n%*s", indent, "");
            out->failed |= line.failed;
            strbuf_clear(&line);
            at = left;
            first = true;
        }
        strbuf_printf(&line, "%s%s", first ? "" : " ", strbuf_text(&word));
        at += columns + !first;
        line.failed |= word.failed;
        strbuf_clear(&word);
        text += size;
        text += strspn(text, " ");
    }
    text_paint(out, style, paint, strbuf_text(&line));
    strbuf_putc(out, '\n');
    out->failed |= line.failed;
    strbuf_clear(&line);
}

void text_count(struct strbuf *out, size_t n, const char *noun)
{
    strbuf_printf(out, "%zu %s%s", n, noun, n == 1 ? "" : "s");
}

char *text_share(char out[SHARE_TEXT], double share)
{
    double percent = share * 100;

    if (isnan(percent))
        snprintf(out, SHARE_TEXT, "unknown");
    else if (isinf(percent))
        snprintf(out, SHARE_TEXT, "open");
    else
        snprintf(out, SHARE_TEXT, "%.*f %%",
                 fabs(percent) >= 99.95  ? 0
                 : fabs(percent) >= 9.95 ? 1
                                         : 2,
                 percent);
    return out;
}
