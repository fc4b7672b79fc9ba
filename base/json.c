/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JSON writer that keeps only the nesting. */
#include <config.h>

#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"

static void indent(struct json *json)
{
    strbuf_putc(json->out, '\n');
    for (int i = 0; i < json->depth; i++)
        strbuf_puts(json->out, "  ");
}

/* What stands before a value or a key. */
static void separate(struct json *json)
{
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (json->has_items[json->depth])
        strbuf_puts(json->out, json->flat[json->depth] ? ", " : ",");
    if (json->depth && !json->flat[json->depth])
        indent(json);
    json->has_items[json->depth] = true;
}

static void open_nest(struct json *json, char c, bool flat)
{
    separate(json);
    strbuf_putc(json->out, c);
    assert(json->depth + 1 < JSON_DEPTH);
    json->depth++;
    json->has_items[json->depth] = false;
    json->flat[json->depth] = flat;
}

static void close_nest(struct json *json, char c)
{
    bool has_items = json->has_items[json->depth];
    bool flat = json->flat[json->depth];

    assert(json->depth > 0);
    json->depth--;
    if (has_items && !flat)
        indent(json);
    strbuf_putc(json->out, c);
    if (json->depth == 0)
        strbuf_putc(json->out, '\n');
}

static void quote(struct strbuf *out, const char *text)
{
    strbuf_putc(out, '"');
    while (*text) {
        unsigned char c = (unsigned char)*text;
        size_t n = utf8_length(text);

        if (c == '"' || c == '\\')
            strbuf_printf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            strbuf_printf(out, "\\u%04x", c);
        else if (n == 0)
            strbuf_puts(out, "\xef\xbf\xbd");
        else
            strbuf_add(out, text, n);
        text += n ? n : 1;
    }
    strbuf_putc(out, '"');
}

void json_object(struct json *json)
{
    open_nest(json, '{', false);
}

void json_object_end(struct json *json)
{
    close_nest(json, '}');
}

void json_array(struct json *json)
{
    open_nest(json, '[', true);
}

void json_list(struct json *json)
{
    open_nest(json, '[', false);
}

void json_array_end(struct json *json)
{
    close_nest(json, ']');
}

void json_key(struct json *json, const char *key)
{
    separate(json);
    quote(json->out, key);
    strbuf_puts(json->out, ": ");
    json->after_key = true;
}

void json_string(struct json *json, const char *text)
{
    separate(json);
    if (text)
        quote(json->out, text);
    else
        strbuf_puts(json->out, "null");
}

void json_double(struct json *json, double value)
{
    separate(json);
    if (isfinite(value))
        strbuf_double(json->out, value);
    else
        strbuf_puts(json->out, "null");
}

void json_int(struct json *json, int64_t value)
{
    separate(json);
    strbuf_printf(json->out, "%lld", (long long)value);
}

void json_bool(struct json *json, bool value)
{
    separate(json);
    strbuf_puts(json->out, value ? "true" : "false");
}

void json_null(struct json *json)
{
    separate(json);
    strbuf_puts(json->out, "null");
}

void json_raw(struct json *json, const char *text)
{
    size_t size = strlen(text);

    while (size && (text[size - 1] == '\n' || text[size - 1] == ' '))
        size--;
    separate(json);
    strbuf_add(json->out, text, size);
}

void json_set_string(struct json *json, const char *key, const char *text)
{
    json_key(json, key);
    json_string(json, text);
}

void json_set_double(struct json *json, const char *key, double value)
{
    json_key(json, key);
    json_double(json, value);
}

void json_set_int(struct json *json, const char *key, int64_t value)
{
    json_key(json, key);
    json_int(json, value);
}

void json_set_bool(struct json *json, const char *key, bool value)
{
    json_key(json, key);
    json_bool(json, value);
}
