/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing the quotes of a scalar (YAML 1.2.2, chapters 5 and 7). */
#include <config.h>

#include "config/yaml_text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/scope.h"
#include "base/utf8.h"

/* Words that some version of YAML takes for a truth value or for nothing. */
static const char *const reserved[] = {"true", "false", "yes", "no", "on",
                                       "off",  "null",  "y",   "n"};

static bool is_reserved(const char *text)
{
    for (size_t i = 0; i < ARRAY_LEN(reserved); i++)
        if (strcasecmp(text, reserved[i]) == 0)
            return true;
    return false;
}

/* A text that begins with a letter or as a path and goes on with nothing that
 * means anything in a block: ": " and " #" end it, a space at the end is lost.
 */
static bool is_plain(const char *text)
{
    size_t n = strlen(text);

    if (!isalpha((unsigned char)text[0]) && text[0] != '/' &&
        strncmp(text, "./", 2) != 0)
        return false;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c < 0x20 || c > 0x7e)
            return false;
        if (c == ':' && (text[i + 1] == ' ' || text[i + 1] == '\0'))
            return false;
        if (c == ' ' && (text[i + 1] == '#' || text[i + 1] == '\0'))
            return false;
    }
    return !is_reserved(text);
}

/* c-printable without line breaks and the byte order mark, which a reader may
 * change. */
static bool is_printable(uint32_t c)
{
    if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
        return false;
    return c != 0xfeff && c != 0xfffe && c != 0xffff;
}

static bool all_printable(const char *text)
{
    while (*text) {
        uint32_t c;
        size_t n = utf8_read(text, &c);

        if (n == 0 || !is_printable(c))
            return false;
        text += n;
    }
    return true;
}

static void single_quoted(struct strbuf *out, const char *text)
{
    strbuf_putc(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            strbuf_putc(out, '\'');
        strbuf_putc(out, *text);
    }
    strbuf_putc(out, '\'');
}

static void double_quoted(struct strbuf *out, const char *text)
{
    strbuf_putc(out, '"');
    while (*text) {
        uint32_t c = 0xfffd;
        size_t n = utf8_read(text, &c);

        if (c == '"' || c == '\\')
            strbuf_printf(out, "\\%c", (int)c);
        else if (c == '\n')
            strbuf_puts(out, "\\n");
        else if (c < 0x100 && !is_printable(c))
            strbuf_printf(out, "\\x%02x", c);
        else if (n == 0 || !is_printable(c))
            strbuf_printf(out, "\\u%04x", c);
        else
            strbuf_add(out, text, n);
        text += n ? n : 1;
    }
    strbuf_putc(out, '"');
}

static void quoted(struct strbuf *out, const char *text)
{
    if (all_printable(text))
        single_quoted(out, text);
    else
        double_quoted(out, text);
}

void yaml_text(struct strbuf *out, const char *text)
{
    if (is_plain(text))
        strbuf_puts(out, text);
    else
        quoted(out, text);
}

void yaml_flow_text(struct strbuf *out, const char *text)
{
    if (is_plain(text) && !strpbrk(text, ",[]{}:"))
        strbuf_puts(out, text);
    else
        quoted(out, text);
}
