/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recursive descent over the bytes; the depth is bounded. */
#include <config.h>

#include "base/json_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/utf8.h"

struct reader {
    const char *name;
    const char *at, *end; /* in a copy with a NUL behind it */
    struct arena *arena;
    struct strbuf word; /* the string being decoded */
    struct error *err;
    int depth;
    const char *counted; /* `line` and `column` are those of this byte */
    uint32_t line, column;
};

/* --- places */

/* Places are counted as reading goes on, so that a document on one line costs
 * no more than another.  None is asked for that lies before the last. */
static void place(struct reader *r, const char *at, uint32_t *line,
                  uint32_t *column)
{
    for (; r->counted < at; r->counted++) {
        if (*r->counted == '\n') {
            r->line++;
            r->column = 1;
        } else if (((unsigned char)r->counted[1] & 0xc0) != 0x80) {
            r->column++;
        }
    }
    *line = r->line;
    *column = r->column;
}

static int malformed(struct reader *r, const char *at, const char *what)
{
    uint32_t line, column;

    place(r, at, &line, &column);
    return ERROR_AT(r->err, ERR_PARSE, r->name, line, column, "%s", what);
}

static int no_memory(struct reader *r)
{
    return ERROR(r->err, ERR_NOMEM, "no memory for a document");
}

static void skip_blanks(struct reader *r)
{
    r->at += strspn(r->at, " \t\r\n");
}

/* --- strings */

static int hex4(const char *text)
{
    int value = 0;

    for (int i = 0; i < 4; i++) {
        char c = text[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static void put_utf8(struct strbuf *out, uint32_t c)
{
    if (c < 0x80) {
        strbuf_putc(out, (char)c);
        return;
    }
    if (c < 0x800) {
        strbuf_putc(out, (char)(0xc0 | c >> 6));
    } else if (c < 0x10000) {
        strbuf_putc(out, (char)(0xe0 | c >> 12));
        strbuf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
    } else {
        strbuf_putc(out, (char)(0xf0 | c >> 18));
        strbuf_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
        strbuf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
    }
    strbuf_putc(out, (char)(0x80 | (c & 0x3f)));
}

/* "\uXXXX", two of them for what lies beyond U+FFFF; at the u. */
static int read_code(struct reader *r)
{
    const char *start = r->at - 1;
    int high = hex4(r->at + 1), low;

    if (high < 0)
        return malformed(r, start, "four hexadecimal digits belong behind \\u");
    if (high == 0)
        return malformed(r, start, "a text cannot hold \\u0000");
    r->at += 5;
    if (high < 0xd800 || high > 0xdfff) {
        put_utf8(&r->word, (uint32_t)high);
        return 0;
    }
    low = high < 0xdc00 && r->at[0] == '\\' && r->at[1] == 'u' ? hex4(r->at + 2)
                                                               : -1;
    if (low < 0xdc00 || low > 0xdfff)
        return malformed(r, start, "half of a surrogate pair");
    put_utf8(&r->word, 0x10000 + ((uint32_t)(high - 0xd800) << 10) +
                           (uint32_t)low - 0xdc00);
    r->at += 6;
    return 0;
}

/* At the backslash. */
static int read_escape(struct reader *r)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *found;

    r->at++;
    if (*r->at == 'u')
        return read_code(r);
    found = *r->at ? strchr(from, *r->at) : NULL;
    if (!found)
        return malformed(r, r->at - 1, "no such escape in a text");
    strbuf_putc(&r->word, to[found - from]);
    r->at++;
    return 0;
}

/* A run of plain characters. */
static int read_plain(struct reader *r)
{
    size_t n = utf8_length(r->at);

    if (r->at >= r->end)
        return malformed(r, r->end, "the text does not end");
    if ((unsigned char)*r->at < 0x20)
        return malformed(r, r->at, "a control character in a text");
    if (n == 0)
        return malformed(r, r->at, "a byte that is not UTF-8");
    strbuf_add(&r->word, r->at, n);
    r->at += n;
    return 0;
}

/* At the opening quote. */
static int read_string(struct reader *r, const char **out)
{
    int rc = 0;

    strbuf_clear(&r->word);
    r->at++;
    while (rc == 0 && *r->at != '"')
        rc = *r->at == '\\' ? read_escape(r) : read_plain(r);
    if (rc < 0)
        return rc;
    r->at++;
    *out = r->word.failed
               ? NULL
               : arena_memdup(r->arena, strbuf_text(&r->word), r->word.size);
    return *out ? 0 : no_memory(r);
}

/* --- the other values */

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* The length of a number by the grammar of RFC 8259, section 6; 0 for none. */
static size_t number_size(const char *text)
{
    size_t n = *text == '-', whole = digits(text + n), more;

    if (whole == 0 || (whole > 1 && text[n] == '0'))
        return 0;
    n += whole;
    if (text[n] == '.') {
        more = digits(text + n + 1);
        if (more == 0)
            return 0;
        n += 1 + more;
    }
    if (text[n] == 'e' || text[n] == 'E') {
        size_t sign = text[n + 1] == '+' || text[n + 1] == '-';

        more = digits(text + n + 1 + sign);
        if (more == 0)
            return 0;
        n += 1 + sign + more;
    }
    return n;
}

static int read_number(struct reader *r, struct json_value *v)
{
    size_t n = number_size(r->at);

    if (n == 0)
        return malformed(r, r->at, "not a number as JSON writes them");
    v->type = JSON_IS_NUMBER;
    v->text = arena_memdup(r->arena, r->at, n);
    if (!v->text)
        return no_memory(r);
    v->number = strtod(v->text, NULL);
    if (isinf(v->number))
        return ERROR_AT(r->err, ERR_RANGE, r->name, v->line, v->column,
                        "a number beyond the range of a double");
    r->at += n;
    return 0;
}

static int read_word(struct reader *r, struct json_value *v)
{
    static const struct {
        const char *word;
        enum json_type type;
        double number;
    } words[] = {{"null", JSON_IS_NULL, 0},
                 {"true", JSON_IS_BOOL, 1},
                 {"false", JSON_IS_BOOL, 0}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i].word);

        if (strncmp(r->at, words[i].word, n) != 0)
            continue;
        v->type = words[i].type;
        v->number = words[i].number;
        r->at += n;
        return 0;
    }
    return malformed(r, r->at,
                     r->at < r->end ? "expected a value"
                                    : "the document ends in the middle");
}

