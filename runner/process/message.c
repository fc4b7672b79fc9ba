/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a message in place, and writing one. */
#include <config.h>

#include "runner/process/message.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "base/utf8.h"

/* Said of the message as a whole: `line` counts from 1, the verb's. */
static int broken(const char *name, size_t line, const char *what,
                  struct error *err)
{
    return ERROR_AT(err, ERR_PARSE, name, (uint32_t)line, 0, "%s", what);
}

static bool is_word(const char *text, bool digits)
{
    if (!text[0])
        return false;
    for (; *text; text++)
        if (!((*text >= 'a' && *text <= 'z') || *text == '_' ||
              (digits && *text >= '0' && *text <= '9')))
            return false;
    return true;
}

/* Undo the escapes; the text only gets shorter.  False when one is unknown. */
static bool unescape(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        char c = *from;

        if (c == '\\') {
            from++;
            if (*from != '\\' && *from != 'n')
                return false;
            c = *from == 'n' ? '\n' : '\\';
        }
        *to++ = c;
    }
    *to = '\0';
    return true;
}

static const char *read_field(char *line, struct message *message)
{
    char *equals = strchr(line, '=');
    struct message_field *field = &message->field[message->n];

    if (!equals)
        return "a line that is not key=value";
    if (message->n == MESSAGE_FIELDS_MAX)
        return "too many lines";
    *equals = '\0';
    field->key = line;
    field->value = equals + 1;
    if (!is_word(line, true))
        return "a key that is not made of a-z, 0-9 and _";
    if (message_get(message, line))
        return "a key twice";
    if (!unescape(equals + 1))
        return "a backslash before something else than \\ and n";
    if (!utf8_is_valid(equals + 1))
        return "a value that is not UTF-8";
    message->n++;
    return NULL;
}

int message_parse(const char *name, char *bytes, size_t size,
                  struct message *out, struct error *err)
{
    struct message message = {0};
    size_t line = 0;

    if (size == 0)
        return broken(name, 0, "an empty message", err);
    if (memchr(bytes, '\0', size))
        return broken(name, 0, "a NUL byte in a message", err);
    if (bytes[size - 1] != '\n')
        return broken(name, 0, "a message that does not end its last line",
                      err);
    bytes[size] = '\0';
    for (char *at = bytes; *at;) {
        char *end = at + strcspn(at, "\n");
        const char *what = NULL;

        *end = '\0';
        line++;
        if (line > 1)
            what = read_field(at, &message);
        else if (is_word(at, false))
            message.verb = at;
        else
            what = "a message that does not begin with a verb";
        if (what)
            return broken(name, line, what, err);
        at = end + 1;
    }
    *out = message;
    return 0;
}

const char *message_get(const struct message *message, const char *key)
{
    for (size_t i = 0; i < message->n; i++)
        if (strcmp(message->field[i].key, key) == 0)
            return message->field[i].value;
    return NULL;
}

const char *message_text(const struct message *message, const char *key)
{
    const char *value = message_get(message, key);

    return value ? value : "";
}

int message_int(const struct message *message, const char *key, int64_t low,
                int64_t high, int64_t fallback, int64_t *out, struct error *err)
{
    const char *value = message_get(message, key);

    if (!value) {
        *out = fallback;
        return 0;
    }
    if (parse_int(value, low, high, out, NULL) < 0)
        return ERROR(err, ERR_PARSE,
                     "'%s' of '%s' is '%.40s', not a number from %" PRId64
                     " to %" PRId64,
                     key, message->verb, value, low, high);
    return 0;
}

int message_double(const struct message *message, const char *key,
                   double fallback, double *out, struct error *err)
{
    const char *value = message_get(message, key);
    char *end;
    double x;

    if (!value) {
        *out = fallback;
        return 0;
    }
    x = strtod(value, &end);
    if (end == value || *end || !isfinite(x) ||
        value[strspn(value, "+-.0123456789eE")])
        return ERROR(err, ERR_PARSE, "'%s' of '%s' is '%.40s', not a number",
                     key, message->verb, value);
    *out = x;
    return 0;
}

void message_begin(struct strbuf *out, const char *verb)
{
    strbuf_puts(out, verb);
    strbuf_putc(out, '\n');
}

void message_add(struct strbuf *out, const char *key, const char *value)
{
    strbuf_puts(out, key);
    strbuf_putc(out, '=');
    for (; *value; value++) {
        if (*value == '\n')
            strbuf_puts(out, "\\n");
        else if (*value == '\\')
            strbuf_puts(out, "\\\\");
        else
            strbuf_putc(out, *value);
    }
    strbuf_putc(out, '\n');
}

void message_add_int(struct strbuf *out, const char *key, int64_t value)
{
    strbuf_printf(out, "%s=%" PRId64 "\n", key, value);
}
