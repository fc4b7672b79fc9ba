/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, times and ids as other tools write them. */
#include <config.h>

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "adapt/import_parts.h"
#include "base/scope.h"
#include "base/utf8.h"

/* --- numbers */

static const struct import_unit time_units[] = {
    {"ps", -3, 1},       {"ns", 0, 1},   {"us", 3, 1},
    {"\xc2\xb5s", 3, 1}, /* U+00B5, micro sign */
    {"\xce\xbcs", 3, 1}, /* U+03BC, small mu */
    {"ms", 6, 1},        {"s", 9, 1},    {"m", 9, 60},
    {"min", 9, 60},      {"h", 9, 3600}, {"hr", 9, 3600},
    {"day", 9, 86400},
};

const struct import_unit *import_time_unit(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(time_units); i++)
        if (strcmp(word, time_units[i].word) == 0)
            return &time_units[i];
    return NULL;
}

static size_t digits(const char *text, size_t n)
{
    size_t i = 0;

    while (i < n && isdigit((unsigned char)text[i]))
        i++;
    return i;
}

bool import_is_count(const char *word)
{
    return *word && strspn(word, "0123456789") == strlen(word);
}

/* Bytes of sign, digits and point; 0 when there is no digit. */
static size_t mantissa(const char *text, size_t n)
{
    size_t i = n && (*text == '-' || *text == '+');
    size_t whole = digits(text + i, n - i), part = 0;

    i += whole;
    if (i < n && text[i] == '.') {
        part = digits(text + i + 1, n - i - 1);
        i += 1 + part;
    }
    return whole + part ? i : 0;
}

/* "e-05", "E3" or nothing; false for anything else. */
static bool read_exponent(const char *text, size_t n, long *out)
{
    size_t at = 1;
    bool negative;

    *out = 0;
    if (n == 0)
        return true;
    if (*text != 'e' && *text != 'E')
        return false;
    negative = n > 1 && text[1] == '-';
    at += n > 1 && (text[1] == '-' || text[1] == '+');
    if (at == n || digits(text + at, n - at) != n - at)
        return false;
    for (; at < n; at++)
        *out = *out < 1000000 ? *out * 10 + (text[at] - '0') : *out;
    *out = negative ? -*out : *out;
    return true;
}

int import_decimal(const char *text, size_t n, int exponent, double *out)
{
    SCOPED(strbuf_scoped) struct strbuf copy = {0};
    size_t size = mantissa(text, n);
    long own;

    if (size == 0 || !read_exponent(text + size, n - size, &own))
        return ERR_RANGE;
    strbuf_add(&copy, text, size);
    strbuf_printf(&copy, "e%ld", own + exponent);
    if (copy.failed)
        return ERR_NOMEM;
    *out = strtod(strbuf_text(&copy), NULL);
    return isfinite(*out) ? 0 : ERR_RANGE;
}

int import_number(const struct import *im, const struct json_value *v,
                  const char *what, const struct import_unit *unit, double *out)
{
    struct import_place at = import_place_of(v);
    double value;
    int rc;

    if (v->type != JSON_IS_NUMBER)
        return import_fail(im, at, "'%s' must be a number", what);
    rc = import_decimal(v->text, strlen(v->text), unit->exponent, &value);
    if (rc == ERR_NOMEM)
        return import_no_memory(im);
    if (rc < 0 || !isfinite(value * unit->factor))
        return import_fail(im, at, "'%s' is beyond the range of a double",
                           what);
    if (value < 0)
        return import_fail(im, at, "'%s' cannot be negative: %.40s", what,
                           v->text);
    *out = value * unit->factor + 0.0; /* not -0 */
    return 0;
}

int import_amount(const struct import *im, const struct json_value *owner,
                  const char *key, const struct import_unit *unit, double *out)
{
    const struct json_value *v = json_get(owner, key);

    if (!v)
        return import_fail(im, import_place_of(owner), "there is no '%s' here",
                           key);
    return import_number(im, v, key, unit, out);
}