static int read_value(struct reader *r, struct json_value *v);

static int read_key(struct reader *r, const char **key)
{
    int rc;

    if (*r->at != '"')
        return malformed(r, r->at, "expected a key in quotes");
    rc = read_string(r, key);
    if (rc < 0)
        return rc;
    skip_blanks(r);
    if (*r->at != ':')
        return malformed(r, r->at, "expected ':' behind the key");
    r->at++;
    skip_blanks(r);
    return 0;
}

/* What stands behind an element: 1 to go on, 0 at the end. */
static int read_separator(struct reader *r, char close)
{
    skip_blanks(r);
    if (*r->at == close) {
        r->at++;
        return 0;
    }
    if (*r->at != ',')
        return malformed(r, r->at,
                         close == ']' ? "expected ',' or ']'"
                                      : "expected ',' or '}'");
    r->at++;
    skip_blanks(r);
    return 1;
}

/* At the bracket. */
static int read_nest(struct reader *r, struct json_value *v)
{
    struct json_value **tail = &v->first;
    char close = *r->at == '[' ? ']' : '}';
    int rc = 1;

    v->type = close == ']' ? JSON_IS_ARRAY : JSON_IS_OBJECT;
    if (r->depth == JSON_READ_DEPTH)
        return ERROR_AT(r->err, ERR_RANGE, r->name, v->line, v->column,
                        "more than %d levels", JSON_READ_DEPTH);
    r->depth++;
    r->at++;
    skip_blanks(r);
    if (*r->at == close) {
        r->at++;
        rc = 0;
    }
    while (rc == 1) {
        struct json_value *item = arena_alloc(r->arena, 1, sizeof *item);

        if (!item)
            return no_memory(r);
        rc = close == '}' ? read_key(r, &item->key) : 0;
        if (rc == 0)
            rc = read_value(r, item);
        if (rc == 0)
            rc = read_separator(r, close);
        *tail = item;
        tail = &item->next;
        v->n++;
    }
    r->depth--;
    return rc;
}

static int read_value(struct reader *r, struct json_value *v)
{
    v->text = "";
    place(r, r->at, &v->line, &v->column);
    switch (*r->at) {
    case '{':
    case '[':
        return read_nest(r, v);
    case '"':
        v->type = JSON_IS_STRING;
        return read_string(r, &v->text);
    default:
        return *r->at == '-' || digits(r->at) ? read_number(r, v)
                                              : read_word(r, v);
    }
}

static int read_document(struct reader *r, struct json_value *root)
{
    int rc;

    if (strncmp(r->at, "\xef\xbb\xbf", 3) == 0)
        r->at += 3;
    r->counted = r->at;
    skip_blanks(r);
    if (r->at >= r->end)
        return malformed(r, r->at, "an empty document");
    rc = read_value(r, root);
    if (rc < 0)
        return rc;
    skip_blanks(r);
    return r->at < r->end
               ? malformed(r, r->at, "something behind the end of the document")
               : 0;
}

int json_read(const char *name, const char *text, size_t size,
              struct arena *arena, const struct json_value **out,
              struct error *err)
{
    struct json_value *root = arena_alloc(arena, 1, sizeof *root);
    struct reader r = {
        .name = name, .arena = arena, .err = err, .line = 1, .column = 1};
    char *copy = malloc(size + 1);
    int rc;

    if (!root || !copy) {
        free(copy);
        return no_memory(&r);
    }
    if (size)
        memcpy(copy, text, size);
    copy[size] = '\0';
    r.at = copy;
    r.end = copy + size;
    rc = read_document(&r, root);
    strbuf_clear(&r.word);
    free(copy);
    if (rc == 0)
        *out = root;
    return rc;
}

const struct json_value *json_get(const struct json_value *object,
                                  const char *key)
{
    const struct json_value *found = NULL;

    if (!object || object->type != JSON_IS_OBJECT)
        return NULL;
    for (const struct json_value *v = object->first; v; v = v->next)
        if (strcmp(v->key, key) == 0)
            found = v;
    return found;
}

const char *json_get_text(const struct json_value *object, const char *key,
                          const char *fallback)
{
    const struct json_value *v = json_get(object, key);

    return v && v->type == JSON_IS_STRING ? v->text : fallback;
}

double json_get_number(const struct json_value *object, const char *key,
                       double fallback)
{
    const struct json_value *v = json_get(object, key);

    return v && v->type == JSON_IS_NUMBER ? v->number : fallback;
}

bool json_get_bool(const struct json_value *object, const char *key,
                   bool fallback)
{
    const struct json_value *v = json_get(object, key);

    return v && v->type == JSON_IS_BOOL ? v->number != 0 : fallback;
}
