/* SPDX-License-Identifier: MIT */
/* Messages of the wire protocol. */
#include <config.h>

#include "bench/message.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* ---- reading */

static int is_word(const char *word)
{
    if (!*word)
        return 0;
    for (; *word; word++)
        if (!(*word >= 'a' && *word <= 'z') && *word != '_' &&
            !(*word >= '0' && *word <= '9'))
            return 0;
    return 1;
}

static int unescape(char *text)
{
    char *to = text;

    for (; *text; text++) {
        if (*text == '\\') {
            text++;
            if (*text != '\\' && *text != 'n')
                return -1;
            *to++ = *text == 'n' ? '\n' : '\\';
        } else {
            *to++ = *text;
        }
    }
    *to = '\0';
    return 0;
}

static const char *parse_field(char *line, struct tarei_field *field)
{
    char *equals = strchr(line, '=');

    if (!equals)
        return "a line without '='";
    *equals = '\0';
    if (!is_word(line))
        return "a key that is no word";
    if (unescape(equals + 1) < 0)
        return "a '\\' before something else than '\\' and 'n'";
    field->key = line;
    field->value = equals + 1;
    return NULL;
}

const char *tarei_message_parse(char *bytes, size_t size,
                                struct tarei_message *out)
{
    struct tarei_message m = {.n = 0};
    char *line = bytes, *end;

    if (memchr(bytes, '\0', size))
        return "a NUL byte";
    bytes[size] = '\0';
    for (; *line; line = end + 1) {
        const char *problem;

        end = strchr(line, '\n');
        if (!end)
            return "a line without an end";
        *end = '\0';
        if (!m.verb) {
            if (!is_word(line))
                return "a verb that is no word";
            m.verb = line;
            continue;
        }
        if (m.n == MESSAGE_FIELDS)
            return "too many fields";
        problem = parse_field(line, &m.field[m.n++]);
        if (problem)
            return problem;
    }
    if (!m.verb)
        return "no verb";
    *out = m;
    return NULL;
}

const char *tarei_message_get(const struct tarei_message *m, const char *key)
{
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->field[i].key, key) == 0)
            return m->field[i].value;
    return NULL;
}

int tarei_message_int(const struct tarei_message *m, const char *key,
                      int64_t low, int64_t high, int64_t *out)
{
    const char *text = tarei_message_get(m, key);
    int64_t value = 0;

    if (!text || !*text)
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' ||
            __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *text - '0', &value))
            return -1;
    }
    if (value < low || value > high)
        return -1;
    *out = value;
    return 0;
}

/* ---- writing */

void tarei_out_begin(struct tarei_out *out, const char *verb)
{
    out->size = (size_t)snprintf(out->bytes, sizeof out->bytes, "%s\n", verb);
}

/* Length of the UTF-8 sequence at p, 0 when it is none (RFC 3629: shortest
 * form, no surrogates, up to U+10FFFF). */
static size_t utf8_length(const unsigned char *p, size_t size)
{
    static const struct {
        unsigned char first, last, low,
            high; /* ranges of the two first bytes */
        size_t length;
    } form[] = {{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
                {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
                {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
                {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};

    for (size_t i = 0; i < sizeof form / sizeof form[0]; i++) {
        if (p[0] < form[i].first || p[0] > form[i].last)
            continue;
        if (size < form[i].length || p[1] < form[i].low || p[1] > form[i].high)
            return 0;
        for (size_t k = 2; k < form[i].length; k++)
            if ((p[k] & 0xc0) != 0x80)
                return 0;
        return form[i].length;
    }
    return 0;
}

/* What one character becomes: at most four bytes at to; sets how many were
 * read, returns how many were written. */
static size_t escape(const char *from, size_t size, char *to, size_t *read)
{
    unsigned char c = (unsigned char)*from;
    size_t length;

    *read = 1;
    if (c == '\\' || c == '\n') {
        to[0] = '\\';
        to[1] = c == '\n' ? 'n' : '\\';
        return 2;
    }
    if (c < 0x80) {
        to[0] = (c < ' ' && c != '\t') || c == 0x7f ? '?' : *from;
        return 1;
    }
    length = utf8_length((const unsigned char *)from, size);
    if (length == 0) {
        to[0] = '?';
        return 1;
    }
    memcpy(to, from, length);
    *read = length;
    return length;
}

/* "key=" and room for at least the line feed; 0 when there is none. */
static int begin_line(struct tarei_out *out, const char *key)
{
    size_t length = strlen(key);

    if (out->size + length + 2 > sizeof out->bytes)
        return 0;
    memcpy(out->bytes + out->size, key, length);
    out->size += length;
    out->bytes[out->size++] = '=';
    return 1;
}

static void add_value(struct tarei_out *out, const char *text, size_t size)
{
    while (size > 0) {
        char to[4];
        size_t read, n = escape(text, size, to, &read);

        if (out->size + n + 1 > sizeof out->bytes)
            break;
        memcpy(out->bytes + out->size, to, n);
        out->size += n;
        text += read;
        size -= read;
    }
    out->bytes[out->size++] = '\n';
}

void tarei_out_text(struct tarei_out *out, const char *key, const char *value)
{
    if (value && begin_line(out, key))
        add_value(out, value, strlen(value));
}

/* How many of the last bytes fit into room once they are escaped: as if every
 * one of them needed two. */
static size_t tail_size(const char *bytes, size_t size, size_t room)
{
    size_t keep = 0, need = 0;

    while (keep < size) {
        char c = bytes[size - keep - 1];

        need += c == '\\' || c == '\n' ? 2 : 1;
        if (need > room)
            break;
        keep++;
    }
    return keep;
}

void tarei_out_tail(struct tarei_out *out, const char *key, const char *bytes,
                    size_t size)
{
    size_t keep;

    if (!begin_line(out, key))
        return;
    keep = tail_size(bytes, size, sizeof out->bytes - out->size - 1);
    /* A character cut in two would show as '?'. */
    while (keep < size && keep > 0 &&
           ((unsigned char)bytes[size - keep] & 0xc0) == 0x80)
        keep--;
    add_value(out, bytes + size - keep, keep);
}

static void add_number(struct tarei_out *out, const char *key,
                       const char *digits)
{
    if (out->size + strlen(key) + strlen(digits) + 2 > sizeof out->bytes)
        return;
    tarei_out_text(out, key, digits);
}

void tarei_out_int(struct tarei_out *out, const char *key, int64_t value)
{
    char digits[32];

    snprintf(digits, sizeof digits, "%" PRId64, value);
    add_number(out, key, digits);
}

void tarei_out_double(struct tarei_out *out, const char *key, double value)
{
    char digits[40];
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = c ? uselocale(c) : (locale_t)0;

    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value)
            break;
    }
    if (c) {
        uselocale(before);
        freelocale(c);
    }
    add_number(out, key, digits);
}

void tarei_out_seconds(struct tarei_out *out, const char *key, int64_t ns)
{
    char digits[40];

    if (ns < 0)
        return;
    snprintf(digits, sizeof digits, "%" PRId64 ".%09d", ns / 1000000000,
             (int)(ns % 1000000000));
    add_number(out, key, digits);
}

void tarei_send(int control, const char *bytes, size_t size)
{
    while (send(control, bytes, size, MSG_NOSIGNAL) < 0 && errno == EINTR)
        ;
}