/* --- times */

static bool two_digits(const char *text, int *out)
{
    if (digits(text, 2) != 2)
        return false;
    *out = (text[0] - '0') * 10 + text[1] - '0';
    return true;
}

/* "Z", "+02:00", "-0500" or nothing, in seconds east of Greenwich. */
static long zone(const char *text)
{
    int hours, minutes;
    long sign = *text == '-' ? -1 : 1;

    if ((*text != '-' && *text != '+') || !two_digits(text + 1, &hours))
        return 0;
    text += 3;
    text += *text == ':';
    return sign *
           (hours * 3600L + (two_digits(text, &minutes) ? minutes * 60L : 0));
}

int64_t import_seconds_of(const char *text)
{
    struct tm when = {0};
    const char *end;

    if (sscanf(text, "%4d-%2d-%2d%*1[T ]%2d:%2d:%2d", &when.tm_year,
               &when.tm_mon, &when.tm_mday, &when.tm_hour, &when.tm_min,
               &when.tm_sec) != 6 ||
        strlen(text) < 19 || when.tm_year < 1970)
        return 0;
    end = text + 19;
    if (*end == '.' || *end == ',')
        end += 1 + digits(end + 1, strlen(end + 1));
    when.tm_year -= 1900;
    when.tm_mon--;
    return timegm(&when) - zone(end);
}

int import_created_at(struct import *im, int64_t seconds)
{
    struct occasion *o = import_occasion(im);
    time_t at = seconds;
    struct tm utc;
    char created[64];

    if (seconds <= 0 || !gmtime_r(&at, &utc) || utc.tm_year > 9999 - 1900)
        return 0;
    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", &utc);
    o->created = import_copy(im, created);
    return o->created ? 0 : im->err->code;
}

int import_created(struct import *im, const char *text)
{
    return import_created_at(im, import_seconds_of(text));
}

/* --- ids */

static bool has_meaning(unsigned char c)
{
    return c < 0x20 || c == 0x7f || strchr("[],=*?\\\"'%", c);
}

static void escape_character(struct strbuf *out, const char *text, size_t size)
{
    unsigned char c = (unsigned char)*text;

    if (size == 1 && has_meaning(c))
        strbuf_printf(out, "%%%02X", c);
    else
        strbuf_add(out, text, size);
}

void import_escape(struct strbuf *out, const char *text, size_t size)
{
    char *copy = strndup(text, size);
    const char *p = copy;
    bool first = true;

    out->failed = out->failed || !copy;
    while (p && *p) {
        size_t n = utf8_length(p), blanks = strspn(p, " \t\r\n");

        p += blanks;
        if (blanks) {
            if (!first && *p)
                strbuf_putc(out, '_');
            continue;
        }
        if (n)
            escape_character(out, p, n);
        else
            strbuf_printf(out, "%%%02X", (unsigned char)*p);
        p += n ? n : 1;
        first = false;
    }
    free(copy);
}

void import_param(struct strbuf *params, const char *key, size_t key_size,
                  const char *value, size_t size)
{
    if (params->size)
        strbuf_putc(params, ',');
    import_escape(params, key, key_size);
    strbuf_putc(params, '=');
    import_escape(params, value, size);
}

const char *import_id(struct import *im, const char *program, const char *name,
                      const struct strbuf *params)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    const char *id;

    if (*program) {
        import_escape(&out, program, strlen(program));
        strbuf_putc(&out, '/');
    }
    import_escape(&out, name, strlen(name));
    if (params && params->size)
        strbuf_printf(&out, "[%s]", strbuf_text(params));
    id = out.failed || (params && params->failed)
             ? NULL
             : arena_strdup(&im->arena, strbuf_text(&out));
    if (!id)
        import_no_memory(im);
    return id;
}
